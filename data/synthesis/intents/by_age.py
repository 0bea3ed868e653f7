"""People by their birth dates: who is oldest or youngest, all of them from the eldest on, with and without the date itself."""

from __future__ import annotations

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.times import number

_ONE = (
    "who is [our|the|] {old} {thing}", "who's the {old} {thing}", "{old} {thing}", "our {old} {thing}",
    "[name|find|show|tell me] [our|the] {old} {thing}", "which {thing} is the {old}",
    "what is the name of [our|the] {old} {thing}",
    "who is the {old} [of|among] [our|the|all] {things}", "which of [our|the] {things} is the {old}",
    "[the|] {old} of [all|the|our] {things}",
)  # fmt: skip
_DATED = (
    "who is [our|the] {old} {thing} and when [was he or she|were they|was that person] born",
    "name and {birth} of [our|the] {old} {thing}", "what is the name of [our|the] {old} {thing} and when was he or she born",
    "when was [our|the] {old} {thing} born, and who is it",
    "[show|give me|find] [our|the] {old} {thing} and the {birth}",
)  # fmt: skip
_MANY = (
    "[show|list|find|give me|who are] [our|the] {n} {old} {things}", "{n} {old} {things}", "which {n} {things} are [the|] {old}",
    "[the|our] {n} {old} of [the|our|all] {things}", "top {n} {old} {things}",
)  # fmt: skip
_SORTED = (
    "{things}, {old} first", "[list|show|sort] [all|the|our|] {things} from {old} to {other}",
    "[all|] {things} by age, {old} first", "[list|show] [the|all|our] {things} with the {old} [first|on top]",
    "{things}: name and {birth}, {old} first", "{things} sorted by {birth}, {old} first", "order {things} by age, {old} on top",
)  # fmt: skip
_BORN = (
    "when was [our|the] {old} {thing} born", "{birth} of [our|the] {old} {thing}", "in which year was the {old} {thing} born",
)  # fmt: skip


def by_age(ask: Ask) -> Draft | None:
    """ORDER BY the birth date: ASC for the oldest, DESC for the youngest."""
    people = [(e, c) for e in ask.world.entities if e.person for c in e.with_role("date") if "birth" in c.noun]
    people = [(e, c) for e, c in people if ask.world.label(e.table)]
    if not people:
        return None
    entity, column = ask.rng.choice(people)
    world, old = ask.world, ask.chance(0.55)
    ref, labels = world.ref(column.index), [world.ref(c) for c in world.label(entity.table)]
    conditions = ask.filters(entity.table, 2, avoid=(column.index, *entity.labels))
    block = ask.select(entity.table, conditions)
    kind = ask.rng.choices(("one", "dated", "many", "sorted", "born"), (4, 2, 2.5, 2.5, 1))[0]
    count = ask.rng.choice((2, 3, 3, 5, 5, 10))
    frames = {"one": _ONE, "dated": _DATED, "many": _MANY, "sorted": _SORTED, "born": _BORN}[kind]
    block.items = [ref] if kind == "born" else [*labels, ref]
    if kind == "born":
        frame = ask.rng.choice(frames)
        block.items, frames = ([f"YEAR({ref})"] if "year" in frame else [ref]), (frame,)
    block.order = [f"{ref} {'ASC' if old else 'DESC'}"]
    block.limit = {"many": count, "sorted": None}.get(kind, 1)
    words = (("oldest", "oldest", "eldest"), ("youngest",))
    return Draft(ask.compose(
        frames, old=words[0 if old else 1], other=words[1 if old else 0], n=number(ask.rng, count),
        thing=ask.things(entity.table, conditions, noun=ask.noun(entity)), things=ask.things(entity.table, conditions),
        birth=("birth date", "date of birth", "birthday"),
    ), block.sql())  # fmt: skip
