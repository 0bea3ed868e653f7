"""Charts as text: bars are HTML that fits any width, lines and scatters are SVG in two widths, of which CSS shows one.

Nothing is fetched and nothing runs: every word is escaped by ``Markup.format``, every number is formatted here.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from nl2sql.ui.cells import short
from nl2sql.ui.charts import Chart, Point, Series

HEIGHT = 260
WIDTHS = (("wide", 760), ("narrow", 350))
_TOP, _RIGHT, _BOTTOM, _LEFT = 14, 14, 30, 52
_LETTER = 6.6  # the width of a letter, about


def draw(chart: Chart) -> Markup:
    if chart.kind == "bar":
        body = _bars(chart.series[0].points)
    else:
        drawn = _lines if chart.kind == "line" else _dots
        body = Markup("").join(_framed(chart, name, width, drawn) for name, width in WIDTHS)
    title = f"{chart.y} by {chart.x[:1].lower()}{chart.x[1:]}"
    legend = _legend(chart.series) if len(chart.series) > 1 else Markup("")
    return Markup('<figure class="chart {}"><figcaption>{}</figcaption>{}{}</figure>').format(chart.kind, title, legend, body)


def _bars(points: Sequence[Point]) -> Markup:
    low, high = min(0.0, *(point.y for point in points)), max(0.0, *(point.y for point in points))
    span = (high - low) or 1.0
    rows = []
    for point in points:
        start, width = (min(point.y, 0.0) - low) / span * 100, abs(point.y) / span * 100
        rows.append(
            Markup('<div class="bar-row"><span class="bar-name" title="{0}">{0}</span><span class="bar-track">'
                   '<i style="margin-left:{1}%;width:{2}%"></i></span><span class="bar-value">{3}</span></div>')
            .format(point.label, f"{start:.2f}", f"{max(width, 0.3):.2f}", point.value)
        )  # fmt: skip
    return Markup('<div class="bars">{}</div>').format(Markup("").join(rows))


@dataclass(frozen=True)
class Frame:
    """The place of a point in the picture."""

    width: int
    x: Callable[[float], float]
    y: Callable[[float], float]


def _framed(chart: Chart, name: str, width: int, drawn: Callable[[Chart, Frame], Markup]) -> Markup:
    points = [point for series in chart.series for point in series.points]
    ticks = nice_ticks(min(point.y for point in points), max(point.y for point in points), zero=chart.kind == "line")
    left, right = min(point.x for point in points), max(point.x for point in points)
    pad = 0.0 if chart.kind == "line" else (right - left) * 0.04
    frame = Frame(
        width,
        lambda x: _LEFT + (x - left + pad) / ((right - left + 2 * pad) or 1) * (width - _LEFT - _RIGHT),
        lambda y: HEIGHT - _BOTTOM - (y - ticks[0]) / (ticks[-1] - ticks[0]) * (HEIGHT - _TOP - _BOTTOM),
    )
    parts = [_grid(ticks, frame), _bottom(chart, points, frame), drawn(chart, frame)]
    return Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        name, width, HEIGHT, f"{chart.y} by {chart.x}", Markup("").join(parts)
    )


def _grid(ticks: Sequence[float], frame: Frame) -> Markup:
    lines = [
        Markup('<line class="grid" x1="{}" x2="{}" y1="{y}" y2="{y}"/>'
               '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>')
        .format(_LEFT, frame.width - _RIGHT, _LEFT - 8, f"{frame.y(tick) + 4:.1f}", short(tick), y=f"{frame.y(tick):.1f}")
        for tick in ticks
    ]  # fmt: skip
    return Markup("").join(lines)


def _bottom(chart: Chart, points: Sequence[Point], frame: Frame) -> Markup:
    """The words under the picture: names of points for a line, round numbers for a scatter."""
    room = max(2, frame.width // 130)
    if chart.kind == "line":
        unique = sorted({point.x: point.label for point in points}.items())
        step = max(1, math.ceil((len(unique) - 1) / room))
        marks = unique[::step]
    else:
        marks = [(tick, short(tick)) for tick in nice_ticks(min(p.x for p in points), max(p.x for p in points), zero=False)]
    inside = [(frame.x(x), label) for x, label in marks if _LEFT - 1 <= frame.x(x) <= frame.width - _RIGHT + 1]
    words = []
    for x, label in inside:
        anchor = "start" if x < _LEFT + 20 else "end" if x > frame.width - _RIGHT - 20 else "middle"
        words.append(Markup('<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>')
                     .format(f"{x:.1f}", HEIGHT - 8, anchor, label))  # fmt: skip
    return Markup("").join(words)


def _lines(chart: Chart, frame: Frame) -> Markup:
    parts = []
    for number, series in enumerate(chart.series):
        path = " ".join(f"{'M' if i == 0 else 'L'}{frame.x(p.x):.1f} {frame.y(p.y):.1f}" for i, p in enumerate(series.points))
        if len(chart.series) == 1:
            first, last = f"{frame.x(series.points[0].x):.1f}", f"{frame.x(series.points[-1].x):.1f}"
            floor = HEIGHT - _BOTTOM
            parts.append(Markup('<path class="area" d="{} L{} {} L{} {} Z"/>').format(path, last, floor, first, floor))
        parts.append(Markup('<path class="line s{}" d="{}"/>').format(number, path))
        few = len(series.points) <= 40
        parts += [_dot(p, frame, f"dot s{number}" if few else "dot hidden", series.name) for p in series.points]
    return Markup("").join(parts)


def _dots(chart: Chart, frame: Frame) -> Markup:
    points = chart.series[0].points
    dots = [_dot(point, frame, "dot scattered", "") for point in points]
    if len(points) <= 12 and frame.width > 500:
        dots += _names(points, frame)
    return Markup("").join(dots)


def _names(points: Sequence[Point], frame: Frame) -> list[Markup]:
    """Labels above or below their points where there is room; the other points tell theirs under the mouse."""
    taken = [(frame.x(p.x) - 4, frame.y(p.y) - 4, frame.x(p.x) + 4, frame.y(p.y) + 4) for p in points]
    names = []
    for p in points:
        words = p.label[:24]
        half = _LETTER / 2 * len(words)
        middle = min(max(frame.x(p.x), _LEFT + half), frame.width - half)
        for line in (frame.y(p.y) - 9, frame.y(p.y) + 18):
            left, top, right, bottom = place = middle - half, line - 11, middle + half, line + 3
            if bottom < HEIGHT - _BOTTOM and not any(
                left < box[2] and box[0] < right and top < box[3] and box[1] < bottom for box in taken
            ):
                taken.append(place)
                names.append(Markup('<text class="name" x="{}" y="{}" text-anchor="middle">{}</text>')
                             .format(f"{middle:.1f}", f"{line:.1f}", words))  # fmt: skip
                break
    return names


def _dot(point: Point, frame: Frame, kind: str, series: str) -> Markup:
    words = ": ".join(part for part in (series, point.label, point.value) if part)
    return Markup('<circle class="{}" cx="{}" cy="{}" r="3.5"><title>{}</title></circle>').format(
        kind, f"{frame.x(point.x):.1f}", f"{frame.y(point.y):.1f}", words
    )


def _legend(series: Sequence[Series]) -> Markup:
    entries = [Markup('<span><i class="s{}"></i>{}</span>').format(i, one.name) for i, one in enumerate(series)]
    return Markup('<div class="legend">{}</div>').format(Markup("").join(entries))


def nice_ticks(low: float, high: float, *, zero: bool) -> list[float]:
    """Four to six round numbers from below ``low`` to above ``high``; with ``zero`` they hold 0 where it is near."""
    if zero and 0 < low < high * 0.75 or low == high > 0:
        low = 0.0
    if zero and low * 0.75 < high < 0 or low == high < 0:
        high = 0.0
    span = (high - low) or 1.0
    raw = span / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, max(last, first + 1) + 1)]
