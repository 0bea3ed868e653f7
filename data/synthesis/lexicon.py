"""English inflection of noun phrases: singular, plural, article."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    "person": "people",
    "salesperson": "salespeople",
    "sportsperson": "sportspeople",
    "child": "children",
    "schoolchild": "schoolchildren",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "goose": "geese",
    "mouse": "mice",
    "staff": "staff",
    "series": "series",
    "species": "species",
    "aircraft": "aircraft",
    "sheep": "sheep",
    "fish": "fish",
    "analysis": "analyses",
    "thesis": "theses",
    "diagnosis": "diagnoses",
    "crisis": "crises",
    "criterion": "criteria",
    "curriculum": "curricula",
    "half": "halves",
    "leaf": "leaves",
    "life": "lives",
    "wolf": "wolves",
    "shelf": "shelves",
    "knife": "knives",
    "wife": "wives",
    "datum": "data",
    "medium": "media",
    "news": "news",
    "goods": "goods",
    "equipment": "equipment",
    "stock": "stock",
    "inventory": "inventory",
    "merchandise": "merchandise",
    "revenue": "revenue",
    "turnover": "turnover",
    "personnel": "personnel",
    "stimulus": "stimuli",
    "bus": "buses",
    "status": "statuses",
    "gas": "gases",
    "campus": "campuses",
    "virus": "viruses",
    "bonus": "bonuses",
    "census": "censuses",
    "quiz": "quizzes",
    "address": "addresses",
    "process": "processes",
    "class": "classes",
    "business": "businesses",
    "access": "accesses",
    "potato": "potatoes",
    "hero": "heroes",
    "tomato": "tomatoes",
    "feedback": "feedback",
    "software": "software",
    "hardware": "hardware",
    "furniture": "furniture",
    "luggage": "luggage",
    "traffic": "traffic",
    "information": "information",
    "money": "money",
    "staff member": "staff members",
    "hypothesis": "hypotheses",
}
_SINGULAR = {plural: single for single, plural in _IRREGULAR.items()}
_SINGULAR.update(
    {
        "movies": "movie",
        "cookies": "cookie",
        "calories": "calorie",
        "ties": "tie",
        "pies": "pie",
        "zombies": "zombie",
        "selfies": "selfie",
        "caches": "cache",
        "shoes": "shoe",
        "courses": "course",
        "houses": "house",
        "nurses": "nurse",
        "horses": "horse",
        "expenses": "expense",
        "purchases": "purchase",
        "warehouses": "warehouse",
        "cases": "case",
        "bases": "base",
        "phases": "phase",
        "responses": "response",
        "licenses": "license",
        "invoices": "invoice",
        "races": "race",
        "places": "place",
        "services": "service",
        "prices": "price",
        "devices": "device",
        "causes": "cause",
        "uses": "use",
        "leases": "lease",
        "releases": "release",
        "diseases": "disease",
        "databases": "database",
        "exercises": "exercise",
        "franchises": "franchise",
        "enterprises": "enterprise",
    }
)


@lru_cache(maxsize=100_000)
def singular(phrase: str) -> str:
    """The singular of a noun phrase: its last word is inflected ("order items" -> "order item")."""
    if " of " in phrase:
        first, _, rest = phrase.partition(" of ")
        return f"{singular(first)} of {rest}"
    head, _, word = phrase.rpartition(" ")
    lead = f"{head} " if head else ""
    if word in _SINGULAR:
        return lead + _SINGULAR[word]
    if word in _IRREGULAR or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return phrase
    if word.endswith("ies"):
        return f"{lead}{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return lead + word[:-2]
    return lead + word[:-1] if word.endswith("s") else phrase


@lru_cache(maxsize=100_000)
def plural(phrase: str) -> str:
    """The plural of a noun phrase, by its last word ("order item" -> "order items"); plurals stay as they are."""
    if " of " in phrase:
        first, _, rest = phrase.partition(" of ")
        return f"{plural(first)} of {rest}"
    head, _, word = phrase.rpartition(" ")
    lead = f"{head} " if head else ""
    if word in _IRREGULAR:
        return lead + _IRREGULAR[word]
    if word in _SINGULAR or not word or len(word) > 4 and word.endswith("ed") or word in ("sold", "online", "organic"):
        return phrase
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return f"{lead}{word[:-1]}ies"
    if word.endswith(("ss", "sh", "ch", "x", "z")):
        return f"{lead}{word}es"
    return phrase if word.endswith("s") else f"{lead}{word}s"


def article(phrase: str) -> str:
    """The phrase with "a" or "an" before it."""
    if is_plural(phrase):
        return phrase
    vowel = re.match(r"[aeiou](?!ni|se|sa|ti|rl\b|uro|ne\b|[a-z]?\b)|[ei]|a|o(?!ne\b)|hour|honest|heir|[fhlmnrsx]-", phrase)
    return f"{'an' if vowel and not phrase.startswith('euro') else 'a'} {phrase}"


def is_plural(phrase: str) -> bool:
    """Whether the phrase's last word reads as a plural."""
    word = phrase.rpartition(" ")[2]
    return word in _SINGULAR and word not in _IRREGULAR or (singular(word) != word)
