"""A question's words, their stems, and the numbers they name."""
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2sql.context.build import build_context
from nl2sql.context.linking import ValueIndex
from nl2sql.context.numbers import link_numbers
from nl2sql.context.words import split, stem
from nl2sql.records import Schema

# words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("John's orders", ["John", "'", "s", "orders"]),
        ('named "abc def"', ["named", '"', "abc", "def", '"']),
        ("1,000.50 and 2.5", ["1,000.50", "and", "2.5"]),
        ("1.5k at 20%", ["1.5k", "at", "20", "%"]),
        ("on 2014-01-01 or 03/15/2024", ["on", "2014-01-01", "or", "03/15/2024"]),
        ("year-to-date", ["year", "-", "to", "-", "date"]),
        ("customer_id", ["customer", "id"]),
        ("1,2,3", ["1", ",", "2", ",", "3"]),
        ("the end.", ["the", "end", "."]),
        ("12:30", ["12:30"]),
    ],
)
def test_a_question_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in split(text)] == expected


@given(st.text(max_size=80))
def test_every_word_stands_where_it_says(text: str) -> None:
    assert all(text[word.start : word.end] == word.text for word in split(text))


@given(st.text(max_size=80))
def test_no_letter_or_digit_is_lost(text: str) -> None:
    assert "".join(char for word in split(text) for char in word.text if char.isalnum()) == "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("stores", "store"), ("Categories", "category"), ("movies", "movie"), ("boxes", "box"), ("addresses", "address"),
        ("people", "person"), ("statuses", "status"), ("houses", "house"), ("branches", "branch"), ("heroes", "hero"),
        ("children", "child"), ("courses", "course"),
    ],
)
def test_plural_and_singular_have_one_stem(plural: str, singular: str) -> None:
    assert stem(plural) == stem(singular)


# numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ten stores", [10]),
        ("twenty five or twenty-five", [25, 25]),
        ("two hundred and five", [205]),
        ("two hundred and five thousand", [205_000]),
        ("one hundred and two hundred", [100, 200]),
        ("between one hundred and fifty", [100, 50]),
        ("two million three hundred thousand", [2_300_000]),
        ("2 million", [2_000_000]),
        ("1.5k", [1500]),
        ("$5 m", [5_000_000]),
        ("$2,000", [2000]),
        ("3bn", [3_000_000_000]),
        ("1,000.50", [1000.5]),
        ("half a million", [500_000]),
        ("two and a half million", [2_500_000]),
        ("half of them", [0.5]),
        ("a dozen", [12]),
        ("two dozen", [24]),
        ("a hundred", [100]),
        ("at least twice", [2]),
        ("below -5", [-5]),
        ("from 3-4", [3, 4]),
        ("in 2024", [2024]),
        ("heavier than 5kg", [5]),
        ("three point five", [3.5]),
    ],
)
def test_a_number_is_read(text: str, expected: list[float]) -> None:
    assert [number.value for number in link_numbers(split(text))] == expected


@pytest.mark.parametrize("text", ["20%", "20 %", "20 percent", "twenty per cent", "20pct"])
def test_a_percentage_keeps_its_number_and_says_so(text: str) -> None:
    assert [(number.value, number.percent) for number in link_numbers(split(text))] == [(20, True)]


@pytest.mark.parametrize("text", ["third", "the 2nd store", "first half of 2nd", "on 2024-01-01", "version 1.2.3", "at 12:30"])
def test_ordinals_dates_and_times_are_no_numbers(text: str) -> None:
    assert link_numbers(split(text)) == ()


@given(st.integers(0, 10**12))
def test_a_number_in_digits_is_itself(number: int) -> None:
    assert [found.value for found in link_numbers(split(f"over {number:,} of"))] == [number]


@pytest.mark.parametrize(("text", "expected"), [
    ("more than four weeks", [4, 28]), ("within a week", [7]), ("at least one week", [1, 7]), ("over a fortnight", [14]),
    ("over the past 4 weeks", [4]), ("orders a week", []), ("sales in week 12 of 2024", [12, 2024]), ("20 percent a week", [20]),
])  # fmt: skip
def test_a_span_of_weeks_is_a_number_of_days_too(text: str, expected: list[float]) -> None:
    about = build_context(text, Schema(()), ValueIndex(Schema(()), {}), dt.date(2025, 12, 31), columns=())
    assert [number.value for number in about.numbers] == expected
