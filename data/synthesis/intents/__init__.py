"""Families of analytical questions: each function makes one draft, or None where the schema or the draw doesn't allow it."""

from __future__ import annotations

from collections.abc import Callable

from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.intents import (
    aggregate,
    compare,
    counting,
    dates,
    dealings,
    grouping,
    growth,
    having,
    listing,
    nested,
    pairs,
    ranking,
    ratio,
    related,
    self_reference,
    share,
    trend,
    windows,
)

Intent = Callable[[Ask], Draft | None]

INTENTS: dict[str, tuple[float, Intent]] = {
    "count": (1.0, counting.count),
    "distinct count": (0.4, counting.distinct_count),
    "distinct": (0.4, counting.distinct),
    "aggregate": (1.6, aggregate.aggregate),
    "several aggregates": (0.3, aggregate.several),
    "group": (1.6, grouping.group),
    "two dimensions": (0.5, grouping.two_dimensions),
    "top": (2.2, ranking.top),
    "extreme rows": (0.8, ranking.extreme_rows),
    "trend": (1.4, trend.trend),
    "share of each": (0.6, share.share_of_each),
    "share of one": (0.6, share.share_of_one),
    "share of rows": (0.5, share.share_of_rows),
    "growth": (0.8, growth.growth),
    "period over period": (0.5, growth.period_over_period),
    "compare values": (0.6, compare.two_values),
    "compare periods": (0.5, compare.two_times),
    "rows": (1.0, listing.rows),
    "columns": (0.9, listing.columns),
    "lookup": (0.6, listing.lookup),
    "having": (0.9, having.having),
    "without": (0.9, related.without),
    "with some": (0.5, related.having_some),
    "two sets": (0.5, related.two_sets),
    "against average": (0.5, nested.against_average),
    "against row": (0.3, nested.against_row),
    "groups above average": (0.3, nested.groups_above_average),
    "per parent": (0.6, ratio.per_parent),
    "event rate": (0.3, ratio.event_rate),
    "top of each": (0.7, windows.top_of_each),
    "extreme of each": (0.4, windows.extreme_of_each),
    "running total": (0.4, windows.running_total),
    "with previous": (0.2, windows.with_previous),
    "ranking": (0.4, windows.ranking),
    "calendar pattern": (0.5, dates.pattern),
    "days between": (0.4, dates.days_between),
    "age": (0.3, dates.age),
    "first and last": (0.4, dates.first_and_last),
    "by own date": (0.3, dates.by_own_date),
    "with neighbour": (0.5, pairs.with_neighbour),
    "two measures": (0.4, pairs.two_measures),
    "dealt": (0.9, dealings.dealt),
    "spent": (0.4, dealings.spent),
    "self reference": (0.3, self_reference.self_reference),
}
"""Name -> (weight in the mixture, the intent)."""
