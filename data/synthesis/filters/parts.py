"""Conditions on a part of a text: what it contains, begins with or ends in."""

from __future__ import annotations

import random
import re
from collections import Counter

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.columns import ColumnRole
from nl2sql.data.synthesis.filters.wording import Filter, literal, noun_of
from nl2sql.data.synthesis.world import World

_VERBS = {
    "contains": ("contains", "includes", "has {x} in it", "contains the word", "includes the word", "mentions", "features"),
    "starts": ("starts with", "begins with", "starting with", "has {x} at the start"),
    "ends": ("ends with", "ends in", "finishes with", "ending in"),
}
_AFTER = {
    "contains": ("with {x} in the {c}", "with {x} in their {c}", "that have {x} in the {c}", "with the word {x} in the {c}",
                 "with a {c} containing {x}", "containing {x} in the {c}", "having {x} somewhere in the {c}",
                 "whose {c} has {x} in it"),
    "starts": ("with a {c} starting with {x}", "with a {c} beginning with {x}", "with a {c} that starts with {x}",
               "with {x} at the beginning of the {c}"),
    "ends": ("with a {c} ending in {x}", "with a {c} ending with {x}", "with {x} at the end of the {c}",
             "with a {c} that ends in {x}"),
}  # fmt: skip
_NAMED = ("called something with {x}", "named something like {x}")


def kind_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column ILIKE the last word of several names: "dresses" are the products with "dress" in their names."""
    heads = Counter(text.lower().rpartition(" ")[2] for text in world.texts(column.index) if " " in text)
    kinds = [w for w, n in heads.items() if n >= 3 and len(w) >= 4 and re.fullmatch(r"[a-z]+", w) and not w.endswith("s")]
    if not kinds or world.entities[column.table].person or world.entities[column.table].place:
        return None
    kind = rng.choice(sorted(kinds))
    noun = noun_of(rng, column)
    posts = (f"with {kind} in the {noun}", f"with '{kind}' in the {noun}", f"that have {kind} in the {noun}")
    return Filter(column.table, column.index, f"{world.ref(column.index)} ILIKE '%{kind}%'", posts,
                  (f"{noun} contains {kind}",), bare=(f"{noun} contains {kind}",), said=kind, noun=kind)  # fmt: skip


def part_filter(world: World, rng: random.Random, column: ColumnRole) -> Filter | None:
    """Column ILIKE a word, or the first letters, or the last ones."""
    texts = [text for text in world.texts(column.index) if re.search(r"[A-Za-z]{3,}", text)]
    if not texts:
        return None
    text, noun, ref = rng.choice(texts), noun_of(rng, column), world.ref(column.index)
    words = re.findall(r"[A-Za-z]{3,}", text)
    kind = rng.choice(("contains", "contains", "contains", "starts", "ends"))
    word = {"contains": rng.choice(words), "starts": words[0], "ends": words[-1]}[kind]
    if kind == "starts" and text.startswith(word) and len(word) > 3 and rng.random() < 0.5:
        word = word[: rng.randrange(1, 4)]
    if kind == "ends" and "@" in text and rng.random() < 0.8:
        word = text.rpartition("@")[2] if rng.random() < 0.7 else text.rpartition(".")[2]
    if kind != "contains" and not (text.startswith(word) if kind == "starts" else text.endswith(word)):
        return None
    said = word.lower() if rng.random() < 0.4 else word
    spoken = rng.choice((f"'{said}'", f'"{said}"', said, said, said))
    if len(word) < 3:
        spoken = rng.choice((f"'{word}'", f'"{word}"', f"the letter{'s' if len(word) > 1 else ''} {word}", word))
    pattern = {"contains": f"%{word}%", "starts": f"{word}%", "ends": f"%{word}"}[kind]
    clauses = tuple(f"{noun} {verb.replace('{x}', spoken) if '{x}' in verb else f'{verb} {spoken}'}" for verb in _VERBS[kind])
    posts = [f"whose {clause}" for clause in clauses if "ing " not in clause]
    posts += 2 * [after.replace("with a {c}", f"with {lexicon.article(noun)}").replace("{c}", noun).replace("{x}", spoken)
                  for after in _AFTER[kind]]  # fmt: skip
    entity = world.entities[column.table]
    if kind == "contains" and column.index in entity.labels and len(entity.labels) == 1:
        posts += [named.replace("{x}", spoken) for named in _NAMED]
    return Filter(column.table, column.index, f"{ref} ILIKE {literal(pattern)}", tuple(posts), clauses, bare=clauses, said=word)
