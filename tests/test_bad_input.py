"""What can't be used is answered with one clear sentence and exit code 2, never with a traceback."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from nl2sql import Assistant
from nl2sql.cli import main
from nl2sql.errors import BadQuestion, BadWeights
from nl2sql.model import adapters


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders (order_id INTEGER PRIMARY KEY, amount DECIMAL(9, 2))")
        connection.execute("INSERT INTO orders VALUES (1, 2.5)")
    return str(path)


def refuses(capsys: pytest.CaptureFixture[str], words: list[str], *mentioned: str) -> None:
    """Exit code 2, one line on standard error that mentions what it is about, and the same in JSON."""
    assert main(words) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and "Traceback" not in complaint
    assert all(word in complaint for word in mentioned), complaint
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] in complaint


Said = pytest.CaptureFixture[str]


def test_a_missing_file(tmp_path: Path, capsys: Said) -> None:
    refuses(capsys, ["schema", "--db", str(tmp_path / "none.duckdb")], "none.duckdb")


@pytest.mark.parametrize("name", ["letter.duckdb", "letter.pdf", "letter.sqlite", "letter.parquet", "letter"])
def test_a_foreign_file(tmp_path: Path, capsys: Said, name: str) -> None:
    (tmp_path / name).write_bytes(b"Dear Sir or Madam,\0\n" * 1000)
    refuses(capsys, ["schema", "--db", str(tmp_path / name)], name)


@pytest.mark.parametrize("name", ["empty.duckdb", "empty.sqlite", "empty.csv", "empty.parquet"])
def test_a_file_without_a_byte(tmp_path: Path, capsys: Said, name: str) -> None:
    (tmp_path / name).touch()
    refuses(capsys, ["schema", "--db", str(tmp_path / name)], name)


def test_a_folder_instead_of_a_file(tmp_path: Path, capsys: Said) -> None:
    refuses(capsys, ["schema", "--db", str(tmp_path)], str(tmp_path))


def test_a_damaged_database(shop: str, capsys: Said) -> None:
    data = bytearray(Path(shop).read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    Path(shop).write_bytes(data)
    refuses(capsys, ["schema", "--db", shop], "shop.duckdb")


def test_a_database_without_tables(tmp_path: Path, capsys: Said) -> None:
    duckdb.connect(str(tmp_path / "bare.duckdb")).close()
    refuses(capsys, ["ask", "How many orders?", "--db", str(tmp_path / "bare.duckdb")], "bare.duckdb")


@pytest.fixture
def writer(shop: str) -> Iterator[str]:
    """A program that has the file open for writing."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    held = subprocess.Popen([sys.executable, "-c", code, shop], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert held.stdout is not None and held.stdout.readline() == "open\n"
    yield shop
    held.communicate("", timeout=20)


def test_a_file_that_another_program_is_writing(writer: str, capsys: Said) -> None:
    refuses(capsys, ["schema", "--db", writer], "shop.duckdb", "another program")


@pytest.mark.parametrize("question", ["", "   ", "\n", "?!", "\u200b"])
def test_an_empty_question(shop: str, capsys: Said, question: str) -> None:
    refuses(capsys, ["ask", question, "--db", shop], "empty")


def test_an_enormous_question(shop: str, capsys: Said) -> None:
    refuses(capsys, ["ask", "how many orders " * 1000, "--db", shop], "2000")


def test_a_question_that_is_no_utf8(shop: str, capsys: Said) -> None:
    refuses(capsys, ["ask", "how many \udcff orders", "--db", shop], "UTF-8")


def test_a_question_that_is_no_text() -> None:
    from nl2sql.context.words import checked_question

    with pytest.raises(BadQuestion):
        checked_question(None)


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", "31.12.2025", ""])
def test_a_day_that_is_none(shop: str, capsys: Said, day: str) -> None:
    refuses(capsys, ["ask", "How many orders?", "--db", shop, "--as-of", day], "2025-12-31")


@pytest.mark.parametrize("words", [["ask"], ["sql"], ["sing"], ["ask", "a", "b"], ["schema", "--colour"], []])
def test_a_command_that_is_none(capsys: Said, words: list[str]) -> None:
    refuses(capsys, words)


@pytest.fixture
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that can't be made, not by root either."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "file" / "cache"))


@pytest.mark.usefixtures("no_cache")
def test_without_a_cache_folder_the_sample_database_is_built_for_this_run() -> None:
    assert main(["sql", "SELECT count(*) FROM regions"]) == 0


@pytest.mark.usefixtures("no_cache")
def test_without_a_cache_folder_a_csv_file_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    assert main(["sql", "SELECT x FROM a", "--db", str(tmp_path / "a.csv")]) == 0


@pytest.mark.usefixtures("no_cache")
def test_without_a_cache_folder_a_duckdb_file_is_queried(shop: str) -> None:
    assert main(["sql", "SELECT amount FROM orders", "--db", shop]) == 0


def test_weights_that_are_missing(shop: str, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapters, "SHIPPED", tmp_path / "weights")
    refuses(capsys, ["ask", "How many orders?", "--db", shop], str(tmp_path / "weights"))


def test_weights_that_are_damaged(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nl2sql.model import weights
    from nl2sql.sql.symbols import VOCABULARY

    folder = tmp_path / "weights" / "base"
    folder.mkdir(parents=True)
    (folder / weights.DESCRIPTION).write_text(json.dumps({"vocabulary": VOCABULARY, "shape": {}}))
    (folder / weights.CONFIG).write_text(json.dumps({"lora_alpha": 64, "r": 32}))
    (folder / weights.TENSORS).write_bytes(b"\x10\0\0\0\0\0\0\0 half a file")
    monkeypatch.setattr(adapters, "SHIPPED", tmp_path / "weights")
    from nl2sql import Database

    with Database(shop) as database, pytest.raises(BadWeights, match="damaged"):
        Assistant(database).ask("How many orders?")


shipped = pytest.mark.skipif(not (adapters.SHIPPED / "base" / "nl2sql.json").exists(), reason="no weights are shipped yet")


@shipped
@pytest.mark.parametrize("question", [
    "Wie viele Bestellungen gab es letztes Jahr?", "Quel est le chiffre d'affaires par région ?", "昨年の売上はいくらですか",
])  # fmt: skip
def test_a_question_in_another_language_has_no_answer(question: str, capsys: Said) -> None:
    assert main(["ask", question]) == 1
    assert capsys.readouterr().err.startswith("nl2sql: ")


@pytest.mark.parametrize("name, said", [("", "the name of the database file is empty"), ("https://e.org/a.csv", "is an address")])
def test_what_is_no_file_name(capsys: Said, name: str, said: str) -> None:
    refuses(capsys, ["schema", "--db", name], said)


def test_a_file_without_its_option(shop: str, capsys: Said) -> None:
    refuses(capsys, ["schema", shop], f"--db {shop}")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar(shop: str, capsys: Said, day: str) -> None:
    refuses(capsys, ["ask", "How many orders in the next 5 years?", "--db", shop, "--as-of", day], day)


def test_a_password_that_nobody_types(shop: str, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv("NL2SQL_PASSWORD", raising=False)
    monkeypatch.setattr("getpass.getpass", nobody)
    assert main(["ui", "--user", "ann", "--db", shop]) == 2
    assert "NL2SQL_PASSWORD" in capsys.readouterr().err


@pytest.mark.parametrize("words, said", [
    ("nope", "invalid choice: 'nope'"), ("", "required: training"), ("retriever", "required: --data"),
    ("adapter --minutes 0", "more than 0"), ("adapter --minutes -1", "more than 0"), ("adapter --minutes nan", "more than 0"),
    ("adapter --examples 0", "1 or more"), ("adapter --batch 1.5", "'1.5' is no whole number"),
    ("adapter --warmup -1", "0 or more"),
    ("adapter --thin 2", "from 0 to 1"), ("adapter --as-of soon", "no date like"), ("adapter --general -1", "0 or more"),
    ("retriever --data . --kept 1.5", "from 0 to 1"), ("verifier --data . --folds 1", "2 or more"),
    ("adapter --base none", "no weights in none"), ("adapter --begin none", "no weights in none"),
    ("adapter --device toaster", "'toaster'"), ("adapter --out letter", "letter is a file"),
    ("adapter --prepare none/x", "none/x"),
    ("retriever --data none", "none is not a folder"), ("verifier --data .", "no spider/"),
    ("wording --out o --model m --data .", "no spider/"), ("adapter --given letter", "not text in UTF-8"),
    ("adapter --given empty", "holds no question"), ("adapter --given numbers", "numbers, line 2"),
])  # fmt: skip
def test_a_training_that_cannot_be(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch, shop: str, words: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter").write_bytes(b"\xa0\xff")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "numbers").write_text('{"question": "How many?", "sql": null}\n{"question": 5, "sql": 7}\n')
    database = ["--db", shop] if words.startswith("adapter") else []
    assert main(["train", *words.split(), *database]) == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1 and said in complaint, complaint
