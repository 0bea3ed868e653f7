"""A question as words with exact offsets, and the light stemmer that all linking shares.

Kept whole: numbers (1,000.50, 1.5k, 20th), dates in digits (2014-01-01, 03/15/2024) and clock times (12:30). Every other
punctuation mark is a word of its own, so ``"abc def"`` in quotes is a span of whole words and ``John's`` is John ' s.
An underscore only separates: ``customer_id`` is customer and id. A literal is read back as ``question[first.start:last.end]``.
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from nl2sql.errors import BadQuestion
from nl2sql.records import Word

LONGEST_QUESTION = 2000  # characters

_WORD = re.compile(
    r"""
    \d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?!\w)          # 2014-01-01, 03/15/2024
    | \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?!\w)   # 12:30, 12:30:05
    | \d{1,3}(?:,\d{3})+(?:\.\d+)?[^\W_]*        # 1,000.50
    | \d+(?:\.\d+)*[^\W_]*                       # 2.5, 1.5k, 20th, 2024Q3
    | [^\W_]+                                    # letters, or letters and digits
    | [^\w\s]                                    # one punctuation mark
    """,
    re.VERBOSE,
)

STOPWORDS = frozenset(
    """
    a about above after again all also among an and another any are as at away be because been before being below between both
    but by can could did do does doing down during each either else every few for from further get give given gives had has
    have having he her here hers him his how i if in into is it its itself just kindly least less let like list many may me
    might more most much must my neither no nor not of off on once only or other our out over own per please same shall she
    should show shows so some such tell than that the their them then there these they this those through to too under until up
    upon us very was we were what when where whether which while who whom whose why will with within without would you your
    find display return want need know s t d ll re ve
    """.split()
)

_IRREGULAR = dict(
    pair.split("=")
    for pair in """
    people=person persons=person men=man women=woman children=child feet=foot teeth=tooth mice=mouse news=news
    wives=wife lives=life knives=knife shoes=shoe gases=gas criteria=criterion indices=index matrices=matrix
    analyses=analysis has=has was=was does=does less=less its=its this=this yes=yes plus=plus ties=tie pies=pie
    """.split()
)


def checked_question(question: Any) -> str:
    """The question without surrounding blanks; raises ``BadQuestion`` where it can't be one."""
    if not isinstance(question, str) or not any(letter.isalnum() for letter in question):
        raise BadQuestion("The question is empty.")
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(f"The question has {len(question)} characters; {LONGEST_QUESTION} are the most that is read.")
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadQuestion("The question holds bytes that are no text in UTF-8.") from error
    return question.strip()


def split(question: str) -> tuple[Word, ...]:
    """The words of ``question``, in order; ``question[word.start:word.end] == word.text``."""
    return tuple(Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(question))


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Lower case, singular: ``Categories`` and ``category`` agree, and so do ``movies`` and ``movie`` (both ``movy``)."""
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith(("ies", "ie")):
        return word[: word.rindex("ie")] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    if len(word) > 5 and word.endswith("uses") and not word.endswith(("ouses", "auses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
