"""Templates: ``[a|b|]`` is a choice, ``{slot}`` a slot; a slot's value may itself be a tuple of choices.

The templates are parsed once and kept, so that expanding one costs microseconds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import lru_cache

Slot = str | Sequence[str]
Node = str | tuple["Sequence_", ...]
Sequence_ = tuple[Node, ...]  # a sequence of texts, slots ("{name}") and choices

_TOKEN = re.compile(r"[\[\]|]|\{\w+\}|[^\[\]|{}]+")


@lru_cache(maxsize=20_000)
def _parse(template: str) -> Sequence_:
    tokens = _TOKEN.findall(template)
    position = 0

    def sequence() -> Sequence_:
        nonlocal position
        nodes: list[Node] = []
        while position < len(tokens) and tokens[position] not in "|]":
            token = tokens[position]
            position += 1
            nodes.append(choice() if token == "[" else token)
        return tuple(nodes)

    def choice() -> Node:
        nonlocal position
        options = [sequence()]
        while tokens[position] == "|":
            position += 1
            options.append(sequence())
        position += 1
        return tuple(options)

    return sequence()


def say(rng: random.Random, template: Slot, **slots: Slot) -> str:
    """One expansion of the template (or of one of several), with single spaces and no space before punctuation."""
    text = template if isinstance(template, str) else rng.choice(template)
    parts: list[str] = []

    def expand(nodes: Sequence_) -> None:
        for node in nodes:
            if isinstance(node, tuple):
                expand(rng.choice(node))
            elif node.startswith("{"):
                value = slots[node[1:-1]]
                parts.append(value if isinstance(value, str) else rng.choice(value))
            else:
                parts.append(node)

    expand(_parse(text))
    return tidy("".join(parts))


def tidy(text: str) -> str:
    """Single spaces; none before a comma, question mark or full stop; no comma at an end."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,?.!;:])", r"\1", text)
    return text.strip(" ,")


def either(rng: random.Random, parts: Sequence[str], last: str = "or") -> str:
    """A spoken list: "a, b or c"."""
    if len(parts) == 1:
        return parts[0]
    comma = ", " if len(parts) > 2 else " "
    return f"{', '.join(parts[:-1])}{comma if len(parts) > 2 and rng.random() < 0.3 else ' '}{last} {parts[-1]}"
