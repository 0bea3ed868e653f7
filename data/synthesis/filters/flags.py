"""Conditions on yes/no columns, with the opposites that people say instead of "not"."""

from __future__ import annotations

import random

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter
from nl2sql.data.synthesis.world import World

_STATES = set("explicit remote premium online offline open free public private local new hot vegan elite hidden on off".split())
_STATE_ENDINGS = ("ed", "able", "ive", "ous", "ic", "al", "en", "ful", "ile", "ian", "ent")
_UN = set(
    "paid verified approved confirmed published released licensed insured vaccinated furnished resolved completed finished "
    "signed registered shipped delivered answered read booked occupied used married processed invoiced assigned".split()
)
# state: adjectives for true / for false; clauses for true / for false, after "that" or "which"
_WORDS: dict[str, tuple[str, str, str, str]] = {
    "discontinued": (
        "discontinued|withdrawn|retired|phased-out",
        "active|current|available",
        "are no longer sold|are no longer available|are no longer in the range|have been withdrawn|we no longer sell|we stopped "
        "selling|are not sold any more|have been taken off the shelves",
        "are still available|are still in the range|are currently on sale|we still sell|have not been withdrawn|haven't been "
        "discontinued|are not discontinued|one can still buy|are on sale now|are still sold|are still being sold|can still be "
        "bought|are still active|are in the current range",
    ),
    "active": ("active|current", "inactive|dormant", "are active|are currently active", "are inactive|are no longer active"),
    "available": ("available", "unavailable", "are available|can be had", "are not available|are unavailable"),
    "cancelled": ("cancelled|called-off", "uncancelled", "were cancelled|were called off", "were not cancelled|went ahead"),
    "open": ("open", "closed", "are open|are still open", "are closed|are not open"),
    "deleted": ("deleted|removed", "existing", "were deleted|have been removed", "were not deleted|still exist"),
    "public": ("public", "private", "are public", "are private|are not public"),
    "private": ("private", "public", "are private", "are public|are not private"),
    "approved": ("approved", "unapproved", "were approved|got approved", "were not approved|still lack approval"),
    "paid": ("paid|settled", "unpaid|outstanding", "are paid|have been paid", "are unpaid|are not paid yet|are still due"),
    "completed": ("completed|finished", "incomplete|unfinished", "are finished|are complete", "are not finished|are incomplete"),
    "organic": ("organic", "non-organic", "are organic", "are not organic"),
}


def _of_state(state: str, does: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Adjectives for true and false, then what follows the noun for true and false."""
    if state in _WORDS:
        yes, no, are, are_not = (tuple(text.split("|")) for text in _WORDS[state])
        return yes, no, tuple(f"{does} {clause}" for clause in are), tuple(f"{does} {clause}" for clause in are_not)
    negative = (f"un{state}",) if state in _UN else (f"non-{state}",)
    yes_posts = (f"{does} are {state}", f"which are {state}", f"marked as {state}", f"flagged as {state}", f"{does} were {state}")
    no_posts = (f"{does} are not {state}", f"which aren't {state}", f"not marked as {state}", f"{does} were not {state}",
                f"{does} aren't {state}")  # fmt: skip
    return (state,), negative, yes_posts, no_posts


def flag_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """A boolean column, true or false."""
    words, truth = column.noun.split(), rng.random() < 0.55
    state = " ".join(words[1:] if words[0] in ("is", "was", "has", "have") else words)
    if not state:
        return None
    ref, a, person = world.ref(column.index), lexicon.article(state), world.entities[column.table].person
    does = "who" if person else "that"
    is_state = words[0] not in ("has", "have") and (state in _STATES or state in _WORDS or state.endswith(_STATE_ENDINGS))
    adjectives: tuple[str, ...] = ()
    if is_state:
        yes_words, no_words, yes, no = _of_state(state, does)
        adjectives = yes_words if truth else no_words
    elif state.endswith(("er", "or")) and person:  # "smoker", "frequent flyer"
        many = lexicon.plural(state)
        yes, no = (f"who are {many}", f"that are {many}"), (f"who are not {many}", f"that are no {many}")
    else:  # "scholarship", "has pool": a thing
        yes, no = (f"with {a}", f"{does} have {a}"), (f"without {a}", f"with no {state}", f"{does} don't have {a}")
    return Filter(
        column.table,
        column.index,
        ref if truth else f"NOT {ref}",
        yes if truth else no,
        (f"{column.noun} is {'true' if truth else 'false'}",),
        adjectives=adjectives if " " not in state else (),
        bare=adjectives if is_state else (yes if truth else no)[:1],
    )
