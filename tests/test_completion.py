"""Suggestions while somebody types, examples for a page's start, and the nearest questions that can be answered."""
from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import memory_shop
import pytest

from nl2sql import Assistant, Database
from nl2sql.errors import BadDatabase
from nl2sql.memory import Memory, Suggestion
from nl2sql.memory.complete import Index, complete, nearest, varied
from nl2sql.memory.pick import pick
from nl2sql.model.generate import Scripted
from nl2sql.records import Candidate, Context, Example

COUNT = "SELECT COUNT(*) FROM orders"
KNOWN = [
    Suggestion("Total sales by region", "A"), Suggestion("Number of stores per region", "B"), Suggestion("Top 5 products", "C"),
    Suggestion("Total sales in 2023", "D"), Suggestion("Total sales in 2024", "E"), Suggestion("Which region sells most?", "F"),
]  # fmt: skip


shop, own_folders = memory_shop.shop, memory_shop.own_folders  # fixtures


def embedded(suggestions: Sequence[Suggestion]) -> Index:
    index = Index(suggestions)
    index.vectors = memory_shop.words_as_vectors([suggestion.question for suggestion in suggestions])
    return index


def suggested(typed: str, *indexes: Index, limit: int = 8) -> list[str]:
    by_meaning = all(index.vectors is not None for index in indexes)
    vector = memory_shop.words_as_vectors([typed])[0] if by_meaning else None
    return [suggestion.question for suggestion in complete(indexes, typed, vector, limit)]


def wait_for(done: object) -> None:
    """Until a background thread has done its work."""
    until = time.monotonic() + 100
    while not done() and time.monotonic() < until:  # type: ignore[operator]
        time.sleep(0.05)
    assert done()  # type: ignore[operator]


@pytest.mark.parametrize("typed", ["stor", "per region", "number of st", "REGION stores", "stores per reg"])
def test_what_is_typed_may_begin_at_any_word(typed: str) -> None:
    assert "Number of stores per region" in suggested(typed, Index(KNOWN))


@pytest.mark.parametrize("typed", ["stroes", "numbre", "regoin st", "prodcuts", "totl sal"])
def test_one_typing_error_is_forgiven(typed: str) -> None:
    assert suggested(typed, Index(KNOWN))


@pytest.mark.parametrize("typed", ["egion", "zebra", "stores zebra", "", " ", "?"])
def test_what_begins_no_word_gets_no_suggestion(typed: str) -> None:
    assert suggested(typed, Index(KNOWN)) == []


def test_a_question_that_begins_so_comes_first() -> None:
    longer = Suggestion("Region with the lowest sales of all", "G")
    assert suggested("region", Index([*KNOWN, longer]))[0] == longer.question


def test_no_more_are_suggested_than_asked_for() -> None:
    assert len(suggested("t", Index(KNOWN), limit=2)) == 2


def test_a_verified_question_comes_before_a_synthesised_one() -> None:
    verified = Index([Suggestion("Total sales by store", "V", verified=True)])
    assert suggested("total sales", verified, Index(KNOWN))[0] == "Total sales by store"


def test_a_question_that_is_used_more_comes_first() -> None:
    rare, often = Suggestion("Sales by town", "A", True, 0), Suggestion("Sales by city", "B", True, 9)
    assert suggested("sales by", Index([rare, often]))[0] == "Sales by city"


def test_of_the_same_sql_in_nearly_the_same_words_one_is_suggested() -> None:
    alike = [Suggestion("Total of all sales by region", "A"), Suggestion("Total of all the sales by region", "A")]
    for index in (Index(alike), embedded(alike)):
        assert len(suggested("total of", index)) == 1


def test_nearly_the_same_words_with_other_sql_are_both_suggested() -> None:
    for index in (Index(KNOWN), embedded(KNOWN)):
        assert {"Total sales in 2023", "Total sales in 2024"} <= set(suggested("total sales", index))


def test_a_verified_question_hides_its_synthesised_twin() -> None:
    verified = embedded([Suggestion("Total sales by region?", "A", verified=True)])
    assert suggested("total sales by r", verified, embedded(KNOWN)) == ["Total sales by region?"]


def test_where_no_word_begins_so_the_nearest_in_meaning_are_suggested() -> None:
    assert suggested("xyz sales by region", embedded(KNOWN))[:1] == ["Total sales by region"]


def test_ten_thousand_suggestions_take_less_than_50_ms_of_the_processor() -> None:
    words = [f"{a}{b}" for a in "region store sales product total order brand month".split() for b in range(400)]
    rng = random.Random(1)
    many = embedded([Suggestion(" ".join(rng.choices(words, k=8)), str(i)) for i in range(10_000)])
    typed = ["r", "re", "region1 sto", "sales", "total12 brnad3", "xyzq", "month3 order", "brand39 s"]
    vectors = memory_shop.words_as_vectors(typed)
    seconds = []
    for text, vector in zip(typed * 3, [*vectors] * 3, strict=True):
        start = time.process_time()
        complete([many], text, vector, 8)
        seconds.append(time.process_time() - start)
    assert sorted(seconds)[len(seconds) // 2] < 0.05


def test_the_nearest_questions_have_different_sql() -> None:
    twins = [*KNOWN, Suggestion("Total sales by each region", "A")]
    for index, vector in ((embedded(twins), memory_shop.words_as_vectors(["sales by region"])[0]), (Index(twins), None)):
        found = nearest([index], "sales by region", vector, 3)
        assert found[0].sql == "A" and len({suggestion.sql for suggestion in found}) == 3


def test_examples_say_what_can_be_asked() -> None:
    short = [Suggestion(text, text) for text in ("Sales", "Count the items", "a " * 20, "I need the prices of all")]
    handy = [Suggestion(text, text) for text in ("Which city has the most orders?", "Average price of toys per month")]
    assert {*varied([*short, *handy], 2)} == {*handy}
    assert len(varied([*short, *handy], 5)) == 5


def test_examples_share_few_words() -> None:
    chosen = [suggestion.sql for suggestion in varied(KNOWN, 3)]
    assert chosen == ["A", "C", "B"] or len({"D", "E"} & set(chosen)) < 2


def test_a_verified_question_is_suggested_as_soon_as_it_is_stored(shop: Database) -> None:
    memory = Memory(shop)
    assert "How many orders came?" not in [suggestion.question for suggestion in memory.suggest("how many")]
    memory.add("How many orders came?", COUNT)
    assert memory.suggest("how many")[0] == Suggestion("How many orders came?", COUNT, verified=True)


def test_any_database_has_questions_to_begin_with(shop: Database) -> None:
    memory = Memory(shop)
    assert memory.examples(2) == ("How many cities are there?", "How many orders are there?")
    assistant = Assistant(shop, generator=Scripted({}))
    assert all(assistant.run_sql(suggestion.sql).rows for suggestion in memory.suggest("how many"))


def test_examples_are_at_most_half_verified_ones_and_none_twice(shop: Database) -> None:
    memory = Memory(shop, files=[written(shop, [f"{word} sales" for word in "all good bad new old small".split()])])
    for i in range(5):
        memory.add(f"How many orders {i}?", COUNT)
    examples = memory.examples(4)
    assert len(set(examples)) == 4
    assert sum(example.startswith("How many") for example in examples) == 2


def written(shop: Database, questions: Sequence[str]) -> Path:
    file = Path(shop.path).parent / "questions.jsonl"
    file.write_text("".join(json.dumps({"question": text, "sql": f"SELECT {i}"}) + "\n" for i, text in enumerate(questions)))
    return file


def made() -> Iterator[Example]:
    yield Example("Show the city names", "SELECT city_name FROM cities")
    yield Example("Which cities cant be cast?", "SELECT CAST(city_name AS INTEGER) FROM cities")
    yield Example("Remove all orders", "DELETE FROM orders")
    yield Example("What is the weather?", None)
    yield Example("Shwo the nubmer of orders", COUNT)
    yield Example("number of orders in Turin", COUNT + " WHERE city_id = 2")


def test_synthesised_questions_are_taken_in_where_their_sql_runs_and_they_are_spelt_well(shop: Database) -> None:
    memory = Memory(shop)
    memory.fill(made)
    wait_for(lambda: "Show the city names" in memory.examples(9))
    assert [suggestion.question for suggestion in memory.suggest("cit")] == ["Show the city names"]
    assert {*memory.examples(9)} == {"Show the city names", "Number of orders in Turin"}
    memory.close()


def test_synthesised_questions_are_made_once(shop: Database) -> None:
    first = Memory(shop)
    first.fill(made)
    wait_for(lambda: "Show the city names" in first.examples(9))
    made_again = threading.Event()
    again = Memory(shop)
    again.fill(lambda: made_again.set() or made())  # type: ignore[func-returns-value]
    again.close()
    assert "Show the city names" in again.examples(9)
    assert not made_again.is_set()


def test_some_are_offered_while_the_others_are_still_made(shop: Database) -> None:
    seen, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[Example]:
        for n in range(60):
            yield Example(f"Show the city names up to {n}", f"SELECT city_name FROM cities LIMIT {n + 1}")
            if n == 50:
                seen.set()
                go_on.wait(100)

    before = threading.active_count()
    memory = Memory(shop)
    memory.fill(slow)
    assert seen.wait(100) and "Show the city names up to 7" in memory.examples(30)
    go_on.set()
    memory.close()
    wait_for(lambda: threading.active_count() <= before)


def test_questions_of_a_database_that_is_gone_are_no_error_of_the_thread(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)

    def closed() -> Iterator[Example]:
        yield Example("Show the city names", "SELECT city_name FROM cities")
        raise BadDatabase("the database is closed")

    before = threading.active_count()
    memory = Memory(shop)
    memory.fill(closed)
    memory.close()
    wait_for(lambda: threading.active_count() <= before)
    assert not failed


def test_a_memory_that_is_closed_ends_what_it_does_in_the_background(shop: Database) -> None:
    def endless() -> Iterator[Example]:
        while True:
            yield Example("Show the city names", "SELECT nothing FROM cities")

    before = threading.active_count()
    memory = Memory(shop)
    memory.fill(endless)
    assert threading.active_count() > before
    memory.close()
    wait_for(lambda: threading.active_count() <= before)


def test_the_meaning_counts_as_soon_as_embeddings_are_there_and_they_are_kept(shop: Database, tmp_path: Path) -> None:
    texts: list[str] = []

    def encode(asked: Sequence[str]) -> object:
        texts.extend(asked)
        return memory_shop.words_as_vectors(asked)

    file = written(shop, ["total sales by region", "stores in each town"])
    memory = Memory(shop, encode=encode, files=[file])
    wait_for(lambda: memory.suggest("xyz sales by region"))
    assert memory.nearest("stores of a town", 1) == ("stores in each town",)
    memory.close()
    texts.clear()
    again = Memory(shop, encode=encode, files=[file])
    wait_for(lambda: again.suggest("xyz sales by region"))
    assert "total sales by region" not in texts
    again.close()


def test_suggestions_that_are_damaged_are_told_and_cost_nothing_else(shop: Database, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{")
    assert Memory(shop, files=[tmp_path / "bad.jsonl"]).examples(1) == ("How many cities are there?",)


class Thinking(memory_shop.Reader):
    """A model that works on its answer until it is let go on."""

    def __init__(self) -> None:
        super().__init__({"How many orders?": COUNT})
        self.works, self.may_go_on = threading.Event(), threading.Event()

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        self.works.set()
        assert self.may_go_on.wait(100)
        return super().generate(contexts, beam=beam)


@pytest.mark.parametrize("opened_before", [True, False])
def test_nobody_who_types_waits_for_the_model(shop: Database, opened_before: bool) -> None:
    model = Thinking()
    with Assistant(shop, generator=model) as assistant, ThreadPoolExecutor(2) as pool:
        if opened_before:
            wait_for(lambda: assistant.memory.suggest("zzz how many cities"))  # embeddings are there
        asked = pool.submit(assistant.ask, "How many orders?", use_memory=opened_before)
        try:
            assert model.works.wait(100)
            suggested = pool.submit(lambda: assistant.memory.suggest("how many")).result(timeout=100)
            assert suggested and not asked.done()
        finally:
            model.may_go_on.set()
        assert asked.result(timeout=100).sql == COUNT


def test_nobody_who_types_waits_for_the_encoder(shop: Database) -> None:
    """Its vectors may be kept from an earlier time, while the encoder itself isn't loaded yet."""
    loaded = threading.Event()

    def encode(asked: Sequence[str]) -> object:
        assert loaded.wait(100)
        return memory_shop.words_as_vectors(asked)

    file = written(shop, ["total sales by region"])
    loaded.set()
    before = Memory(shop, encode=encode, files=[file])
    wait_for(lambda: before.suggest("xyz sales by region"))
    before.close()
    loaded.clear()
    memory = Memory(shop, encode=encode, files=[file])
    try:
        for _ in range(3):
            assert memory.suggest("total")
            wait_for(lambda: all(index.vectors is not None for index in memory._questions._indexes()))
        assert not loaded.is_set()
    finally:
        loaded.set()
        memory.close()


def picked(shop: Database, questions: Sequence[str], sql: str = "SELECT {}", count: int = 9) -> list[str]:
    examples = [Example(question, sql.format(i)) for i, question in enumerate(questions)]
    chosen = pick(examples, shop.schema, shop.values, runs=lambda sql: "9" not in sql, count=count)
    return [suggestion.question for suggestion in chosen]


@pytest.mark.parametrize("question, kept", [
    ("number of orders per city", "Number of orders per city"), ("how many cities are there", "How many cities are there?"),
    ("How many orders are there in turin", None), ("How many orders came by ship?", None), ("Please list all orders", None),
    ("List all patrons of cities", None), ("How many orders, um, are there?", None), ("Which of the cities are it?", None),
    ("Total amount: by city", None), ("orders", None), ("How many orders are in Turin?", "How many orders are in Turin?"),
])  # fmt: skip
def test_a_suggestion_is_in_plain_words_of_its_database(shop: Database, question: str, kept: str | None) -> None:
    assert picked(shop, [question]) == ([kept] if kept else [])


def test_no_two_picked_suggestions_are_nearly_the_same(shop: Database) -> None:
    assert len(picked(shop, ["Number of orders per city", "Show the number of orders per city", "Average amount per city"])) == 2


def test_what_does_not_run_is_not_picked(shop: Database) -> None:
    assert picked(shop, ["Number of orders per city", "Average amount per city"], "SELECT 9{}") == []


def test_of_each_kind_of_query_one_is_picked_before_a_second_one(shop: Database) -> None:
    examples = [Example("Number of orders", "SELECT COUNT(*) FROM orders"),
                Example("How many cities are there?", "SELECT COUNT(*) FROM cities"),
                Example("Average amount of orders in each city", "SELECT AVG(amount) FROM orders")]  # fmt: skip
    chosen = pick(examples, shop.schema, shop.values, runs=lambda sql: True, count=2)
    assert {suggestion.sql.split("(")[0] for suggestion in chosen} == {"SELECT COUNT", "SELECT AVG"}
