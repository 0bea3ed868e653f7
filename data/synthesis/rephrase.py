"""Other words for what a question already says: how it opens, comparisons, superlatives, small words between.

The templates of the intents say each thing in a few ways; these rules multiply them. A rule rewrites one place, and never a
word that the question needs as it is (a value, a number, a date).
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection

_IMPERATIVE = """
    show me |show |give me |list |i need |i want |i'd like |i'd like to see |i would like to have |let me see |let me have |
    pull up |get me |find |find me |get |display |print |fetch |return |provide |can i see |could i have |can i get |we need |
    looking for |please show |please list |output |can you show me |could you list |could you give me |would you pull up |
    i want to see |bring up |present |please provide |i am after |kindly list |would you mind showing me |what are |
""".replace("\n", "").split("|")
_TELL = """
    tell me |give me |show me |i need |i'd like to know |can you tell me |could you give me |do you know |find out |i want |
    please tell me |could you tell me |i would like to know |get me |let me know |please find |
""".replace("\n", "").split("|")
_ASK = """
    tell me |can you tell me |could you tell me |i want to know |i'd like to know |find out |do you know |please tell me |
    let me know |i would like to know |could you find out |we need to know |any idea |i wonder |please check |
""".replace("\n", "").split("|")
_INVERTED = r"(?!.*\b(?:did|do|does|are|were|is|was|has|have we)\b)"  # "tell me how many did we" is no English

# pattern, how often it is rewritten where it fits, what may stand there instead
_OPENINGS: tuple[tuple[re.Pattern[str], float, tuple[str, ...]], ...] = (
    (re.compile(r"^(?:show|give|list|find|get|display|return|report)(?: me)? (?=the |all )"), 0.5, tuple(_IMPERATIVE)),
    (re.compile(r"^what (?:is|was|are|were) (?=the |our )"), 0.3, tuple(p.strip(" ") + " " for p in _TELL if p.strip())),
    (re.compile(r"^(?=how many )" + _INVERTED), 0.2, tuple(p.lstrip() for p in _ASK if p.strip())),
    (re.compile(r"^(?=(?:which|who|when|where) )" + _INVERTED), 0.2, tuple(p.lstrip() for p in _ASK if p.strip())),
    (re.compile(r"^which (?!of )(?=\w+ )"), 0.25, ("what ",)),
)
_NUMBER = r"(?=[\d$€]|one|two|three|four|five|six|seven|eight|nine|ten|a million|a hundred|a thousand|half a)"
_NOT_PAID = r"(?![ -](?:paid|rated|scoring|priced|earning))"
_NO_YEAR = r"(?!(?:19|20)\d\d\b)"
_LEXICAL: tuple[tuple[re.Pattern[str], float, tuple[str, ...]], ...] = tuple(
    (re.compile(rf"\b{pattern}"), chance, tuple(words.split("|")))
    for pattern, chance, words in (
        (rf"the highest\b{_NOT_PAID}", 0.35, "the largest|the greatest|the biggest|the top|the maximum"),
        (rf"the lowest\b{_NOT_PAID}", 0.35, "the smallest|the least|the minimum"),
        (rf"(?<!no )(?<!not )more than {_NUMBER}", 0.45, "over |above |greater than |> |exceeding |upwards of |in excess of "),
        (rf"(?<!no )(?<!not )(?:less|fewer) than {_NUMBER}", 0.45, "under |below |fewer than |less than |< |not even "),
        (rf"at least {_NUMBER}", 0.4, "no less than |no fewer than |a minimum of |>= |not less than "),
        (rf"at most {_NUMBER}", 0.4, "no more than |up to |a maximum of |<= |not more than "),
        (r"at least (\d[\d,.]*)\b", 0.25, r"\1 or more|\1+"),
        (r"(?<! )without (?:a|an|any)\b", 0.3, "lacking|that lack|missing"),
        (r"without (?:a|an|any)\b", 0.3, "with no|lacking|missing"),
        (r"(?:together with|along with)\b", 0.5, "plus|as well as|including|with|and also|next to"),
        (r"(?:sorted|ordered) by\b", 0.4, "arranged by|in order of|sort by|order by"),
        (r"[Aa]verage\b", 0.22, "mean|avg|avg."),
        (r"(?<!total )number of\b", 0.25, "count of|# of|no. of|total number of"),
        (r"(?:per|for each) (?=(?!cent\b)[a-z])", 0.3, "for each |for every |per |in each |each |by "),
        (r"total (?!of |number |count )(?=[a-z])", 0.3, "overall |combined |overall |sum of "),
        (r"percentage\b", 0.35, "percent|pct|per cent|percentage"),
        (r"(?:share|proportion|fraction) of\b", 0.4, "portion of|part of|fraction of|proportion of|share of"),
        (r"(?<=[a-z] )do we have\b(?=$| in | with | from | of )", 0.4,
         "have we got|are there|exist|are on record|are in the database|can you find"),
        (r"called\b", 0.3, "named|by the name of|with the name"),
        (r"whose (\w+(?: \w+)?) is\b", 0.3, r"where the \1 is|with a \1 that is|for which the \1 is"),
        (r"compared (?:to|with)\b", 0.4, "versus|vs|against|relative to"),
        (r"different\b", 0.3, "distinct|unique|separate"),
        (r"people\b", 0.06, "ppl"),
        (r"(?:quantity|number of units)\b", 0.05, "qty"),
        (r"revenue\b", 0.04, "rev|rev."),
        (r"percent\b", 0.06, "pct"),
        (r"maximum\b", 0.1, "max"),
        (r"minimum\b", 0.1, "min"),
        (rf"between ({_NO_YEAR}\d[\d,.]*k?) and (\d[\d,.]*k?)\b(?! \d{{4}})", 0.2,
         r"from \1 to \2|of \1 to \2|in the range \1 to \2"),
    )
)
_TAILS = (" please", " pls", " pls", " thanks", ", thanks", " plz", ", please", " thank you", " - thanks", " if possible")
_HEADS = (
    "hi, ", "hello, ", "hey, ", "ok, ", "ok so ", "so, ", "and ", "now ", "also ", "next: ", "question: ", "quick question: ",
    "quick one: ", "for my report: ", "for a presentation: ", "out of curiosity, ", "i was wondering: ", "just wondering, ",
    "good morning, ", "for the meeting tomorrow: ", "one more: ", "again: ", "um, ", "right, ",
    "hello, i have to report to my boss - ", "my manager wants to know: ", "before the call: ", "i am preparing a slide - ",
    "hi there! ", "sorry to bother you, ", "for the board: ", "new here, so: ", "a colleague asks: ", "quick check - ",
    "we are planning next year, so ", "for the monthly review - ", "dear assistant, ", "to prepare the mailing: ",
)  # fmt: skip


def rephrase(rng: random.Random, text: str, protected: Collection[str]) -> str:
    """The same question with its opening and some of its phrases said otherwise."""
    for pattern, chance, options in _OPENINGS:
        if pattern.search(text) and rng.random() < chance:
            text = pattern.sub(rng.choice(options), text, count=1)
            break
    for pattern, chance, options in _LEXICAL:
        if rng.random() >= chance:
            continue
        found = pattern.search(text)
        if found and not set(re.findall(r"[a-z]+", found.group().lower())) & set(protected):
            text = text[: found.start()] + found.expand(rng.choice(options)) + text[found.end() :]
    return re.sub(r"\s+", " ", text).strip()


def chatty(rng: random.Random, text: str) -> str:
    """Now and then a greeting before the question or thanks after it."""
    if rng.random() < 0.05:
        text = rng.choice(_HEADS) + text
    return text + rng.choice(_TAILS) if rng.random() < 0.05 else text
