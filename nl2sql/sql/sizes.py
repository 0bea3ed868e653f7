"""How large a string or list may an expression get? An upper bound from the syntax tree alone.

The engine's memory limit does not bound scalar functions, so builders (repeat, lpad, concat, list_resize ...) are bounded
here, also through the columns of WITH queries and subqueries. What comes out of a table counts as 100; what an aggregate
collects from rows counts as few of them: rows are bounded by the worker's memory and deadline, not by this rule.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from sqlglot import exp

from nl2sql.records import Schema
from nl2sql.sql.policy import CALLS_BY_NAME, MAX_LIST, MAX_STRING
from nl2sql.sql.resolve import fold
from nl2sql.sql.widths import UNKNOWN as _UNKNOWN
from nl2sql.sql.widths import Widths, inner_first, outputs, parameters_of

_HUGE = 10**18
# a text; everything else that grows counts as a list
_STRINGS = (exp.Repeat, exp.Pad, exp.Replace, exp.RegexpReplace, exp.Translate, exp.Concat, exp.ConcatWs, exp.DPipe, exp.Format,
            exp.ArrayToString, exp.TimeToStr, exp.GroupConcat)  # fmt: skip
_FORMATS = {"printf", "format"}
_LONGEST_NUMBER = 350  # characters that a format makes of a number where it says nothing else: 1e308 in full
_SHORTEST = 64  # what a function may make of next to nothing: a checksum, a moment, a type's name
_NUMBER = re.compile(r"\d+")
_LITERAL_NUMBER = 24  # characters of a number of few digits ("1e15")
_RESIZES = {"list_resize", "array_resize"}
_GROWN = 50  # characters that a step of a reduction may add to what it was given
_REDUCES = {"list_reduce", "array_reduce", "reduce"}
_APPLIES = {"list_transform", "array_transform", "list_apply", "array_apply", "apply"}
_PICKS = {"list_select", "array_select"}
# what may glue a list's items together, and which of its arguments stands between them
_SEPARATORS = {"list_aggregate": 2, "list_aggr": 2, "array_aggregate": 2, "array_aggr": 2, "aggregate": 2, "list_string_agg": 1,
               "array_to_string_comma_default": 1}  # fmt: skip
# parts of the names of what makes lists, types among them
_LISTS = re.compile("array|list|split|map|json|extract_?all|histogram|reduce|apply|transform|aggr|comprehension|datatype")
_GLUES = {"string_agg", "group_concat", "listagg", "list_string_agg", "array_to_string_comma_default"}
_COLLECTED = 10  # rows that a text of many counts for: more are bounded by the worker's memory
_LONGEST_DATE_PART = 13  # characters that a date's format makes of one of its own ("%c")
_ESCAPED = 6  # characters that a nested value makes of one of its own when it becomes a text: each nesting escapes again
_WIDTH = re.compile(r"\d{4,}|\*|\{[^{}]*\{")  # a field of 1000 or more characters, or one given by an argument
# one of the parts is the value
_LARGEST = (exp.AggFunc, exp.Query, exp.Window, exp.Filter, exp.WithinGroup, exp.Case, exp.If, exp.Coalesce, exp.Nullif,
            exp.Greatest, exp.Least)  # fmt: skip
# no more than its parts together
_JOINS = (exp.Array, exp.List, exp.Struct, exp.Concat, exp.ConcatWs)
# the first part is the value, or holds it
_FIRST = (exp.Lambda, exp.Alias, exp.Substring, exp.Left, exp.Right, exp.Trim, exp.Lower, exp.Upper, exp.SplitPart,
          exp.RegexpExtract, exp.Bracket, exp.ArraySlice, exp.ArraySort, exp.ArrayFilter, exp.ArrayDistinct, exp.Order,
          exp.Dot)  # fmt: skip
# a number, a truth or a moment
_SHORT = (exp.Predicate, exp.Connector, exp.Not, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Round, exp.Count,
          exp.Sum, exp.Avg, exp.Length, exp.Interval, exp.Extract, exp.Year, exp.Quarter, exp.Month, exp.Day, exp.DateDiff,
          exp.DateTrunc, exp.TimestampTrunc, exp.Abs, exp.Floor, exp.Ceil)  # fmt: skip


def oversized(tree: exp.Expr, nodes: Sequence[exp.Expr], schema: Schema) -> str | None:
    """The reason to refuse a query that could build too large a string or list, or None."""
    widths = Widths(schema, lists=_may_hold_lists(nodes, schema))
    blocks = inner_first(tree)
    for _ in range(1 + any(map(_is_in_a_projection, blocks))):  # there it may read aliases of the query that it stands in
        widths.restart()
        for block in blocks:
            widths.reach(block)
            for names, value in outputs(block):
                widths.give(names, _size(value, widths, {}))
    measured: dict[int, int] = {}
    for node in nodes:
        if isinstance(node, exp.DataType):
            if any(_number(param) > 1000 for param in node.find_all(exp.DataTypeParam)) or _array_type(node) > 1000:
                return "A type with more than 1000 positions is not allowed."
        elif _is_text(node):
            if _size(node, widths, measured) > MAX_STRING:
                return f"This could build a text of more than {MAX_STRING:,} characters."
        elif isinstance(node, exp.Func | exp.Struct | exp.Add | exp.Comprehension) and _size(node, widths, measured) > MAX_LIST:
            return f"This could build a list of more than {MAX_LIST:,} items."
    return None


def _may_hold_lists(nodes: Sequence[exp.Expr], schema: Schema) -> bool:
    """Whether there is anything in a query that + could join rather than add."""
    if any("[" in column.type for column in schema.columns):
        return True
    for node in nodes:
        called = fold(node.name) if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else type(node).__name__.lower()
        if isinstance(node, exp.Func | exp.DataType | exp.Comprehension) and _LISTS.search(called):
            if not isinstance(node, exp.DataType) or node.args.get("nested") or node.is_type("json"):
                return True
    return False


def _is_in_a_projection(block: exp.Expr) -> bool:
    node = block
    while node.parent is not None and not isinstance(node.parent, exp.Select):
        node = node.parent
    return isinstance(block, exp.Select) and node.parent is not None and node.arg_key == "expressions"


def _is_text(node: exp.Expr) -> bool:
    name = fold(node.name) if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, exp.Reduce) or name in _REDUCES:
        return node.find(*_STRINGS) is not None
    return name in _FORMATS or isinstance(node, _STRINGS) or _glues(node) or _becomes_text(node)


def _becomes_text(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.is_type(*exp.DataType.TEXT_TYPES, exp.DType.JSON)


def _size(node: exp.Expr | None, widths: Widths, measured: dict[int, int]) -> int:
    """An upper bound of the characters or items in the value of an expression; each part is measured once."""
    if node is None:
        return 0
    if id(node) not in measured:
        measured[id(node)] = min(_measure(node, widths, measured), _HUGE)
    return measured[id(node)]


def _measure(node: exp.Expr, widths: Widths, measured: dict[int, int]) -> int:
    """What nothing else is known of is no larger than its parts together."""
    of = partial(_size, widths=widths, measured=measured)
    if isinstance(node, exp.Literal | exp.RawString):
        return max(1, len(node.name))
    if isinstance(node, exp.Column | exp.Identifier):
        return widths.of_all(node) if isinstance(node.this, exp.Star) else max(widths.of(node), len(node.name))
    if isinstance(node, exp.Star | exp.Columns | exp.PositionalColumn):
        return widths.of_all(node)
    if _is_short(node) or (isinstance(node, exp.Add) and not widths.lists):
        return _UNKNOWN
    _bind(node, of, widths)
    if isinstance(node, _FIRST):
        return of(node.this)
    if isinstance(node, exp.PropertyEQ | exp.Kwarg):
        return of(node.expression) + len(node.name)
    if _becomes_text(node):
        return _as_text(node.this, of(node.this))
    if isinstance(node, exp.GroupConcat):
        return _COLLECTED * (of(node.this) + of(node.args.get("separator")))
    parts = list(map(of, node.selects if isinstance(node, exp.Query) else node.iter_expressions()))
    if isinstance(node, _LARGEST):
        return max(parts, default=_UNKNOWN)
    built = _built(node, parts, of, widths)
    if built is None:
        built = _repeated(node, of, widths)
    if built is not None:
        return built
    grows = isinstance(node, exp.Func) and not isinstance(node, _JOINS)
    return max(sum(parts), _SHORTEST if grows else 1)


def _bind(node: exp.Expr, of: Callable[[exp.Expr | None], int], widths: Widths) -> None:
    """Tells how large the items are that the lambdas of a call are given."""
    if isinstance(node, exp.Comprehension):
        widths.bind(parameters_of(node), of(node.args.get("iterator")))
    parts = list(node.iter_expressions())
    steps = [part for part in parts if isinstance(part, exp.Lambda)]
    if steps and not isinstance(node, exp.Columns):
        size = max(of(part) for part in parts if not isinstance(part, exp.Lambda))
        for step in steps:
            widths.bind(parameters_of(step), size)


def _repeated(node: exp.Expr, of: Callable[[exp.Expr | None], int], widths: Widths) -> int | None:
    """What is done to each item of a list: its items together, and as often as there are items what doesn't come of them."""
    name = fold(node.name) if isinstance(node, exp.Anonymous) else ""
    if isinstance(node, exp.Comprehension):
        items, step, body = node.args.get("iterator"), node, node.this
    elif isinstance(node, exp.Transform) or name in _APPLIES:
        items, step = list(node.iter_expressions())[:2] if name == "" else (node.expressions + [None] * 2)[:2]
        body = step
    else:
        return None
    count = of(items)
    if node.find_ancestor(exp.Lambda, exp.Comprehension) is not None or not isinstance(step, exp.Lambda | exp.Comprehension):
        return count * max(1, of(body))
    return of(body) + count * max(1, _size(body, widths.with_sizes(dict.fromkeys(parameters_of(step), 0)), {}))


def _is_short(node: exp.Expr) -> bool:
    """A number, a truth or a moment; what + adds to one isn't a list."""
    if isinstance(node, exp.Add):
        return any(isinstance(side, _SHORT) or side.is_number for side in (node.left, node.right))
    return isinstance(node, _SHORT)


def _as_text(node: exp.Expr, size: int) -> int:
    """A cell of a table, or a value without parts, is written as it is; in a list or struct its quotes are escaped."""
    if isinstance(node, exp.Literal):
        return size if node.is_string else max(size, _LITERAL_NUMBER)
    return size if _is_short(node) or (isinstance(node, exp.Column) and size <= _UNKNOWN) else _ESCAPED * size


def _built(node: exp.Expr, parts: list[int], of: Callable[[exp.Expr | None], int], widths: Widths) -> int | None:
    """The bound for what builds more than its parts together, or counts otherwise; None for the rest."""
    name = fold(node.name) if isinstance(node, exp.Anonymous) else ""
    arguments = list(node.expressions) + [None] * 3
    if isinstance(node, exp.Repeat):
        return of(node.this) * _number(node.args.get("times"))
    if isinstance(node, exp.Pad):
        return max(of(node.this), _number(node.expression))
    if name in _RESIZES:
        return max(of(arguments[0]), _number(arguments[1]) * max(1, of(arguments[2])))
    if name in _PICKS:
        return of(arguments[0]) * of(arguments[1])
    if name == "regexp_escape":
        return 2 * of(arguments[0])
    if isinstance(node, exp.Replace | exp.RegexpReplace | exp.Translate):
        places = of(node.this) + isinstance(node, exp.RegexpReplace)  # it may replace the nothing at the end too
        return places * max(1, of(node.args.get("replacement") or node.args.get("to")))
    if isinstance(node, exp.TimeToStr):
        return _LONGEST_DATE_PART * of(node.args.get("format"))
    if _glues(node):
        return of(arguments[0]) * (1 + max(1, of(_separator(node))))
    if isinstance(node, exp.ArrayToString):
        return of(node.this) * (1 + of(node.expression) + of(node.args.get("null")))
    if isinstance(node, exp.Reduce) or name in _REDUCES:
        return of(node.this if isinstance(node, exp.Reduce) else arguments[0]) * _growth(node, widths)
    if isinstance(node, exp.Format) or name in _FORMATS:
        pattern = node.this if isinstance(node, exp.Format) else arguments[0]
        if not isinstance(pattern, exp.Literal) or _WIDTH.search(pattern.name):
            return _HUGE
        places = max(1, pattern.name.count("{"), pattern.name.count("%"))
        return (sum(parts) + _LONGEST_NUMBER) * places + sum(map(int, _NUMBER.findall(pattern.name)))
    if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):  # a path that isn't written out may be "$..*", of which each
        return of(node.this) ** (1 if isinstance(node.expression, exp.JSONPath) else 2)  # part of the value is in many others
    return None


def _glues(node: exp.Expr) -> bool:
    """Whether an aggregate over a list makes one text of it."""
    name = fold(node.name) if isinstance(node, exp.Anonymous) else ""
    called = fold(node.expressions[1].name) if name in CALLS_BY_NAME and len(node.expressions) > 1 else name
    return called in _GLUES or _separator(node) is not None


def _separator(node: exp.Expr) -> exp.Expr | None:
    """The argument that such an aggregate puts between the items, if it has one."""
    place = _SEPARATORS.get(fold(node.name)) if isinstance(node, exp.Anonymous) else None
    return node.expressions[place] if place is not None and len(node.expressions) > place else None


def _growth(node: exp.Expr, widths: Widths) -> int:
    """How many times its list a reduction may come to: a step that may double what the last one built has no bound."""
    added = 1
    for step in node.find_all(exp.Lambda):
        first, *others = parameters_of(step)
        size = _size(step, widths.with_sizes({first: _UNKNOWN, **dict.fromkeys(others, 2)}), {})
        added = max(added, size - _UNKNOWN if size <= _UNKNOWN + _GROWN else _HUGE)
    return added


def _number(node: exp.Expr | None) -> int:
    """The value of a literal count; anything computed may be huge."""
    while isinstance(node, exp.Paren | exp.DataTypeParam):
        node = node.this
    if isinstance(node, exp.Literal) and node.name.isdecimal():
        return min(int(node.name[-4000:]), _HUGE)
    return _HUGE


def _array_type(node: exp.DataType) -> int:
    """The positions of an array's type, those of the arrays in it among them."""
    own = max((_number(value) for value in node.args.get("values") or ()), default=1)
    return own * max((_array_type(part) for part in node.expressions if isinstance(part, exp.DataType)), default=1)
