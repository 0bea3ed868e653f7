"""The last touches on a question: politeness, upper and lower case, contractions, slips and typing errors."""

from __future__ import annotations

import random
import re

_ASKING = re.compile(
    r"(?:what|which|who|whose|how|when|where|is|are|was|were|do|does|did|has|have|in which|for which|on which|by how)\b", re.I
)
_BEFORE_IMPERATIVE = ("please ", "can you ", "could you ", "could you please ", "i'd like you to ", "i want to see: ", "pls ")
_BEFORE_QUESTION = (
    "can you tell me: ",
    "quick question: ",
    "hi, ",
    "hello, ",
    "hey, ",
    "i was wondering, ",
    "tell me, ",
    "so ",
    "ok, ",
)
_ABBREVIATIONS = (
    ("number of", "no. of"),
    ("average", "avg"),
    ("maximum", "max"),
    ("minimum", "min"),
    ("percentage", "%"),
    ("versus", "vs"),
)
_NEIGHBOURS = {
    "a": "s",
    "s": "a",
    "e": "r",
    "r": "t",
    "t": "r",
    "o": "p",
    "i": "o",
    "n": "m",
    "m": "n",
    "l": "k",
    "d": "s",
    "u": "y",
}


def finish(rng: random.Random, text: str, protected: frozenset[str], *, keywords: bool = False) -> str:
    """The question as somebody would type it. ``protected`` are words that must stay as they are (values, numbers)."""
    if keywords:
        text = text if rng.random() < 0.75 else text[0].upper() + text[1:]
        return _misspell(rng, text, protected) if rng.random() < 0.08 else text
    asking = bool(_ASKING.match(text)) or bool(
        re.match(
            r"(?:in|over|during|within|for|since|before|after|between|from|last|this|on) [^,]+, (?:what|which|who|how|when)", text
        )
    )
    text = _politely(rng, text, asking)
    asking = asking or text.startswith(("can you", "could you"))
    if rng.random() < 0.25:
        text = re.sub(r"\b([Ww]hat|[Ww]ho) (?:is|are) ", r"\1's " if " is " in text else r"\g<0>", text, count=1)
    if rng.random() < 0.07:
        for long, short in _ABBREVIATIONS:
            text = text.replace(long, short)
    if rng.random() < 0.06:
        text = re.sub(r"\b(?:the|a|an) ", "", text)
    if rng.random() < 0.07:
        text = _misspell(rng, text, protected)
    if asking:
        text += "?" if rng.random() < 0.82 else ""
    else:
        text += "." if rng.random() < 0.25 else ""
    style = rng.random()
    if style < 0.72:
        return text[0].upper() + text[1:]
    return text.lower() if style > 0.93 else text


def _politely(rng: random.Random, text: str, asking: bool) -> str:
    chance = rng.random()
    if not asking:
        first = text.split(" ", 1)[0]
        if chance < 0.14 and first in (
            "show",
            "list",
            "give",
            "find",
            "tell",
            "display",
            "compute",
            "calculate",
            "get",
            "count",
            "compare",
            "rank",
        ):
            lead = rng.choice(_BEFORE_IMPERATIVE[:5] + _BEFORE_IMPERATIVE[6:])
            return lead + text
        return f"{text} please" if chance > 0.985 else text
    if chance < 0.05:
        return rng.choice(_BEFORE_QUESTION) + text
    found = re.match(r"what (is|was|are|were) (the [^,]{3,60})$", text)
    if found and chance < 0.16:
        lead = rng.choice(
            (
                "tell me what {n} {v}",
                "can you tell me what {n} {v}",
                "i'd like to know what {n} {v}",
                "i need to know {n}",
                "give me {n}",
            )
        )
        return lead.format(n=found.group(2), v=found.group(1))
    return text


def _misspell(rng: random.Random, text: str, protected: frozenset[str]) -> str:
    """One typing error in one longer word that isn't protected."""
    places = [m for m in re.finditer(r"[A-Za-z]{5,}", text) if m.group().lower() not in protected]
    if not places:
        return text
    place = rng.choice(places)
    word, at = place.group(), rng.randrange(1, len(place.group()) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind == 1:
        word = word[:at] + word[at + 1 :]
    elif kind == 2:
        word = word[:at] + word[at] + word[at:]
    else:
        word = word[:at] + _NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]
    return text[: place.start()] + word + text[place.end() :]
