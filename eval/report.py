"""Graded questions -> the numbers of a report, as one dictionary, as text and as Markdown. Times stand apart from the rest:
without them the same commit, data and seed give the same report, byte for byte.
"""
from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from nl2sql.eval import statistics
from nl2sql.eval.cases import Suite
from nl2sql.eval.features import LEVELS, features, hardness, tables
from nl2sql.eval.grade import OUTCOMES, RELAXED, Graded

TIMES = ("seconds_p50", "seconds_p95", "seconds")


def summary(suite: Suite, graded: Sequence[Graded], dialect: str) -> dict[str, Any]:
    """All numbers of a run. Accuracies are over the entries that have SQL and could be run; a missing prediction is wrong."""
    counted = [entry for entry in graded if entry.counted]
    unanswerable = [entry for entry in graded if not entry.case.golds]
    right = [entry.right for entry in counted]
    seconds = [entry.prediction.seconds for entry in graded]
    return {
        "suite": suite.name,
        "digest": suite.digest,
        "commit": commit(),
        "execution_accuracy": _share(right),
        "interval": [round(bound, 4) for bound in statistics.interval(right)],
        "relaxed_accuracy": _share(entry.outcome in RELAXED for entry in counted),
        "non_empty_accuracy": _share(entry.right for entry in counted if not entry.gold_empty),
        "n": len(counted),
        "answered": sum(entry.prediction.sql is not None for entry in counted),
        "right": sum(right),
        "empty_golds": sum(entry.gold_empty for entry in counted),
        "unanswerable": len(unanswerable),
        "rightly_unanswered": sum(entry.outcome == "rightly unanswered" for entry in unanswerable),
        "outcomes": {name: count for name in OUTCOMES if (count := sum(entry.outcome == name for entry in graded))},
        "by_hardness": _groups(counted, lambda entry: [hardness(entry.case.golds[0], dialect)], LEVELS),
        "by_tables": _groups(counted, lambda entry: [str(tables(entry.case.golds[0], dialect))]),
        "by_feature": _groups(counted, lambda entry: features(entry.case.golds[0], dialect)),
        "by_tag": _groups(counted, lambda entry: entry.case.tags),
        "by_database": _groups(counted, lambda entry: [entry.case.database] if entry.case.database else []),
        **_confidence(counted),
        **_beam(counted),
        **_variants(counted),
        "seconds_p50": round(statistics.percentile(seconds, 0.5), 4),
        "seconds_p95": round(statistics.percentile(seconds, 0.95), 4),
    }


def _share(right: Iterable[bool]) -> float:
    marks = list(right)
    return round(sum(marks) / len(marks), 4) if marks else 0.0


def _groups(
    entries: Sequence[Graded], keys: Callable[[Graded], Iterable[str]], order: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    found: dict[str, list[bool]] = {}
    for entry in entries:
        for key in dict.fromkeys(keys(entry)):
            found.setdefault(key, []).append(entry.right)
    names = [name for name in order if name in found] or sorted(found)
    return {name: {"n": len(found[name]), "right": sum(found[name]), "accuracy": _share(found[name])} for name in names}


def _confidence(counted: Sequence[Graded]) -> dict[str, Any]:
    """Of the answers that carry a confidence; nothing where none does."""
    pairs = [(entry.prediction.confidence, entry.right) for entry in counted if entry.prediction.confidence is not None]
    if not pairs:
        return {}
    confidences, right = [confidence for confidence, _ in pairs], [good for _, good in pairs]
    return {
        "calibration_error": round(statistics.calibration_error(confidences, right), 4),
        "reliability": [[n, round(c, 4), round(s, 4)] for n, c, s in statistics.reliability(confidences, right)],
        "risk_coverage": [[coverage, round(risk, 4)] for coverage, risk in statistics.risk_coverage(confidences, right)],
    }


def _beam(counted: Sequence[Graded]) -> dict[str, Any]:
    """How good the beam was, where its candidates were all run: does it hold a right one, and how many are invalid SQL?"""
    known = [entry for entry in counted if entry.beam]
    if not known:
        return {}
    candidates = [outcome for entry in known for outcome in entry.beam]
    invalid = sum(outcome in ("error", "parse error", "unknown name", "refused") for outcome in candidates)
    return {
        "oracle_accuracy": _share("right" in entry.beam for entry in known),
        "first_accuracy": _share(entry.beam[0] == "right" for entry in known),
        "candidates": len(candidates),
        "invalid_candidates": invalid,
    }


def _variants(counted: Sequence[Graded]) -> dict[str, Any]:
    """Test-suite accuracy, where what is right was run on variants of the data. Where no gold runs on any, right is right."""
    if not any(entry.variant is not None for entry in counted):
        return {}
    passed = [entry.right and entry.variant in (-1, None) for entry in counted]
    return {
        "test_suite_accuracy": _share(passed),
        "test_suite_interval": [round(bound, 4) for bound in statistics.interval(passed)],
        "untried_on_variants": sum(entry.right and entry.variant is None for entry in counted),
    }


def commit() -> str:
    """The commit of the code that measured, "+" where files were changed since; empty outside a clone."""
    try:
        folder = Path(__file__).resolve().parent
        head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=folder, capture_output=True, text=True, check=True)
        dirty = subprocess.run(["git", "status", "--porcelain", "-uno"], cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.stdout.strip() + ("+" if dirty.stdout.strip() else "")


def text(report: dict[str, Any]) -> str:
    """The report for a terminal."""
    low, high = report["interval"]
    lines = [
        f"{report['suite']}: execution accuracy {report['execution_accuracy']:.1%} ({report['right']} of {report['n']};"
        f" 95 % interval {low:.1%} to {high:.1%})",
        f"  relaxed {report['relaxed_accuracy']:.1%}, with a non-empty gold {report['non_empty_accuracy']:.1%}"
        f" ({report['empty_golds']} are empty), answered {report['answered']} of {report['n']}",
    ]
    if report["unanswerable"]:
        lines.append(f"  unanswerable: {report['rightly_unanswered']} of {report['unanswerable']} rightly left unanswered")
    if "oracle_accuracy" in report:
        lines.append(
            f"  beam: {report['oracle_accuracy']:.1%} hold a right candidate, the first is right in"
            f" {report['first_accuracy']:.1%}, {report['invalid_candidates']} of {report['candidates']} candidates are invalid"
        )
    if "calibration_error" in report:
        lines.append(f"  calibration error {report['calibration_error']:.3f}")
    if "test_suite_accuracy" in report:
        low, high = report["test_suite_interval"]
        untried = f"; {report['untried_on_variants']} golds run on no variant" if report["untried_on_variants"] else ""
        lines.append(f"  test-suite accuracy {report['test_suite_accuracy']:.1%} ({low:.1%} to {high:.1%}{untried})")
    if "parameters" in report:
        lines.append(f"  {report['parameters'] / 1e6:.1f} M parameters, {report['megabytes']} MB in memory")
    lines.append(f"  seconds a question: p50 {report['seconds_p50']:.3f}, p95 {report['seconds_p95']:.3f}")
    lines.append("  outcomes: " + ", ".join(f"{name} {count}" for name, count in report["outcomes"].items()))
    for title in ("by_hardness", "by_tables", "by_feature", "by_tag"):
        if report[title]:
            shown = (f"{name} {group['accuracy']:.0%} of {group['n']}" for name, group in report[title].items())
            lines.append(f"  {title.replace('_', ' ')}: " + ", ".join(shown))
    return "\n".join(lines)


def markdown(report: dict[str, Any], command: str) -> str:
    """A section for RESULTS.md."""
    low, high = report["interval"]
    rows = [
        ("execution accuracy (strict)", f"{report['execution_accuracy']:.1%} ({report['right']} / {report['n']})"),
        ("95 % interval", f"{low:.1%} to {high:.1%}"),
        ("relaxed", f"{report['relaxed_accuracy']:.1%}"),
        ("gold not empty", f"{report['non_empty_accuracy']:.1%}"),
        ("answered", f"{report['answered']} / {report['n']}"),
    ]
    if report["unanswerable"]:
        rows.append(("rightly unanswered", f"{report['rightly_unanswered']} / {report['unanswerable']}"))
    if "oracle_accuracy" in report:
        rows.append(("a right candidate in the beam", f"{report['oracle_accuracy']:.1%}"))
        rows.append(("invalid candidates", f"{report['invalid_candidates']} / {report['candidates']}"))
    if "test_suite_accuracy" in report:
        low, high = report["test_suite_interval"]
        rows.append(("test-suite accuracy (on variants too)", f"{report['test_suite_accuracy']:.1%} ({low:.1%} to {high:.1%})"))
    if "calibration_error" in report:
        rows.append(("calibration error", f"{report['calibration_error']:.3f}"))
    rows += [(f"hardness {name}", f"{g['accuracy']:.1%} of {g['n']}") for name, g in report["by_hardness"].items()]
    rows.append(("outcomes", ", ".join(f"{name} {count}" for name, count in report["outcomes"].items())))
    if "parameters" in report:
        rows.append(("parameters, MB in memory", f"{report['parameters'] / 1e6:.1f} M, {report['megabytes']}"))
    rows.append(("seconds p50 / p95", f"{report['seconds_p50']:.3f} / {report['seconds_p95']:.3f}"))
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return (
        f"## {report['suite']}\n\n`{command}`  \ncommit {report['commit'] or 'unknown'}, data {report['digest']}\n\n"
        f"| measure | value |\n|---|---|\n{table}\n"
    )
