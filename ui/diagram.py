"""The entity-relationship picture: a box for each table, a line for each foreign key, as SVG without any script.

Tables stand in ranks: whoever refers to a table stands to its right. Within a rank they are ordered by the middle of what they
refer to, which leaves few crossings. This is Sugiyama's layout without its later steps; schemas are small.
"""
from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from nl2sql.records import Schema

_WIDTH, _GAP, _SPACE = 190, 90, 26  # of a box, between ranks, between boxes of one rank
_LINE, _HEAD = 19, 30  # heights of a column's line and of a box's title
_COLUMNS = 8  # the most that a box names: keys first


@dataclass(frozen=True)
class Box:
    table: int
    x: int
    y: int
    lines: tuple[int, ...]  # the columns that it names
    more: int

    @property
    def height(self) -> int:
        return _HEAD + _LINE * (len(self.lines) + (1 if self.more else 0)) + 8

    def middle(self, column: int) -> int:
        """The height at which a column's line stands; the title's where it isn't named."""
        return self.y + (_HEAD + _LINE * self.lines.index(column) + _LINE // 2 if column in self.lines else _HEAD // 2)


def draw_diagram(schema: Schema) -> Markup:
    boxes = place(schema)
    width = max((box.x + _WIDTH for box in boxes), default=0) + 20
    height = max((box.y + box.height for box in boxes), default=0) + 20
    parts = [*_edges(schema, boxes), *(_box(schema, box) for box in boxes)]
    return Markup('<svg class="diagram" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="Tables and keys">'
                  "{2}</svg>").format(width, height, Markup("").join(parts))  # fmt: skip


def place(schema: Schema) -> list[Box]:
    """One box for each table, in the order of the schema."""
    ranks = _ranks(schema)
    placed: dict[int, Box] = {}
    for rank in range(max(ranks, default=-1) + 1):
        members = [table for table, its in enumerate(ranks) if its == rank]
        members.sort(key=lambda table: (_middle_of_targets(schema, table, placed), table))
        y = 20
        for table in members:
            lines = _lines(schema, table)
            more = len(schema.tables[table].columns) - len(lines)
            placed[table] = Box(table, 20 + rank * (_WIDTH + _GAP), y, lines, more)
            y += placed[table].height + _SPACE
    return [placed[table] for table in range(len(schema.tables))]


def _ranks(schema: Schema) -> list[int]:
    """One more than the highest rank that a table refers to; a cycle stops where it closes."""
    refers: dict[int, set[int]] = {}
    for key in schema.foreign_keys:
        source, target = schema.owner[key.source], schema.owner[key.target]
        if source != target:
            refers.setdefault(source, set()).add(target)
    ranks: dict[int, int] = {}

    def rank(table: int, above: frozenset[int]) -> int:
        if table not in ranks:
            targets = [target for target in refers.get(table, ()) if target not in above]
            found = 1 + max((rank(target, above | {table}) for target in targets), default=-1)
            ranks.setdefault(table, found)
        return ranks[table]

    return [rank(table, frozenset()) for table in range(len(schema.tables))]


def _middle_of_targets(schema: Schema, table: int, placed: dict[int, Box]) -> float:
    heights = [placed[schema.owner[key.target]].y for key in schema.foreign_keys
               if schema.owner[key.source] == table and schema.owner[key.target] in placed]  # fmt: skip
    return sum(heights) / len(heights) if heights else 0.0


def _lines(schema: Schema, table: int) -> tuple[int, ...]:
    keyed = {key.source for key in schema.foreign_keys} | {key.target for key in schema.foreign_keys}
    columns = schema.columns_of(table)
    first = [i for i in columns if i in keyed or schema.columns[i].primary_key][:_COLUMNS]
    rest = [i for i in columns if i not in first][: max(0, _COLUMNS - len(first))]
    return tuple(sorted(first + rest))


def _box(schema: Schema, box: Box) -> Markup:
    table = schema.tables[box.table]
    parts = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="8"/>').format(box.x, box.y, _WIDTH, box.height),
        Markup('<text class="title" x="{}" y="{}">{}</text>').format(box.x + 12, box.y + 20, _cut(table.name, 22)),
    ]
    targets = {key.source for key in schema.foreign_keys}
    for row, i in enumerate(box.lines):
        kind = "primary" if schema.columns[i].primary_key else "foreign" if i in targets else "other"
        parts.append(Markup('<text class="{}" x="{}" y="{}">{}</text>')
                     .format(kind, box.x + 12, box.y + _HEAD + _LINE * row + 14, _cut(schema.columns[i].name, 24)))  # fmt: skip
    if box.more:
        y = box.y + _HEAD + _LINE * len(box.lines) + 14
        parts.append(Markup('<text class="other" x="{}" y="{}">… {} more</text>').format(box.x + 12, y, box.more))
    return Markup('<g class="box" data-act="insert" data-text="{}"><title>{}</title>{}</g>').format(
        table.words or table.name, table.comment or table.name, Markup("").join(parts)
    )


def _edges(schema: Schema, boxes: list[Box]) -> list[Markup]:
    found = []
    for key in schema.foreign_keys:
        source, target = boxes[schema.owner[key.source]], boxes[schema.owner[key.target]]
        y1, y2 = source.middle(key.source), target.middle(key.target)
        if source.x > target.x:
            x1, x2 = source.x, target.x + _WIDTH
            path = f"M{x1} {y1} C{x1 - 45} {y1} {x2 + 45} {y2} {x2} {y2}"
        else:  # a table that refers to itself, or back: round the right side
            x1, x2 = source.x + _WIDTH, target.x + _WIDTH
            path = f"M{x1} {y1} C{x1 + 50} {y1} {x2 + 50} {y2} {x2} {y2}"
        found.append(Markup('<path class="edge{}" d="{}"/>').format(" inferred" if key.inferred else "", path))
    return found


def _cut(name: str, length: int) -> str:
    return name if len(name) <= length else name[: length - 1] + "…"
