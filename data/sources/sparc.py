"""SParC: conversations about Spider's training databases, each turn a question with its SQL.

The SQL of turns is lower-cased and its literals are mostly masked by the word ``value``: such a turn has the tag ``masked``.
``final`` asks for the whole conversation's goal in one question, with its literals.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nl2sql.data.sources.reading import existing, read_rows
from nl2sql.errors import BadInput
from nl2sql.records import Example

WHAT = "SParC (train.json, dev.json)"
MASK = re.compile(r"(?<![\w.])value(?!\w)(?!\s*\.)")
TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\d+(?:\.\d+)?|\w+|<=|>=|!=|<>|[^\s\w]")
NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
BROKEN_OPERATOR = re.compile(r"([<>!])\s+=")


@dataclass(frozen=True)
class Interaction:
    """A conversation: its turns in order, and the question that sums it up."""

    database: str
    turns: tuple[Example, ...]
    final: Example | None


def load(folder: str | Path, split: str = "train") -> list[Interaction]:
    """The split's conversations (``train`` or ``dev``; dev is about Spider's dev databases: never train on it)."""
    path = existing(folder, f"{split}.json", WHAT)
    result = []
    for number, row in enumerate(read_rows(path, ("database_id", "interaction")), 1):
        try:
            turns = tuple(_example(turn, row["database_id"]) for turn in row["interaction"])
            final = _example(row["final"], row["database_id"]) if row.get("final") else None
        except (KeyError, TypeError) as error:
            raise BadInput(f"{path}: a turn of entry {number} has no utterance or no SQL.") from error
        result.append(Interaction(row["database_id"], turns, final))
    return result


def follow_ups(interaction: Interaction) -> Iterator[Example]:
    """The turns after the first, with their history and their literals; those whose literals nobody tells are left out."""
    turns = restored(interaction)
    for number in range(1, len(turns)):
        turn, before = turns[number], turns[:number]
        if "masked" not in turn.tags and "masked" not in before[-1].tags:
            yield replace(turn, history=tuple((one.question, one.sql or "") for one in before))


def restored(interaction: Interaction) -> list[Example]:
    """The turns with masked literals put back: from the same comparison in another query of the interaction, or the question.

    Only what has been said by then counts; a LIMIT that nobody tells is 1. A turn with a literal that stays unknown is left as it
    was, with its tag.
    """
    known: dict[tuple[str, str], list[str]] = {}
    for example in (*interaction.turns, *([interaction.final] if interaction.final else [])):
        for place, literal, _ in _literals(example.sql or ""):
            if literal != "value":
                known.setdefault(place, []).append(literal)
    questions = [turn.question for turn in interaction.turns]
    return [_restored(turn, known, questions[number::-1]) if "masked" in turn.tags else turn
            for number, turn in enumerate(interaction.turns)]


def _restored(turn: Example, known: dict[tuple[str, str], list[str]], questions: list[str]) -> Example:
    """``questions``: this turn's, then the earlier ones, the latest first."""
    sql = turn.sql or ""
    for place, literal, (start, end) in reversed(list(_literals(sql))):
        if literal == "value":
            found = next((one for asked in questions for one in known.get(place, ()) if _says(asked, one)), None)
            found = found or _only_one(turn.question, place[1]) or ("1" if place[1] == "limit" else None)
            if found is None:
                return turn
            sql = sql[:start] + found + sql[end:]
    return replace(turn, sql=sql, tags=tuple(tag for tag in turn.tags if tag != "masked"))


def _says(question: str, literal: str) -> bool:
    text = literal.strip("'\"%").lower()
    words = re.findall(r"[\w.]*\w", question.lower())
    if text.isdigit():
        return text in words or (int(text) < len(NUMBER_WORDS) and NUMBER_WORDS[int(text)] in words)
    return text in question.lower()


def _only_one(question: str, operator: str) -> str | None:
    """The only number, or the only text in quotes, of a question."""
    numbers = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)", question)
    quoted = re.findall(r'"([^"]+)"', question)
    if len(numbers) == 1 and not quoted and operator != "like":
        return str(numbers[0])
    return f"'{quoted[0]}'" if len(quoted) == 1 and not numbers and operator == "=" else None


def _literals(sql: str) -> Iterator[tuple[tuple[str, str], str, tuple[int, int]]]:
    """Each literal or mask with what it is compared to: ((column or function, operator), text, place), all in lower case."""
    tokens = list(TOKEN.finditer(sql))
    operand = operator = ""
    for number, match in enumerate(tokens):
        text, following = match.group(), tokens[number + 1].group() if number + 1 < len(tokens) else ""
        word = text.lower()
        if word in ("=", "!=", "<>", "<", ">", "<=", ">=", "like", "limit", "between", "in"):
            operator = word
        elif word == "and" and operator == "between":
            operator = "between and"
        elif text[0] in "'\"" or text[0].isdigit() or (word == "value" and following != "."):
            if operator:
                yield ((operand if operator != "limit" else ""), operator), word if word == "value" else text, match.span()
            operator = "between" if operator == "between" else ""
        elif word[0].isalpha() or word[0] == "_":
            if word not in ("not", "and", "or", "select", "from", "where", "distinct") and following != ".":
                operand, operator = word, operator if operator == "in" and word == "select" else ""


def _example(turn: dict[str, str], database: str) -> Example:
    sql = BROKEN_OPERATOR.sub(r"\1=", turn.get("sql") or turn["query"])
    masked = ("masked",) if MASK.search(sql) else ()
    return Example(_spaced(turn["utterance"]), sql, database, ("sparc", *masked))


def _spaced(utterance: str) -> str:
    """The published text has spaces round every mark, and quotes as LaTeX writes them: as somebody would type it."""
    text = re.sub(r"(?:``|'')\s*(.*?)\s*''", r'"\1"', utterance)
    return re.sub(r"\s+([?.!,;:'])", r"\1", " ".join(text.split()))
