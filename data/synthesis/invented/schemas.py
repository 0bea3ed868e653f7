"""From the plan of a schema to tables in one of many naming styles, with keys, comments, samples and values."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from nl2sql.data.synthesis import lexicon, vocabulary
from nl2sql.data.synthesis.invented.banks import texts
from nl2sql.data.synthesis.invented.plan import Attribute, Plan, choose
from nl2sql.data.synthesis.synonyms import SYNONYMS
from nl2sql.names import humanize, without_prefixes
from nl2sql.records import Column, ForeignKey, Kind, Schema, Table, Values

AS_OF_YEARS = range(2015, 2027)
MODULES = ("tbl", "t", "crm", "erp", "app", "bo", "hr", "ops", "sys")  # what tables' names may begin with
_STILL_TO_COME = set("""
    end return returned paid closed close cancelled leaving settled delivered received filled sold decommissioned released
    completed resolved discharge cleared refunded expires finished out last reply
""".split())  # dates by which a row is over: empty as long as it isn't
_SHORT = {long: short for short, long in vocabulary.ABBREVIATIONS.items()}


@dataclass(frozen=True)
class Style:
    """How one database writes its names."""

    case: str  # snake, camel, pascal, upper, spaced
    plural: bool
    table_prefix: str  # "kind": fact or dim; else the same word for all
    short: bool
    column_prefix: int  # letters of the table's noun before its columns
    bare_key: bool  # "id" instead of "customer_id"
    bare_name: bool  # "name" instead of "customer_name"
    comments: float
    declared: bool


def _style(rng: random.Random) -> Style:
    case = rng.choices(("snake", "camel", "pascal", "upper", "spaced"), (10, 2.5, 2.5, 1.2, 1.2))[0]
    return Style(
        case,
        plural=rng.random() < 0.5,
        table_prefix=rng.choices(("", "kind", rng.choice(MODULES)), (86, 7, 7))[0],
        short=rng.random() < 0.16,
        column_prefix=rng.choices((0, 1, 3), (92, 3, 5))[0],
        bare_key=rng.random() < 0.35,
        bare_name=rng.random() < 0.3,
        comments=rng.choice((0, 0, 0, 0.5, 1.0)),
        declared=rng.random() < 0.8,
    )


def _written(style: Style, words: str) -> str:
    parts = words.replace("_", " ").split()
    if style.short:
        parts = [_SHORT.get(part, part) for part in parts]
    if style.case == "camel":
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    if style.case == "pascal":
        return "".join(part.capitalize() for part in parts)
    if style.case == "spaced":
        return " ".join(part.capitalize() for part in parts)
    return "_".join(parts).upper() if style.case == "upper" else "_".join(parts)


def invent_schema(seed: int) -> tuple[Schema, Values]:
    """A schema and the text values of its columns, the same for the same seed."""
    rng = random.Random(f"schema {seed}")
    plans, style = choose(rng), _style(rng)
    if rng.random() < 0.3:
        plans = sorted(plans, key=lambda plan: plan.noun)
    as_of = as_of_date(seed)
    tables: list[Table] = []
    texts_of: dict[int, tuple[str, ...]] = {}
    keys: dict[str, int] = {}
    pending: list[tuple[int, str]] = []
    total = 0
    for plan in plans:
        columns: list[Column] = []
        for attribute in _with_key(plan, style, rng):
            index = total + len(columns)
            column, values = _column(attribute, plan, style, rng, as_of)
            if values:
                texts_of[index] = values
            if attribute.kind == "primary":
                keys[plan.noun] = index
            if attribute.kind in ("key", "self"):
                pending.append((index, attribute.target or plan.noun))
            columns.append(column)
        name = _table_name(plan, style)
        comment = f"{lexicon.plural(plan.noun.replace('_', ' '))}, one a row" if rng.random() < style.comments else ""
        tables.append(Table(name, tuple(columns), humanize(name), comment, rows=rng.choice((40, 300, 5000, 90000))))
        total += len(columns)
    foreign = tuple(ForeignKey(source, keys[target], inferred=not style.declared) for source, target in pending if target in keys)
    return Schema(without_prefixes(tables), foreign, f"invented_{seed}"), texts_of


def as_of_date(seed: int) -> dt.date:
    """The date that relative times refer to in an invented database: another one for each."""
    rng = random.Random(f"as of {seed}")
    if rng.random() < 0.35:
        return dt.date(rng.choice(AS_OF_YEARS), 12, 31)
    return dt.date(rng.choice(AS_OF_YEARS), 1, 1) + dt.timedelta(days=rng.randrange(365))


def _with_key(plan: Plan, style: Style, rng: random.Random) -> list[Attribute]:
    own = list(plan.attributes)
    if style.bare_name and own[0].name == f"{plan.noun}_name":
        own[0] = Attribute("name", own[0].kind, own[0].detail)
    keys = [a for a in own if a.kind in ("key", "self")]
    rest = [a for a in own if a.kind not in ("key", "self")]
    if plan.link and rng.random() < 0.3:
        return keys + rest
    primary = Attribute("id" if style.bare_key else f"{plan.noun}_id", "primary")
    return [primary, *keys, *rest] if rng.random() < 0.6 else [primary, *rest, *keys]


def _table_name(plan: Plan, style: Style) -> str:
    words = plan.noun.replace("_", " ")
    words = lexicon.plural(words) if style.plural else words
    if style.table_prefix:
        kind = "fact" if plan.event or plan.link else "dim"
        words = f"{kind if style.table_prefix == 'kind' else style.table_prefix} {words}"
    return _written(style, words)


def _column(attribute: Attribute, plan: Plan, style: Style, rng: random.Random, as_of: dt.date) -> tuple[Column, tuple[str, ...]]:
    words = attribute.name.replace("_", " ")
    if attribute.kind in ("key", "self"):
        words += " id"
    name = _written(style, f"{plan.noun[: style.column_prefix]} {words}" if style.column_prefix else words)
    type_, kind = _TYPES[attribute.kind]
    type_ = "TIMESTAMP" if kind == "date" and attribute.name.endswith("_at") else type_
    values = _texts(attribute, rng)
    noun = plan.noun.replace("_", " ")
    comment = _comment(attribute, noun, rng) if rng.random() < style.comments else ""
    column = Column(
        name,
        type_,
        kind,
        humanize(name),
        comment,
        values[:4] if values else _samples(attribute, rng, as_of),
        primary_key=attribute.kind == "primary",
        nullable=attribute.kind == "self" or rng.random() < _emptiness(attribute),
        unique=attribute.kind == "primary",
        distinct=len(values) if attribute.kind == "enum" else None,
    )
    return column, values


def _emptiness(attribute: Attribute) -> float:
    """How often such a column may hold NULL."""
    if attribute.kind == "date" and set(attribute.name.split("_")) & _STILL_TO_COME:
        return 0.9
    return 0.3 if attribute.kind in ("date", "text", "decimal") else 0.0


_TYPES: dict[str, tuple[str, Kind]] = {
    "text": ("VARCHAR", "text"),
    "bank": ("VARCHAR", "text"),
    "enum": ("VARCHAR", "text"),
    "integer": ("INTEGER", "number"),
    "decimal": ("DOUBLE", "number"),
    "fraction": ("DOUBLE", "number"),
    "boolean": ("BOOLEAN", "boolean"),
    "date": ("DATE", "date"),
    "key": ("INTEGER", "number"),
    "self": ("INTEGER", "number"),
    "primary": ("INTEGER", "number"),
}


def _texts(attribute: Attribute, rng: random.Random) -> tuple[str, ...]:
    if attribute.kind == "enum":
        return tuple(attribute.detail.split("|"))
    return tuple(sorted(set(texts(attribute.detail, rng)))) if attribute.kind == "bank" else ()


def _samples(attribute: Attribute, rng: random.Random, as_of: dt.date) -> tuple[object, ...]:
    if attribute.kind in ("integer", "decimal"):
        low, _, high = attribute.detail.rpartition("-")
        a, b = float(low or 0), float(high)
        drawn = sorted(a + (b - a) * rng.random() ** 2 for _ in range(4))
        return tuple(round(x) if attribute.kind == "integer" else round(x, 2) for x in drawn)
    if attribute.kind == "fraction":
        return tuple(round(rng.random() * 0.6, 2) for _ in range(4))
    if attribute.kind == "date":
        years = 70 if "birth" in attribute.name else rng.choice((3, 6, 12))
        last = as_of - dt.timedelta(days=365 * 18 if "birth" in attribute.name else rng.choice((0, 3, 20)))
        first = last - dt.timedelta(days=365 * years)
        return first, first + (last - first) / 2, last
    return ()


def _comment(attribute: Attribute, noun: str, rng: random.Random) -> str:
    words = attribute.name.replace("_", " ")
    if attribute.kind == "primary":
        return f"identifier of the {noun}"
    if attribute.kind in ("key", "self"):
        return f"{words} of the {noun}"
    synonyms = [s for s in SYNONYMS.get(words, ()) if rng.random() < 0.7]
    more = f" ({', '.join(synonyms)})" if synonyms else ""
    if attribute.kind == "enum" and rng.random() < 0.5:
        return f"{words} of the {noun}{more}: {', '.join(attribute.detail.split('|'))}"
    return rng.choice((f"{words} of the {noun}{more}", f"the {noun}'s {words}{more}", f"{words}{more}"))
