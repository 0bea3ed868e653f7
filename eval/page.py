"""The report as a page in one HTML file: numbers, plots drawn as SVG, and every failure side by side. It fetches nothing."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from nl2sql.eval.grade import Graded, Shown
from nl2sql.eval.predict import write_whole

STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #2a7; --bad: #c44; --mark: #37b; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1200px; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } .muted { opacity: .7; }
table { border-collapse: collapse; font-size: 13px; }
td, th { border: 1px solid var(--line); padding: 2px 8px; text-align: left; }
pre { white-space: pre-wrap; margin: .3rem 0; font-size: 13px; } details { border-top: 1px solid var(--line); padding: .4rem 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; } .pair > div { overflow-x: auto; }
.cards { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
.card { border: 1px solid var(--line); padding: .6rem 1rem; }
.card b { display: block; font-size: 1.6rem; } .plots { display: flex; flex-wrap: wrap; gap: 2rem; }
svg text { font-size: 11px; fill: currentColor; }
summary { cursor: pointer; } .tag { border: 1px solid var(--line); padding: 0 6px; font-size: 12px; }
"""
WIDTH, HEIGHT, LEFT = 320, 200, 40


def write(path: str | Path, report: dict[str, Any], graded: Sequence[Graded]) -> None:
    write_whole(Path(path), page(report, graded))


def page(report: dict[str, Any], graded: Sequence[Graded]) -> str:
    title = f"nl2sql: {report['suite']}"
    failures = [entry for entry in graded if entry.counted and not entry.right or entry.outcome == "answered"]
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p class=muted>commit {escape(report['commit'] or 'unknown')}, data {escape(report['digest'])}</p>",
        f"<div class=cards>{''.join(_cards(report))}</div>",
        f"<div class=plots>{''.join(_plots(report))}</div>",
        f"<h2>Failures ({len(failures)})</h2>",
        *(_failure(entry) for entry in failures),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    start = f"<!doctype html>\n<html lang=en><head>{head}<style>{STYLE}</style></head>\n<body>\n"
    return start + "\n".join(body) + "\n</body></html>\n"


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
        cards.append((f"{report['test_suite_accuracy']:.1%}", "right on variants of the data too"))
    return (f"<div class=card><b>{escape(number)}</b>{escape(name)}</div>" for number, name in cards)


def _plots(report: dict[str, Any]) -> Iterable[str]:
    yield _bars("Outcomes", {name: (count, str(count)) for name, count in report["outcomes"].items()})
    for key, title in (("by_hardness", "By hardness"), ("by_tables", "By number of tables"), ("by_feature", "By SQL feature"),
                       ("by_tag", "By tag"), ("by_database", "By database")):  # fmt: skip
        if report[key]:
            yield _bars(title, {n: (g["accuracy"], f"{g['accuracy']:.0%} of {g['n']}") for n, g in report[key].items()}, top=1.0)
    if "reliability" in report:
        points = [(confidence, share) for _, confidence, share in report["reliability"]]
        title = f"Reliability (calibration error {report['calibration_error']:.3f})"
        yield _line(title, points, "confidence", "right", diagonal=True)
        yield _line("Risk against coverage", [tuple(point) for point in report["risk_coverage"]], "coverage", "wrong")


def _bars(title: str, bars: dict[str, tuple[float, str]], top: float | None = None) -> str:
    top = top or max([value for value, _ in bars.values()] or [1]) or 1
    rows = []
    for i, (name, (value, label)) in enumerate(bars.items()):
        y = 20 + i * 18
        rows.append(
            f'<text x="120" y="{y + 11}" text-anchor="end">{escape(name[:20])}</text>'
            f'<rect x="126" y="{y}" width="{max(1.0, 130 * value / top):.1f}" height="14" fill="var(--mark)"/>'
            f'<text x="{132 + 130 * value / top:.1f}" y="{y + 11}">{escape(label)}</text>'
        )
    return _svg(title, 20 + 18 * len(bars) + 6, "".join(rows))


def _line(title: str, points: Sequence[Any], x_name: str, y_name: str, diagonal: bool = False) -> str:
    def place(x: float, y: float) -> str:
        return f"{LEFT + x * (WIDTH - LEFT - 20):.1f},{HEIGHT - 30 - y * (HEIGHT - 60):.1f}"

    path = " ".join(place(x, y) for x, y in points)
    dots = "".join('<circle cx="{}" cy="{}" r="3" fill="var(--mark)"/>'.format(*place(x, y).split(",")) for x, y in points)
    axes = f'<polyline points="{place(0, 1)} {place(0, 0)} {place(1, 0)}" fill="none" stroke="currentColor"/>'
    ideal = f'<polyline points="{place(0, 0)} {place(1, 1)}" stroke="var(--line)" fill="none"/>' if diagonal else ""
    names = (
        f'<text x="{WIDTH - 20}" y="{HEIGHT - 12}" text-anchor="end">{x_name} 0 to 1</text><text x="4" y="34">{y_name}</text>'
        f'<text x="{LEFT - 6}" y="{HEIGHT - 28}" text-anchor="end">0</text>'
    )
    return _svg(title, HEIGHT, f'{axes}{ideal}<polyline points="{path}" fill="none" stroke="var(--mark)"/>{dots}{names}')


def _svg(title: str, height: int, content: str) -> str:
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg role="img" aria-label="{escape(title, quote=True)}"'
        f' width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">{content}</svg></figure>'
    )


def _failure(entry: Graded) -> str:
    gold = "\n\nor\n\n".join(entry.case.golds) or "must not be answered"
    said = f"<p>{escape(entry.error)}</p>" if entry.error else ""
    guess = entry.prediction.sql or "no prediction"
    tags = f"{entry.case.database} {' '.join(entry.case.tags)}".strip()
    return (
        f"<details><summary><span class=tag>{escape(entry.outcome)}</span> {entry.case.number}. {escape(entry.case.question)}"
        f" <span class=muted>{escape(tags)}</span></summary><div class=pair>"
        f"<div><b>gold</b><pre>{escape(gold)}</pre>{_table(entry.gold)}</div>"
        f"<div><b>prediction</b><pre>{escape(guess)}</pre>{said}{_table(entry.guess)}</div></div></details>"
    )


def _table(shown: Shown) -> str:
    if not shown.columns:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in shown.columns)
    rows = "".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in shown.rows)
    left = f"{'more than ' if shown.more else ''}{shown.total - len(shown.rows)} more rows"
    more = f"<p class=muted>{left}</p>" if shown.total > len(shown.rows) or shown.more else ""
    return f"<table><tr>{head}</tr>{rows}</table>{more}"


def _cell(cell: Any) -> str:
    return "<i>NULL</i>" if cell is None else escape(str(cell)[:200])
