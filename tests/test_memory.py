"""The store of judged questions: what is kept, what isn't, and what happens to a file that can't be used."""
from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import memory_shop
import pytest

from nl2sql import Assistant, BadInput, Database, QueryFailed, Refused
from nl2sql.cli import main
from nl2sql.errors import BadMemory, BadQuestion
from nl2sql.memory import Memory, store
from nl2sql.model.generate import Scripted

COUNT = "SELECT COUNT(*) FROM orders"
ADDING = """
import datetime as dt, sys
from pathlib import Path
from nl2sql.memory.store import Store, Verified
kept = Store(Path(sys.argv[1]))
for i in range(20):
    kept.put("verified", [Verified(f"question {i} of {sys.argv[2]}", "SELECT 1", dt.date(2025, 1, 1))])
"""
DYING = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("PRAGMA cache_size = 1")
connection.execute("DELETE FROM questions")
for i in range(2000):
    columns = "kind, folded, question, sql, stored, as_of"
    connection.execute(f"INSERT INTO questions ({columns}) VALUES ('verified', ?, 'x', 'x', 'x', 'x')", (i,))
os.kill(os.getpid(), 9)
"""


shop, own_folders = memory_shop.shop, memory_shop.own_folders  # fixtures


@pytest.fixture
def memory(shop: Database) -> Memory:
    return Memory(shop)


def damaged(memory: Memory) -> bytes:
    """Makes the store's file one that SQLite can't read, and returns what is in it."""
    memory.add("How many orders?", COUNT)
    content = b"no database at all " * 500
    memory.store.file.write_bytes(content)
    return content


def test_a_verified_question_is_there_after_a_restart(shop: Database, memory: Memory) -> None:
    memory.add("How many orders?", "select count(*) from orders")
    (kept,) = Memory(shop).verified()
    assert (kept.question, kept.sql, kept.uses, kept.as_of) == ("How many orders?", COUNT, 0, memory_shop.DAY)
    assert abs(dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(kept.when)) < dt.timedelta(minutes=5)


def test_another_database_has_its_own_questions(memory: Memory, tmp_path: Path) -> None:
    memory.add("How many orders?", COUNT)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with Database(tmp_path / "other.csv") as other:
        assert Memory(other).verified() == ()


def test_sql_that_the_rules_refuse_is_not_stored(memory: Memory) -> None:
    with pytest.raises(Refused):
        memory.add("How many orders?", "DELETE FROM orders")
    assert memory.verified() == ()


def test_sql_that_does_not_run_is_not_stored(memory: Memory) -> None:
    with pytest.raises(QueryFailed):
        memory.add("Which cities?", "SELECT CAST(city_name AS INTEGER) FROM cities")
    assert memory.verified() == ()


@pytest.mark.parametrize("question", ["and by city?", "only 2024", "What about Turin, in all of the years since then?"])
def test_what_needs_the_question_before_it_is_not_stored(memory: Memory, question: str) -> None:
    with pytest.raises(BadQuestion, match="say the whole question"):
        memory.add(question, COUNT)
    assert memory.verified() == ()
    assert memory.dislike(question, COUNT).question == question


def test_an_empty_question_is_not_stored(memory: Memory) -> None:
    with pytest.raises(BadQuestion):
        memory.add(" ? ", COUNT)


def test_the_same_question_again_gets_the_new_sql(memory: Memory) -> None:
    memory.add("How many orders?", COUNT)
    memory.add("how many  ORDERS", "SELECT COUNT(order_id) FROM orders")
    assert [kept.sql for kept in memory.verified()] == ["SELECT COUNT(order_id) FROM orders"]


def test_a_disliked_pair_is_kept_apart(memory: Memory) -> None:
    memory.dislike("How many orders?", "SELECT COUNT(*) FROM cities")
    memory.dislike("How many orders?", "SELECT COUNT(*) FROM cities")
    assert [kept.sql for kept in memory.disliked()] == ["SELECT COUNT(*) FROM cities"]
    assert memory.verified() == ()


def test_a_removed_question_is_gone(memory: Memory) -> None:
    kept = memory.add("How many orders?", COUNT)
    assert memory.remove(kept.number)
    assert not memory.remove(kept.number)
    assert memory.verified() == ()


def test_what_is_exported_can_be_imported(memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.add("How many orders?", COUNT)
    memory.add("Orders last month?", COUNT, as_of=dt.date(2024, 5, 1))
    before = [(kept.question, kept.sql, kept.as_of, kept.when) for kept in memory.verified()]
    assert memory.export(tmp_path / "out.jsonl") == 2
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path / "elsewhere"))
    elsewhere = Memory(memory.database)
    assert elsewhere.load(tmp_path / "out.jsonl") == 2
    assert [(kept.question, kept.sql, kept.as_of, kept.when) for kept in elsewhere.verified()] == before


@pytest.mark.parametrize("line", [
    '{"question": "q", "sql": "DROP TABLE orders"}', '{"question": "q"}', '{"question": "q", "sql": 1}', "[]", "{", '"text"',
    '{"question": "q", "sql": "SELECT 1", "as_of": "soon"}', '{"question": "", "sql": "SELECT COUNT(*) FROM orders"}',
    '{"question": "q", "sql": "SELECT 1", "when": "then"}', '{"question": "and by city?", "sql": "SELECT COUNT(*) FROM orders"}',
])  # fmt: skip
def test_an_import_with_a_bad_line_names_it_and_stores_nothing(memory: Memory, tmp_path: Path, line: str) -> None:
    (tmp_path / "in.jsonl").write_text('{"question": "How many orders?", "sql": "SELECT COUNT(*) FROM orders"}\n' + line)
    with pytest.raises(BadInput, match="line 2"):
        memory.load(tmp_path / "in.jsonl")
    assert memory.verified() == ()


def test_files_that_cant_be_read_or_written_are_one_sentence(memory: Memory, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for call in (lambda: memory.load(tmp_path / "none"), lambda: memory.load(tmp_path / "binary"),
                 lambda: memory.export(tmp_path / "none" / "out")):  # fmt: skip
        with pytest.raises(BadInput):
            call()


def test_several_processes_store_at_once_and_nothing_is_lost(memory: Memory) -> None:
    file = memory.store.file
    adding = [subprocess.Popen([sys.executable, "-c", ADDING, str(file), str(i)]) for i in range(4)]
    assert [process.wait(timeout=300) for process in adding] == [0] * 4
    assert len(memory.verified()) == 80


def test_several_threads_store_at_once_and_nothing_is_lost(memory: Memory) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: memory.add(f"How many orders {i}?", COUNT), range(20)))
    assert len(memory.verified()) == 20


def test_what_another_process_stores_is_seen_at_once(memory: Memory) -> None:
    assert memory.verified() == ()
    subprocess.run([sys.executable, "-c", ADDING, str(memory.store.file), "x"], check=True)
    assert len(memory.verified()) == 20


def test_a_process_that_dies_while_storing_loses_nothing(memory: Memory) -> None:
    memory.add("How many orders?", COUNT)
    died = subprocess.run([sys.executable, "-c", DYING, str(memory.store.file)])
    assert died.returncode == -9
    assert [kept.question for kept in memory.verified()] == ["How many orders?"]


def test_a_damaged_file_is_one_sentence_and_stays_as_it_is(memory: Memory) -> None:
    content = damaged(memory)
    for call in (memory.verified, lambda: memory.add("How many cities?", "SELECT COUNT(*) FROM cities")):
        with pytest.raises(BadMemory, match=str(memory.store.file)):
            call()
    assert memory.store.file.read_bytes() == content


def test_a_row_that_cant_be_understood_is_one_sentence(memory: Memory) -> None:
    memory.add("How many orders?", COUNT)
    with sqlite3.connect(memory.store.file) as connection:
        connection.execute("UPDATE questions SET as_of = 'soon'")
    with pytest.raises(BadMemory):
        memory.verified()


def test_a_damaged_file_costs_no_answer(shop: Database, memory: Memory) -> None:
    damaged(memory)
    answer = Assistant(shop, generator=Scripted({"How many orders?": COUNT})).ask("How many orders?")
    assert answer.result.rows == ((400,),)
    assert any("damaged" in warning for warning in answer.warnings)


def test_a_folder_that_cant_be_made_is_one_sentence(
    shop: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NL2SQL_DATA", str(tmp_path / "file"))
    memory = Memory(shop)
    assert memory.verified() == ()
    with pytest.raises(BadMemory):
        memory.add("How many orders?", COUNT)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root, and Windows differs")
def test_a_read_only_file_still_answers(shop: Database, memory: Memory) -> None:
    memory.add("How many orders?", COUNT)
    memory.store.file.chmod(0o444)
    memory.store.file.parent.chmod(0o555)
    try:
        assert Assistant(shop, generator=Scripted({})).ask("How many orders").verified == "How many orders?"
        with pytest.raises(BadMemory, match="read-only"):
            memory.add("How many cities?", "SELECT COUNT(*) FROM cities")
    finally:
        memory.store.file.parent.chmod(0o755)


def test_a_file_that_another_program_holds_is_one_sentence(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.add("How many orders?", COUNT)
    monkeypatch.setattr(store, "_PATIENCE", 0.2)
    holder = sqlite3.connect(memory.store.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(BadMemory, match="Another program"):
            memory.add("How many cities?", "SELECT COUNT(*) FROM cities")
    finally:
        holder.close()
    assert len(memory.verified()) == 1


def test_a_short_transaction_of_another_program_is_waited_for(memory: Memory) -> None:
    memory.add("How many orders?", COUNT)
    holder = sqlite3.connect(memory.store.file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(memory.add, "How many cities?", "SELECT COUNT(*) FROM cities")
        time.sleep(0.5)
        assert not added.done()
        holder.close()
        assert added.result(timeout=60).number == 2


def test_a_file_of_a_later_version_is_left_alone(memory: Memory) -> None:
    memory.add("How many orders?", COUNT)
    with sqlite3.connect(memory.store.file) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(BadMemory, match="later version"):
        memory.add("How many cities?", "SELECT COUNT(*) FROM cities")


def said(capsys: pytest.CaptureFixture[str], words: list[str]) -> dict[str, Any]:
    """What a command prints as JSON."""
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_line_adds_lists_exports_imports_and_removes(
    shop: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    db = ["--db", str(shop.path)]
    assert said(capsys, ["verify", "add", "How many orders?", COUNT, *db])["number"] == 1
    assert said(capsys, ["verify", "export", str(tmp_path / "out.jsonl"), *db]) == {"exported": 1}
    assert said(capsys, ["verify", "remove", "1", *db]) == {"removed": 1}
    assert said(capsys, ["verify", "list", *db]) == {"verified": []}
    assert said(capsys, ["verify", "import", str(tmp_path / "out.jsonl"), *db]) == {"imported": 1}
    assert [entry["question"] for entry in said(capsys, ["verify", "list", *db])["verified"]] == ["How many orders?"]
    assert main(["verify", "list", *db]) == 0
    assert "How many orders?" in capsys.readouterr().out


@pytest.mark.parametrize("words, code", [
    (["add", "How many?", "DROP TABLE orders"], 1), (["add", "?", COUNT], 2), (["remove", "7"], 2), (["remove", "x"], 2),
    (["import", "none.jsonl"], 2), (["export", "none/out"], 2), ([], 2),
])  # fmt: skip
def test_what_the_command_line_cant_do_is_one_sentence(
    shop: Database, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    assert main(["verify", *words, *(["--db", str(shop.path)] if words else [])]) == code
    complaint = capsys.readouterr().err
    assert complaint.startswith("nl2sql: ") and complaint.count("\n") == 1
