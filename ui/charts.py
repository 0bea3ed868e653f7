"""Which picture helps, chosen by code from the columns' roles and the number of rows: line, bars, scatter or none."""
from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Literal

from nl2sql.records import Result
from nl2sql.ui.cells import Column, columns
from nl2sql.ui.headline import label_of

MOST_BARS = 24
MOST_LINES = 8
MOST_POINTS = 1500


@dataclass(frozen=True)
class Point:
    """``x`` is a number or a day's ordinal; ``label`` names the point, ``value`` is ``y`` as it is written."""

    x: float
    y: float
    label: str
    value: str


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """``x`` and ``y`` are the axes' titles. Bars have one series, whose points stand in the order of the rows."""

    kind: Literal["line", "bar", "scatter"]
    x: str
    y: str
    series: tuple[Series, ...]


def choose_chart(result: Result) -> Chart | None:
    """Time and a measure: lines; names and a measure: bars; two measures: a scatter; else nothing."""
    if not 2 <= len(result.rows) <= MOST_POINTS:
        return None
    shown = columns(result)
    measures = [column for column in shown if column.is_measure]
    times = [column for column in shown if column.is_time]
    names = [column for column in shown if column.role == "text"]
    keys = [column for column in shown if column.role == "identifier"]
    if len(measures) == 1 and len(times) == 1 and len(result.rows) > 2:
        return _lines(result, times[0], names, measures[0])
    if len(measures) == 2 and not times and len(names) <= 1 and len(result.rows) > 3:
        return _scatter(result, names, measures)
    if len(measures) >= 1 and len(result.rows) <= MOST_BARS:
        return _bars(result, names[:2] or times[:1] or keys[:1], measures[0])
    return None


def _lines(result: Result, time: Column, names: list[Column], measure: Column) -> Chart | None:
    if len(names) > 1:
        return None
    groups: dict[str, list[Point]] = {}
    for row in result.rows:
        when, value = row[time.index], _finite(row[measure.index])
        if when is None or value is None:
            continue
        name = label_of(names, row)
        groups.setdefault(name, []).append(Point(_position(when), value, time.write(when), measure.write(row[measure.index])))
    repeated = any(len({point.x for point in points}) < len(points) for points in groups.values())
    if repeated or not 1 <= len(groups) <= MOST_LINES or max(map(len, groups.values())) < 2:
        return None
    series = tuple(Series(name, tuple(sorted(points, key=lambda point: point.x))) for name, points in groups.items())
    return Chart("line", time.title, measure.title, series)


def _scatter(result: Result, names: list[Column], measures: list[Column]) -> Chart | None:
    across, up = measures
    points = []
    for row in result.rows:
        x, y = _finite(row[across.index]), _finite(row[up.index])
        if x is not None and y is not None:
            points.append(Point(x, y, label_of(names, row), f"{across.write(row[across.index])}, {up.write(row[up.index])}"))
    flat = len({point.x for point in points}) < 2 or len({point.y for point in points}) < 2
    return None if flat else Chart("scatter", across.title, up.title, (Series("", tuple(points)),))


def _bars(result: Result, names: list[Column], measure: Column) -> Chart | None:
    points = []
    for i, row in enumerate(result.rows):
        value = _finite(row[measure.index])
        if value is not None:
            points.append(Point(i, value, label_of(names, row), measure.write(row[measure.index])))
    if not names or len(points) < 2:
        return None
    return Chart("bar", " ".join(name.title for name in names), measure.title, (Series("", tuple(points)),))


def _position(when: Any) -> float:
    if isinstance(when, dt.datetime):
        return when.toordinal() + (when.hour * 3600 + when.minute * 60 + when.second) / 86400
    return float(when.toordinal()) if isinstance(when, dt.date) else float(when)


def _finite(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
