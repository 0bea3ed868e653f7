"""The join graph: which tables can be joined on which columns, and the tree of joins that a set of tables implies.

A table stands in a block as an *instance* ``(table, n)``: n is 0, or 1 for the second instance of a self-join ("other").
"""
from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nl2sql.records import Schema

Instance = tuple[int, int]
End = tuple[Instance, int]  # an instance and one of its columns
Join = tuple[End, End]
INFERRED_COST = 1.5  # a declared key is preferred to an inferred one of the same length


@dataclass
class Joins:
    """Instances in an order in which each joins an earlier one, and the equalities that join them."""

    instances: list[Instance]
    conditions: list[Join] = field(default_factory=list)


class JoinGraph:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.edges: dict[int, dict[int, list[tuple[int, int, float]]]] = {t: {} for t in range(len(schema.tables))}
        self.self_edges: dict[int, list[tuple[int, int]]] = {}
        owner = schema.owner
        for key in sorted(schema.foreign_keys, key=lambda k: k.inferred):
            s, t = owner[key.source], owner[key.target]
            cost = INFERRED_COST if key.inferred else 1.0
            if s == t:
                self.self_edges.setdefault(s, []).append((key.source, key.target))
            else:
                self.edges[s].setdefault(t, []).append((key.source, key.target, cost))
                self.edges[t].setdefault(s, []).append((key.target, key.source, cost))
        self.component = self._components()
        self.joined = {(key.source, key.target) for key in schema.foreign_keys}

    def _components(self) -> list[int]:
        component = [-1] * len(self.edges)
        for start in self.edges:
            if component[start] < 0:
                todo = [start]
                while todo:
                    t = todo.pop()
                    if component[t] < 0:
                        component[t] = start
                        todo.extend(self.edges[t])
        return component

    def alike(self, a: int, b: int) -> bool:
        """Whether two columns hold values of one kind: a key and what it refers to, or two columns of one name."""
        names = self.schema.columns
        return (a, b) in self.joined or (b, a) in self.joined or names[a].name.lower() == names[b].name.lower()

    def forked(self, join: Join) -> bool:
        """Whether other keys, too, lead from the one table to the other."""
        return len(self.edges[join[0][0][0]].get(join[1][0][0], ())) > 1

    def counted(self, instances: Sequence[Instance], conditions: Iterable[Join]) -> Instance | None:
        """The instance whose rows the joined rows are: the only one that no other refers to. None: there is no such one."""
        keyed = [(a, b) if (a[1], b[1]) in self.joined else (b, a) for a, b in conditions]
        if any((source[1], target[1]) not in self.joined for source, target in keyed):
            return None
        roots = set(instances) - {target[0] for _, target in keyed}
        root = roots.pop() if len(roots) == 1 else None
        return root if root and not root[1] else None

    def path(self, sources: Iterable[int], targets: set[int]) -> list[int] | None:
        """The cheapest path of tables from any source to any target.

        Of equally cheap ones it is the one through the smaller tables: sales lead to a region by their store, of which there
        are few, rather than by their customer.
        """
        heap = [(0.0, 0, [s]) for s in sorted(sources)]
        done: set[int] = set()
        while heap:
            cost, rows, path = heapq.heappop(heap)
            t = path[-1]
            if t in done:
                continue
            done.add(t)
            if t in targets:
                return path
            for u, pairs in self.edges[t].items():
                if u not in done:
                    heapq.heappush(heap, (cost + pairs[0][2], rows + (self.schema.tables[u].rows or 0), [*path, u]))
        return None

    def second(self, table: int) -> bool:
        """Whether a second instance of the table can be joined without a spelled condition."""
        return table in self.self_edges or any(len(pairs) > 1 for pairs in self.edges[table].values())

    def connect(self, instances: Iterable[Instance], spelled: Iterable[Join] = ()) -> Joins | None:
        """The joins that these instances imply; ``spelled`` conditions hold first. None: they can't be joined."""
        spelled = list(spelled)
        wanted = set(instances) | {end[0] for join in spelled for end in join}
        if not wanted:
            return None
        conditions = [join for join in spelled if join[0][0] != join[1][0]]
        group = {i: i for i in wanted}

        def find(i: Instance) -> Instance:
            while group[i] != i:
                i = group[i]
            return i

        for a, b in conditions:
            group[find(a[0])] = find(b[0])
        plain = sorted(i for i in group if i[1] == 0)
        while plain:
            have = {i[0] for i in plain if find(i) == find(plain[0])}
            rest = {i[0] for i in plain} - have
            if not rest:
                break
            path = self.path(have, rest)
            if path is None:
                return None
            for t, u in zip(path, path[1:], strict=False):
                for x in (t, u):
                    group.setdefault((x, 0), (x, 0))
                if find((t, 0)) != find((u, 0)):
                    pair = self.edges[t][u][0]
                    conditions.append((((t, 0), pair[0]), ((u, 0), pair[1])))
                    group[find((u, 0))] = find((t, 0))
            plain = sorted(i for i in group if i[1] == 0)
        for other in sorted(i for i in wanted if i[1] == 1):
            if plain and find(other) == find(plain[0]):
                continue
            join = self._second_join(other, {i[0] for i in group if i[1] == 0})
            if join is None:
                return None
            for end in join:
                group.setdefault(end[0], end[0])
            if plain and find(join[0][0]) != find(plain[0]):  # the bridge itself isn't joined yet
                return self.connect([*wanted, join[0][0]], [*spelled, join])
            conditions.append(join)
            group[find(other)] = find(join[0][0])
            plain = plain or [join[0][0]]
        return Joins(_ordered(group, conditions), conditions)

    def _second_join(self, other: Instance, present: set[int]) -> Join | None:
        """``other`` is the referenced row of a self-reference, else what a bridge table's second key refers to."""
        table = other[0]
        if table in self.self_edges:
            source, target = self.self_edges[table][0]
            return ((table, 0), source), (other, target)
        bridges = [u for u, pairs in self.edges[table].items() if len(pairs) > 1]
        for u in sorted(bridges, key=lambda u: (u not in present, u)):
            mine, theirs, _ = self.edges[table][u][1]
            return ((u, 0), theirs), (other, mine)
        return None


def _ordered(group: Iterable[Instance], conditions: list[Join]) -> list[Instance]:
    todo = sorted(set(group), key=lambda i: (i[1], i[0]))
    order = [todo.pop(0)]
    while todo:
        for i in todo:
            if any({a[0], b[0]} == {i, o} for a, b in conditions for o in order):
                break
        else:
            i = todo[0]
        todo.remove(i)
        order.append(i)
    return order


def equalities(conditions: Iterable[Join]) -> frozenset[frozenset[End]]:
    """The classes of ends that the conditions make equal: two sets of conditions with the same classes join alike."""
    classes: list[set[End]] = []
    for a, b in conditions:
        touching = [c for c in classes if a in c or b in c]
        merged = {a, b}.union(*touching)
        classes = [c for c in classes if c not in touching] + [merged]
    return frozenset(frozenset(c) for c in classes)


def join_graph(schema: Schema) -> JoinGraph:
    """The graph of a schema, built once for each Schema object."""
    graph = schema.__dict__.get("_join_graph")
    if graph is None:
        graph = schema.__dict__["_join_graph"] = JoinGraph(schema)
    return graph
