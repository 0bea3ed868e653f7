"""How large a string or list may an expression get? An upper bound from the syntax tree alone.

The engine's memory limit does not bound scalar functions, so builders (repeat, lpad, concat, list_resize ...) are bounded
here, also through the columns of WITH queries and subqueries. What comes out of a table counts as 100; what an aggregate
collects from rows counts as 100 too: rows are bounded by the worker's memory and deadline, not by this rule.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import exp

from nl2sql.sql.policy import MAX_LIST, MAX_STRING
from nl2sql.sql.resolve import fold

_UNKNOWN = 100
_HUGE = 10**18
_STRINGS = (exp.Repeat, exp.Pad, exp.Replace, exp.RegexpReplace, exp.Translate, exp.Concat, exp.ConcatWs, exp.DPipe, exp.Format,
            exp.ArrayToString, exp.TimeToStr)  # fmt: skip
_LISTS = (exp.Array, exp.ArrayConcat, exp.Transform, exp.Flatten, exp.Comprehension, exp.ArrayAppend, exp.ArrayPrepend,
          exp.Reduce)  # fmt: skip
_SUMMED = (exp.Concat, exp.ConcatWs, exp.DPipe, exp.Add, exp.Array, exp.ArrayConcat, exp.ArrayAppend, exp.ArrayPrepend, exp.Tuple)
_FORMATS = {"printf", "format"}
_RESIZES = {"list_resize", "array_resize"}
_REDUCES = {"list_reduce", "array_reduce", "reduce"}
_APPLIES = {"list_transform", "array_transform", "list_apply", "array_apply", "apply"}
_JOINED = set(
    """list_concat list_cat array_cat list_append array_append array_push_back list_prepend array_prepend array_push_front
    list_value list_pack row concat concat_ws""".split()
)
# what may glue a list's items together, and which of its arguments stands between them
_SEPARATORS = {"list_aggregate": 2, "list_aggr": 2, "array_aggregate": 2, "array_aggr": 2, "aggregate": 2, "list_string_agg": 1}
_LONGEST_DATE_PART = 13  # characters that a date's format makes of one of its own ("%c")
_LIST_NAMES = _RESIZES | _REDUCES | _APPLIES | _JOINED
_WIDTH = re.compile(r"\d{4,}|\*|\{[^{}]*\{")  # a field of 1000 or more characters, or one given by an argument
_WATCHED = (*_STRINGS, *_LISTS, exp.Anonymous, exp.DataType)
_PASSED = (exp.AggFunc, exp.Subquery, exp.Select, exp.SetOperation)


def oversized(tree: exp.Expr, nodes: Sequence[exp.Expr]) -> str | None:
    """The reason to refuse a query that could build too large a string or list, or None."""
    if not any(isinstance(node, _WATCHED) for node in nodes):
        return None
    sizes: dict[str, int] = {}
    for block in _inner_first(tree):
        for names, projection in _outputs(block):
            size = _size(projection, sizes)
            for name in names:
                sizes[name] = max(sizes.get(name, 0), size)
    for node in nodes:
        if isinstance(node, exp.DataType):
            if any(_number(param) > 1000 for param in node.find_all(exp.DataTypeParam)) or _array_type(node) > 1000:
                return "A type with more than 1000 positions is not allowed."
        elif isinstance(node, _STRINGS) or (isinstance(node, exp.Anonymous) and fold(node.name) in _FORMATS) or _separator(node):
            if _size(node, sizes) > MAX_STRING:
                return f"This could build a text of more than {MAX_STRING:,} characters."
        elif isinstance(node, _LISTS) or (isinstance(node, exp.Anonymous) and fold(node.name) in _LIST_NAMES):
            if _size(node, sizes) > MAX_LIST:
                return f"This could build a list of more than {MAX_LIST:,} items."
    return None


def _inner_first(tree: exp.Expr) -> list[exp.Expr]:
    """SELECT and VALUES blocks, each after those that it reads from."""
    order: list[exp.Expr] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Select | exp.Values | exp.Struct):
            order.append(node)
        children = list(node.iter_expressions())
        # visited last is computed first: WITH before the body, an earlier WITH query before a later one
        stack.extend(sorted(children, key=lambda child: not isinstance(child, exp.With)))
    return order[::-1]


def _outputs(block: exp.Expr) -> Iterator[tuple[set[str], exp.Expr]]:
    """The columns that a block gives out, each with the names by which the rest of the query may call it."""
    if isinstance(block, exp.Struct):
        yield from (({fold(part.this.name)}, part) for part in block.expressions if isinstance(part, exp.PropertyEQ))
        return
    renamed, first = _names_above(block)
    for row in ([block] if isinstance(block, exp.Select) else block.expressions):
        for i, projection in enumerate(row.expressions):
            names = {fold(projection.alias_or_name)} | renamed
            if i < len(first):
                names.add(first[i])
            yield names - {""}, projection


def _names_above(block: exp.Expr) -> tuple[set[str], list[str]]:
    """Names from column lists around a block, and those that the first branch of a set operation gives."""
    top = block
    while isinstance(top.parent, exp.SetOperation | exp.Subquery | exp.Paren) and not isinstance(top, exp.Subquery):
        top = top.parent
    first: list[str] = []
    if isinstance(top, exp.SetOperation):
        leftmost = top.selects
        first = [fold(projection.alias_or_name) for projection in leftmost]
    renamed: set[str] = set()
    holder: exp.Expr | None = top
    while isinstance(holder, exp.Subquery | exp.Values | exp.SetOperation | exp.Select | exp.CTE):
        alias = holder.args.get("alias")
        if isinstance(alias, exp.TableAlias):
            renamed |= {fold(column.name) for column in alias.columns}
            break
        holder = holder.parent
    return renamed, first


def _size(node: exp.Expr | None, sizes: dict[str, int]) -> int:
    """An upper bound of the characters or items in the value of an expression; each part is measured once."""
    if node is None:
        return 0
    if isinstance(node, exp.Literal | exp.RawString):
        return len(node.name)
    if isinstance(node, exp.Column | exp.Identifier):
        return sizes.get(fold(node.name), _UNKNOWN)
    inner = node.selects if isinstance(node, exp.Query) else list(node.iter_expressions())
    parts = {id(part): _size(part, sizes) for part in inner}
    if isinstance(node, _PASSED):
        return max(parts.values(), default=_UNKNOWN)
    built = _built(node, parts)
    return max(parts.values(), default=1) if built is None else min(built, _HUGE)


def _built(node: exp.Expr, parts: dict[int, int]) -> int | None:
    """The bound for what builds more than the largest of its parts; None for the rest."""

    def of(part: exp.Expr | None) -> int:
        return parts.get(id(part), 1)

    total = sum(parts.values())
    name = fold(node.name) if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, exp.Repeat):
        return of(node.this) * _number(node.args.get("times"))
    if isinstance(node, exp.Pad):
        return max(of(node.this), _number(node.expression))
    if name in _RESIZES:
        arguments = list(node.expressions) + [None] * 3
        return max(of(arguments[0]), _number(arguments[1]) * max(1, of(arguments[2])))
    if isinstance(node, exp.Replace | exp.RegexpReplace | exp.Translate):
        return (of(node.this) + 1) * max(1, of(node.args.get("replacement") or node.args.get("to")))
    if isinstance(node, exp.Comprehension):
        return of(node.args.get("iterator")) * max(1, of(node.this))
    if isinstance(node, exp.TimeToStr):
        return _LONGEST_DATE_PART * of(node.args.get("format"))
    if (separator := _separator(node)) is not None:
        return of(node.expressions[0]) * max(1, of(separator))
    if isinstance(node, exp.Transform | exp.ArrayToString) or name in _APPLIES:
        first, *rest = list(parts.values()) or [1]
        return first * max(1, sum(rest))
    if isinstance(node, exp.Reduce) or name in _REDUCES:
        return _HUGE if _grows(node) else None  # each step may double what the last one built
    if isinstance(node, exp.Format) or name in _FORMATS:
        pattern = node.this if isinstance(node, exp.Format) else node.expressions[0]
        if not isinstance(pattern, exp.Literal) or _WIDTH.search(pattern.name):
            return _HUGE
        return total * max(1, pattern.name.count("{"), pattern.name.count("%"))
    return total if isinstance(node, _SUMMED) or name in _JOINED else None


def _separator(node: exp.Expr) -> exp.Expr | None:
    """The argument that an aggregate over a list puts between its items, if it has one."""
    place = _SEPARATORS.get(fold(node.name)) if isinstance(node, exp.Anonymous) else None
    return node.expressions[place] if place is not None and len(node.expressions) > place else None


def _grows(node: exp.Expr) -> bool:
    """Whether the lambda of a reduction builds strings or lists."""
    for part in node.find_all(exp.DPipe, exp.Func):
        named = isinstance(part, exp.Anonymous) and fold(part.name) in _LIST_NAMES | _FORMATS
        if part is not node and (named or isinstance(part, _STRINGS + _LISTS)) and part.find_ancestor(exp.Lambda) is not None:
            return True
    return False


def _number(node: exp.Expr | None) -> int:
    """The value of a literal count; anything computed may be huge."""
    while isinstance(node, exp.Paren | exp.DataTypeParam):
        node = node.this
    if isinstance(node, exp.Literal) and node.name.isdigit():
        return min(int(node.name[:18]), _HUGE)
    return _HUGE


def _array_type(node: exp.DataType) -> int:
    return max((_number(value) for value in node.args.get("values") or ()), default=0)
