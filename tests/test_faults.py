"""Things break while questions are asked: every call ends in its own rows or in a named error."""
from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from nl2sql.errors import QueryFailed
from nl2sql.eval import faults


def wrong(counts: Mapping[str, int]) -> list[str]:
    return [name for name in counts if name.startswith("wrong")]


def test_killed_processes_cost_the_calls_that_they_hit_and_no_others() -> None:
    counts = faults.killed(questions=80, sessions=4, seed=3)
    assert not wrong(counts) and counts["kills"] > 0
    assert counts["calls"] == 80 and not faults.failed({"killed": counts})


def test_what_no_fault_touched_must_be_right_and_nothing_may_be_lost() -> None:
    good = {"calls": 100, "kills": 150, "untouched": 20, "untouched_right": 19, "right": 60, "error: QueryFailed": 40}
    assert not faults.failed({"killed": good})
    assert faults.failed({"killed": good | {"untouched_right": 18}})
    assert faults.failed({"killed": good | {"untouched": 0, "untouched_right": 0}})
    assert faults.failed({"killed": good | {"right": 59}})
    assert faults.failed({"killed": good, "disk_full": {"wrong: late, right": 1}})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's address space")
def test_memory_that_is_used_up_costs_one_query() -> None:
    assert faults.out_of_memory(2) == {"calls": 4, "error: QueryTooLarge": 2, "right": 2}


@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced"])
def test_a_file_that_is_lost_is_a_named_error_once_it_must_be_opened_again(replaced: bool) -> None:
    assert faults.file_lost(replaced) == {"calls": 10, "right": 5, "error: QueryFailed": 5}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
def test_a_full_disk_is_survived_or_named() -> None:
    counts = faults.disk_full()
    assert not wrong(counts) and counts["right"] == 1 and counts["error: BadDatabase"] == 1


def test_rows_of_another_question_and_foreign_errors_are_counted_as_wrong() -> None:
    def named() -> None:
        raise QueryFailed("no", sql="")

    def foreign() -> None:
        raise KeyError("a bug")

    assert faults._call(lambda: (1,), (2,)) == "wrong: rows of another question"
    assert faults._call(named, None) == "error: QueryFailed"
    assert faults._call(foreign, None).startswith("wrong: KeyError")
    assert faults._call(lambda: 1, 1, limit=-1.0) == "wrong: late, right"
