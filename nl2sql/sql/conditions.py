"""Conditions of SQL in English words: tests that NOT can turn round, and the bounds of a date put together."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlglot import exp

from nl2sql.sql import days

Say = Callable[[exp.Expr | None], str]
TESTS = (exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.Exists, exp.StartsWith, exp.EndsWith, exp.Contains)
_MANY = 8  # values of an IN list that are spelled out


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Parts as "a, b and c", each once."""
    parts = list(dict.fromkeys(part for part in parts if part))
    return " ".join(parts[-1:]) if len(parts) < 2 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def tested(node: exp.Expr, say: Say, negated: bool = False) -> str:
    """Words for one of ``TESTS``, or for its opposite."""
    no = "not " if negated else ""
    if isinstance(node, exp.Exists):
        return f"there {'are no' if negated else 'are'} matching {_query(node.this, say).strip('()')}"
    left = say(node.this)
    if isinstance(node, exp.Is):
        if isinstance(node.expression, exp.Null):
            return f"{left} is {'known' if negated else 'missing'}"
        return f"{left} is {no}{say(node.expression)}"
    if isinstance(node, exp.In):
        if node.args.get("query") is not None:
            return f"{left} is {no}among {_query(node.args['query'], say)}"
        options = [say(option) for option in node.expressions]
        return f"{left} is {no}{listed(options[:_MANY] + ['…'] * (len(options) > _MANY), 'or')}"
    if isinstance(node, exp.Between):
        return f"{left} is {no}between {say(node.args['low'])} and {say(node.args['high'])}"
    verb, text = _pattern(node, say)
    if not verb:
        return f"{left} is {no}like {say(node.expression)}"
    first, _, rest = verb.partition(" ")
    return f"{left} {f'does not {first}' if negated else first + 's'}{' ' + rest if rest else ''} {text}"


def _query(node: exp.Expr, say: Say) -> str:
    words = say(node)
    return words if words.startswith("(") else f"({words})"


def _pattern(node: exp.Expr, say: Say) -> tuple[str, str]:
    """The verb and the text of a text test; no verb where the pattern is more than a plain beginning, end or part."""
    if isinstance(node, exp.StartsWith | exp.EndsWith | exp.Contains):
        verbs = {exp.StartsWith: "start with", exp.EndsWith: "end with", exp.Contains: "contain"}
        return verbs[type(node)], say(node.expression)
    pattern = node.expression.name if isinstance(node.expression, exp.Literal) else ""
    core = pattern.strip("%")
    if not core or "%" in core or "_" in core or core == pattern:
        return "", ""
    verb = "contain" if pattern[0] == pattern[-1] == "%" else "start with" if pattern[-1] == "%" else "end with"
    return verb, f"'{core}'"


def worded(nodes: Sequence[exp.Expr], say: Say, is_date: Callable[[exp.Expr | None], bool]) -> list[str]:
    """Conditions in words, in order; what bounds one date becomes one phrase ("order date in 2024")."""
    bounds: dict[str, tuple[dt.date | None, dt.date | None]] = {}
    phrases: list[tuple[str, bool]] = []
    for node in nodes:
        found = bound(node, is_date)
        words = say(node if found is None else node.this)
        if found is None or words not in bounds:
            phrases.append((words, found is not None))
        if found is not None:
            low, high = bounds.get(words, (None, None))
            bounds[words] = max(filter(None, (low, found[0])), default=None), min(filter(None, (high, found[1])), default=None)
    return [f"{words} is {days.span(*bounds[words])}" if dated else words for words, dated in phrases]


def bound(node: exp.Expr, is_date: Callable[[exp.Expr | None], bool]) -> tuple[dt.date | None, dt.date | None] | None:
    """The first and the last day that a condition lets a date be, None for an open side; None for other conditions."""
    if isinstance(node, exp.Between):
        low, high = days.date_value(node.args["low"]), days.date_value(node.args["high"])
        return (low, high) if low and high and is_date(node.this) else None
    if not isinstance(node, exp.GT | exp.GTE | exp.LT | exp.LTE | exp.EQ) or not is_date(node.left):
        return None
    day = days.date_value(node.right)
    if day is None or (isinstance(node, exp.EQ) and not isinstance(node.left, exp.Column)):
        return None
    if isinstance(node, exp.EQ):
        return day, day
    if isinstance(node, exp.GT | exp.GTE):
        return day + days.ONE if isinstance(node, exp.GT) else day, None
    return None, day - days.ONE if isinstance(node, exp.LT) else day
