"""What the rows of each table are: people, places, events; their names, keys and dates.

Nothing here knows a particular database: a schema goes in, nouns and roles come out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.columns import ColumnRole, Role, column_role, expand, split_name
from nl2sql.data.synthesis.synonyms import SYNONYMS
from nl2sql.records import Schema, Table, Values


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
    return _with_one_revenue(schema, _with_synonyms(found))


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


def _main_date(dates: list[ColumnRole], noun: str) -> int | None:
    head = noun.rpartition(" ")[2]
    wanted = {"date", f"{noun} date", f"{head} date", "timestamp", "time", "datetime", f"{noun} time", f"date of {noun}"}
    exact = [column.index for column in dates if column.noun in wanted]
    return exact[0] if exact else dates[0].index if dates else None


def _with_synonyms(found: list[Entity]) -> tuple[Entity, ...]:
    """Adds the lexicon's synonyms, less those that name something else of this schema."""
    taken = {lexicon.singular(word) for entity in found for noun in entity.nouns for word in (noun, *noun.split())}
    taken |= {lexicon.singular(noun) for entity in found for column in entity.columns for noun in column.nouns}

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
