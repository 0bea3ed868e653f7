"""Time expressions: what each wording means, as of Wednesday 20 August 2025; bounds are half-open."""
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2sql.context.periods import link_periods
from nl2sql.context.words import split
from nl2sql.records import Period

AS_OF = dt.date(2025, 8, 20)

# wording | start | end: the first, widest period of the question; an empty bound is open
WORDINGS = """
in 2024 | 2024-01-01 | 2025-01-01
2024 sales | 2024-01-01 | 2025-01-01
in the year 2024 | 2024-01-01 | 2025-01-01
FY2024 | 2024-01-01 | 2025-01-01
fy 2024 | 2024-01-01 | 2025-01-01
Q3 2024 | 2024-07-01 | 2024-10-01
q3 of 2024 | 2024-07-01 | 2024-10-01
2024 Q3 | 2024-07-01 | 2024-10-01
2024Q3 | 2024-07-01 | 2024-10-01
2024-Q3 | 2024-07-01 | 2024-10-01
Q3-2024 | 2024-07-01 | 2024-10-01
Q3/2024 | 2024-07-01 | 2024-10-01
Q3'24 | 2024-07-01 | 2024-10-01
3Q 2024 | 2024-07-01 | 2024-10-01
third quarter of 2024 | 2024-07-01 | 2024-10-01
the third quarter in 2024 | 2024-07-01 | 2024-10-01
3rd quarter 2024 | 2024-07-01 | 2024-10-01
2nd qtr 2022 | 2022-04-01 | 2022-07-01
quarter 3 of 2024 | 2024-07-01 | 2024-10-01
quarter three 2024 | 2024-07-01 | 2024-10-01
third quater of 2024 | 2024-07-01 | 2024-10-01
in 2024's first quarter | 2024-01-01 | 2024-04-01
last quarter of 2024 | 2024-10-01 | 2025-01-01
the final quarter of 2023 | 2023-10-01 | 2024-01-01
last month of 2024 | 2024-12-01 | 2025-01-01
last quarter of last year | 2024-10-01 | 2025-01-01
Q2 last year | 2024-04-01 | 2024-07-01
Q4 of the previous year | 2024-10-01 | 2025-01-01
second quarter this year | 2025-04-01 | 2025-07-01
in Q2 | 2025-04-01 | 2025-07-01
in Q4 | 2024-10-01 | 2025-01-01
in the fourth quarter | 2024-10-01 | 2025-01-01
H1 2023 | 2023-01-01 | 2023-07-01
2023 H1 | 2023-01-01 | 2023-07-01
1H 2023 | 2023-01-01 | 2023-07-01
first half of 2023 | 2023-01-01 | 2023-07-01
second half of last year | 2024-07-01 | 2025-01-01
March 2024 | 2024-03-01 | 2024-04-01
march of 2024 | 2024-03-01 | 2024-04-01
March, 2024 | 2024-03-01 | 2024-04-01
Mar '24 | 2024-03-01 | 2024-04-01
mar. 2024 | 2024-03-01 | 2024-04-01
sept 2023 | 2023-09-01 | 2023-10-01
2024-03 | 2024-03-01 | 2024-04-01
03/2024 | 2024-03-01 | 2024-04-01
Febuary 2024 | 2024-02-01 | 2024-03-01
Januray 2024 | 2024-01-01 | 2024-02-01
Septmber 2023 | 2023-09-01 | 2023-10-01
in May 2024 | 2024-05-01 | 2024-06-01
May 2024 | 2024-05-01 | 2024-06-01
in may | 2025-05-01 | 2025-06-01
in March | 2025-03-01 | 2025-04-01
in October | 2024-10-01 | 2024-11-01
last March | 2025-03-01 | 2025-04-01
last October | 2024-10-01 | 2024-11-01
March last year | 2024-03-01 | 2024-04-01
15 March 2024 | 2024-03-15 | 2024-03-16
sales in summer 2024 | 2024-06-01 | 2024-09-01
the winter of 2023 | 2023-12-01 | 2024-03-01
fall of last year | 2024-09-01 | 2024-12-01
last summer | 2024-06-01 | 2024-09-01
this summer | 2025-06-01 | 2025-09-01
next spring | 2026-03-01 | 2026-06-01
orders in autumn | 2024-09-01 | 2024-12-01
in the winter, by store | 2024-12-01 | 2025-03-01
spring and summer 2023 | 2023-03-01 | 2023-06-01
orders of the Summer Sale 2024 | 2024-01-01 | 2025-01-01
prices fall in 2024 | 2024-01-01 | 2025-01-01
15th of March 2024 | 2024-03-15 | 2024-03-16
the 15th of March, 2024 | 2024-03-15 | 2024-03-16
March 15, 2024 | 2024-03-15 | 2024-03-16
March 15th 2024 | 2024-03-15 | 2024-03-16
September 7th, 1987 | 1987-09-07 | 1987-09-08
on 2024-03-15 | 2024-03-15 | 2024-03-16
2024/03/15 | 2024-03-15 | 2024-03-16
03/15/2024 | 2024-03-15 | 2024-03-16
25/03/2024 | 2024-03-25 | 2024-03-26
15.03.2024 | 2024-03-15 | 2024-03-16
week 12 of 2024 | 2024-03-18 | 2024-03-25
week of March 6 2024 | 2024-03-04 | 2024-03-11
the first week of March 2024 | 2024-03-01 | 2024-03-08
the last day of February 2024 | 2024-02-29 | 2024-03-01
first 2 months of 2024 | 2024-01-01 | 2024-03-01
last two months of 2024 | 2024-11-01 | 2025-01-01
in the 1990s | 1990-01-01 | 2000-01-01
in the 1990's | 1990-01-01 | 2000-01-01
the 90s | 1990-01-01 | 2000-01-01
the nineties | 1990-01-01 | 2000-01-01
in the 20th century | 1901-01-01 | 2001-01-01
today | 2025-08-20 | 2025-08-21
yesterday | 2025-08-19 | 2025-08-20
the day before yesterday | 2025-08-18 | 2025-08-19
last Monday | 2025-08-18 | 2025-08-19
last Wednesday | 2025-08-13 | 2025-08-14
5 days ago | 2025-08-15 | 2025-08-16
two weeks ago | 2025-08-04 | 2025-08-11
3 months ago | 2025-05-01 | 2025-06-01
a year ago | 2024-01-01 | 2025-01-01
last year | 2024-01-01 | 2025-01-01
the previous year | 2024-01-01 | 2025-01-01
last year's orders | 2024-01-01 | 2025-01-01
prior year | 2024-01-01 | 2025-01-01
the year before last | 2023-01-01 | 2024-01-01
last calendar year | 2024-01-01 | 2025-01-01
last quarter | 2025-04-01 | 2025-07-01
last quater | 2025-04-01 | 2025-07-01
previous quarter | 2025-04-01 | 2025-07-01
last month | 2025-07-01 | 2025-08-01
last week | 2025-08-11 | 2025-08-18
this year | 2025-01-01 | 2026-01-01
the current quarter | 2025-07-01 | 2025-10-01
this month | 2025-08-01 | 2025-09-01
this week | 2025-08-18 | 2025-08-25
next month | 2025-09-01 | 2025-10-01
same month last year | 2024-08-01 | 2024-09-01
the same quarter last year | 2024-07-01 | 2024-10-01
year to date | 2025-01-01 | 2025-08-21
since the start of the year | 2025-01-01 | 2025-08-21
from the beginning of this quarter | 2025-07-01 | 2025-08-21
year-to-date revenue | 2025-01-01 | 2025-08-21
YTD | 2025-01-01 | 2025-08-21
so far this year | 2025-01-01 | 2025-08-21
this year so far | 2025-01-01 | 2025-08-21
quarter to date | 2025-07-01 | 2025-08-21
MTD | 2025-08-01 | 2025-08-21
past 5 years | 2020-08-21 | 2025-08-21
the last five years | 2020-08-21 | 2025-08-21
last 90 days | 2025-05-23 | 2025-08-21
last 90d | 2025-05-23 | 2025-08-21
last 3 months | 2025-05-21 | 2025-08-21
previous 4 quarters | 2024-08-21 | 2025-08-21
last 6 weeks | 2025-07-10 | 2025-08-21
trailing twelve months | 2024-08-21 | 2025-08-21
trailing 12-month revenue | 2024-08-21 | 2025-08-21
TTM | 2024-08-21 | 2025-08-21
rolling 12 months | 2024-08-21 | 2025-08-21
past year | 2024-08-21 | 2025-08-21
past two and a half years | 2023-02-21 | 2025-08-21
past half year | 2025-02-21 | 2025-08-21
last decade | 2015-08-21 | 2025-08-21
last couple of years | 2023-08-21 | 2025-08-21
last few months | 2025-05-21 | 2025-08-21
5 most recent years | 2020-08-21 | 2025-08-21
the most recent 3 months | 2025-05-21 | 2025-08-21
last 2 calendar years | 2023-01-01 | 2025-01-01
last 3 full months | 2025-05-01 | 2025-08-01
next 30 days | 2025-08-21 | 2025-09-20
the three years before 2020 | 2017-01-01 | 2020-01-01
12 months ending March 2024 | 2023-04-01 | 2024-04-01
between March and June 2024 | 2024-03-01 | 2024-07-01
between March 2023 and June 2024 | 2023-03-01 | 2024-07-01
between March and June | 2025-03-01 | 2025-07-01
between 2019 and 2021 | 2019-01-01 | 2022-01-01
between Q1 and Q3 2024 | 2024-01-01 | 2024-10-01
between 5 and 10 March 2024 | 2024-03-05 | 2024-03-11
between 2021-01-01 and 2021-03-31 | 2021-01-01 | 2021-04-01
between June 15 2024 and July 2024 | 2024-06-15 | 2024-08-01
from 2021 to 2023 | 2021-01-01 | 2024-01-01
from Jan 2023 through Mar 2024 | 2023-01-01 | 2024-04-01
from 1 Jan 2021 until 31 Mar 2021 | 2021-01-01 | 2021-04-01
from October to February | 2024-10-01 | 2025-03-01
November to February 2024 | 2023-11-01 | 2024-03-01
Jan-Mar 2024 | 2024-01-01 | 2024-04-01
Q1-Q3 2024 | 2024-01-01 | 2024-10-01
2019-2021 | 2019-01-01 | 2022-01-01
2019 – 2021 | 2019-01-01 | 2022-01-01
March 5 to 10, 2024 | 2024-03-05 | 2024-03-11
from 2021 to now | 2021-01-01 | 2025-08-21
March 2024 to date | 2024-03-01 | 2025-08-21
since 2022 | 2022-01-01 |
since March | 2025-03-01 |
since the beginning of 2023 | 2023-01-01 |
since the end of 2021 | 2022-01-01 |
since last month | 2025-07-01 |
from 2021 onwards | 2021-01-01 |
from 2018 on | 2018-01-01 |
2021 or later | 2021-01-01 |
on or after 2024-01-01 | 2024-01-01 |
starting in 2022 | 2022-01-01 |
no earlier than 2022 | 2022-01-01 |
after 2020 | 2021-01-01 |
later than March 2020 | 2020-04-01 |
after June 15 2024 | 2024-06-16 |
post-2015 | 2016-01-01 |
before 2015 | | 2015-01-01
prior to 2015 | | 2015-01-01
earlier than March 2020 | | 2020-03-01
pre-2015 | | 2015-01-01
before the end of 2020 | | 2021-01-01
until 2020 | | 2021-01-01
up to March 2022 | | 2022-04-01
through 2020 | | 2021-01-01
by the end of 2021 | | 2022-01-01
by May 2023 | | 2023-06-01
no later than 2020 | | 2021-01-01
on or before 15 March 2024 | | 2024-03-16
2020 or earlier | | 2021-01-01
"""
TABLE = [tuple(part.strip() for part in line.split("|")) for line in WORDINGS.strip().splitlines()]


def periods(question: str) -> tuple[Period, ...]:
    return link_periods(split(question), AS_OF)


def spans(question: str) -> list[tuple[str, str]]:
    return [(str(period.start), str(period.end)) for period in periods(question)]


@pytest.mark.parametrize(("wording", "start", "end"), TABLE, ids=[row[0] for row in TABLE])
def test_a_wording_has_its_bounds(wording: str, start: str, end: str) -> None:
    assert spans(wording)[0] == (start or "None", end or "None")


@pytest.mark.parametrize(("wording", "start", "end"), TABLE[::4], ids=[row[0] for row in TABLE[::4]])
def test_a_wording_has_the_same_bounds_within_a_question(wording: str, start: str, end: str) -> None:
    assert (start or "None", end or "None") in spans(f"how much did we sell {wording} by store?")


@pytest.mark.parametrize(
    "question",
    [
        "which may be late", "the last name of each customer", "top 5 stores", "more than $2000", "per year and month",
        "24 months", "a third of the orders", "the first customer", "customers with 2 to 5 orders", "quantity over 500",
        "growth over the years", "May I see the orders", "average days between order and shipment", "orders per quarter",
    ],
)
def test_words_that_are_no_time_give_no_period(question: str) -> None:
    assert periods(question) == ()


@pytest.mark.parametrize("question", ["sales in 2023 vs 2024", "in 2023 and 2024", "2023 compared to 2024", "2023, 2024"])
def test_two_years_are_a_period_each(question: str) -> None:
    assert ("2023-01-01", "2024-01-01") in spans(question)
    assert ("2024-01-01", "2025-01-01") in spans(question)


@pytest.mark.parametrize("question", ["in 2023 and 2024", "in 2023 or 2024", "2023 vs 2024"])
def test_a_list_of_years_is_no_range(question: str) -> None:
    assert len(periods(question)) == 2


@pytest.mark.parametrize("question", ["since 2022", "after 2022", "before 2022", "until 2022", "between 2022 and 2023"])
def test_a_relation_also_gives_the_point_alone(question: str) -> None:
    assert Period(dt.date(2022, 1, 1), dt.date(2023, 1, 1), 1, 1, "year") in periods(question)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Q1 and Q2 of 2024", ["2024-01-01", "2024-04-01"]),
        ("January, February and March 2023", ["2023-01-01", "2023-02-01", "2023-03-01"]),
        ("2023 Q1 and Q2", ["2023-01-01", "2023-04-01"]),
    ],
)
def test_a_point_takes_the_year_of_the_one_beside_it(question: str, expected: list[str]) -> None:
    assert [start for start, _ in spans(question)] == expected


def test_a_month_takes_the_only_year_that_the_question_names() -> None:
    assert ("2023-03-01", "2023-04-01") in spans("in 2023, which store sold most in March?")


def test_this_and_last_month_are_two_periods() -> None:
    assert spans("this and last month") == [("2025-08-01", "2025-09-01"), ("2025-07-01", "2025-08-01")]


def test_a_window_ends_with_the_last_day_of_february_where_the_month_is_shorter() -> None:
    leap_day = dt.date(2024, 2, 29)
    assert link_periods(split("past year"), leap_day)[0].start == dt.date(2023, 3, 1)


def test_bounds_of_relative_words_move_with_the_day() -> None:
    assert link_periods(split("last quarter"), dt.date(2025, 1, 1))[0].start == dt.date(2024, 10, 1)


@pytest.mark.parametrize("question", ["last month", "past 5 years", "year to date", "since last week", "in March"])
def test_what_depends_on_the_day_is_relative(question: str) -> None:
    assert periods(question)[0].relative


@pytest.mark.parametrize("question", ["in 2024", "Q3 2024", "since 2022", "between March and June 2024", "2024-03-15"])
def test_what_is_dated_is_not_relative(question: str) -> None:
    assert not periods(question)[0].relative


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("2024", "year"), ("Q3 2024", "quarter"), ("last month", "month"), ("last week", "week"), ("today", "day"),
        ("since 2022", "range"),
    ],
)
def test_a_period_says_which_unit_it_names(question: str, unit: str) -> None:
    assert periods(question)[0].unit == unit


def test_a_period_covers_the_words_that_name_it() -> None:
    words = split("revenue between March and June 2024 by store")
    period = link_periods(words, AS_OF)[0]
    assert [word.text for word in words[period.first : period.last + 1]] == ["between", "March", "and", "June", "2024"]


def test_there_are_never_more_than_twelve_periods() -> None:
    assert len(periods(", ".join(str(year) for year in range(1990, 2020)))) == 12


PARTS = st.sampled_from(
    "since until between from to and of the in last past next first 5 2024 '24 03/15/2024 9999-12-31 march may q3 quarter year "
    "years months days week 31 feb 0000s 90s 9999 decades half a ago end before after , - / . ' s $ or later on date now".split()
)


@given(st.lists(PARTS, max_size=14), st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)))
def test_any_words_give_periods_that_are_not_empty(parts: list[str], as_of: dt.date) -> None:
    for period in link_periods(split(" ".join(parts)), as_of):
        assert period.start is None or period.end is None or period.start < period.end


@given(st.text(max_size=60))
def test_any_text_gives_periods_within_its_words(text: str) -> None:
    words = split(text)
    assert all(0 <= period.first <= period.last < len(words) for period in link_periods(words, AS_OF))


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("stores that sold more than 100 last year", dt.date(2024, 1, 1), dt.date(2025, 1, 1)),
        ("the top 5 last month", dt.date(2025, 7, 1), dt.date(2025, 8, 1)),
        ("fewer than 20 previous quarter", dt.date(2025, 4, 1), dt.date(2025, 7, 1)),
        ("3 past months", dt.date(2025, 5, 21), dt.date(2025, 8, 21)),
    ],
)
def test_a_count_of_something_else_before_a_calendar_unit_is_no_window(question: str, start: dt.date, end: dt.date) -> None:
    assert [(period.start, period.end) for period in link_periods(split(question), AS_OF)] == [(start, end)]
