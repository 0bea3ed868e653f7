"""A killed run resumes: predictions are written down as they come, and a later run asks only for those that are missing."""
from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2sql.data.sources.reading import reason, text_of
from nl2sql.errors import BadInput
from nl2sql.eval.cases import Case
from nl2sql.eval.files import write_whole
from nl2sql.eval.predict import Prediction, Predictor
from nl2sql.records import Candidate, Schema

if TYPE_CHECKING:
    from nl2sql import Database


class Resumed:
    """Stands before another predictor. ``key`` says what was asked of what: a file of another key is refused."""

    def __init__(self, predictor: Predictor, path: str | Path, key: str) -> None:
        self.predictor, self.path = predictor, Path(path)
        self.known: dict[int, Prediction] = {}
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n") if self.path.exists() else []
            if not lines or not lines[0]:
                self.path.write_text(json.dumps({"key": key}) + "\n", encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{path} can't be used to resume from: {reason(error)}.") from error
        if lines and lines[0]:
            self._read(lines, key)

    def _read(self, lines: Sequence[str], key: str) -> None:
        try:
            if json.loads(lines[0])["key"] != key:
                raise BadInput(f"{self.path} belongs to another run (other questions, weights or settings): give another file.")
            whole = [line for line in lines[1:] if _is_whole(line)]
            for line in whole:
                entry = json.loads(line)
                self.known[entry["number"]] = _prediction(entry)
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{self.path} is no file of --resume.") from error
        write_whole(self.path, "\n".join([lines[0], *whole, ""]))  # a run that is killed now must not lose what it has

    def predict(
        self, cases: Sequence[Case], database: Database | None, schema: Schema | None, known: Collection[int] = ()
    ) -> Iterator[Prediction]:
        # a turn needs the answers to those before it: a conversation that was cut off is asked again from its start
        cut = {case.conversation for case in cases if case.conversation and case.number not in self.known}
        for case in cases:
            if case.conversation in cut:
                self.known.pop(case.number, None)
        cases = [case for case in cases if case.number not in known]
        whole = all(case.number in self.known for case in cases)
        new = iter(()) if whole else self.predictor.predict(cases, database, schema, set(self.known))
        for case in cases:
            if case.number not in self.known:
                self.known[case.number] = next(new)
                self._note(json.dumps(_entry(case.number, self.known[case.number])) + "\n")
            yield self.known[case.number]

    def _note(self, line: str) -> None:
        """In one piece: several processes may write to the file at once."""
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(handle, line.encode("utf-8"))
            finally:
                os.close(handle)
        except OSError as error:
            raise BadInput(f"{self.path} can't be written: {error.strerror or error}.") from error


def beams(path: str | Path) -> dict[int, list[str]]:
    """The candidates' SQL of every question in such a file, by the question's number."""
    lines = text_of(Path(path)).split("\n")
    try:
        entries = [json.loads(line) for line in lines[1:] if _is_whole(line)]
        return {entry["number"]: [sql for sql, _ in entry["candidates"] if sql] for entry in entries}
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path} is no file of --resume.") from error


def _is_whole(line: str) -> bool:
    """A line may have been cut off when the run was killed."""
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False


def _entry(number: int, prediction: Prediction) -> dict[str, Any]:
    return {
        "number": number, "sql": prediction.sql, "reason": prediction.reason, "seconds": prediction.seconds,
        "confidence": prediction.confidence, "candidates": [[c.sql, c.score] for c in prediction.candidates],
    }  # fmt: skip


def _prediction(entry: dict[str, Any]) -> Prediction:
    candidates = tuple(Candidate(sql, score) for sql, score in entry["candidates"])
    return Prediction(entry["sql"], entry["reason"], entry["seconds"], entry["confidence"], candidates)
