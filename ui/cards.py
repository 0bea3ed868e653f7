"""A question and its answer as one card: the result first, then what it rests on, then how to change it.

Every word that comes from a person, a model or a database goes through ``Markup.format``, which escapes it.
"""
from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from nl2sql.errors import Nl2SqlError, NoAnswer, Refused
from nl2sql.records import Alternative, Answer
from nl2sql.ui.charts import choose_chart
from nl2sql.ui.drawing import draw
from nl2sql.ui.headline import headline
from nl2sql.ui.icons import icon
from nl2sql.ui.sql_text import highlighted, pretty
from nl2sql.ui.tables import draw_table

_NEARLY = 0.6  # another reading with this share of the answer's confidence is asked about before the answer
_SURE = ((0.9, "Very sure", "high"), (0.7, "Fairly sure", "high"), (0.4, "Not sure", "middle"), (0.0, "A guess", "low"))


def question_line(question: str) -> Markup:
    return Markup('<div class="question"><p>{}</p></div>').format(question)


def answer_card(answer: Answer, *, chosen: str = "", can_go_back: bool = False) -> Markup:
    """``chosen``: who chose the SQL, where the model didn't; then there is no confidence to tell."""
    others = _other_words(answer)
    asked_first = any(other.confidence >= _NEARLY * answer.confidence for _, other in others)
    chart = choose_chart(answer.result)
    several = len(answer.result.rows) > 1 or len(answer.result.columns) > 4
    parts = [
        _alternatives(others, "Did you mean this instead?") if asked_first else "",
        _lead(answer),
        _facts(answer, chosen),
        *(_warning(text) for text in answer.warnings),
        Markup('<div class="rows-box">{}</div>').format(draw_table(answer.result)) if several else "",
        draw(chart) if chart else "",
        _assumptions(answer),
        "" if asked_first else _alternatives(others, "Did you mean"),
        _sql(answer),
        _footer(can_go_back, bool(answer.verified)),
    ]
    return Markup('{}<div class="card">{}</div>').format(question_line(answer.question), Markup("").join(parts))


def error_card(question: str, error: Nl2SqlError, nearest: Sequence[str] = ()) -> Markup:
    """What went wrong, in one sentence, and what could be asked instead."""
    parts = [Markup('<p class="sentence">{}</p>').format(sentence(error))]
    if isinstance(error, Refused):
        parts.append(Markup('<p class="aside">Rule: {}</p>').format(error.rule))
    tried = [failure for failure in error.failures if failure.sql] if isinstance(error, NoAnswer) else []
    if tried:
        lines = [Markup("<li><code>{}</code><br>{}</li>").format(failure.sql, failure.error) for failure in tried[:4]]
        parts.append(Markup('<details><summary>What was tried</summary><ul class="tried">{}</ul></details>').format(
            Markup("").join(lines)))  # fmt: skip
    if nearest:
        parts.append(Markup('<h4>Questions that have an answer</h4><div class="others">{}</div>').format(
            Markup("").join(ask_button(text) for text in nearest)))  # fmt: skip
    return Markup('{}<div class="card problem">{}{}</div>').format(
        question_line(question), icon("warning"), Markup("<div>{}</div>").format(Markup("").join(parts))
    )


def wording(answer: Answer) -> Markup:
    """Asks for the words of a question that goes on from others. What the SQL was explained with says it all."""
    whole = answer.explanation.rstrip(".").removesuffix(", over all dates")
    return Markup(
        '<form class="wording"><label>This question goes on from the ones before it. Remember it as'
        '<input type="text" name="words" maxlength="500" required value="{}"></label>'
        '<div class="tools"><button type="submit" class="main">{}Remember</button>'
        '<button type="button" class="plain" data-act="unword">Cancel</button></div></form>'
    ).format(whole, icon("check"))


def ask_button(question: str) -> Markup:
    return Markup('<button type="button" class="choice" data-act="ask" data-text="{0}">{0}</button>').format(question)


def sentence(error: Exception) -> str:
    """The error's own sentence, with a capital and a full stop."""
    words = str(error).strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def sureness(confidence: float) -> tuple[str, str]:
    """Confidence in words, and the colour that goes with it."""
    return next((words, level) for bound, words, level in _SURE if confidence >= bound)


def _other_words(answer: Answer) -> list[tuple[int, Alternative]]:
    """The other readings with their places, without those that the same sentence describes: nobody could choose among them."""
    said, found = {answer.explanation}, []
    for i, other in enumerate(answer.alternatives):
        if other.explanation not in said:
            said.add(other.explanation)
            found.append((i, other))
    return found


def _lead(answer: Answer) -> Markup:
    lead = headline(answer.result)
    return Markup('<div class="lead"><strong>{}</strong><span>{}</span></div><p class="explained">{}</p>').format(
        lead.value, lead.note, answer.explanation
    )


def _facts(answer: Answer, chosen: str) -> Markup:
    facts = []
    if answer.verified:
        facts.append(Markup('<span class="fact verified">{}Verified: {}</span>').format(icon("check"), answer.verified))
    elif chosen:
        facts.append(Markup('<span class="fact sure high">{}</span>').format(chosen))
    else:
        words, level = sureness(answer.confidence)
        facts.append(Markup('<span class="fact sure {}" title="How sure the model is">{} · {} %</span>').format(
            level, words, round(answer.confidence * 100)))  # fmt: skip
    rows = len(answer.result.rows)
    count = f"{'more than ' if answer.result.truncated else ''}{rows:,} {'row' if rows == 1 else 'rows'}"
    facts.append(Markup('<span class="fact">{}</span>').format(count))
    seconds = answer.timings.get("total")
    if seconds is not None:
        facts.append(Markup('<span class="fact">{} s</span>').format(f"{seconds:.2f}"))
    if answer.follows and not chosen and not answer.verified:
        facts.append(Markup('<button type="button" class="fact" data-act="alone" title="Read after: {}">'
                            'A follow-up · read it alone</button>').format(answer.follows[-1]))  # fmt: skip
    return Markup('<div class="facts">{}</div>').format(Markup("").join(facts))


def _warning(text: str) -> Markup:
    return Markup('<p class="warning">{}<span>{}</span></p>').format(icon("warning"), text)


def _assumptions(answer: Answer) -> Markup:
    if not answer.assumptions:
        return Markup("")
    lines = [Markup("<li>{}</li>").format(text[:1].upper() + text[1:]) for text in answer.assumptions]
    buttons = [Markup('<button type="button" class="chip" data-act="change" data-index="{}">{}</button>').format(i, change.label)
               for i, change in enumerate(answer.changes)]  # fmt: skip
    change = Markup('<div class="chips">{}</div>').format(Markup("").join(buttons)) if buttons else ""
    return Markup('<section class="assumed"><h4>Taken for granted</h4><ul>{}</ul>{}</section>').format(
        Markup("").join(lines), change
    )


def _alternatives(others: Sequence[tuple[int, Alternative]], title: str) -> Markup:
    if not others:
        return Markup("")
    buttons = [
        Markup('<button type="button" class="choice" data-act="other" data-index="{}"><span>{}</span><em>{} %</em></button>')
        .format(i, other.explanation, round(other.confidence * 100))
        for i, other in others
    ]  # fmt: skip
    return Markup('<section><h4>{}</h4><div class="others">{}</div></section>').format(title, Markup("").join(buttons))


def _sql(answer: Answer) -> Markup:
    text = pretty(answer.sql, answer.query.dialect)
    tools = Markup('<div class="tools"><button type="button" class="plain" data-act="copy">{}Copy SQL</button>'
                   '<button type="button" class="plain" data-act="edit">{}Edit</button>'
                   '<button type="button" class="plain" data-act="python">{}Copy as Python</button></div>')  # fmt: skip
    editor = Markup('<div class="editor" hidden><textarea spellcheck="false" rows="{}" aria-label="SQL">{}</textarea>'
                    '<div class="tools"><button type="button" class="main" data-act="run">{}Run</button>'
                    '<button type="button" class="plain" data-act="unedit">Cancel</button></div></div>')  # fmt: skip
    return Markup('<details class="sql"><summary>SQL</summary><pre><code>{}</code></pre>{}{}</details>').format(
        highlighted(text),
        tools.format(icon("copy"), icon("edit"), icon("copy")),
        editor.format(min(24, text.count("\n") + 2), text, icon("play")),
    )


def _footer(can_go_back: bool, verified: bool) -> Markup:
    button = Markup('<button type="button" class="plain" data-act="{}" title="{}">{}{}</button>')
    buttons = [
        button.format("good", "Right: remember this question and its SQL", icon("up"), Markup("<span>Right</span>")),
        button.format("bad", "Wrong: note it for later", icon("down"), Markup("<span>Wrong</span>")),
        button.format("back", "The answer before this one", icon("redo"), "Back") if can_go_back else "",
        button.format("model", "Let the model answer it anew", icon("redo"), "Ask the model") if verified else "",
        Markup('<span class="gap"></span>'),
        button.format("csv", "Download all rows as CSV", icon("download"), "CSV"),
        button.format("parquet", "Download all rows as Parquet", icon("download"), "Parquet"),
    ]
    return Markup('<footer>{}</footer>').format(Markup("").join(buttons))
