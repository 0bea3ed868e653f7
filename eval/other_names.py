"""Other names for the tables and columns of a schema, as another designer might have called them, and queries rewritten to them.

Word by word a name gets a synonym (from the word list of ``spider_synonyms``) or a customary abbreviation, where there is one; a
schema has one style. Columns of one name keep one name, so that what joins them can still be seen.
"""
from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from nl2sql.context.words import stem
from nl2sql.eval.synonyms import Entry
from nl2sql.records import Schema

ABBREVIATED = dict(
    pair.split("=")
    for pair in """
    address=addr airport=arpt amount=amt area=ar average=avg birth=bth capacity=cap charge=chg city=cty code=cd company=comp
    concert=conc content=cont country=ctry course=crs date=dt degree=deg department=dept description=descr destination=dest
    details=dtl district=dist document=doc employee=emp evaluation=eval expectancy=exp feature=feat flight=flt format=fmt
    government=gov grade=grd height=ht horsepower=hp language=lang level=lvl location=loc manager=mgr member=mbr model=mdl
    name=nm nationality=natl number=num official=off orchestra=orch paragraph=para percentage=pct performance=perf phone=ph
    population=pop position=pos product=prod production=prod professional=prof program=prog property=prop rating=rtg record=rec
    region=reg result=res section=sec semester=sem series=ser source=src stadium=stad staff=stf state=st student=stud surface=surf
    teacher=tchr template=tmpl text=txt ticket=tkt title=ttl total=tot transcript=trans treatment=trtmt type=typ version=ver
    weight=wt year=yr
    """.split()
)
STYLES = ("snake", "upper", "camel")


@dataclass(frozen=True)
class Names:
    """The new name of each old one, which is in lower case."""

    tables: Mapping[str, str]
    columns: Mapping[str, str]


def other_names(schema: Schema, entries: Sequence[Entry], chance: random.Random) -> Names:
    style = chance.choice(STYLES)
    tables = {table.name.lower(): table.words for table in schema.tables}
    columns = {column.name.lower(): column.words for column in schema.columns}
    return Names(_renamed(tables, entries, style, chance), _renamed(columns, entries, style, chance))


def _renamed(names: Mapping[str, str], entries: Sequence[Entry], style: str, chance: random.Random) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for old, words in names.items():
        tries = [_styled(_other(words, entries, chance), style), _styled(words, style), *(f"{old}_{i}" for i in range(2, 99))]
        found[old] = next(name for name in tries if name.lower() not in taken)
        taken.add(found[old].lower())
    return found


def _other(name: str, entries: Sequence[Entry], chance: random.Random) -> str:
    """The words of the name, each with a synonym or shortened, where that can be."""
    words, made = name.split(), []
    while words:
        entry = next((entry for entry in entries if not entry.rows and _begins(words, entry.words)), None)
        short = ABBREVIATED.get(words[0])
        if entry is not None and (short is None or len(entry.words) > 1 or chance.random() < 0.5):
            made.append(entry.synonym)
            words = words[len(entry.words) :]
        else:
            made.append(short or words[0])
            words = words[1:]
    return " ".join(made)


def _begins(words: Sequence[str], wanted: tuple[str, ...]) -> bool:
    there = words[: len(wanted)]
    return len(there) == len(wanted) and [stem(word) for word in there] == [stem(word) for word in wanted]


def _styled(words: str, style: str) -> str:
    pieces = re.findall(r"[a-z0-9]+", words.lower().replace("'s", ""))
    if style == "camel":
        return "".join(piece[0].upper() + piece[1:] for piece in pieces)
    return "_".join(pieces).upper() if style == "upper" else "_".join(pieces)


def rewritten(sql: str, names: Names) -> str:
    """A SQLite query over the new names. What stands in double quotes and is no name is a text, as SQLite has it."""
    tree = sqlglot.parse_one(sql, dialect="sqlite")
    aliases = {alias.alias.lower() for alias in tree.find_all(exp.TableAlias, exp.Alias, exp.Table) if alias.alias}
    for table in list(tree.find_all(exp.Table)):
        _rename(table.this, names.tables, ())
    for column in list(tree.find_all(exp.Column)):
        if not column.table and column.this.args.get("quoted") and column.name.lower() not in names.columns:
            column.replace(exp.Literal.string(column.name))
            continue
        _rename(column.this, names.columns, ())
        _rename(column.args.get("table"), names.tables, aliases)
    return tree.sql(dialect="sqlite")


def _rename(identifier: exp.Expression | None, names: Mapping[str, str], kept: Iterable[str]) -> None:
    if isinstance(identifier, exp.Identifier) and identifier.name.lower() not in kept:
        new = names.get(identifier.name.lower())
        if new is not None:
            identifier.set("this", new)
            identifier.set("quoted", True)
