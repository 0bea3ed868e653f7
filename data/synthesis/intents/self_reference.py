"""Rows that refer to rows of their own table: managers, parents, mentors."""

from __future__ import annotations

from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.filters import literal
from nl2sql.data.synthesis.filters.numbers import number_text
from nl2sql.data.synthesis.roles import Entity
from nl2sql.records import ForeignKey

_UPPER = "upper_row"
_BOSSES = ("manager", "supervisor", "boss", "lead", "head", "chief")
_WHO = (
    "who is the {role} of {row}", "who is {row}'s {role}", "[show|find|give me|name|tell me] the {role} of {row}",
    "{row}'s {role}",
    "what is the name of {row}'s {role}", "{role} of {row}", "whose {thing} is {row}",
)[:6]  # fmt: skip
_WHO_LEADS = (
    "who does {row} report to", "to whom does {row} report", "who is {row} working under", "who is in charge of {row}",
    "who leads {row}", "who [manages|supervises] {row}", "by whom is {row} [managed|supervised|led]", "who is above {row}",
    "under whom does {row} work", "who is responsible for {row}",
    "name of the person {row} reports to", "who is {row}'s [boss|superior|line manager]", "whom does {row} [report|answer] to",
    "who is the [boss|superior] of {row}", "{row} [reports|answers] to whom", "who [has|holds] {row} on their team",
)  # fmt: skip
_UNDER = (
    "[which|list the|show the|find the] {things} [have|with] {row} as [their|] {role}",
    "list [all|the|] {things} whose {role} is {row}",
    "{things} whose {role} is {row}", "{things} with {role} {row}",
)  # fmt: skip
_UNDER_LEADS = (
    "who reports to {row}", "[who|whom] does {row} [manage|supervise|lead]",
    "[which|what] {things} does {row} [manage|supervise]",
    "who works [under|for] {row}", "[which|what] {things} report to {row}", "direct reports of {row}",
    "{row}'s [team|direct reports|people|subordinates]", "[show|list] everyone [who reports to|under|working for] {row}",
    "[which|what] {things} [does {row} lead|work under {row}|are led by {row}|answer to {row}]", "{things} [under|below] {row}",
    "whom does {row} [lead|supervise|look after|have under them]", "who [has|have] {row} as [boss|manager|superior]",
    "{row} [leads|supervises|manages|is the boss of] whom", "of whom is {row} the [boss|superior|manager]",
    "names of the people {row} is in charge of",
    "[list|show] the people {row} [is responsible for|supervises|leads]", "{things} supervised by {row}",
)  # fmt: skip
_HOW_MANY = (
    "how many {things} have {row} as [their|] {role}", "[count|number of] {things} whose {role} is {row}",
)  # fmt: skip
_HOW_MANY_LEADS = (
    "how many [people|{things}] report to {row}", "how many [people|{things}] does {row} [manage|supervise]",
    "how many [people|{things}] does {row} [lead|have under them]",
    "how many direct reports does {row} have", "size of {row}'s team", "how many [people|{things}] work under {row}",
)  # fmt: skip
_ALL = (
    "[list|show|give me] [all|the|] {things} [with|and|together with] their {roles}",
    "[list|show] each {thing} [with|and] [the|its|their] {role}",
    "{things} and their {roles}", "[list|show] every {thing} next to [the name of|] their {role}",
    "who is [whose|the] {role} [of whom|]: all {things}",
)[:4]  # fmt: skip
_COUNT_EACH = (
    "how many {things} does each {role} have", "number of {things} per {role}",
    "[show|count] the number of {things} [per|for each] {role}",
    "for each {role}, count the {things}", "{roles} and the number of [their|] {things}", "team size [of each|per|by] {role}",
)  # fmt: skip
_COUNT_EACH_LEADS = (
    "how many [people|direct reports|{things}] does each {role} have",
    "how many [people|{things}] [report to|work under] each {role}",
    "how many [people|{things}] does [each|every] {role} [lead|manage|supervise|look after]",
    "how many [people|{things}] [are led|are managed|are supervised] by each {role}",
    "for [each|every] {role}, how many [people|{things}] [report to them|they lead|do they manage]",
    "number of direct reports [per|by|of each] {role}", "team size [of each|per|by] {role}",
    "every {role} with the number of [people|{things}] [they lead|they supervise|reporting to them|under them]",
    "{roles} and [the size of their team|how many people they lead]",
    "count the [people|{things}] [under|led by|reporting to] each {role}", "[people|{things}] led per {role}",
)  # fmt: skip
_MOST = (
    "which {role} has the most {things}", "[find|show|who is] the {role} with the most {things}", "{role} with the most {things}",
    "which {role} has the largest [team|number of {things}]", "who [leads|manages] the most {things}",
)  # fmt: skip
_MORE = (
    "[which|what] {things} have a {more} {column} than their [own|] {role}",
    "[show|list|find] [the|all|] {things} with a {more} {column} than "
    "their {role}", "{things} whose {column} is {more} than [that of their {role}|their {role}'s]",
    "how many {things} have a {more} {column} than "
    "their [own|] {role}",
)  # fmt: skip
_EARN_MORE = (
    "[which|what] {things} [earn|are paid] {moreword} than [the {role} they report to|their {role}]",
    "who [earns|is paid] {moreword} than their {role}",
    "how many {things} [earn|are paid] {moreword} than their [own|] {role}",
    "{things} [earning|paid] {moreword} than their {role}",
)  # fmt: skip
_LEADS_ANY = (
    "[which|what] {things} [are|act as] [somebody's|someone's] {role}",
    "[show|list|find] [all|the|] {things} who are [a|the] {role} of someone",
    "[which|what] {things} have [at least one direct report|anyone under them]",
    "how many {things} have [anyone|somebody] reporting to them",
)  # fmt: skip


@dataclass(frozen=True)
class Ladder:
    """A table whose rows refer to its own rows, the role of the row referred to, and the joined FROM clause."""

    key: ForeignKey
    entity: Entity
    role: str
    source: str

    @property
    def leads(self) -> bool:
        """Whether the role leads people: then they "report to" it."""
        return self.entity.person and self.role.rpartition(" ")[2] in _BOSSES


def ladder(ask: Ask) -> Ladder | None:
    """One of the schema's references to the same table."""
    world = ask.world
    keys = [k for k in world.self_references if world.entity_of(k.source).labels]
    if not keys:
        return None
    key = ask.rng.choice(keys)
    entity = world.entity_of(key.source)
    role = world.columns[key.source].noun.removesuffix(" id").removesuffix(" key").removesuffix(" code")
    if role in (entity.noun, world.columns[key.source].noun) and role != "parent":
        return None
    if role in ("manager", "supervisor") and ask.chance(0.4):
        role = ask.rng.choice(("boss", "supervisor", "superior", "line manager"))
    table = world.table(entity.table)
    source = f"FROM {table} JOIN {table} AS {_UPPER} ON {world.ref(key.source)} = {world.ref(key.target, _UPPER)}"
    return Ladder(key, entity, role, source)


def self_reference(ask: Ask) -> Draft | None:
    """A self-join: the row referred to stands as ``upper_row``."""
    found = ladder(ask)
    if found is None:
        return None
    kind = ask.rng.choice(("who", "who", "who", "under", "under", "under", "many", "all", "each", "each", "each", "most", "more",
        "more", "any"))
    if kind in ("who", "under", "many"):
        return _of_a_row(ask, found, kind)
    if kind == "more":
        return _more_than_upper(ask, found)
    if kind == "any":
        return _leads_any(ask, found)
    return _of_all(ask, found, kind)


def _labels(ask: Ask, entity: Entity, alias: str = "") -> list[str]:
    return [ask.world.ref(c, alias) for c in entity.labels]


def _of_a_row(ask: Ask, found: Ladder, kind: str) -> Draft | None:
    texts = [ask.world.texts(c) for c in found.entity.labels]
    if not all(texts):
        return None
    values = [ask.rng.choice(t) for t in texts]
    ask.protect(*values)
    own, above = _labels(ask, found.entity), _labels(ask, found.entity, _UPPER)
    where = " AND ".join(f"{c} = {literal(v)}" for c, v in zip(above if kind != "who" else own, values, strict=True))
    items = {"who": ", ".join(above), "under": ", ".join(own), "many": "COUNT(*)"}[kind]
    plain, leading = {"who": (_WHO, _WHO_LEADS), "under": (_UNDER, _UNDER_LEADS), "many": (_HOW_MANY, _HOW_MANY_LEADS)}[kind]
    frames = leading if found.leads and ask.chance(0.6) else plain
    if not found.entity.person and kind == "who":
        frames = ("what is the {role} of {row}", "[show|find|give me|name] the {role} of {row}", "{row}'s {role}")
    things = lexicon.plural(ask.noun(found.entity))
    return Draft(
        ask.compose(frames, row=" ".join(values), role=found.role, things=things, thing=found.entity.noun),
        f"SELECT {items} {found.source} WHERE {where}",
    )


def _of_all(ask: Ask, found: Ladder, kind: str) -> Draft:
    """Every row with its upper one, how many each upper one has, or which has the most."""
    own, above = _labels(ask, found.entity), _labels(ask, found.entity, _UPPER)
    things = lexicon.plural(ask.noun(found.entity))
    slots = dict(role=found.role, roles=lexicon.plural(found.role), things=things, thing=ask.noun(found.entity))
    if kind == "all":
        return Draft(ask.compose(_ALL, **slots), f"SELECT {', '.join((*own, *above))} {found.source}")
    world = ask.world
    group = ", ".join(dict.fromkeys((world.ref(found.key.target, _UPPER), *above)))
    select, tail, where = ", ".join(above), "", ""
    columns = [c for c in found.entity.with_role("dimension") if c.index not in found.entity.labels and world.texts(c.index)]
    frames: tuple[str, ...] = _COUNT_EACH_LEADS if found.leads and ask.chance(0.6) else _COUNT_EACH
    if kind == "most":
        high, frames = ask.chance(0.8), _MOST
        tail = f" ORDER BY COUNT(*) {'DESC' if high else 'ASC'} LIMIT 1"
        frames = frames if high else ("which {role} has the fewest {things}", "{role} with the [smallest|fewest] {things}")
    elif ask.chance(0.2):
        n = ask.rng.choice((1, 2, 3, 4, 5, 8, 10))
        tail, said = f" HAVING COUNT(*) > {n}", number_text(ask.rng, n)
        frames = (f"which {{roles}} have more than {said} {{things}}", f"{{roles}} with over {said} {{things}} and how many",
                  f"{{roles}} with more than {said} [direct reports|{{things}}]")  # fmt: skip
        select = select if "how many" not in frames[0] else select
        return Draft(ask.compose((frames[0], frames[2]), **slots), f"SELECT {select} {found.source} GROUP BY {group}{tail}")
    elif columns and ask.chance(0.5):
        column = ask.rng.choice(columns)
        value = ask.rng.choice(world.texts(column.index))
        where, slots["role"] = (
            f" WHERE {world.ref(column.index, _UPPER)} = {literal(value)}",
            value.lower() if ask.chance(0.5) else value,
        )
        slots["roles"] = lexicon.plural(slots["role"])
        ask.protect(value)
        frames = _COUNT_EACH_LEADS if found.leads else _COUNT_EACH
    return Draft(ask.compose(frames, **slots), f"SELECT {select}, COUNT(*) {found.source}{where} GROUP BY {group}{tail}")


def _more_than_upper(ask: Ask, found: Ladder) -> Draft | None:
    """Rows whose number (or date) is above that of the row they refer to."""
    columns = found.entity.with_role("measure")
    if not columns:
        return None
    column, high = ask.rng.choice(columns), ask.chance(0.7)
    pay = column.noun.rpartition(" ")[2] in ("salary", "wage", "income") and ask.chance(0.6)
    frame = ask.rng.choice(_EARN_MORE if pay else _MORE)
    items = "COUNT(*)" if frame.startswith("how many") else ", ".join(_labels(ask, found.entity))
    ref, upper = ask.world.ref(column.index), ask.world.ref(column.index, _UPPER)
    slots = dict(
        things=lexicon.plural(ask.noun(found.entity)), role=found.role, column=ask.rng.choice(column.nouns[:2]),
        more="higher" if high else "lower", moreword="more" if high else "less",
    )  # fmt: skip
    return Draft(ask.compose(frame, **slots), f"SELECT {items} {found.source} WHERE {ref} {'>' if high else '<'} {upper}")


def _leads_any(ask: Ask, found: Ladder) -> Draft | None:
    """Rows that others refer to: key IN (SELECT the reference)."""
    if not found.leads:
        return None
    world, frame = ask.world, ask.rng.choice(_LEADS_ANY)
    items = "COUNT(*)" if frame.startswith("how many") else ", ".join(_labels(ask, found.entity))
    table = world.table(found.entity.table)
    inner = f"SELECT {world.ref(found.key.source)} FROM {table}"
    sql = f"SELECT {items} FROM {table} WHERE {world.ref(found.key.target)} IN ({inner})"
    return Draft(ask.compose(frame, things=lexicon.plural(ask.noun(found.entity)), role=found.role), sql)
