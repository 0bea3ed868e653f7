"""The policy: every attack is refused by its rule, every good query passes, and nothing but ``Refused`` gets out."""
from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import duckdb
import pytest
import sqlglot
from fixture_lines import attacks, queries
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.errors import Refused
from nl2sql.records import Column, Schema, Table
from nl2sql.sql import policy
from nl2sql.sql.validate import RULES, validate

ATTACKS = attacks()
GOOD = queries("good.sql")
SHOP = Schema(
    (
        Table("orders", (Column("order_id", "INTEGER", "number"), Column("city"), Column("amount", "DOUBLE", "number"))),
        Table("Customers", (Column("customer_id", "INTEGER", "number"), Column("Name"))),
        Table("order lines", (Column("order_id", "INTEGER", "number"), Column("tags", "VARCHAR[]", "other"))),
        Table("orders", (Column("archived_on", "DATE", "date"),), schema="archive"),
    )
)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with Database(sales.path()) as opened:
        yield opened


def rule(sql: str, dialect: str = "duckdb") -> str:
    with pytest.raises(Refused) as refusal:
        validate(sql, SHOP, dialect)
    assert refusal.value.sql == sql
    assert len(str(refusal.value)) > 10
    return refusal.value.rule


def shape(sql: str) -> str:
    """The kinds of a tree's nodes, without names and constants."""
    leaves = (exp.Identifier, exp.Literal, exp.Column, exp.TableAlias)
    return " ".join(type(node).__name__ for node in sqlglot.parse_one(sql, read="duckdb").walk() if not isinstance(node, leaves))


def test_there_are_at_least_250_effective_attacks_of_60_roots() -> None:
    effective = [attack for attack in ATTACKS if attack.alone != "none"]
    assert len({attack.sql for attack in effective}) >= 250
    assert len({attack.root for attack in effective}) >= 60


def test_every_attack_is_refused_by_its_rule(database: Database) -> None:
    wrong = []
    for attack in ATTACKS:
        try:
            validate(attack.sql, database.schema)
            wrong.append(("allowed", attack.sql))
        except Refused as refusal:
            if refusal.rule != attack.rule:
                wrong.append((refusal.rule, attack.sql))
    assert not wrong


@pytest.mark.parametrize("sample", ["TABLESAMPLE 10%", "TABLESAMPLE system (10%)", "USING SAMPLE reservoir(50 ROWS)"])
def test_samples_are_drawn_in_the_engines_ways(database: Database, sample: str) -> None:
    assert database.run(validate(f"SELECT COUNT(*) FROM orders {sample}", database.schema)).rows


def test_an_unknown_way_of_sampling_is_refused(database: Database) -> None:
    with pytest.raises(Refused) as refusal:
        validate("FROM suppliers TABLESAMPLE \N{GRINNING FACE} 10% SELECT *", database.schema)
    assert refusal.value.rule == "known_syntax"


def test_a_sample_that_the_engine_dies_of_is_refused(database: Database) -> None:
    for sql in ("SELECT reservoir_quantile(order_id, 0.5, 999999999) FROM orders",
                "SELECT list_aggregate([1, 2], 'reservoir_quantile', 0.5, 999999999)"):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            validate(sql, database.schema)
        assert refusal.value.rule == "known_functions"


def test_there_are_at_least_500_good_queries_of_100_shapes() -> None:
    assert len(set(GOOD)) >= 500
    assert len({shape(sql) for sql in GOOD}) >= 100


def test_every_good_query_is_allowed_and_returns_rows(database: Database) -> None:
    empty = [sql for sql in GOOD if not database.run(validate(sql, database.schema), row_limit=1).rows]
    assert not empty


def test_what_was_allowed_once_is_allowed_again_as_it_was_written(database: Database) -> None:
    for sql in GOOD[::3]:
        query = validate(sql, database.schema)
        assert validate(query.sql, database.schema).sql == query.sql


def test_the_query_is_written_anew_without_comments() -> None:
    assert validate("select /* hi */ count(*) -- there\nfrom orders;", SHOP).sql == "SELECT COUNT(*) FROM orders"


def test_the_query_names_its_tables_as_the_schema_spells_them() -> None:
    query = validate("SELECT name FROM customers JOIN ORDERS ON customer_id = order_id", SHOP)
    assert query.tables == ("Customers", "orders")


def test_only_an_outer_order_makes_a_query_ordered() -> None:
    assert validate("SELECT city FROM orders ORDER BY city", SHOP).ordered
    assert validate("SELECT city FROM orders UNION SELECT name FROM customers ORDER BY 1", SHOP).ordered
    assert not validate("SELECT * FROM (SELECT city FROM orders ORDER BY city LIMIT 3) t", SHOP).ordered


def test_names_are_compared_without_case_and_may_hold_blanks() -> None:
    assert validate('SELECT "NAME" FROM "CUSTOMERS"', SHOP)
    assert validate('SELECT "order lines".tags[1] FROM "order lines"', SHOP)


def test_only_ascii_letters_fold_as_in_the_engine() -> None:
    schema = Schema((Table("books", (Column("k"),)),))
    with pytest.raises(Refused):
        validate("SELECT * FROM boo\u212as", schema)


def test_a_table_of_another_schema_needs_its_schema() -> None:
    assert validate("SELECT archived_on FROM archive.orders", SHOP)
    assert rule("SELECT archived_on FROM orders") == "known_columns"
    assert rule("SELECT * FROM archive.customers") == "known_tables"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(Refused, match="did you mean orders"):
        validate("SELECT * FROM order_s", SHOP)
    with pytest.raises(Refused, match=r"did you mean orders or archive\.orders\?"):
        validate("SELECT * FROM order_s", SHOP)
    with pytest.raises(Refused, match="did you mean amount"):
        validate("SELECT o.ammount FROM orders o", SHOP)
    with pytest.raises(Refused, match="did you mean amount"):
        validate("SELECT SUM(amont) FROM orders", SHOP)


def test_a_with_query_is_known_only_in_its_scope() -> None:
    assert validate("WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT x FROM b", SHOP)
    assert rule("WITH a AS (SELECT * FROM b), b AS (SELECT 1 AS x) SELECT * FROM a") == "known_tables"
    assert rule("SELECT * FROM (WITH h AS (SELECT 1 AS x) SELECT * FROM h) t JOIN h ON TRUE") == "known_tables"


def test_control_characters_are_refused() -> None:
    assert rule("SELECT 1\x00") == "parse"
    assert rule("SELECT 1; \x01") == "parse"


def test_text_that_is_no_sql_is_refused() -> None:
    for text in ("", " ", ";", "--", "/*", "hello there world", "'", "SELECT FROM", "SELECT (", "\ud800"):
        assert rule(text) in ("parse", "query_only")


def test_long_text_is_not_read() -> None:
    assert rule("SELECT '" + "a" * policy.MAX_CHARACTERS + "'") == "length"
    assert rule("SELECT " + ", ".join("1" for _ in range(policy.MAX_TOKENS))) == "length"


@pytest.mark.parametrize("opening, closing", [
    ("(", ")"), ("abs(", ")"), ("[", "]"), ("{'a': ", "}"), ("CASE WHEN TRUE THEN ", " END"), ("CAST(", " AS INT)"),
    ("NOT ", ""), ("- ", ""), ("(SELECT ", ")"), ("list_transform([1], x -> ", ")"), ("EXISTS(SELECT ", ")"), ("INTERVAL ", ""),
])  # fmt: skip
@pytest.mark.parametrize("depth", [20, 200, 2000])
def test_deep_nesting_ends_in_a_query_or_a_refusal(opening: str, closing: str, depth: int) -> None:
    try:
        validate("SELECT " + opening * depth + "1" + closing * depth, SHOP)
    except Refused as refusal:
        assert refusal.rule in ("depth", "bounded_depth", "length", "known_syntax", "parse")


def test_deep_nesting_is_refused_from_deep_within_a_stack_too() -> None:
    def dive(levels: int) -> None:
        if levels:
            dive(levels - 1)
            return
        with pytest.raises(Refused):
            validate("SELECT " + "(" * 20 + "1" + ")" * 20, SHOP)

    thread = threading.Thread(target=dive, args=(850,))
    thread.start()
    thread.join()


def test_builders_are_bounded_through_columns_of_inner_queries() -> None:
    assert validate("SELECT repeat('*', 40), lpad(city, 10, ' '), replace(city, 'a', 'b') FROM orders", SHOP)
    assert rule("WITH x AS (SELECT repeat('a', 9000) AS s) SELECT s || s FROM x") == "bounded_sizes"
    assert rule("SELECT repeat(s, 900) FROM (VALUES (repeat('a', 9000))) v(s)") == "bounded_sizes"
    assert rule("SELECT list_aggregate(list_resize([''], 90000, repeat('a', 9999)), 'string_agg')") == "bounded_sizes"
    assert rule("SELECT repeat($$aaaaaaaaaaaaaaaaaaaa$$, 1000)") == "bounded_sizes"
    assert validate("SELECT city || '-' || city AS city FROM orders", SHOP)


def test_sqlite_strings_in_double_quotes_become_strings() -> None:
    assert validate('SELECT city FROM orders WHERE city = "Paris"', SHOP, "sqlite").sql.endswith("WHERE city = 'Paris'")
    assert rule('SELECT city FROM orders WHERE city = "Paris"') == "known_columns"


def test_sqlite_has_its_own_functions_and_no_dangerous_ones() -> None:
    assert validate("SELECT strftime('%Y', city), julianday(city), ifnull(city, '') FROM orders", SHOP, "sqlite")
    for call in ("load_extension('x')", "readfile('x')", "writefile('x', 'y')", "randomblob(1000000000)", "zeroblob(100000000)",
                 "fts3_tokenizer('x')", "sqlite_version()", "edit('x')", "hex(zeroblob(9))"):  # fmt: skip
        assert rule(f"SELECT {call}", "sqlite") == "known_functions"
    assert rule("SELECT * FROM pragma_table_info('orders')", "sqlite") == "known_functions"
    assert rule("SELECT * FROM sqlite_master", "sqlite") == "known_tables"
    assert rule("ATTACH 'x' AS y", "sqlite") == "query_only"
    for call in ("sqlite_version()", "sqlite_source_id()", "changes()", "last_insert_rowid()", "sqlite_offset(city)",
                 "quote(city)", "unhex('41')", "unistr('x')", "fts5(1)", "bm25(orders)", "soundex(city)"):  # fmt: skip
        assert rule(f"SELECT {call} FROM orders", "sqlite") == "known_functions"
    for table in ("pragma_database_list()", "json_each('[1]')", "generate_series(1, 9)", "fsdir('/')", "bytecode('SELECT 1')"):
        assert rule(f"SELECT * FROM {table}", "sqlite") == "known_functions"
    for table in ("pragma_database_list", "sqlite_schema", "temp.sqlite_master", "[sqlite_master]", "`sqlite_master`", "dbstat"):
        assert rule(f"SELECT * FROM {table}", "sqlite") == "known_tables"
    for statement in ("PRAGMA writable_schema = ON", "VACUUM INTO 'x'", "REINDEX", "SAVEPOINT a", "EXPLAIN QUERY PLAN SELECT 1"):
        assert rule(statement, "sqlite") in ("query_only", "parse")


def test_sqlite_strings_are_bounded_too() -> None:
    for call in ("printf('%.*c', 1000000000, 'x')", "printf('%1000000000d', 1)", "printf(city, 1)", "printf('%*s', 9, 1)",
                 "replace(replace(printf('%999s', ''), ' ', printf('%999s', '')), ' ', 'aaaaaaaaaa')"):  # fmt: skip
        assert rule(f"SELECT {call} FROM orders", "sqlite") == "bounded_sizes"
    assert validate("SELECT printf('%-20s %8.2f', city, amount) FROM orders", SHOP, "sqlite")


@pytest.mark.parametrize("sql", [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT COUNT(*) FROM t",
    "WITH orders(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM orders) SELECT COUNT(*) FROM orders",
    "WITH Orders(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM (SELECT n FROM orders)) SELECT COUNT(*) FROM orders",
    "SELECT (WITH orders(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM orders) SELECT COUNT(*) FROM orders)",
])  # fmt: skip
def test_sqlite_recursion_needs_no_word_for_it(sql: str) -> None:
    assert rule(sql, "sqlite") == "no_recursion"
    assert validate("WITH o AS (SELECT city FROM orders) SELECT COUNT(*) FROM o", SHOP, "sqlite")
    assert validate("WITH orders AS (SELECT city FROM main.orders) SELECT COUNT(*) FROM orders", SHOP, "sqlite")


def test_each_rule_says_no_to_something() -> None:
    said = {attack.rule for attack in ATTACKS}
    assert {rule.__name__ for rule in RULES} - {"bounded_depth"} <= said
    assert rule("SELECT " + " + ".join(["1"] * 400)) == "bounded_depth"


def test_every_allowed_class_exists_in_sqlglot() -> None:
    assert not [name for name in policy.NODES | policy.FUNCTION_CLASSES | policy.QUERY_ROOTS if not hasattr(exp, name)]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_ends_in_a_query_or_a_refusal(text: str) -> None:
    try:
        validate(text, SHOP)
    except Refused:
        pass


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\\'\"$%{}\n\tnE-;/*"), max_size=12))
def test_quoted_text_means_to_the_engine_what_was_written(text: str) -> None:
    one, two = text.replace("'", "''"), text.replace('"', '""')
    query = validate(f"SELECT '{one}' AS \"c{two}\"", SHOP)
    result = duckdb.execute(query.sql)
    assert result.description[0][0] == "c" + text and result.fetchall() == [(text,)]


def is_one_select(sql: str) -> bool:
    """As DuckDB's own parser sees it; what it can't read, it can't run."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error:
        return True
    return [statement.type for statement in statements] == [duckdb.StatementType.SELECT]


def test_the_engine_s_own_parser_sees_one_select_in_every_good_query(database: Database) -> None:
    assert all(is_one_select(validate(sql, database.schema).sql) for sql in GOOD[::2])


def mutated_text(chance: random.Random, pieces: list[str]) -> str:
    words = chance.choice(GOOD).split()
    place = chance.randrange(len(words))
    words[place : place + chance.randint(0, 1)] = [chance.choice(pieces)]
    return " ".join(words)


def mutated_tree(chance: random.Random, donors: list[exp.Expr]) -> str:
    """A good query with one part replaced by a part of another query or of an attack."""
    tree = sqlglot.parse_one(chance.choice(GOOD), read="duckdb")
    place, part = chance.choice(list(tree.walk())[1:] or [tree]), chance.choice(list(chance.choice(donors).walk()))
    place.replace(part.copy())
    return tree.sql(dialect="duckdb")


def test_mutated_queries_end_in_a_query_or_a_refusal(database: Database) -> None:
    chance = random.Random(7)
    sources = GOOD[::5] + [attack.sql for attack in ATTACKS[::3] if attack.rule not in ("parse", "depth", "bounded_depth")]
    pieces = [word for sql in sources for word in sql.split()]
    donors = [tree for sql in sources for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    read = 0
    for i in range(500):
        try:
            query = validate(mutated_text(chance, pieces) if i % 2 else mutated_tree(chance, donors), database.schema)
            assert is_one_select(query.sql)
            read += 1
        except Refused as refusal:
            read += refusal.rule not in ("parse", "length", "depth")
    assert read > 150
