"""A domain's entities and attributes, read from ``domains.py``, and a random choice of them: the plan of one schema."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from nl2sql.data.synthesis.invented.business import BUSINESS
from nl2sql.data.synthesis.invented.domains import DOMAINS
from nl2sql.data.synthesis.synonyms import SYNONYMS


@dataclass(frozen=True)
class Attribute:
    """``kind``: text, bank, enum, integer, decimal, fraction, boolean, date, key (to ``target``), self."""

    name: str
    kind: str
    detail: str = ""  # bank, values, range
    target: str = ""


@dataclass(frozen=True)
class Plan:
    """One table to be: its noun with underscores and what it holds; ``event`` and ``link`` say what its rows are."""

    noun: str
    attributes: tuple[Attribute, ...]
    event: bool = False
    link: bool = False


_TOKEN = re.compile(r"(\^)?(>)?(?:(\w+):)?([a-z_0-9]+)(\{[^}]*\}|@\w+|[#$][-\d]+|[%?=])?")


def _attribute(token: str) -> Attribute:
    found = _TOKEN.fullmatch(token)
    if not found:
        raise ValueError(f"not an attribute: {token}")
    own, key, role, name, detail = found.groups()
    detail = detail or ""
    if own:
        return Attribute(name, "self")
    if key:
        return Attribute(role or name, "key", target=name)
    kinds = {"{": "enum", "@": "bank", "#": "integer", "$": "decimal", "%": "fraction", "?": "boolean", "=": "text", "": "date"}
    if name in ("first_name", "last_name"):
        return Attribute(name, "bank", name)
    return Attribute(name, kinds[detail[:1]], detail.strip("{}@#$"))


@lru_cache(maxsize=1)
def domains() -> dict[str, tuple[Plan, ...]]:
    """All domains, by name."""
    found: dict[str, tuple[Plan, ...]] = {}
    for block in re.split(r"\n(?=\[)", f"{DOMAINS.strip()}\n{BUSINESS.strip()}"):
        title, *lines = re.sub(r"\n +", " ", block.strip()).splitlines()
        plans = []
        for line in lines:
            head, _, body = line.partition(":")
            noun, *flags = head.split()
            tokens = re.findall(r"(?:\{[^}]*\}|\S)+", body)
            plans.append(Plan(noun, tuple(map(_attribute, tokens)), "event" in flags, "link" in flags))
        found[title.strip("[]")] = tuple(plans)
    return found


def choose(rng: random.Random) -> list[Plan]:
    """Some entities of one domain with all that they refer to; now and then a second domain's beside them."""
    names = list(domains())
    chosen = _part(rng, domains()[rng.choice(names)])
    while len(chosen) < 2 and rng.random() < 0.9:  # a lone table stays now and then: many files hold only one
        chosen = _part(rng, domains()[rng.choice(names)])
    if rng.random() < 0.2:
        known = {plan.noun for plan in chosen}
        chosen += [plan for plan in _part(rng, domains()[rng.choice(names)]) if plan.noun not in known]
        nouns = {plan.noun for plan in chosen}
        chosen = [plan for plan in chosen if all(a.target in nouns for a in plan.attributes if a.target)]
    chosen = [_thinned(rng, plan) for plan in chosen]
    if rng.random() < 0.3:
        chosen = _with_lookup(rng, chosen)
    return [_renamed(rng, plan) for plan in chosen][:12]


def _part(rng: random.Random, plans: tuple[Plan, ...]) -> list[Plan]:
    by_noun = {plan.noun: plan for plan in plans}
    events = [plan.noun for plan in plans if plan.event or plan.link] or list(by_noun)
    wanted = set(rng.sample(events, rng.randint(1, len(events))))
    wanted |= {noun for noun in by_noun if rng.random() < 0.15}
    while True:
        needed = {a.target for noun in wanted for a in by_noun[noun].attributes if a.target} - wanted
        if not needed:
            return [plan for plan in plans if plan.noun in wanted]
        wanted |= needed


def _thinned(rng: random.Random, plan: Plan) -> Plan:
    """Without some of its attributes; the first (its name), the keys and at least two more stay."""
    keep = rng.uniform(0.55, 1.0)
    kept = [
        a for i, a in enumerate(plan.attributes) if i == 0 or a.kind in ("key",) or a.name == "last_name" or rng.random() < keep
    ]
    if len(kept) < min(4, len(plan.attributes)):
        kept = list(plan.attributes)
    return replace(plan, attributes=tuple(kept))


def _with_lookup(rng: random.Random, plans: list[Plan]) -> list[Plan]:
    """One text attribute becomes a table of its own: city -> cities with a key."""
    places = [
        (plan, a)
        for plan in plans
        for a in plan.attributes[1:]
        if a.kind == "enum" or a.detail in ("city", "country", "brand", "genre", "job")
    ]
    nouns = {plan.noun for plan in plans}
    places = [(plan, a) for plan, a in places if a.name not in nouns]
    if not places:
        return plans
    plan, chosen = rng.choice(places)
    table = Plan(
        chosen.name,
        (replace(chosen, name=f"{chosen.name}_name" if rng.random() < 0.7 else "name"), Attribute("description", "text")),
    )
    changed = [
        replace(p, attributes=tuple(Attribute(a.name, "key", target=chosen.name) if a == chosen else a for a in p.attributes))
        for p in plans
    ]
    return [table, *changed]


def _renamed(rng: random.Random, plan: Plan) -> Plan:
    """Some attributes under another name of the same meaning."""

    def name(attribute: Attribute) -> Attribute:
        words = attribute.name.replace("_", " ")
        options = [s for s in SYNONYMS.get(words, ()) if len(s.split()) <= 2 and "-" not in s]
        if attribute.kind in ("key", "self") or not options or rng.random() > 0.15:
            return attribute
        return replace(attribute, name=rng.choice(options).replace(" ", "_"))

    attributes = tuple(map(name, plan.attributes))
    if len({a.name for a in attributes}) < len(attributes):
        return plan
    return replace(plan, attributes=attributes)
