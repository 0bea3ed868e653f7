"""What part of a total the N largest hold: the share of the top five customers, of the biggest product, of the last three."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents.share import word_of
from nl2sql.data.synthesis.times import number

_FRAMES = (
    "what {word} of [total|all|our|] {name} {scope} {when} [comes|came] from the {top}",
    "what {word} of {name} {scope} {when} do the {top} [account for|make up|bring in|generate|hold|contribute]",
    "[how much|what part] of {name} {scope} {when} do the {top} [account for|make up|hold], as a {word}",
    "{word} of {name} {scope} [held|made|generated] by the {top} {when}",
    "{word} of the {top} in [total|all|the|] {name} {scope} {when}",
    "the {top}: [their|combined] {word} of {name} {scope} {when}",
    "[what is|what was|show|calculate] the {word} of {name} {scope} {when} of the {top}",
    "how [large|big|high] [is|was] the {word} of the {top} in {name} {scope} {when}",
    "[combined|joint|cumulative] {word} of the {top} [in|of] {name} {scope} {when}", "{name} {scope} {when}: {word} of the {top}",
    "how concentrated {is} {name} {scope} {when}, what {word} do the {top} have",
    "what {word} of [the|] {name} {scope} {when} is [down to|owed to|due to] the {top}",
)  # fmt: skip


def share_of_top(ask: Ask) -> Draft | None:
    """WITH the N groups with the most SELECT SUM of theirs / that of all."""
    fact = ask.fact()
    measure = ask.measure(fact.table, additive=True)
    dimension = ask.dimension(fact.table, flags=False)
    if measure is None or dimension is None or "/" in measure.sql or "DISTINCT" in measure.sql:
        return None
    if measure.subject is not None and measure.subject == dimension.table and dimension.entity:
        return None
    n, least = ask.rng.choice((1, 2, 3, 3, 5, 5, 10, 10, 20)), ask.chance(0.1)
    groups = (
        len(ask.world.values.get(dimension.columns[0], ()))
        if not dimension.entity
        else ask.world.schema.tables[dimension.table].rows
    )
    if groups and groups <= n:
        return None
    timed = ask.time(fact.table, 0.5)
    conditions = ask.filters(fact.table, 1, avoid=dimension.columns) if ask.chance(0.4) else []
    whole = ask.select(fact.table, conditions, timed, measure=measure)
    whole.items = [measure.sql]
    block = ask.select(fact.table, conditions, timed, measure=measure, tables=(dimension.table,))
    block.items = [f"{dimension.group[0]} AS label", f"{measure.sql} AS total"]
    block.group, block.order, block.limit = [dimension.group[0]], [f"{measure.sql} {'ASC' if least else 'DESC'}"], n
    percent = ask.chance(0.5)
    sql = f"WITH totals AS ({block.sql()}) SELECT {'100.0 * ' if percent else ''}SUM(total) / ({whole.sql()}) FROM totals"
    adjectives = (
        ("smallest", "weakest", "bottom")
        if least
        else ("top", "top", "top", "biggest", "largest", "leading", "best", "strongest")
    )
    many = dimension.noun if n == 1 else dimension.plural
    word = ask.rng.choice(adjectives)
    top = f"{word} {many}" if n == 1 else f"{word} {number(ask.rng, n)} {many}"
    if n > 1 and ask.chance(0.3) and word not in ("top", "bottom"):
        top = f"{number(ask.rng, n)} {word} {many}"
    return Draft(
        ask.compose(
            _FRAMES, timed=timed, top=top, word=word_of(percent), name=measure.names[:2], scope=ask.scope(measure, conditions)
        ),
        sql,
    )
