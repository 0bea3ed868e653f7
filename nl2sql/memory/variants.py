"""A query in its other forms that mean the same: orders of what is shown and of conditions; whether what it sorts by is shown."""
from __future__ import annotations

from collections.abc import Hashable, Sequence

from nl2sql.records import Symbol
from nl2sql.sql.symbols import CLAUSES, SET_OPERATIONS

_OPENING, _CLOSING = {"(", "[", "case"}, {")", "]", "end"}
_ENDS = {*CLAUSES, *SET_OPERATIONS, "from"} - {"distinct"}
_STARTS = {*CLAUSES, "from"} - {"with", "distinct", "asc", "desc"}


def variants(symbols: Sequence[Symbol]) -> list[tuple[Symbol, ...]]:
    """The sequence itself first; at most four in all."""
    found = [tuple(symbols)]
    for clause, separator in (("select", ","), ("where", "and")):
        found += [swapped for known in found if (swapped := _swapped(known, clause, separator))]
    return found


def _swapped(symbols: tuple[Symbol, ...], clause: str, separator: str) -> tuple[Symbol, ...]:
    """With the clause's two parts exchanged; empty where it has more or fewer, or where the query is one of several."""
    top = _top_level(symbols)
    starts = [i for i in top if symbols[i] == clause]
    if len(starts) != 1 or any(symbols[i] in ("with", "or", "between", *SET_OPERATIONS) for i in top):
        return ()
    start = starts[0] + 1 + (symbols[starts[0] + 1 : starts[0] + 2] == ("distinct",))
    end = next((i for i in top if i >= start and symbols[i] in _ENDS), len(symbols))
    between = [i for i in top if start <= i < end and symbols[i] == separator]
    if len(between) != 1:
        return ()
    middle = between[0]
    return (*symbols[:start], *symbols[middle + 1 : end], separator, *symbols[start:middle], *symbols[end:])


def _top_level(symbols: Sequence[Symbol]) -> list[int]:
    """The places outside all brackets."""
    depth, places = 0, []
    for i, symbol in enumerate(symbols):
        depth -= symbol in _CLOSING
        if depth == 0:
            places.append(i)
        depth += symbol in _OPENING
    return places


def normal_form(symbols: Sequence[Symbol]) -> Hashable:
    """The same for queries that answer the same question: without orders, and without what "the largest" is shown beside."""
    top = _top_level(symbols)
    if any(symbols[i] in ("with", "or", "between", *SET_OPERATIONS) for i in top):
        return tuple(symbols)
    starts = [i for i in top if symbols[i] in _STARTS]
    clauses = {}
    for start, end in zip(starts, [*starts[1:], len(symbols)], strict=True):
        separator = {"where": "and", "having": "and"}.get(str(symbols[start]), ",")
        clauses[symbols[start]] = _parts(symbols[start + 1 : end], separator)
    shown, order = clauses.get("select", []), clauses.get("order by", [])
    if "limit" in clauses:
        keys = [part[:-1] for part in order]
        clauses["select"] = [part for part in shown if part not in keys] or shown
    unordered = {"select", "where", "group by", "having"}
    return frozenset((clause, frozenset(parts) if clause in unordered else tuple(parts)) for clause, parts in clauses.items())


def _parts(symbols: Sequence[Symbol], separator: str) -> list[tuple[Symbol, ...]]:
    ends = [*(i for i in _top_level(symbols) if symbols[i] == separator), len(symbols)]
    return [tuple(symbols[start:end]) for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]
