"""The labels of attacks.sql, by running: what an attack does without any guard, and which layers stop it alone."""
from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from control import Control
from fixture_lines import Attack, attacks

from nl2sql.data import sales
from nl2sql.engine.database import Database
from nl2sql.errors import QueryFailed, QueryTimedOut, QueryTooLarge
from nl2sql.records import Query

_NETWORK = re.compile(r"INSTALL|UPDATE EXTENSIONS|'https?:|'s3:")  # not even a throw-away process may try these
_SOON, _LATE = 0.2, 120.0  # seconds; what is said to be heavy is so within the first
ATTACKS = attacks()
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's address space")


@pytest.fixture(scope="module")
def control() -> Iterator[Control]:
    opened = Control(sales.path())
    yield opened
    opened.close()


def unlike(found: Callable[[Attack], str], label: Callable[[Attack], str], looked_at: list[Attack]) -> list[tuple[str, str, str]]:
    """What was found, what was said, of which attack; found twice, as a busy machine makes a light statement heavy once."""
    once = [attack for attack in looked_at if found(attack) != label(attack)]
    return [(effect, label(attack), attack.sql[:200]) for attack in once if (effect := found(attack)) != label(attack)]


def test_each_attack_does_without_guards_what_its_label_says(control: Control) -> None:
    def effect(attack: Attack) -> str:
        return control.effect(attack.sql, _SOON if attack.alone == "heavy" else _LATE)

    safe = [attack for attack in ATTACKS if not _NETWORK.search(attack.sql)]
    # What kind of effect shows depends on the machine's memory and load; that there is one, or none, doesn't.
    wrong = [found for found in unlike(effect, lambda attack: attack.alone, safe) if "none" in found[:2]]
    assert len(safe) > 600 and not wrong


def test_what_harms_no_one_is_told_from_what_does(control: Control) -> None:
    effects = {
        "SELECT COUNT(*) FROM orders": "runs", "SELECT nothing": "none", "SELECT * FROM 'x.csv'": "reads",
        "SELECT a FROM query('FROM ''x.json''')": "reads", "CREATE TEMP TABLE t AS SELECT 1": "changes",
        "SET threads = 1": "changes",
        "COPY (SELECT 1) TO 'y.csv'": "changes", "UPDATE stores SET city = 'X'": "changes", "BEGIN": "changes",
        "SELECT repeat('a', 10001)": "heavy", "SELECT length(repeat('a', 600000000))": "heavy",
        "SELECT COUNT(*) FROM range(1000000000000)": "heavy",
    }  # fmt: skip
    assert {sql: control.effect(sql, 1.0) for sql in effects} == effects


def stopped_by(database: Database, attack: Attack) -> str:
    """Straight to the worker, without the policy: what stops it there."""
    try:
        database.run(Query(attack.sql), time_limit=_SOON if "worker" in attack.layers else _LATE)
    except (QueryTimedOut, QueryTooLarge):
        return "worker"
    except QueryFailed:
        return "engine"
    return ""


def test_each_attack_is_stopped_by_the_layers_that_are_named_and_by_no_other() -> None:
    with Database(sales.path()) as database:
        assert not unlike(partial(stopped_by, database), lambda attack: "".join(attack.layers - {"policy"}), ATTACKS)
