"""What the rows of each table are: people, places, events; their names, keys and dates.

Nothing here knows a particular database: a schema goes in, nouns and roles come out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole, Role, column_role, expand, split_name
from nl2sql.data.synthesis.synonyms import SYNONYMS
from nl2sql.records import Schema, Table, Values

_FEW = 60  # values of a column that sorts things, which people name beside the things


@dataclass(frozen=True)
class Entity:
    """What the rows of a table are: ``nouns`` are singular, the schema's own first; ``main_date`` is when a row happened."""

    table: int
    nouns: tuple[str, ...]
    person: bool = False
    place: bool = False
    event: bool = False
    link: bool = False  # a bridge between other tables, or lines of a parent: rarely a subject of its own
    key: int | None = None
    labels: tuple[int, ...] = ()
    main_date: int | None = None
    columns: tuple[ColumnRole, ...] = field(default=(), repr=False)

    @property
    def noun(self) -> str:
        return self.nouns[0]

    def with_role(self, *roles: Role) -> list[ColumnRole]:
        return [column for column in self.columns if column.role in roles]


def entities(schema: Schema, values: Values) -> tuple[Entity, ...]:
    """One ``Entity`` a table, in the schema's order."""
    nouns = [_table_noun(table) for table in schema.tables]
    taken = Counter(nouns)
    sources = {key.source for key in schema.foreign_keys}
    targets = {key.target for key in schema.foreign_keys}
    found = []
    for i, table in enumerate(schema.tables):
        noun = nouns[i] if taken[nouns[i]] == 1 else lexicon.singular(expand(table.words or split_name(table.name)))
        roles = tuple(
            column_role(schema, values, i, index, noun, index in sources, index in targets) for index in schema.columns_of(i)
        )
        found.append(_entity(schema, i, noun, roles, sources))
    said = {str(value).lower() for stored in values.values() if len(stored) <= _FEW for value in stored}
    return _with_one_revenue(schema, _with_synonyms(_with_comments(schema, found, said), said))


def _with_comments(schema: Schema, found: list[Entity], said: set[str]) -> list[Entity]:
    """Adds what comments call a table's rows: "people that buy (clients, shoppers)", "name of the store (shop, branch)".

    A word that two tables would have is the first one's; a word that names a column is none's.
    """
    named = [_named_by_label(entity) for entity in found]
    taken = {noun for entity, _ in named for noun in entity.nouns} | said
    taken |= {noun for entity, _ in named for column in entity.columns if column.role != "key" for noun in column.nouns}
    result = []
    for entity, nouns in named:
        bracket = re.search(r"\(([a-z][a-z, -]*)\)", schema.tables[entity.table].comment)
        nouns = [*nouns, *_roles_of(schema, found, entity)]
        if bracket:
            nouns = [*nouns, *(lexicon.singular(noun.strip()) for noun in re.split(r",| or ", bracket.group(1)))]
        nouns = [n for n in dict.fromkeys(nouns) if n and len(n.split()) <= 2 and lexicon.plural(n) != n]
        kinds = {
            n for n in nouns if " " in n and n.split()[-1] in (*nouns, *entity.nouns)
        }  # a "web shop" is no other word for shop
        more = [n for n in nouns if n not in taken and n not in kinds]
        taken.update(more)
        result.append(replace(entity, nouns=(*entity.nouns, *more)))
    return result


def _roles_of(schema: Schema, found: list[Entity], entity: Entity) -> list[str]:
    """What persons are to the rows that refer to them: an order's employee is its "seller"."""
    if not entity.person:
        return []
    sources = {key.source for key in schema.foreign_keys if key.target == entity.key and schema.owner[key.source] != entity.table}
    nouns = [noun for e in found for column in e.columns if column.index in sources for noun in column.nouns[1:]]
    return [noun for noun in nouns if noun in vocabulary.PEOPLE or noun.endswith("person")]


def _named_by_label(entity: Entity) -> tuple[Entity, list[str]]:
    """The entity without the synonyms of its name column that mean the row itself, and those synonyms."""
    if len(entity.labels) != 1:
        return entity, []
    label = next(column for column in entity.columns if column.index == entity.labels[0])
    moved = [noun for noun in label.nouns[1:] if not {"name", "title"} & set(noun.split())]
    kept = replace(label, nouns=tuple(noun for noun in label.nouns if noun not in moved))
    return replace(entity, columns=tuple(kept if c is label else c for c in entity.columns)), moved


def _table_noun(table: Table) -> str:
    words = expand(table.words or split_name(table.name)).split()
    while len(words) > 1 and words[0] in vocabulary.TABLE_PREFIXES:
        words = words[1:]
    while len(words) > 1 and words[-1] in {"table", "tbl", "dim", "fact", "master", "data", "info", "information", "list"}:
        words = words[:-1]
    return lexicon.singular(" ".join(word for word in words if not word.isdigit()) or "row")


def _entity(schema: Schema, index: int, noun: str, roles: tuple[ColumnRole, ...], sources: set[int]) -> Entity:
    head = noun.rpartition(" ")[2]
    names = {column.noun for column in roles}
    person = (
        head in vocabulary.PEOPLE
        or noun in vocabulary.PEOPLE
        or bool(names & {"first name", "birth date", "date of birth", "gender"})
    )
    dates = [column for column in roles if column.role == "date"]
    own_keys = [column for column in roles if column.index in sources]
    labels = _labels(schema, roles, noun)
    fact = not labels and bool(dates) and (bool(own_keys) or any(column.role == "measure" for column in roles))
    event = (head in vocabulary.EVENTS or noun in vocabulary.EVENTS or fact or len(own_keys) >= 2 and not labels) and not person
    keys = [column.index for column in roles if schema.columns[column.index].primary_key]
    content = [column for column in roles if column.role not in ("key", "other")]
    link = len(own_keys) >= 2 and len(content) <= 1 or head in {"item", "line", "detail"} and " " in noun
    return Entity(
        table=index,
        nouns=(noun,),
        person=person,
        place=head in vocabulary.PLACES,
        event=event,
        link=link,
        key=keys[0] if len(keys) == 1 else _key_by_name(schema, roles, noun) if not keys else None,
        labels=labels,
        main_date=_main_date(dates, noun) if event else None,
        columns=roles,
    )


def _key_by_name(schema: Schema, roles: tuple[ColumnRole, ...], noun: str) -> int | None:
    for column in roles:
        if column.noun in ("id", f"{noun} id", f"{noun} key", f"{noun} code") and schema.columns[column.index].unique:
            return column.index
    return None


def _labels(schema: Schema, roles: tuple[ColumnRole, ...], noun: str) -> tuple[int, ...]:
    by_noun = {column.noun: column.index for column in reversed(roles) if schema.columns[column.index].kind == "text"}
    for first in ("first name", "given name", "forename"):
        for last in ("last name", "surname", "family name"):
            if first in by_noun and last in by_noun:
                return by_noun[first], by_noun[last]
    head = noun.rpartition(" ")[2]
    for wanted in ("name", f"{noun} name", f"{head} name", "full name", "title", f"{noun} title", f"{head} title", noun, head):
        if wanted in by_noun:
            return (by_noun[wanted],)
    names = [column for column in roles if column.role == "name"]
    return (names[0].index,) if names else ()


_NOT_YET = set("booking booked creation created update updated due request requested entry entered modified announced".split())


def _main_date(dates: list[ColumnRole], noun: str) -> int | None:
    head = noun.rpartition(" ")[2]
    wanted = {"date", f"{noun} date", f"{head} date", "timestamp", "time", "datetime", f"{noun} time", f"date of {noun}"}
    exact = [column.index for column in dates if column.noun in wanted]
    happened = [column.index for column in dates if not set(column.noun.split()) & _NOT_YET]  # not when it was only planned
    return next(iter((*exact, *happened, *(column.index for column in dates))), None)


def _with_synonyms(found: list[Entity], said: set[str]) -> tuple[Entity, ...]:
    """Adds the lexicon's synonyms, less those that name something else of this schema, a value ("Outlet") among it."""
    taken = {
        lexicon.singular(word) for e in found for noun in e.nouns for word in ((noun,) if e.link else (noun, *noun.split()))
    }  # fmt: skip
    taken |= {lexicon.singular(noun) for entity in found for column in entity.columns for noun in column.nouns} | said

    def more(nouns: tuple[str, ...]) -> tuple[str, ...]:
        own = nouns[0]
        extra = list(SYNONYMS.get(own, ()))
        head, _, tail = own.rpartition(" ")
        if head and not extra:
            extra = [f"{head} {word}" for word in SYNONYMS.get(tail, ())[:2] if " " not in word]
        return tuple(dict.fromkeys((*nouns, *(word for word in extra if word not in taken))))

    return tuple(
        replace(
            entity,
            nouns=more(entity.nouns),
            columns=tuple(replace(column, nouns=more(column.nouns)) for column in entity.columns),
        )
        for entity in found
    )


def _with_one_revenue(schema: Schema, found: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Only one column may be called "sales" or "revenue": the one that says so itself, else the most detailed."""
    marked = [c for entity in found for c in entity.columns if c.revenue]
    if len(marked) <= 1:
        return found

    def rank(column: ColumnRole) -> tuple[bool, bool, int]:
        named = bool({"revenue", "sales", "turnover"} & set(" ".join(column.nouns[:4]).split()))
        sources = {schema.owner[key.source] for key in schema.foreign_keys}
        return named, column.table in sources, column.index

    best = max(marked, key=rank).index
    return tuple(
        replace(entity, columns=tuple(replace(c, revenue=c.revenue and c.index == best) for c in entity.columns))
        for entity in found
    )
