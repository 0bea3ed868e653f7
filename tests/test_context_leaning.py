"""Points of the calendar that lean on others, and holidays: "the week before", "a year earlier", "Christmas Day 2024"."""
from __future__ import annotations

import datetime as dt

import pytest

from nl2sql.context.periods import link_periods
from nl2sql.context.words import split

AS_OF = dt.date(2025, 12, 30)  # a Tuesday


def spans(question: str, as_of: dt.date = AS_OF) -> list[tuple[str, str, str]]:
    words = split(question)
    return [
        (str(period.start), str(period.end), " ".join(word.text for word in words[period.first : period.last + 1]))
        for period in link_periods(words, as_of)
    ]


@pytest.mark.parametrize(("question", "start", "end", "said"), [
    ("revenue last week vs the week before", "2025-12-15", "2025-12-22", "the week before"),
    ("profit in 2025 compared with the year before", "2024-01-01", "2025-01-01", "the year before"),
    ("sales in March 2024 against the previous month", "2024-02-01", "2024-03-01", "the previous month"),
    ("Q1 2025 vs the quarter before that", "2024-10-01", "2025-01-01", "the quarter before that"),
    ("sales in May 2025 and a year earlier", "2024-05-01", "2024-06-01", "a year earlier"),
    ("orders on 1 March 2024 and the day before", "2024-02-29", "2024-03-01", "the day before"),
])  # fmt: skip
def test_one_before_is_counted_from_the_point_that_was_said(question: str, start: str, end: str, said: str) -> None:
    assert (start, end, said) in spans(question)
    assert len(spans(question)) == 2  # and the point itself stays


@pytest.mark.parametrize(("question", "start", "end"), [
    ("revenue in the week before Christmas Day 2024", "2024-12-18", "2024-12-25"),
    ("orders in the month before May 2024", "2024-04-01", "2024-05-01"),
    ("joined in the year before 2020", "2019-01-01", "2020-01-01"),
])  # fmt: skip
def test_the_unit_before_a_point_ends_where_it_begins(question: str, start: str, end: str) -> None:
    assert [span[:2] for span in spans(question)] == [(start, end)]


@pytest.mark.parametrize(("question", "expected"), [
    ("the previous month", [("2025-11-01", "2025-12-01")]),  # nothing was said before it: counted from today
    ("this month and the previous month", [("2025-12-01", "2026-01-01"), ("2025-11-01", "2025-12-01")]),
    ("orders in 2024 and the previous month", [("2024-01-01", "2025-01-01"), ("2025-11-01", "2025-12-01")]),  # another unit
    ("orders in 2024 and the month before", [("2024-01-01", "2025-01-01")]),
    ("orders two weeks before they shipped", []), ("the year before last", [("2023-01-01", "2024-01-01")]),
    ("how many left the week before", []),
])  # fmt: skip
def test_what_has_no_point_to_lean_on_is_read_as_ever(question: str, expected: list[tuple[str, str]]) -> None:
    assert [span[:2] for span in spans(question)] == expected


@pytest.mark.parametrize(("question", "day"), [
    ("orders on Christmas Day 2024", "2024-12-25"), ("on New Year's Eve 2023", "2023-12-31"),
    ("New Year’s Day 2024", "2024-01-01"),
    ("sales on Easter Monday 2025", "2025-04-21"), ("Good Friday of 2024", "2024-03-29"), ("valentines day 2022", "2022-02-14"),
    ("on Christmas Eve", "2025-12-24"), ("orders on New Year's Eve", "2024-12-31"), ("Easter Sunday", "2025-04-20"),
    ("on halloween last year", "2024-10-31"),
])  # fmt: skip
def test_a_holiday_is_its_day(question: str, day: str) -> None:
    end = dt.date.fromisoformat(day) + dt.timedelta(days=1)
    assert [span[:2] for span in spans(question)] == [(day, str(end))]


def test_a_movable_holiday_without_a_year_that_is_still_to_come_is_last_years() -> None:
    assert spans("Easter Sunday", dt.date(2025, 3, 1))[0][:2] == ("2024-03-31", "2024-04-01")


def test_words_that_only_begin_like_a_holiday_are_none() -> None:
    assert spans("christmas presents") == spans("the new year discount") == spans("easter eggs") == []


@pytest.mark.parametrize(("question", "start", "end"), [
    ("the first half of December 2024", "2024-12-01", "2024-12-16"), ("second half of last month", "2025-11-16", "2025-12-01"),
    ("second half of February 2024", "2024-02-16", "2024-03-01"), ("first half of 2024", "2024-01-01", "2024-07-01"),
])  # fmt: skip
def test_half_of_a_month_is_not_half_of_its_year(question: str, start: str, end: str) -> None:
    assert [span[:2] for span in spans(question)] == [(start, end)]
