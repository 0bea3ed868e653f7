"""The last touches on a question: other words, politeness, upper and lower case, contractions, slips and typing errors."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from nl2sql.data.synthesis.rephrase import chatty, rephrase

_ASKING = re.compile(
    r"(?:what|which|who|whom|whose|how|when|where|is|are|was|were|do|does|did|has|have|can|could|would|any idea|of which|"
    r"in which|for which|on which|by how)\b",
    re.I,
)
_AFTER_TIME = re.compile(
    r"(?:in|over|during|within|for|since|before|after|between|from|last|this|on|of|among) [^,]+, (?:what|which|who|how|when)"
)
_NEIGHBOURS = dict(zip("asertoinmldu", "sartrpomnksy", strict=True))
_SLIPS = (("how many", "how mny"), ("customers", "custmers"), ("which", "wich"), ("what", "waht"), ("the ", "teh "),
          ("average", "avarage"), ("their", "thier"), ("highest", "higest"), ("number", "nubmer"), ("number",
          "numer"))  # fmt: skip


def finish(rng: random.Random, text: str, protected: frozenset[str], *, keywords: bool = False) -> str:
    """The question as somebody would type it. ``protected`` are words that rephrasing leaves alone (values, numbers)."""
    text = rephrase(rng, text, protected)
    if keywords:
        text = text if rng.random() < 0.75 else text[0].upper() + text[1:]
        text = text + "?" if rng.random() < 0.08 else text
        return _slips(rng, text, protected)
    asking = bool(_ASKING.match(text)) or bool(_AFTER_TIME.match(text))
    text = chatty(rng, text)
    if rng.random() < 0.25:
        text = re.sub(r"\b([Ww]hat|[Ww]ho) is ", r"\1's ", text, count=1)
    if rng.random() < 0.07:
        text = re.sub(r"\b(?:the|a|an) ", "", text)
    if rng.random() < 0.04:
        text = text.replace(" do not ", " dont ").replace("n't ", "nt ")
    text = _slips(rng, text, protected)
    text += _ending(rng, asking)
    style = rng.random()
    if style < 0.66:
        return text[0].upper() + text[1:]
    return text.lower() if style > 0.9 else text


def _ending(rng: random.Random, asking: bool) -> str:
    if asking:
        return "?" if rng.random() < 0.75 else "??" if rng.random() < 0.03 else ""
    return "." if rng.random() < 0.25 else ""


def _slips(rng: random.Random, text: str, protected: frozenset[str]) -> str:
    """Typing errors: in ordinary words, more rarely in names, which linking can still tell by all their other letters."""
    if rng.random() < 0.08:
        text = misspell(rng, text, lambda word: word not in protected, 5)
    if rng.random() < 0.03:
        right, wrong = rng.choice(_SLIPS)
        text = text.replace(right, wrong, 1)
    if rng.random() < 0.06:
        text = misspell(rng, text, lambda word: word in protected, 6, edge=2)
    return text


def misspell(rng: random.Random, text: str, may_change: Callable[[str], bool], shortest: int, edge: int = 1) -> str:
    """One typing error inside one longer word; ``edge`` letters at either end stay."""
    places = [m for m in re.finditer(rf"[A-Za-z]{{{shortest},}}", text) if may_change(m.group().lower())]
    if not places:
        return text
    place = rng.choice(places)
    word = place.group()
    at = rng.randrange(edge, len(word) - edge)
    kind = rng.randrange(4)
    if kind == 0 and at + 1 < len(word) - edge:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind == 1:
        word = word[:at] + word[at + 1 :]
    elif kind == 2:
        word = word[:at] + word[at] + word[at:]
    else:
        word = word[:at] + _NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]
    return text[: place.start()] + word + text[place.end() :]
