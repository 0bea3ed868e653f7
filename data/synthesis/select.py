"""SQL text of one block, with the FROM clause worked out from the tables that it uses."""

from __future__ import annotations

from dataclasses import dataclass, field

from nl2sql.data.synthesis.dimensions import Dimension
from nl2sql.data.synthesis.joins import Reach
from nl2sql.data.synthesis.world import World
from nl2sql.records import ForeignKey


class Implausible(Exception):
    """The draft counts what it should count otherwise; it is given up."""


@dataclass
class Select:
    """A block over ``root`` and the tables that it leads to. Every clause is a list of SQL texts with full column names.

    ``subject`` is the table whose rows are counted: when the keys of a table nearer to it lead to all tables of the block,
    counting from the root would lose rows that the root doesn't mention, and ``sql`` raises ``Implausible``.
    """

    world: World
    root: int
    items: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    group: list[str] = field(default_factory=list)
    having: list[str] = field(default_factory=list)
    qualify: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
    distinct: bool = False
    tables: set[int] = field(default_factory=set)
    subject: int | None = None
    left: ForeignKey | None = None  # a table whose rows refer to the root, LEFT JOINed
    route: Reach | None = None  # where the question names another way to a table than the usual one

    def split(self, dimension: Dimension | None, *items: str) -> None:
        """Show these items, for each group where there is a dimension."""
        self.items = [*(dimension.show if dimension else ()), *items]
        self.group = list(dimension.group) if dimension else []

    def from_clause(self) -> str:
        world = self.world
        text = f"FROM {world.table(self.root)}"
        for key in (self.route or world.reach_of(self.root)).closure(world.schema, self.tables | {self.root}):
            target = world.schema.owner[key.target]
            text += f" JOIN {world.table(target)} ON {world.ref(key.source)} = {world.ref(key.target)}"
        if self.left:
            child = world.schema.owner[self.left.source]
            text += f" LEFT JOIN {world.table(child)} ON {world.ref(self.left.target)} = {world.ref(self.left.source)}"
        return text

    def _could_start_elsewhere(self) -> bool:
        """Whether a table that the root leads to leads to all the others itself: then the root only loses rows."""
        needed = self.tables - {self.root}
        return any(
            needed <= set(self.world.reach_of(table).path) for table in self.world.reach_of(self.root).path if table != self.root
        )

    def sql(self) -> str:
        if self.subject is not None and self.subject != self.root and self._could_start_elsewhere():
            raise Implausible
        parts = [f"SELECT {'DISTINCT ' if self.distinct else ''}{', '.join(self.items)}", self.from_clause()]
        for keyword, texts, glue in (
            ("WHERE", self.where, " AND "),
            ("GROUP BY", self.group, ", "),
            ("HAVING", self.having, " AND "),
            ("QUALIFY", self.qualify, " AND "),
            ("ORDER BY", self.order, ", "),
        ):
            if texts:
                parts.append(f"{keyword} {glue.join(dict.fromkeys(texts))}")
        if self.limit is not None:
            parts.append(f"LIMIT {self.limit}" + (f" OFFSET {self.offset}" if self.offset else ""))
        return " ".join(parts)
