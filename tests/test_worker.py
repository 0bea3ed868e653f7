"""The child process: read-only and locked, killed past its limits, gone when its caller is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from engine_shop import SHOP, SLOW, UNSTOPPABLE, ends, make, run

from nl2sql.engine.database import Database
from nl2sql.engine.duck import DuckFile
from nl2sql.engine.settings import START_UP, Limits, settings
from nl2sql.errors import QueryFailed, QueryTimedOut, QueryTooLarge
from nl2sql.records import Query
from nl2sql.sql.validate import validate


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL2SQL_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def shop_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("shop") / "shop.duckdb", SHOP)


@pytest.fixture(scope="module")
def shop(shop_path: Path) -> Iterator[Database]:
    with Database(shop_path) as database:
        yield database


def workers_of(process: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "nl2sql.engine.worker" in line]


# Limits ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", [SLOW, UNSTOPPABLE], ids=["scan", "scalar function"])
def test_a_query_past_its_time_limit_is_killed(shop: Database, sql: str) -> None:
    run(shop, "SELECT 1")  # a worker is ready
    start = time.perf_counter()
    with pytest.raises(QueryTimedOut) as caught:
        ends(lambda: run(shop, sql, time_limit=0.5))
    assert time.perf_counter() - start < 5  # left alone, either takes minutes
    assert caught.value.sql == sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM orders a, orders b, orders c",
        "SELECT string_agg(a.amount, ',') FROM orders a, orders b, orders c",
        "SELECT median(a.amount) OVER (ORDER BY a.order_id) FROM orders a, orders b",
        "SELECT levenshtein(lpad(order_id::VARCHAR, 9999, 'x'), rpad(order_id::VARCHAR, 9999, 'y')) FROM orders",
        "WITH a AS (SELECT 1 FROM orders, city), b AS (SELECT 1 FROM a, a x) SELECT count(*) FROM b, b y",
        "WITH c0 AS (SELECT * FROM orders), "
        + ", ".join(f"c{i} AS (SELECT *, * FROM c{i - 1})" for i in range(1, 26))
        + " SELECT * FROM c25",
    ],
    ids=["cross join", "aggregate", "window", "scalar function", "doubling rows", "doubling columns"],
)
def test_a_heavy_query_that_the_policy_allows_ends_at_its_deadline(shop: Database, sql: str) -> None:
    query = validate(sql, shop.schema)
    with pytest.raises((QueryTimedOut, QueryTooLarge)):
        ends(lambda: shop.run(query, time_limit=0.5, row_limit=None))
    assert run(shop, "SELECT 1").rows == ((1,),)


def test_a_query_that_the_engine_can_interrupt_costs_no_process(shop_path: Path) -> None:
    with Database(shop_path) as database:
        before = workers_of(os.getpid())
        with pytest.raises(QueryTimedOut):
            ends(lambda: run(database, SLOW, time_limit=0.3))
        assert run(database, "SELECT 1").rows == ((1,),)
        assert workers_of(os.getpid()) == before


def test_after_a_kill_the_next_query_is_answered(shop: Database) -> None:
    with pytest.raises(QueryTimedOut):
        ends(lambda: run(shop, UNSTOPPABLE, time_limit=0.3))
    assert run(shop, "SELECT count(*) FROM city").rows == ((2,),)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's address space")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list_sum(list_transform(range(300000000), lambda x: x + 1))",
        "SELECT string_agg(repeat('a', 1000000), '') FROM range(3000)",
        "SELECT length(repeat('a', 4000000000))",
    ],
    ids=["list", "aggregate", "text"],
)
def test_a_query_past_its_memory_limit_is_stopped(shop_path: Path, sql: str) -> None:
    with Database(shop_path, memory_limit=128 * 2**20) as small:
        with pytest.raises(QueryTooLarge):
            ends(lambda: run(small, sql, time_limit=20))
        assert run(small, "SELECT 1").rows == ((1,),)


def test_more_rows_than_a_reply_may_carry_are_too_large(shop: Database) -> None:
    with pytest.raises(QueryTooLarge):
        shop.run(Query("SELECT repeat('x', 100000) FROM range(4000)"), row_limit=None, time_limit=120)
    assert run(shop, "SELECT 1").rows == ((1,),)


def test_a_crash_of_the_engine_costs_one_query(shop_path: Path) -> None:
    with Database(shop_path) as database:
        with ThreadPoolExecutor(1) as threads:
            hanging = threads.submit(run, database, SLOW)
            time.sleep(0.5)
            for process in workers_of(os.getpid()):
                os.kill(process, 9)
            assert isinstance(hanging.exception(timeout=10), QueryFailed)
            assert not isinstance(hanging.exception(), (QueryTimedOut, QueryTooLarge))
        assert run(database, "SELECT 1").rows == ((1,),)


def test_a_worker_killed_between_two_queries_costs_none(shop_path: Path) -> None:
    with Database(shop_path) as database:
        for process in workers_of(os.getpid()):
            os.kill(process, 9)
        assert run(database, "SELECT 42").rows == ((42,),)


# The lock --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE orders",
        "DELETE FROM orders",
        "INSERT INTO city VALUES (3, 'x', NULL)",
        "UPDATE city SET city_name = 'x'",
        "CREATE TABLE x (a INT)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "ALTER TABLE city ADD COLUMN x INT",
        "ATTACH ':memory:' AS x",
        "COPY city TO '/tmp/nl2sql-attack.csv'",
        "EXPORT DATABASE '/tmp/nl2sql-attack'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '9GB'",
        "RESET memory_limit",
        "SET VARIABLE x = 1",
        "PRAGMA database_list",
        "CHECKPOINT",
        "CALL pragma_version()",
        "EXPLAIN ANALYZE SELECT 1",
        "PREPARE p AS SELECT 1",
        "SELECT 1; SELECT 2",
        "BEGIN",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM query('DROP TABLE orders')",
        "",
    ],
)
def test_the_engine_alone_refuses(shop: Database, sql: str) -> None:
    with pytest.raises(QueryFailed):
        run(shop, sql)


@pytest.mark.parametrize(
    "sql, why",
    [
        ("DELETE FROM orders", "read-only"),
        ("CREATE TABLE x (a INT)", "read-only"),
        ("SET threads = 9", "locked"),
        ("RESET memory_limit", "locked"),
        ("SET lock_configuration = false", "locked"),
        ("COPY city TO 'out.csv'", "disabled"),
        ("ATTACH 'other.duckdb'", "disabled"),
        ("LOAD 'x.duckdb_extension'", "disabled"),
        ("SELECT * FROM read_text('/etc/passwd')", "disabled"),
        ("SELECT * FROM request", "does not exist"),
    ],
)
def test_the_connection_itself_is_locked_whatever_statements_reach_it(tmp_path: Path, sql: str, why: str) -> None:
    connection = DuckFile(str(make(tmp_path / "x.duckdb", SHOP)), Limits())._connection
    request = connection.sql("SELECT 1 AS a")  # a variable that an unlocked connection takes for a table
    with pytest.raises(duckdb.Error, match=f"(?i){why}"):
        connection.execute(sql)
    assert request.fetchall() == [(1,)]
    connection.close()


def test_no_query_changes_a_byte_of_the_file(shop_path: Path) -> None:
    before = hashlib.sha256(shop_path.read_bytes()).digest(), os.listdir(shop_path.parent)
    with Database(shop_path) as database:
        for sql in (
            "DROP TABLE orders",
            "SELECT sum(amount) FROM orders",
            "SELECT a.* FROM orders a, orders b ORDER BY random()",
        ):
            try:
                run(database, sql, time_limit=0.5)
            except QueryFailed:
                continue
    assert before == (hashlib.sha256(shop_path.read_bytes()).digest(), os.listdir(shop_path.parent))


def test_every_setting_is_locked_in_with_a_reason(shop: Database) -> None:
    rows = dict(run(shop, "SELECT name, value FROM duckdb_settings()").rows)
    for setting in (*START_UP, *settings(Limits())):
        assert setting.reason
        if setting.value in ("true", "false"):
            assert rows[setting.name].lower() in (setting.value, str(int(setting.value == "true"))), setting.name
    assert rows["TimeZone"] == "UTC"


def test_a_python_variable_is_no_table(shop: Database) -> None:
    with pytest.raises(QueryFailed):
        run(shop, "SELECT * FROM request")


def test_only_a_query_runs(shop: Database) -> None:
    with pytest.raises(TypeError):
        shop.run("SELECT 1")  # type: ignore[arg-type]


def test_an_error_of_the_engine_carries_the_sql(shop: Database) -> None:
    with pytest.raises(QueryFailed) as caught:
        run(shop, "SELECT nothing FROM orders")
    assert caught.value.sql == "SELECT nothing FROM orders" and "nothing" in str(caught.value)


def test_text_that_is_no_unicode_is_an_error_and_no_crash(shop: Database) -> None:
    with pytest.raises(QueryFailed):
        run(shop, "SELECT '\ud800'")


# Threads and processes -------------------------------------------------------------------------------------------------------


def test_each_thread_gets_its_own_rows(shop: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda i: run(shop, f"SELECT {i}, count(*) FROM orders").rows, range(100)))
    assert results == [((i, 5000),) for i in range(100)]


def test_a_query_that_hangs_keeps_no_other_thread_waiting(shop: Database) -> None:
    with ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(run, shop, SLOW, time_limit=4)
        time.sleep(0.2)
        run(shop, "SELECT 1")  # starts a second worker
        start = time.perf_counter()
        run(shop, "SELECT 1")
        assert time.perf_counter() - start < 1 and not hanging.done()
        assert isinstance(hanging.exception(), QueryTimedOut)


def test_two_databases_are_open_at_once(shop: Database, tmp_path: Path) -> None:
    with Database(make(tmp_path / "other.duckdb", "CREATE TABLE city AS SELECT 'Oslo' AS city_name")) as other:
        assert run(other, "SELECT * FROM city").rows == (("Oslo",),)
        assert run(shop, "SELECT count(*) FROM city").rows == ((2,),)
        assert shop.fingerprint != other.fingerprint


def test_the_callers_own_read_only_connection_stays_usable(shop_path: Path) -> None:
    with duckdb.connect(str(shop_path), read_only=True) as own, Database(shop_path) as database:
        assert own.execute("SELECT count(*) FROM orders").fetchall() == [*run(database, "SELECT count(*) FROM orders").rows]


def test_it_works_from_a_script_on_standard_input_in_a_folder_with_traps(shop_path: Path, tmp_path: Path) -> None:
    (tmp_path / "duckdb.py").write_text("raise SystemExit('the wrong duckdb')")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    script = f"""
import sys
sys.path.remove("")
from nl2sql.engine.database import Database
from nl2sql.records import Query
from nl2sql.sql.validate import validate
print(Database({str(shop_path)!r}).run(Query("SELECT count(*) FROM orders")).rows)
"""
    done = subprocess.run([sys.executable, "-"], input=script, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.stdout == "((5000,),)\n", done.stderr


def test_children_end_with_the_caller_even_in_the_middle_of_a_query(shop_path: Path) -> None:
    script = (
        "import sys, threading, time\nfrom nl2sql.engine.database import Database\nfrom nl2sql.records import Query\n"
        "database = Database(sys.argv[1])\n"
        "threading.Thread(target=lambda: database.run(Query(sys.argv[2]), time_limit=60)).start()\n"
        "time.sleep(1)\nprint('running', flush=True)\ntime.sleep(60)\n"
    )
    caller = subprocess.Popen([sys.executable, "-c", script, str(shop_path), SLOW], stdout=subprocess.PIPE, text=True)
    assert caller.stdout is not None and caller.stdout.readline() == "running\n"
    children = workers_of(caller.pid)
    caller.kill()
    caller.communicate()
    end = time.monotonic() + 5
    while time.monotonic() < end and any(Path(f"/proc/{child}/stat").exists() for child in children):
        time.sleep(0.05)
    assert children and not any(Path(f"/proc/{child}").exists() for child in children)


def test_close_ends_the_children_and_may_be_called_twice(shop_path: Path) -> None:
    before = set(workers_of(os.getpid()))
    database = Database(shop_path)
    assert set(workers_of(os.getpid())) > before
    database.close()
    database.close()
    assert set(workers_of(os.getpid())) == before


def test_a_database_that_is_forgotten_takes_its_children_along(shop_path: Path) -> None:
    before = set(workers_of(os.getpid()))
    database = Database(shop_path)
    del database
    assert set(workers_of(os.getpid())) == before
