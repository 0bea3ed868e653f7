"""The report as a page in one HTML file: numbers, plots, and every failure side by side. It fetches nothing and runs nothing."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from nl2sql.eval import plots
from nl2sql.eval.files import write_whole
from nl2sql.eval.grade import OUTCOMES, Graded, Shown

BY_LUCK = "right by luck: not on variants of the data"

STYLE = """
:root { color-scheme: light dark; --line: #8884; --mark: #37b; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1240px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h3 { margin: 1.6rem 0 .3rem; } .muted { opacity: .7; } .muted code { font-size: 13px; }
table { border-collapse: collapse; font-size: 13px; margin-top: .5rem; }
td, th { border: 1px solid var(--line); padding: 2px 8px; text-align: left; vertical-align: top; }
td.number { text-align: right; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; font-size: 13px; }
details { border-top: 1px solid var(--line); padding: .4rem 0; } summary { cursor: pointer; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.5rem; padding: .5rem 1rem 1rem; }
.pair > div { overflow-x: auto; }
.cards { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.2rem 0; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: .6rem 1rem; font-size: 13px; }
.card b { display: block; font-size: 1.5rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(370px, 1fr)); gap: 1.5rem 1rem; align-items: start; }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: .4rem; }
svg text { font-size: 12px; fill: currentColor; } svg .whole { fill: var(--line); }
svg .mark { fill: var(--mark); fill-opacity: .85; }
svg .grid { stroke: var(--line); } svg .ideal { stroke: currentColor; stroke-dasharray: 4 4; opacity: .5; }
svg .line { stroke: var(--mark); stroke-width: 1.5; fill: none; }
.tag { border: 1px solid var(--line); border-radius: 4px; padding: 0 6px; font-size: 12px; }
@media print { details { break-inside: avoid; } }
@media (max-width: 760px) { .pair { grid-template-columns: minmax(0, 1fr); } }
"""


def write(path: str | Path, report: dict[str, Any], graded: Sequence[Graded]) -> None:
    write_whole(Path(path), page(report, graded))


def page(report: dict[str, Any], graded: Sequence[Graded]) -> str:
    title = f"nl2sql: {report['suite']}"
    failures = [entry for entry in graded if _kind(entry)]
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p class=muted>commit {escape(report['commit'] or 'unknown')}, data {escape(report['digest'])}</p>",
        f"<div class=cards>{''.join(_cards(report))}</div>",
        f"<div class=plots>{''.join(_plots(report))}</div>",
        f"<h2>Failures ({len(failures)})</h2>",
    ]
    for outcome in [*OUTCOMES, BY_LUCK]:
        found = [entry for entry in failures if _kind(entry) == outcome]
        if found:
            body += [f"<h3>{escape(outcome)} ({len(found)})</h3>", *map(_failure, found)]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    start = f"<!doctype html>\n<html lang=en><head>{head}<style>{STYLE}</style></head>\n<body>\n"
    return start + "\n".join(body) + "\n</body></html>\n"


def _kind(entry: Graded) -> str:
    """The outcome of a failure; "" of what is none."""
    if entry.right:
        return BY_LUCK if (entry.variant or 0) >= 0 and entry.variant is not None else ""
    return entry.outcome if entry.counted or entry.outcome in ("answered", "gold fails") else ""


def _cards(report: dict[str, Any]) -> Iterable[str]:
    low, high = report["interval"]
    cards = [
        (f"{report['execution_accuracy']:.1%}", f"execution accuracy ({low:.1%} to {high:.1%})"),
        (f"{report['right']}", f"right of {report['n']}"),
        (f"{report['relaxed_accuracy']:.1%}", "relaxed"),
        (f"{report['non_empty_accuracy']:.1%}", "where the gold is not empty"),
        (f"{report['answered']}", f"answered of {report['n']}"),
        (f"{report['seconds_p50']:.2f} s", f"median, 95 % within {report['seconds_p95']:.2f} s"),
    ]
    if report["unanswerable"]:
        cards.append((f"{report['rightly_unanswered']} / {report['unanswerable']}", "rightly unanswered"))
    if "oracle_accuracy" in report:
        cards.append((f"{report['oracle_accuracy']:.1%}", "hold a right candidate"))
    if "test_suite_accuracy" in report:
        low, high = report["test_suite_interval"]
        cards.append((f"{report['test_suite_accuracy']:.1%}", f"test-suite accuracy ({low:.1%} to {high:.1%})"))
    return (f"<div class=card><b>{escape(number)}</b>{escape(name)}</div>" for number, name in cards)


def _plots(report: dict[str, Any]) -> Iterable[str]:
    yield plots.bars("Outcomes", {name: (count, str(count)) for name, count in report["outcomes"].items()})
    for key, title in (("by_hardness", "By hardness"), ("by_tables", "By number of tables"), ("by_feature", "By SQL feature"),
                       ("by_tag", "By tag"), ("by_database", "By database")):  # fmt: skip
        if report[key]:
            shares = {name: (group["accuracy"], group["n"]) for name, group in report[key].items()}
            yield plots.bars(title, {name: (share, f"{share:.0%} of {n}") for name, (share, n) in shares.items()}, top=1.0)
    if "reliability" in report:
        yield plots.reliability(f"Calibration (error {report['calibration_error']:.3f})", report["reliability"])
        yield plots.curve("Risk against coverage", report["risk_coverage"], "answered, the surest first", "wrong of these")


def _failure(entry: Graded) -> str:
    gold = "\n\nor\n\n".join(entry.case.golds) or "must not be answered"
    said = f"<p>{escape(entry.error)}</p>" if entry.error else ""
    guess = entry.prediction.sql or "no prediction"
    confidence = entry.prediction.confidence
    sure = f" <span class=tag>{confidence:.0%} sure</span>" if confidence is not None else ""
    tags = f"{entry.case.database} {' '.join(entry.case.tags)}".strip()
    return (
        f"<details><summary>{entry.case.number}. {escape(entry.case.question)} <span class=muted>{escape(tags)}</span>{sure}"
        f"</summary><div class=pair>"
        f"<div><b>gold</b><pre>{escape(gold)}</pre>{_table(entry.gold)}</div>"
        f"<div><b>prediction</b><pre>{escape(guess)}</pre>{said}{_table(entry.guess)}</div></div></details>"
    )


def _table(shown: Shown) -> str:
    if not shown.columns:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in shown.columns)
    rows = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in shown.rows)
    left = f"{'more than ' if shown.more else ''}{shown.total - len(shown.rows)} more rows"
    more = f"<p class=muted>{left}</p>" if shown.total > len(shown.rows) or shown.more else ""
    return f"<table><tr>{head}</tr>{rows}</table>{more}"


def _cell(cell: Any) -> str:
    if cell is None:
        return "<td><i>NULL</i></td>"
    kind = " class=number" if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) else ""
    return f"<td{kind}>{escape(str(cell)[:200])}</td>"
