"""``nl2sql eval SUITE``: predict, grade, report. A question that hangs or takes too much memory costs that question only.

    nl2sql eval sales
    nl2sql eval spider --data DIR --predictions-out dev.sql --html report.html
    nl2sql eval spider --data DIR --predictions other_system.sql
"""
from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nl2sql import folders
from nl2sql.errors import BadInput
from nl2sql.eval import cases, files, predict, report
from nl2sql.eval.cases import Suite
from nl2sql.eval.databases import Databases
from nl2sql.eval.golds import golds_of
from nl2sql.eval.grade import Gold, Graded, grade
from nl2sql.options import Parser, day

Progress = Callable[[Sequence[Graded], int], None]
PROCESSES = 2  # of 0.5 GB each
DAY = 86_400.0  # seconds
MOST_CANDIDATES, MOST_IN_BATCH = 128, 1024  # more fit no memory


def evaluate(
    suite: Suite,
    predictor: predict.Predictor,
    databases: Databases,
    *,
    beam: bool = False,
    variants: int = 0,
    processes: int = 1,
    progress: Progress | None = None,
) -> list[Graded]:
    """The suite's questions, graded, in its order; database by database. ``beam``: run every candidate, not only the choice.
    ``variants``: what is right runs again on as many variants of its database. ``processes``: as many databases at once; then
    the predictor must be picklable, and a script must guard its start with ``if __name__ == "__main__"``.

    Raises BadInput with the line where a gold of a jsonl suite doesn't run; in Spider's form such a question doesn't count.
    """
    work = Work(suite, predictor, databases, beam, variants)
    asked = Counter(case.database for case in suite.cases)
    names = sorted(asked, key=lambda name: -asked[name])  # the longest first, so that none is left over at the end
    graded: list[Graded] = []
    if processes > 1 and len(names) > 1:
        from nl2sql.eval.parallel import spread

        for found in spread(work, names, processes):
            graded += found
            if progress is not None:
                progress(graded, len(suite.cases))
    else:
        for name in asked:
            graded += work(name, partial(_seen, progress, tuple(graded), len(suite.cases)))
    return sorted(graded, key=lambda entry: entry.case.number)


def _seen(progress: Progress | None, before: Sequence[Graded], total: int, new: Sequence[Graded]) -> None:
    if progress is not None:
        progress([*before, *new], total)


@dataclass(frozen=True)
class Work:
    """What is done with each database."""

    suite: Suite
    predictor: predict.Predictor
    databases: Databases
    beam: bool
    variants: int

    def __call__(self, name: str, progress: Callable[[Sequence[Graded]], None] | None = None) -> list[Graded]:
        asked = [case for case in self.suite.cases if case.database == name]
        with ExitStack() as stack:
            database = self.databases.open(name)
            if database is not None:
                stack.enter_context(database)
            golds = golds_of(asked, database)
            for case, gold in zip(asked, golds, strict=True):
                if gold is not None and gold.error and self.suite.data is None:
                    raise BadInput(f"{self.suite.source}, line {case.number}: {gold.error}")
            graded: list[Graded] = []
            predictions = self.predictor.predict(asked, database, self.databases.schemas.get(name))
            for case, gold, prediction in zip(asked, golds, predictions, strict=True):
                entry = grade(case, prediction, database, gold)
                graded.append(_with_beam(entry, database, gold) if self.beam else entry)
                if progress is not None:
                    progress(graded)
            if self.variants and database is not None:
                from nl2sql.eval.testsuite import graded_on

                graded = graded_on(database, graded, golds, self.variants)
            return graded


def _with_beam(entry: Graded, database: Any, gold: Gold | None) -> Graded:
    ranked = sorted(entry.prediction.candidates, key=lambda candidate: -candidate.score)
    outcomes = [
        grade(entry.case, predict.Prediction(candidate.sql), database, gold).outcome for candidate in ranked if candidate.sql
    ]
    return replace(entry, beam=tuple(outcomes))


def main(words: Sequence[str] | None = None) -> None:
    """The command. Raises BadInput for what can't be used; nothing is written before the whole suite has been graded."""
    options = parser().parse_args(words)
    if options.compare:
        from nl2sql.eval import versus

        compared = versus.compare(*options.compare)
        print(json.dumps(versus.as_json(compared)) if options.json else versus.text(compared))
        return
    if options.suite is None:
        raise BadInput("Which suite? Give its name or a .jsonl file.")
    _check(options)
    suite = cases.load(options.suite, options.data)
    if not suite.cases:
        raise BadInput(f"The suite {suite.name} holds no question.")
    databases = Databases(suite, options.db, time_limit=options.time_limit, as_of=options.as_of)
    predictor = _predictor(options, suite)
    if options.limit:
        suite = replace(suite, cases=cases.some(suite.cases, options.limit))
    show = _progress if sys.stderr.isatty() and not options.json else None
    graded = evaluate(
        suite, predictor, databases, beam=options.candidates, variants=options.variants, processes=_processes(options, suite),
        progress=show,
    )  # fmt: skip
    found = report.summary(suite, graded, "sqlite" if suite.data else "duckdb")
    if options.causal:
        from nl2sql.model.causal import size

        found |= size(Path(options.causal))
    _write(options, suite, graded, found)
    print(json.dumps(found) if options.json else report.text(found))


def _check(options: argparse.Namespace) -> None:
    """What would fail only at the end, or mean nothing, is said before anything runs."""
    bounds = {"beam": (1, MOST_CANDIDATES), "batch": (1, MOST_IN_BATCH), "processes": (1, None), "limit": (1, None),
              "variants": (0, None)}  # fmt: skip
    for name, (least, most) in bounds.items():
        value = getattr(options, name)
        if value is not None and value < least:
            raise BadInput(f"--{name} must be {least} or more.")
        if value is not None and most is not None and value > most:
            raise BadInput(f"--{name} must be {most} or less.")
    if not 0 < options.time_limit <= DAY:
        raise BadInput("--time-limit must be more than 0 seconds, and a day at most.")
    if options.causal and (options.base or options.predictions):
        raise BadInput("--causal is a model of its own: leave --base and --predictions out.")
    if options.predictions and options.resume:
        raise BadInput("--resume is for what is asked: --predictions are all there already.")
    used = [options.predictions, options.resume, *options.db, *([options.suite] if options.suite.endswith(".jsonl") else [])]
    taken = {os.path.realpath(path) for path in used if path}
    for path in (options.predictions_out, options.graded_out, options.html, options.markdown):
        if path is not None:
            files.writable(Path(path))
            if os.path.realpath(path) in taken and not folders.is_stream(Path(path)):
                raise BadInput(f"{path} can't be written: it has another part in this run.")
            taken.add(os.path.realpath(path))


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="nl2sql eval", description="Measure execution accuracy on a suite of questions.")
    top.add_argument("suite", nargs="?", metavar="SUITE", help=f"a .jsonl file, or one of {', '.join(cases.names())}")
    top.add_argument("--db", action="extend", nargs="+", default=[], metavar="FILE", help="database files, or a folder of them")
    top.add_argument("--data", metavar="DIR", help="a folder in Spider's form; for sparc one that holds spider/ and sparc/")
    top.add_argument("--predictions", metavar="FILE", help="grade these instead of asking: a query a line, or jsonl")
    top.add_argument("--predictions-out", metavar="FILE", help="write the predicted SQL, a query a line (or .jsonl)")
    top.add_argument("--graded-out", metavar="FILE", help="write every question with its outcome, as jsonl, for --compare")
    top.add_argument("--html", metavar="FILE", help="write a page with plots and every failure side by side")
    top.add_argument("--markdown", metavar="FILE", help="write a summary in Markdown")
    top.add_argument("--compare", nargs=2, metavar=("A", "B"), help="compare two files of --graded-out")
    top.add_argument("--base", metavar="DIR", help="weights to evaluate instead of the shipped ones")
    causal = "a language model that writes SQL as text instead: a folder, GGUF file, downloaded hub name or from train causal"
    top.add_argument("--causal", metavar="DIR", help=causal)
    verifier = "another verifier than the shipped one; 'none': the likeliest candidate that runs is chosen"
    top.add_argument("--verifier", metavar="DIR", default=str(predict.SHIPPED_VERIFIER), help=verifier)
    top.add_argument("--resume", metavar="FILE", help="note predictions there as they come, and begin with those that it holds")
    top.add_argument("--beam", type=int, default=4, help="candidates a question (4)")
    top.add_argument("--batch", type=int, help="questions a batch (Spider: 16, else 1: true seconds a question)")
    top.add_argument("--processes", type=int, metavar="N", help=f"databases at once (as many as cores, {PROCESSES} at most)")
    top.add_argument("--candidates", action="store_true", help="run every candidate: is a right one among them, are any invalid?")
    top.add_argument("--variants", type=int, default=0, metavar="N", help="run what is right on N variants of the data too")
    top.add_argument("--time-limit", type=float, default=10.0, metavar="SECONDS", help="for one query (10)")
    top.add_argument("--as-of", type=day, metavar="DATE", help="the day that relative dates count from")
    top.add_argument("--limit", type=int, metavar="N", help="only N questions, spread over the suite")
    top.add_argument("--json", action="store_true", help="print one JSON object")
    return top


def _predictor(options: argparse.Namespace, suite: Suite) -> predict.Predictor:
    if options.predictions:
        return predict.FromFile(options.predictions, suite, cases.some(suite.cases, options.limit) if options.limit else ())
    batch = options.batch or (16 if suite.data or options.candidates else 1)
    threads = max(1, (os.cpu_count() or 1) // _processes(options, suite))
    base = Path(options.base) if options.base else None
    causal = Path(options.causal) if options.causal else None
    verifier = None if causal or options.verifier == "none" else Path(options.verifier)  # it judges the pointer model's steps
    predictor = predict.FromAssistant(
        base=base, verifier=verifier, beam=options.beam, batch=batch, threads=threads, causal=causal)
    if not options.resume:
        return predictor
    from nl2sql.eval.resume import Resumed

    weights = f"base={options.base} verifier={options.verifier}" + (f" causal={causal}" if causal else "")
    asked = f"{suite.name} {suite.digest} db={options.db} as_of={options.as_of} time_limit={options.time_limit}"
    key = f"{asked} {weights} beam={options.beam} batch={batch} limit={options.limit} {report.commit()}"
    return Resumed(predictor, options.resume, key)


def _processes(options: argparse.Namespace, suite: Suite) -> int:
    databases = len({case.database for case in suite.cases})
    return min(databases, options.processes or min(PROCESSES, os.cpu_count() or 1))


def _write(options: argparse.Namespace, suite: Suite, graded: Sequence[Graded], found: dict[str, Any]) -> None:
    if options.predictions_out:
        files.write(options.predictions_out, suite, {entry.case.number: entry.prediction.sql for entry in graded})
    if options.graded_out:
        from nl2sql.eval import versus

        versus.write(options.graded_out, graded)
    if options.html:
        from nl2sql.eval import page

        page.write(options.html, found, graded)
    if options.markdown:
        files.write_whole(Path(options.markdown), report.markdown(found, _command(options)))


def _command(options: argparse.Namespace) -> str:
    """The command that gives these numbers again, with the names of folders and files left to the reader."""
    words = ["nl2sql eval", options.suite, *(["--data DIR"] if options.data else []), *(["--db FILE"] if options.db else [])]
    words += ["--predictions FILE"] if options.predictions else [f"--beam {options.beam}"]
    words += ["--causal DIR"] if options.causal else []
    words += [f"--variants {options.variants}"] if options.variants else []
    words += ["--candidates"] if options.candidates else []
    words += [f"--limit {options.limit}"] if options.limit else []
    return " ".join(words)


def _progress(graded: Sequence[Graded], total: int) -> None:
    counted = [entry for entry in graded if entry.counted]
    share = sum(entry.right for entry in counted) / max(1, len(counted))
    done = len(graded) * 30 // total
    end = "\n" if len(graded) == total else ""
    sys.stderr.write(f"\r[{'#' * done}{'.' * (30 - done)}] {len(graded)}/{total}, right so far {share:.1%}{end}")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
