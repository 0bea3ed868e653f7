"""The closed vocabulary of the intermediate representation (IR). Its order is the decoder's output order: only append.

A block is ``[with ( QUERY )] select [distinct] ITEMS [where COND] [group by EXPRS] [having COND] [qualify COND]
[order by EXPR asc|desc ...] [limit NUMBER [offset NUMBER]] [from ...]``; blocks are joined by set operations.
``[`` and ``]`` group conditions, ``(`` and ``)`` everything else, so that one symbol of look-ahead is enough to parse.
"""
from __future__ import annotations

PAD, BOS, EOS, NONE = "<pad>", "<bos>", "<eos>", "<none>"
SPECIAL = (PAD, BOS, EOS, NONE)
CLAUSES = ("with", "select", "distinct", "where", "group by", "having", "qualify", "order by", "asc", "desc", "limit", "offset")
# from: tables that no column names; "left": the next table is LEFT JOINed; "on": two columns that join where keys do not
FROM = ("from", "left", "on")
SET_OPERATIONS = ("union", "union all", "intersect", "except")
PUNCTUATION = ("(", ")", "[", "]", ",", "*")
# "other": the column belongs to the second instance of its table; "outer": to the enclosing block's table;
# "out1" ...: the output columns of the block's WITH query
SCOPE = ("other", "outer") + tuple(f"out{i}" for i in range(1, 9))
AGGREGATES = ("count", "sum", "avg", "min", "max", "median", "stddev")
WINDOWS = ("row_number", "rank", "dense_rank", "lag", "lead", "over", "partition by", "filter")
DATE_PARTS = ("year", "quarter", "month", "week", "day", "weekday", "hour", "month_name", "day_name")
DATE_TRUNCS = ("trunc_year", "trunc_quarter", "trunc_month", "trunc_week", "trunc_day")
DATE_DIFFS = ("days_between", "weeks_between", "months_between", "years_between")
FUNCTIONS = ("round", "abs", "length", "lower", "upper", "substr", "coalesce", "nullif", "||", "to_number", "to_text")
CONDITIONAL = ("case", "when", "then", "else", "end")
COMPARISONS = ("=", "!=", ">", "<", ">=", "<=")
# "during": a date column lies in a Period; the three text tests take a value or two words (first, last) and ignore case
PREDICATES = ("in", "between", "is null", "is not null", "contains", "starts_with", "ends_with", "during", "exists")
LOGIC = ("and", "or", "not")
ARITHMETIC = ("+", "-", "*mul", "/")
NUMBERS = (*range(21), 24, 30, 50, 60, 100, 365, 1000, 10000, "0.5")
LITERALS = ("true", "false", "null", "as_of", "''") + tuple(f"#{n}" for n in NUMBERS)
SPARE = tuple(f"<spare{i}>" for i in range(24))

VOCABULARY: tuple[str, ...] = (
    SPECIAL + CLAUSES + FROM + SET_OPERATIONS + PUNCTUATION + SCOPE + AGGREGATES + WINDOWS + DATE_PARTS + DATE_TRUNCS
    + DATE_DIFFS + FUNCTIONS + CONDITIONAL + COMPARISONS + PREDICATES + LOGIC + ARITHMETIC + LITERALS + SPARE
)
INDEX: dict[str, int] = {symbol: i for i, symbol in enumerate(VOCABULARY)}
