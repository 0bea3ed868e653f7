"""Questions that come near what a schema holds and still get no answer: it lacks the property, the event or the plan.

They are worded like the questions that have an answer, about this schema's own things, people and places.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from nl2sql.data.synthesis import lexicon
from nl2sql.data.synthesis.ask import Ask, Draft
from nl2sql.data.synthesis.phrases import Slot, say
from nl2sql.data.synthesis.roles import Entity
from nl2sql.data.synthesis.wording import finish
from nl2sql.data.synthesis.world import World

# What rows of a kind may have and this schema may lack. A number can be summed up and compared, a text only be shown.
_NUMBERS = {
    "person": "number of children|bonus|overtime|shoe size|body height|credit score|household income|number of sick days|"
    "commission|weekly hours|remaining vacation|travel expenses|iq|body weight",
    "place": "rent|opening time|number of parking spaces|electricity bill|number of visitors|energy consumption|insurance cost|"
    "heating cost|foot traffic|number of cash registers|population|cleaning cost",
    "event": "tip|shipping cost|delivery fee|waiting time|number of complaints|tax|tip amount|carbon footprint|processing fee",
    "thing": "stock level|inventory|weight|warranty period|shelf life|star rating|number of reviews|calories|carbon footprint|"
    "production time|customs duty|number of clicks|advertising cost|reorder level|screen size",
}
_TEXTS = {
    "person": "phone number|gender|marital status|religion|nationality|mother tongue|home address|hobby|password|favourite "
    "colour|bank account|sex|fax number|social security number|blood type|postal code|eye colour|emergency contact",
    "place": "phone number|postal address|opening hours|landlord|architect|zip code|website|wifi password|alarm code|street",
    "event": "tracking number|ip address|delivery driver|coupon code|gift message|weather|delivery address|carrier",
    "thing": "colour|material|barcode|country of manufacture|ingredients|size|flavour|photo|manual|shelf position|allergens",
}
# What people did that no table tells, and what a business has beside its tables.
_DEEDS = (
    "sick days did {people} take", "hours of overtime did {people} work", "e-mails did {people} write",
    "vacation days do {people} "
    "have left", "meetings did {people} attend", "phone calls did {people} make", "training courses did {people} attend",
    "kilometres did {people} drive", "complaints did {people} receive", "children do {people} have",
    "languages do {people} speak",
)  # fmt: skip
_BUSINESS = (
    "visits did our website get", "people clicked on our ads", "followers do we have", "job applications did we receive",
    "newsletters did we send", "accidents happened", "break-ins were there", "lawsuits are pending", "cars does the company own",
    "calls did the hotline take", "shares did we issue", "competitors do we have", "people read our newsletter",
)  # fmt: skip
_PLANS = (
    "advertising budget", "marketing spend", "tax bill", "debt", "share price", "market share", "customer satisfaction",
    "electricity bill", "cash balance", "insurance premium", "it budget", "rent", "conversion rate of the website", "bounce rate",
    "net promoter score", "carbon footprint", "bank balance", "credit line", "recruiting budget", "church tax", "travel budget",
)  # fmt: skip
_ABOUT_NUMBERS = (
    "what is the [average|total|highest] {property} of {things}", "[average|total] {property} [of|for] {things}",
    "{things} with [a|the highest] {property}", "which {thing} has the [highest|lowest|biggest] {property}",
    "{property} [by|per] {dim}", "how [high|big|large] is the {property} of {row}", "what is the {property} of {row}",
    "which {things} have a {property} [above|below|of more than] {n}", "top {n} {things} by {property}",
    "how many {things} have a {property} of [more|less] than {n}", "average {property} per {thing}", "{row}'s {property}",
    "{things} sorted by {property}", "sum of {property} [by|per] {dim} [in 2023|last year|this year]",
)  # fmt: skip
_ABOUT_TEXTS = (
    "what is the {property} of {row}", "{row}'s {property}", "[give|tell|show] me the {property} of {row}",
    "[split|breakdown|distribution] of {things} by {property}",
    "what is the {property} [split|breakdown|mix] of [our|the] {things}",
    "number of {things} [by|per] {property}", "how many {things} are there [of|for] each {property}", "{things} by {property}",
    "list [all|the|] {things} with their {property}", "which {property} is most common among [our|the] {things}",
    "[share|percentage] of {things} by {property}", "how many [different] {property}s do {things} have",
    "do you [know|have] the {property} of {row}", "what {property} does {row} have",
)  # fmt: skip
_ABOUT_DEEDS = ("how many {deed} [last year|in 2024|this month|last month|in total|this year|on average|]",)
_ABOUT_PLANS = (
    "what [is|was|will be] [our|the] {plan} [for|in] {year}",
    "how [high|large|big] [is|was] [our|the] {plan} [last year|in {year}|]",
    "[show|give me] [our|the] {plan} [by|per] [month|quarter|{dim}]", "[our|the] {plan} {year}", "{plan} by {dim}",
    "what's our {plan}", "how did [our|the] {plan} develop [since {year}|]",
)  # fmt: skip
_OPINIONS = (
    "how [happy|satisfied|content] are [our|the] {things}", "which {things} will [buy|order|leave|grow] [next year|next month]",
    "forecast [the|] {column} for next [year|quarter|month]", "why did [the|] {column} [go down|drop|rise] [last year|in {year}]",
    "who is the [nicest|smartest|most beautiful|laziest] {thing}",
    "which {things} do [people|our customers|you] like [best|most]",
    "what do [people|customers] [think|say] about {row}", "should we [keep|close|fire|promote|drop] {row}",
    "what will the {column} [be|look like] in {later}", "how many {things} will [we have|there be] [next year|in {later}]",
    "how can we improve [our|the] {column}", "what is a good {column} for [our|the] {things}",
    "is {row} [worth it|any good|honest]",
)  # fmt: skip
_ORDERS = (  # to change a row that the question names
    "[add|create|enter|register] a new {thing} [called|named] {new} [from|in] {value}", "set the {column} of {row} to {n}",
    "[add|create|insert] [a|a new] {thing} [with {column} {value}|for {row}|{new}|named {new}]",
    "[change|update|correct] the {column} of {row} [to {value}|]", "[delete|remove|erase] {row}", "rename {row} [to|as] {new}",
    "[delete|remove|cancel|archive] [all|the|every] {things} [from|of|with] {value}",
    "[raise|lower|cut|increase] the {column} of "
    "{row} by {n} [percent|%]", "move {row} to {value}", "[fire|promote|dismiss|ban] {row}", "make {row} {value}",
    "[please|] [double|halve|reset] the {column} of [all|every] {things}", "assign {row} to {value}",
    "[merge|swap] {row} and {new}",
    "[order|buy|book|reserve] {n} {things}", "[e-mail|call|notify|text] {row}",
    "[pay|refund|charge|invoice] {row} {n} [euros|dollars]",
)  # fmt: skip
_NEW = ("John Doe", "Jane Roe", "Max Muster", "Testing Ltd", "Blue Moon", "ACME", "Peter Pan", "Sunrise", "Unit 7")


def near(world: World, rng: random.Random) -> Draft | None:
    """One question about this schema's own rows that its columns can't answer, or an order to change one of them."""
    ask = Ask(world, rng)
    named = [e for e in world.entities if e.labels and not e.link]
    if not named:
        return None
    entity = rng.choice(named)
    kind = rng.choices(("numbers", "texts", "deeds", "business", "plans", "opinions", "orders"), (4, 4, 1.5, 1, 2, 1.5, 3.5))[0]
    slots = _slots(ask, entity)
    if slots is None:
        return None
    frames: tuple[str, ...]
    if kind in ("numbers", "texts"):
        properties = lacks(world, (_NUMBERS if kind == "numbers" else _TEXTS)[_kind(entity)].split("|"))
        if not properties:
            return None
        slots["property"] = rng.choice(properties)
        frames = _ABOUT_NUMBERS if kind == "numbers" else _ABOUT_TEXTS
    elif kind == "deeds":
        people, deeds = [e for e in world.entities if e.person], lacks(world, _DEEDS)
        if not people or not deeds:
            return None
        who = rng.choice(people).table
        slots["deed"] = rng.choice(deeds).replace("{people}", ask.things(who, ask.filters(who, 1)))
        frames = _ABOUT_DEEDS
    elif kind == "business":
        slots["deed"] = rng.choice(lacks(world, _BUSINESS) or ["accidents happened"])
        frames = _ABOUT_DEEDS
    elif kind == "plans":
        slots["plan"] = rng.choice(lacks(world, _PLANS) or ["horoscope"])
        frames = _ABOUT_PLANS
    else:
        frames = _OPINIONS if kind == "opinions" else _ORDERS
    return Draft(finish(rng, say(rng, frames, **slots), frozenset()), None)


def _slots(ask: Ask, entity: Entity) -> dict[str, Slot] | None:
    """Words of this schema: rows, things, a column, a value and what the things are sorted by."""
    world, rng = ask.world, ask.rng
    texts = [world.texts(c) for c in entity.labels]
    if not all(texts):
        return None
    columns = [c for c in entity.columns if c.role in ("measure", "dimension", "date", "flag") and c.index not in entity.labels]
    values = [text for c in entity.with_role("dimension") for text in world.texts(c.index)]
    dimension = ask.dimension(entity.table, flags=False)
    row = " ".join(rng.choice(t) for t in texts)
    return dict(
        row=row if entity.person or rng.random() < 0.6 else f"the {entity.noun} {row}", thing=ask.noun(entity),
        things=ask.things(entity.table, ask.filters(entity.table, 1)), column=rng.choice(columns).noun if columns else "name",
        value=rng.choice(values) if values else "Vienna", dim=dimension.noun if dimension else "month", new=_NEW,
        n=str(rng.choice((2, 3, 5, 10, 20, 50, 100, 500, 120000))), year=str(world.as_of.year - rng.randrange(-1, 4)),
        later=str(world.as_of.year + rng.randrange(2, 12)),
    )  # fmt: skip


def _kind(entity: Entity) -> str:
    return "person" if entity.person else "place" if entity.place else "event" if entity.event else "thing"


def lacks(world: World, options: Sequence[str]) -> list[str]:
    """Those of which no telling word names anything of this schema or stands in one of its comments."""
    nouns = {word for e in world.entities for noun in e.nouns for word in noun.split()}
    nouns |= {word for column in world.columns for noun in column.nouns for word in noun.split()}
    comments = " ".join(t.comment for t in world.schema.tables) + " " + " ".join(c.comment for c in world.schema.columns)
    nouns |= {word.strip(".,;:()") for word in comments.lower().split()}
    nouns |= {lexicon.singular(word) for word in nouns}
    return [said for said in options if not {lexicon.singular(word) for word in _OF_DEED.sub("", said).split()} & (nouns - _WEAK)]


_OF_DEED = re.compile(r" (?:did|do) \{people\}.*| (?:get|click|have|receive|own|take|send|issue|read) .*")
_WEAK = {"number", "of", "the", "country", "cost", "time", "customer", "product", "amount", "average", "fee", "day", "period",
         "hour", "body", "bank", "our", "level", "rate", "website", "budget", "bill", "tax", "with", "people", "do", "share",
         "value", "address", "favourite", "delivery", "market", "gift", "size", "code", "position", "price",
         "credit"}  # fmt: skip
