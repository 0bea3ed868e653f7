"""The report's plots, drawn as SVG: no library, no script, nothing fetched. Numbers in, a figure as HTML out."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

WIDTH, HEIGHT = 360, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 22, 10, 42  # of the square in which curves are drawn
NAME, BAR = 152, 110  # widths, in a chart of bars
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def bars(title: str, found: dict[str, tuple[float, str]], top: float | None = None) -> str:
    """A bar for each name, with its label. ``top`` is the value of a full bar; None: the largest one's."""
    top = top or max([value for value, _ in found.values()] or [1]) or 1
    rows = []
    for i, (name, (value, label)) in enumerate(found.items()):
        y, length = i * 20, BAR * value / top
        short = name if len(name) <= 20 else name[:19] + "…"
        rows.append(
            f'<text x="{NAME - 8}" y="{y + 13}" text-anchor="end"><title>{escape(name)}</title>{escape(short)}</text>'
            f'<rect class=whole x="{NAME}" y="{y + 2}" width="{BAR}" height="14"/>'
            f'<rect class=mark x="{NAME}" y="{y + 2}" width="{max(1.0, length):.1f}" height="14"/>'
            f'<text x="{NAME + BAR + 8}" y="{y + 13}">{escape(label)}</text>'
        )
    return _figure(title, 20 * len(found) + 4, "".join(rows))


def reliability(title: str, bins: Sequence[tuple[int, float, float]]) -> str:
    """(count, mean confidence, share right) of each bin: on the diagonal confidence can be believed. Areas tell the counts."""
    total = sum(count for count, _, _ in bins) or 1
    dots = "".join(
        f'<circle class=mark cx="{_x(confidence):.1f}" cy="{_y(share):.1f}" r="{2 + 16 * (count / total) ** 0.5:.1f}">'
        f"<title>{count} answers, confidence {confidence:.2f}, right {share:.2f}</title></circle>"
        for count, confidence, share in bins
    )
    line = _path([(confidence, share) for _, confidence, share in bins])
    ideal = f'<line class=ideal x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    return _figure(title, HEIGHT, _axes("confidence", "share right") + ideal + line + dots)


def curve(title: str, points: Sequence[tuple[float, float]], x_name: str, y_name: str) -> str:
    """A line through points of the unit square."""
    dots = "".join(
        f'<circle class=mark cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="3"><title>{x:.2f}, {y:.3f}</title></circle>' for x, y in points
    )
    return _figure(title, HEIGHT, _axes(x_name, y_name) + _path(points) + dots)


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _path(points: Iterable[tuple[float, float]]) -> str:
    return f'<polyline class=line points="{" ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)}"/>'


def _axes(x_name: str, y_name: str) -> str:
    grid = "".join(
        f'<line class=grid x1="{_x(0)}" y1="{_y(tick):.1f}" x2="{_x(1)}" y2="{_y(tick):.1f}"/>'
        f'<line class=grid x1="{_x(tick):.1f}" y1="{_y(0)}" x2="{_x(tick):.1f}" y2="{_y(1)}"/>'
        f'<text x="{LEFT - 6}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick:.0%}</text>'
        f'<text x="{_x(tick):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{tick:.0%}</text>'
        for tick in TICKS
    )
    names = (
        f'<text x="{_x(0.5):.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_name)}</text>'
        f'<text transform="translate(11 {_y(0.5):.1f}) rotate(-90)" text-anchor="middle">{escape(y_name)}</text>'
    )
    return grid + names


def _figure(title: str, height: int, content: str) -> str:
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg role="img" aria-label="{escape(title, quote=True)}"'
        f' width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">{content}</svg></figure>'
    )
