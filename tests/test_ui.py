"""The page without a browser: what it writes, draws and hands out, and whose it is."""
from __future__ import annotations

import ast
import csv
import datetime as dt
import io
import json
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from engine_shop import SHOP, make

from nl2sql import Assistant, BadInput, Database, Result
from nl2sql.model.generate import Scripted
from nl2sql.records import Alternative, Candidate, Context
from nl2sql.ui import exports
from nl2sql.ui.cards import answer_card
from nl2sql.ui.cells import columns
from nl2sql.ui.charts import choose_chart
from nl2sql.ui.drawing import draw, nice_ticks
from nl2sql.ui.events import Events
from nl2sql.ui.headline import headline
from nl2sql.ui.sessions import Session, Sessions
from nl2sql.ui.tables import draw_table, sorted_by
from nl2sql.ui.uploads import Upload

EVIL = "<img src=x onerror=alert(1)>'\"&{{7*7}}${1}`"
QUARTERS = [dt.date(2023 + i // 4, 1 + 3 * (i % 4), 1) for i in range(8)]


class ByLastQuestion(Scripted):
    """Scripted for conversations: what was asked before stands in front of the question."""

    def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
        return [self._candidates(context.question.rsplit(" | ", 1)[-1])[:beam] for context in contexts]


def result(names: str, types: str, rows: Sequence[tuple[Any, ...]], truncated: bool = False) -> Result:
    return Result(tuple(names.split()), tuple(types.split()), tuple(rows), truncated)


def written(name: str, type_name: str, *values: Any) -> list[str]:
    column = columns(result(name, type_name, [(value,) for value in values]))[0]
    return [column.write(value) for value in values]


# cells


@pytest.mark.parametrize(
    ("name", "type_name", "value", "text"),
    [
        ("total_amount", "DECIMAL(38,2)", Decimal("1234567.5"), "1,234,567.50"),
        ("number", "BIGINT", 60000, "60,000"),
        ("customer_id", "INTEGER", 60000, "60000"),
        ("year", "BIGINT", 2024, "2024"),
        ("discount_percent", "INTEGER", 20, "20.0 %"),
        ("return_rate", "DOUBLE", 0.0512, "5.1 %"),
        ("order_date", "DATE", dt.date(2024, 5, 6), "6 May 2024"),
        ("quarter", "DATE", dt.date(2023, 10, 1), "Q4 2023"),
        ("month", "DATE", dt.date(2023, 10, 1), "Oct 2023"),
        ("opened", "TIMESTAMP", dt.datetime(2024, 5, 6, 7, 8), "6 May 2024, 07:08"),
        ("weight", "DOUBLE", 0.00123, "0.00123"),
        ("discontinued", "BOOLEAN", True, "yes"),
        ("city", "VARCHAR", "a\u202eb", "a\ufffdb"),
        ("city", "VARCHAR", None, "–"),
    ],
)
def test_a_cell_is_written_by_the_type_and_name_of_its_column(name: str, type_name: str, value: Any, text: str) -> None:
    assert written(name, type_name, value) == [text]


def test_numbers_that_are_none_are_written_too() -> None:
    assert written("weight", "DOUBLE", float("inf"), float("nan"), 1.5) == ["inf", "nan", "1.50"]


# headline


@pytest.mark.parametrize(
    ("found", "value"),
    [
        (result("number", "BIGINT", [(3600,)]), "3,600"),
        (result("quarter total_amount", "DATE DECIMAL(9,2)", [(dt.date(2023, 10, 1), Decimal(5))]), "Q4 2023"),
        (result("name units", "VARCHAR BIGINT", [("a", 1), ("b", 9), ("c", 3)]), "b"),
        (result("name units", "VARCHAR BIGINT", [("b", 1), ("a", 3), ("c", 9)]), "b"),
        (result("name units", "VARCHAR BIGINT", [("a", 1), ("b", 3), ("c", 9)]), "c"),
        (result("store_name city", "VARCHAR VARCHAR", [("a", "x"), ("b", "y")]), "2 rows"),
        (result("name", "VARCHAR", []), "Nothing found"),
        (result("total", "DECIMAL(9,2)", [(None,)]), "No value"),
    ],
)
def test_the_answer_is_told_first(found: Result, value: str) -> None:
    assert headline(found).value == value


# charts


@pytest.mark.parametrize(
    ("found", "kind", "series"),
    [
        (result("quarter total", "DATE DOUBLE", [(day, i * 1.5) for i, day in enumerate(QUARTERS)]), "line", 1),
        (result("year number", "BIGINT BIGINT", [(2020, 4), (2021, 5), (2022, 6)]), "line", 1),
        (result("quarter city total", "DATE VARCHAR DOUBLE", [(day, c, 1.5) for day in QUARTERS for c in "xyz"]), "line", 3),
        (result("city total", "VARCHAR DOUBLE", [("a", 1.0), ("b", -2.5)]), "bar", 1),
        (result("list_price unit_cost", "DOUBLE DOUBLE", [(i, i * i) for i in range(9)]), "scatter", 1),
        (result("name list_price unit_cost", "VARCHAR DOUBLE DOUBLE", [(str(i), i, i * i) for i in range(9)]), "scatter", 1),
    ],
)
def test_the_chart_follows_from_types_and_shape(found: Result, kind: str, series: int) -> None:
    chart = choose_chart(found)
    assert chart is not None and (chart.kind, len(chart.series)) == (kind, series)
    assert "nan" not in draw(chart) and "inf" not in draw(chart)


@pytest.mark.parametrize(
    "found",
    [
        result("number", "BIGINT", [(3600,)]),
        result("first_name city", "VARCHAR VARCHAR", [("a", "x"), ("b", "y")]),
        result("name units", "VARCHAR BIGINT", [(str(i), i) for i in range(200)]),
        result("customer_id name", "INTEGER VARCHAR", [(1, "x"), (2, "y")]),
        result("total tax", "DOUBLE DOUBLE", [(1.0, 2.0)] * 9),
    ],
)
def test_no_chart_where_none_helps(found: Result) -> None:
    assert choose_chart(found) is None


def test_names_in_a_scatter_do_not_lie_on_each_other() -> None:
    rows = [("Books", 10, 10), ("Beauty", 11, 10), ("Toys", 11, 11), ("Groceries", 9, 10), ("Electronics", 600, 500)]
    chart = choose_chart(result("name list_price unit_cost", "VARCHAR DOUBLE DOUBLE", rows))
    assert chart is not None
    names = re.findall(r'class="name" x="([\d.]+)" y="([\d.]+)" text-anchor="middle">(\w+)<', draw(chart))
    assert {"Books", "Electronics"} <= {name for _, _, name in names} and len(names) < 5
    spots = [(float(x), float(y), 6.6 * len(name)) for x, y, name in names]
    assert all(abs(a[0] - b[0]) >= (a[2] + b[2]) / 2 - 0.1 or abs(a[1] - b[1]) >= 14
               for i, a in enumerate(spots) for b in spots[:i])  # fmt: skip


@pytest.mark.parametrize(("low", "high"), [(0, 0), (5, 5), (-3, -3), (-7, 12345), (1e-9, 2e-9), (98, 99), (-1e15, 1e15)])
def test_ticks_enclose_the_data_and_are_few(low: float, high: float) -> None:
    ticks = nice_ticks(low, high, zero=True)
    assert ticks[0] <= low and high <= ticks[-1] and 2 <= len(ticks) <= 8 and ticks == sorted(set(ticks))


# tables and downloads


def test_a_long_table_shows_some_rows_and_says_so() -> None:
    table = draw_table(result("n", "BIGINT", [(i,) for i in range(1000)]))
    assert table.count("<tr>") == 201 and "1,000 rows" in table


def test_sorting_takes_all_rows_and_leaves_what_is_missing_last() -> None:
    found = result("n", "BIGINT", [(3,), (None,), (1,)])
    assert [row[0] for row in sorted_by(found, 0, down=True).rows] == [3, 1, None]
    assert [row[0] for row in sorted_by(found, 0, down=False).rows] == [1, 3, None]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_csv_holds_no_formula(cell: str) -> None:
    lines = list(csv.reader(io.StringIO(exports.to_csv(Result((cell,), ("VARCHAR",), ((cell,),))).decode("utf-8-sig"))))
    assert [line[0][0] for line in lines] == ["'", "'"]


def test_csv_keeps_numbers_dates_and_quotes() -> None:
    text = exports.to_csv(result("a b c", "INTEGER DATE VARCHAR", [(-5, dt.date(2024, 1, 2), 'x "y", z')])).decode("utf-8-sig")
    assert text == 'a,b,c\r\n-5,2024-01-02,"x ""y"", z"\r\n'


def test_parquet_holds_the_rows() -> None:
    import pyarrow.parquet

    rows = [(1, "x", Decimal("1.50"), dt.date(2024, 1, 2)), (2, None, Decimal("2.25"), None)]
    body = exports.to_parquet(result("a b c d", "INTEGER VARCHAR DECIMAL(9,2) DATE", rows))
    table = pyarrow.parquet.read_table(io.BytesIO(body))
    assert [tuple(row.values()) for row in table.to_pylist()] == rows


@pytest.mark.parametrize("sql", ["SELECT 1", 'SELECT """', "SELECT '\\'", 'SELECT "a"', EVIL])
def test_copied_python_is_one_call_with_that_sql(sql: str) -> None:
    tree = ast.parse(exports.to_python(sql, ("a'b.duckdb",)))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert sql in [text.strip("\n") for text in texts] and len(tree.body) == 3


# events


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path / "data"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    with Database(make(tmp_path / "shop.duckdb", SHOP), time_limit=60) as database:
        yield database


def events_of(database: Database, answers: dict[str, Any], folder: Path) -> tuple[Events, Sessions]:
    sessions = Sessions(Assistant(database, generator=ByLastQuestion(answers)))
    return Events(sessions, folder), sessions


def messages(pack: str) -> list[dict[str, Any]]:
    return json.loads(pack)["messages"]


def test_a_question_becomes_a_card_and_a_line_of_the_history(shop: Database, tmp_path: Path) -> None:
    events, _ = events_of(shop, {"how many cities?": "SELECT count(*) AS number FROM city"}, tmp_path)
    card, line = messages(events.ask("tab", {"turn": "t1", "question": "how many cities?"}))
    assert card["turn"] == "t1" and "<strong>2</strong>" in card["html"] and "Number of cities" in card["html"]
    assert line == {"op": "remember", "question": "how many cities?", "sql": "SELECT COUNT(*) AS number FROM city",
                    "as_of": shop.as_of.isoformat(), "database": "shop.duckdb"}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "words"),
    [("delete all", "no answer"), ("", "question is empty"), ("?" * 10, "question is empty"), ("x" * 3000, "3000 characters")],
)
def test_what_has_no_answer_says_why_in_one_sentence(shop: Database, tmp_path: Path, question: str, words: str) -> None:
    events, _ = events_of(shop, {"delete all": None}, tmp_path)
    (card,) = messages(events.ask("tab", {"turn": "t1", "question": question}))
    assert words in card["html"] and "Traceback" not in card["html"]


def test_a_bug_reaches_the_page_as_a_sentence(shop: Database, tmp_path: Path) -> None:
    class Broken(Scripted):
        def generate(self, contexts: Sequence[Context], *, beam: int = 4) -> list[list[Candidate]]:
            raise RuntimeError("secret path /etc/x")

    events = Events(Sessions(Assistant(shop, generator=Broken({}))), tmp_path)
    (card,) = messages(events.ask("tab", {"turn": "t1", "question": "how many?"}))
    assert "went wrong on our side" in card["html"] and "secret" not in card["html"]


@pytest.mark.parametrize("data", [{}, {"act": "nothing"}, {"act": "other", "turn": "t1", "index": 7}, {"act": "run", "turn": "?"},
                                  {"act": "sort", "turn": 5, "index": "x"}, {"act": "day", "text": "soon"}])  # fmt: skip
def test_a_click_that_makes_no_sense_is_answered_with_a_sentence(shop: Database, tmp_path: Path, data: dict[str, Any]) -> None:
    events, _ = events_of(shop, {"q": "SELECT 1 AS n"}, tmp_path)
    events.ask("tab", {"turn": "t1", "question": "q"})
    (note,) = messages(events.act("tab", data))
    assert note["op"] == "toast" and note["kind"] == "problem" and "our side" not in note["text"]


def test_edited_sql_runs_through_the_same_rules(shop: Database, tmp_path: Path) -> None:
    events, _ = events_of(shop, {"q": "SELECT count(*) AS number FROM city"}, tmp_path)
    events.ask("tab", {"turn": "t1", "question": "q"})
    (card, line) = messages(events.act("tab", {"act": "run", "turn": "t1", "text": "SELECT city_name FROM city ORDER BY 1"}))
    assert "Lyon" in card["html"] and "Your choice" in card["html"]
    assert line["op"] == "remember" and line["sql"].startswith("SELECT city_name"), "the history keeps what was corrected"
    (note,) = messages(events.act("tab", {"act": "run", "turn": "t1", "text": "DROP TABLE city"}))
    assert note["kind"] == "problem"
    (card, line) = messages(events.act("tab", {"act": "back", "turn": "t1"}))
    assert "<strong>2</strong>" in card["html"] and "COUNT" in line["sql"]


def test_another_reading_can_be_chosen(shop: Database, tmp_path: Path) -> None:
    candidates = ["SELECT count(*) AS number FROM city", "SELECT count(*) AS number FROM orders"]
    events, _ = events_of(shop, {"how many?": candidates}, tmp_path)
    (first, _) = messages(events.ask("tab", {"turn": "t1", "question": "how many?"}))
    assert first["html"].index("Did you mean") < first["html"].index("<strong>2</strong>"), "nearly as likely: asked first"
    (card, _) = messages(events.act("tab", {"act": "other", "turn": "t1", "index": 0}))
    assert "<strong>5,000</strong>" in card["html"]


def test_a_reading_in_the_same_words_as_the_answer_is_not_offered(shop: Database, tmp_path: Path) -> None:
    answer = Assistant(shop, generator=Scripted({"cities": "SELECT city_name FROM city"})).ask("cities")
    others = Alternative("SELECT 1", answer.explanation, 0.3), Alternative("SELECT 2", "Number of cities.", 0.2)
    card = answer_card(replace(answer, alternatives=others, confidence=0.4))
    assert 'data-act="other" data-index="0"' not in card and 'data-act="other" data-index="1"' in card
    assert "Did you mean this instead?" not in card, "the other one is far less likely"


# what comes from a database, a person or a model is text


class Tags(HTMLParser):
    """Collects what a browser would take for elements and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "script", "iframe", "object", "embed", "link", "meta", "base", "form", "a", "style"):
            self.wrong.append(tag)
        self.wrong += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href", "srcdoc")]


def elements(html: str) -> list[str]:
    parser = Tags()
    parser.feed(html)
    return parser.wrong


def test_names_cells_and_comments_are_never_html(tmp_path: Path) -> None:
    name, text = EVIL.replace('"', '""'), EVIL.replace("'", "''")
    script = f"""
        CREATE TABLE "t{name}" ("c{name}" VARCHAR, n INTEGER, "d{name}" DATE);
        COMMENT ON TABLE "t{name}" IS '{text}'; COMMENT ON COLUMN "t{name}"."c{name}" IS '{text}';
        INSERT INTO "t{name}" SELECT '{text}' || i, i, DATE '2024-01-01' + i::INTEGER FROM range(5) AS r(i);
    """
    sql = f'SELECT "c{name}", n AS "n{name}" FROM "t{name}" WHERE "c{name}" <> \'{text}\''
    other = f'SELECT "c{name}", n + 1 AS n FROM "t{name}"'
    with Database(make(tmp_path / "evil.duckdb", script)) as database:
        events, _ = events_of(database, {EVIL: [sql, other], EVIL + "?": None}, tmp_path)
        packs = [events.hello("tab"), events.ask("tab", {"turn": "t1", "question": EVIL}),
                 events.ask("tab", {"turn": "t2", "question": EVIL + "?"}),
                 events.act("tab", {"act": "run", "turn": "t1", "text": f"SELECT '{text}' AS x, 1 AS y"}),
                 events.ask("tab", {"turn": "t3", "question": "q", "sql": f"SELECT CAST('{text}' AS INTEGER) AS n"}),
                 events.act("tab", {"act": "sort", "turn": "t1", "index": 0})]  # fmt: skip
    found = [message for pack in packs for message in messages(pack)]
    htmls = [value for message in found for key, value in message.items() if key in ("html", "about", "tables", "picture")]
    assert len(htmls) >= 7 and any("&lt;img" in html for html in htmls)
    assert [elements(html) for html in htmls] == [[] for _ in htmls]


# sessions and uploads


def test_sessions_share_nothing_but_the_assistant(shop: Database, tmp_path: Path) -> None:
    events, sessions = events_of(shop, {"q": "SELECT count(*) AS number FROM city"}, tmp_path)
    events.ask("one", {"turn": "t1", "question": "q"})
    events.act("one", {"act": "day", "text": "2020-05-06"})
    (note,) = messages(events.act("two", {"act": "csv", "turn": "t1"}))
    assert note["kind"] == "problem"
    assert sessions.of("one").day == dt.date(2020, 5, 6) != sessions.of("two").day
    assert sessions.of("one").name != sessions.of("two").name
    assert sessions.of("one").conversation.turns and not sessions.of("two").conversation.turns


def test_one_tab_asks_one_question_at_a_time(shop: Database) -> None:
    session = Session(Assistant(shop, generator=Scripted({})))
    with session.working(), pytest.raises(BadInput, match="previous question"), session.working():
        pass


def test_four_people_at_once_get_what_each_would_get_alone(shop: Database, tmp_path: Path) -> None:
    counted = "SELECT count(*) AS number FROM orders WHERE order_id < "
    questions = {f"how many orders up to {n}?": f"{counted}{n}" for n in range(100, 120)}
    events, _ = events_of(shop, questions, tmp_path)
    found: dict[str, str] = {}

    def ask_all(person: int) -> None:
        for question in list(questions)[person::4]:
            found[question] = messages(events.ask(f"tab {person}", {"turn": question, "question": question}))[0]["html"]

    people = [threading.Thread(target=ask_all, args=(person,)) for person in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(found) == 20
    assert all(f"<strong>{question[22:-1]}</strong>" in html for question, html in found.items())


def test_stop_ends_a_long_query_and_nobody_elses(shop: Database, tmp_path: Path) -> None:
    slow = "SELECT count(*) AS number FROM orders a, orders b, orders c WHERE a.amount + b.amount > c.amount"
    events, sessions = events_of(shop, {"slow": slow, "quick": "SELECT count(*) AS number FROM city"}, tmp_path)
    packs: dict[str, str] = {}
    asking = threading.Thread(target=lambda: packs.update(slow=events.ask("one", {"turn": "t1", "question": "slow"})))
    asking.start()
    while not sessions.of("one").is_busy:
        time.sleep(0.01)
    assert "<strong>2</strong>" in messages(events.ask("two", {"turn": "t1", "question": "quick"}))[0]["html"]
    assert asking.is_alive()
    events.stop("one")
    asking.join(timeout=30)
    assert "was stopped" in messages(packs["slow"])[0]["html"]


def test_dropped_files_are_asked_by_their_tab_alone_and_deleted_with_it(shop: Database, tmp_path: Path) -> None:
    uploads = tmp_path / "uploads" / "abc"
    uploads.mkdir(parents=True)
    (uploads / "houses.csv").write_text("city,price\nLyon,100\nTurin,250\n")
    events, sessions = events_of(shop, {}, tmp_path / "uploads")
    opened, done = messages(events.open_files("one", {"paths": [str(uploads / "houses.csv")]}))
    assert opened["name"] == "houses.csv" and "price" in opened["tables"] and done["op"] == "opened"
    assert sessions.of("two").database_name == "shop.duckdb"
    upload = sessions.of("one").upload
    assert upload is not None and upload.assistant.run_sql("SELECT max(price) FROM houses").rows == ((250,),)
    copy = upload.assistant.database.path
    sessions.drop("one")
    assert not copy.exists() and not (uploads / "houses.csv").exists()


@pytest.mark.parametrize(("name", "content"), [("empty.csv", b""), ("a (1).parquet", b"PAR1"), ("b.duckdb", b"x" * 5000),
                                               ("c.sqlite", b"SQLite format 3\0" + b"x" * 5000), ("d.xlsx", b"x")])  # fmt: skip
def test_a_file_that_can_not_be_read_is_one_sentence_with_its_own_name(
    shop: Database, tmp_path: Path, name: str, content: bytes
) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / name).write_bytes(content)
    events, sessions = events_of(shop, {}, uploads)
    note, done = messages(events.open_files("one", {"paths": [str(uploads / name)]}))
    assert note["kind"] == "problem" and name in note["text"] and "/" not in note["text"] and done["op"] == "opened"
    assert sessions.of("one").database_name == "shop.duckdb"


def test_only_files_from_the_upload_folder_are_opened(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    (tmp_path / "uploads" / "link.csv").symlink_to(secret)
    (tmp_path / "uploads" / "run.sh").write_text("x")
    for name in (secret, "uploads/../secret.csv", tmp_path / "uploads" / "link.csv", tmp_path / "uploads" / "run.sh", "\0", ""):
        with pytest.raises(BadInput):
            Upload([str(name)], tmp_path / "uploads")
    assert secret.exists()


def test_a_question_that_was_found_right_answers_again_and_the_page_says_so(shop: Database, tmp_path: Path) -> None:
    wrong = "SELECT count(*) AS number FROM orders"
    events, sessions = events_of(shop, {"how many cities?": wrong, "How many cities?": wrong}, tmp_path)
    events.ask("one", {"turn": "t1", "question": "how many cities?"})
    events.act("one", {"act": "run", "turn": "t1", "text": "SELECT count(*) AS number FROM city"})
    noted, judged = messages(events.act("one", {"act": "good", "turn": "t1"}))
    assert noted["kind"] == "note" and judged == {"op": "judged", "turn": "t1", "act": "good"}
    (card, _) = messages(events.ask("two", {"turn": "t2", "question": "How many cities?"}))
    assert "Verified: how many cities?" in card["html"] and "<strong>2</strong>" in card["html"]
    assert not events.suggest({"session": "somebody else's", "prefix": "how many ci"})
    assert events.suggest({"session": sessions.of("two").name, "prefix": "how many ci"})[0]["verified"]
    (card, _) = messages(events.act("two", {"act": "model", "turn": "t2"}))
    assert "<strong>5,000</strong>" in card["html"]


def test_sql_of_the_history_that_is_refused_names_questions_with_an_answer(shop: Database, tmp_path: Path) -> None:
    events, _ = events_of(shop, {"how many cities?": "SELECT count(*) AS number FROM city"}, tmp_path)
    events.ask("tab", {"turn": "t1", "question": "how many cities?"})
    events.act("tab", {"act": "good", "turn": "t1"})
    (card,) = messages(events.ask("tab", {"turn": "t2", "question": "how many towns?", "sql": "SELECT count(*) FROM town"}))
    assert "Questions that have an answer" in card["html"] and "how many cities?" in card["html"]


def test_the_history_is_run_again_on_the_data_as_they_are_now(tmp_path: Path) -> None:
    sql = "SELECT count(*) AS number FROM sales WHERE sold >= DATE '2024-03-01' AND sold < DATE '2024-04-01'"
    rows = "CREATE TABLE sales AS SELECT i AS sale_id, DATE '{}' + i::INTEGER AS sold FROM range({}) AS r(i)"
    with Database(make(tmp_path / "sales.duckdb", rows.format("2024-01-01", 101))) as database:
        events, _ = events_of(database, {"sales last month": sql}, tmp_path)
        card, line = messages(events.ask("one", {"turn": "t1", "question": "sales last month"}))
        assert "<strong>31</strong>" in card["html"]
    with Database(make(tmp_path / "later.duckdb", rows.format("2024-01-01", 122))) as database:
        events, _ = events_of(database, {}, tmp_path)
        card, _ = messages(events.ask("one", {"turn": "t1", **{key: line[key] for key in ("question", "sql", "as_of")}}))
        assert "<strong>30</strong>" in card["html"] and "in April 2024" in card["html"], "last month is another one now"
        assert "From your history" in card["html"] and "100 %" not in card["html"]


def test_a_page_whose_session_ended_is_told_so_and_shown_what_is_asked_now(shop: Database, tmp_path: Path) -> None:
    events, sessions = events_of(shop, {"q": "SELECT 1 AS n"}, tmp_path)
    known = {"question": "q", "session": sessions.of("tab").name, "database": "shop.duckdb"}
    assert [message["op"] for message in messages(events.ask("tab", {"turn": "t1", **known}))] == ["turn", "remember"]
    sessions.drop("tab")
    found = messages(events.ask("tab", {"turn": "t2", **known}))
    assert [message["op"] for message in found] == ["turn", "remember", "database", "toast"]
    assert "starts over" in found[-1]["text"] and found[2]["session"] == sessions.of("tab").name


def test_a_question_about_files_that_are_gone_is_not_asked_of_another_database(shop: Database, tmp_path: Path) -> None:
    events, _ = events_of(shop, {"q": "SELECT 1 AS n"}, tmp_path)
    found = messages(events.ask("tab", {"turn": "t1", "question": "q", "session": "gone", "database": "houses.csv"}))
    assert [message["op"] for message in found] == ["turn", "database", "toast"]
    assert "drop them again" in found[0]["html"] and "drop them again" in found[2]["text"]


BY_CITY = "SELECT city_name, COUNT(*) AS number FROM orders JOIN city ON orders.city_id = city.city_id GROUP BY city_name"
TALK = {"how many orders are there in all?": "SELECT count(*) AS number FROM orders", "and by city?": BY_CITY}


def talked(shop: Database, folder: Path, *questions: str) -> tuple[Events, Sessions]:
    """Asked one after the other in the tab "one", as turns t0, t1 ..."""
    events, sessions = events_of(shop, {**TALK, "Number of cities": "SELECT count(*) AS number FROM city"}, folder)
    for i, question in enumerate(questions):
        events.ask("one", {"turn": f"t{i}", "question": question})
    return events, sessions


def test_a_follow_up_that_was_found_right_is_worded_as_a_whole_before_it_is_kept(shop: Database, tmp_path: Path) -> None:
    events, sessions = talked(shop, tmp_path, *TALK)
    memory = sessions.assistant.memory
    (asked,) = messages(events.act("one", {"act": "good", "turn": "t1"}))
    assert (asked["op"], asked["turn"]) == ("wording", "t1") and 'value="Number of orders per ' in asked["html"]
    (refused,) = messages(events.act("one", {"act": "good", "turn": "t1", "text": "And by city? "}))
    assert refused["kind"] == "problem" and "whole question" in refused["text"]
    assert memory.verified() == ()
    noted, judged = messages(events.act("one", {"act": "good", "turn": "t1", "text": "Number of orders per city"}))
    assert "Number of orders per city" in noted["text"] and judged["act"] == "good"
    assert [kept.question for kept in memory.verified()] == ["Number of orders per city"]


def test_a_follow_up_says_that_it_is_one_and_can_be_read_alone(shop: Database, tmp_path: Path) -> None:
    events, sessions = talked(shop, tmp_path, "how many orders are there in all?")
    card, _ = messages(events.ask("one", {"turn": "t1", "question": "Number of cities"}))
    assert 'data-act="alone"' in card["html"] and "Read after: how many orders" in card["html"]
    card, line = messages(events.act("one", {"act": "alone", "turn": "t1"}))
    assert 'data-act="alone"' not in card["html"] and line["question"] == "Number of cities"
    assert [turn.question for turn in sessions.of("one").conversation.turns] == ["Number of cities"]


def test_a_follow_up_stays_one_when_its_sql_is_edited(shop: Database, tmp_path: Path) -> None:
    events, _ = talked(shop, tmp_path, *TALK)
    events.act("one", {"act": "run", "turn": "t1", "text": BY_CITY + " ORDER BY 2"})
    (asked,) = messages(events.act("one", {"act": "good", "turn": "t1"}))
    assert asked["op"] == "wording"


def test_a_follow_up_that_is_asked_again_from_the_history_is_worded_too(shop: Database, tmp_path: Path) -> None:
    events, _ = talked(shop, tmp_path)
    events.ask("one", {"turn": "t0", "question": "and by city?", "sql": BY_CITY})
    (asked,) = messages(events.act("one", {"act": "good", "turn": "t0"}))
    assert asked["op"] == "wording"


def test_a_short_question_after_others_is_kept_as_it_is_where_it_means_the_same_alone(shop: Database, tmp_path: Path) -> None:
    events, sessions = talked(shop, tmp_path, "how many orders are there in all?", "Number of cities")
    assert len(messages(events.act("one", {"act": "good", "turn": "t1"}))) == 2
    assert [kept.question for kept in sessions.assistant.memory.verified()] == ["Number of cities"]


def test_a_follow_up_that_was_found_wrong_is_noted_with_the_questions_before_it(shop: Database, tmp_path: Path) -> None:
    events, sessions = talked(shop, tmp_path, *TALK)
    events.act("one", {"act": "bad", "turn": "t1"})
    assert [kept.question for kept in sessions.assistant.memory.disliked()] == [" | ".join(TALK)]


def test_a_follow_up_after_much_talk_can_be_found_wrong(shop: Database, tmp_path: Path) -> None:
    events, sessions = talked(shop, tmp_path, *TALK)
    session = sessions.of("one")
    session.keep("t1", replace(session.answer("t1"), follows=("how many orders are there " * 30,) * 5))
    events.act("one", {"act": "bad", "turn": "t1"})
    assert [kept.question for kept in sessions.assistant.memory.disliked()] == ["and by city?"]
