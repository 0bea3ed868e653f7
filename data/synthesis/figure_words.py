"""How a figure is asked for at first, and how a follow-up says what it changes."""

from __future__ import annotations

FIRST = (
    "what [{is}|{was}] the {name} {scope} {when}",
    "[show|give|tell] me the {name} {scope} {when}",
    "[show|find|get] [the|] {name} {scope} {when}",
    "{name} {scope} {when}",
)
FIRST_BY = (
    "what [{is}|{was}] the {name} {scope} [by|per|for each] {dim} {when}",
    "[show|give] me [the|] {name} {scope} [by|per|for each] {dim} {when}",
    "{name} {scope} [by|per] {dim} {when}",
    "[show|list] [the|] {name} by {dim} {scope} {when}",
    "{name} by {dim} {scope} {when}",
)
FIRST_TOP = (
    "[show|list|what are|give me] the {edge} {n} {dims} by {name} {scope} {when}",
    "{edge} {n} {dims} by {name} {scope} {when}",
    "which are the {edge} {n} {dims} [by|in terms of] {name} {scope} {when}",
)
REGROUP = (
    "[and|] by {dim}",
    "[and|] [now|] by {dim} [instead|]",
    "[what about|how about|and] by {dim}",
    "[now|] [break|split] [it|that|this|them] [down|] by {dim} [please|]",
    "[and|] per {dim}",
    "[the same|same|same thing] [by|per|for each] {dim}",
    "[and|now|] for each {dim}",
    "[group|break down|show|split] by {dim} [instead|]",
    "{dim} [instead|instead please]",
    "by {dim} [rather|] than by {old}",
    "[how does it look|what does that look like|and how is it] [by|per|for each] {dim}",
    "[can you|could you|please] [show|give me] [that|this|it] by {dim}",
    "what about each {dim}",
)
SPLIT_TOO = (
    "[and|] also by {dim}",
    "[split|break] [that|it|them] [down|] by {dim} [too|as well]",
    "by {dim} [too|as well]",
    "[now|] add {dim}",
    "[and|] for each {dim} [as well|too|also]",
    "additionally by {dim}",
    "by {old} and {dim}",
    "also show the {dim}",
)
TOTAL = (
    "[and|] in total",
    "[and|] overall",
    "just the total",
    "[what is|what's|and|show] the [total|overall figure]",
    "[and|] all together",
    "without the split",
    "[don't split|do not split] it",
    "the [grand|] total instead",
    "sum it up",
)
TIME = (
    "[only|just] {when}",
    "[what about|how about|and] {when}",
    "[and|now|] {when}",
    "[the same|same] {when}",
    "[the same|same thing|same question] for {bare}",
    "[what about|how about|and|only|just] {bare}",
    "{when} [instead|only|please]",
    "{bare} [instead|only|]",
    "[limit|restrict|narrow] [it|this|that] to {bare}",
    "[and|] [what was it|how was it|how did it look] {when}",
    "[can you|please] [show|do] [it|that] {when}",
    "[and|] for {bare}",
)
ALL_TIME = (
    "[for|over] all [time|years|dates]",
    "regardless of [the date|when]",
    "[and|] [overall|in general], not just {old}",
    "without the [date|time] [limit|restriction|filter]",
    "[remove|drop|forget] the [date|time] [filter|restriction|limit]",
    "[and|] for the whole period",
    "since the beginning",
    "all years",
)
NARROW = (
    "[only|just] {scope}",
    "[the same|same|same thing|same question] {scope}",
    "[what about|how about|and|now] {scope}",
    "[and|] {scope} [only|]",
    "[the same|same] but [only|] {scope}",
    "[limit|restrict|narrow] [it|that|this] to {direct}",
    "[what about|how about|and|and what about|and how about] {direct}",
    "[the same|same|and] for {direct}",
    "[only|just] {direct}",
    "{direct} [only|instead|]",
    "[and|] [what is it|how is it] {scope}",
    "filter [it|that|] [by|to|on] {bare}",
)
EXCLUDE = (
    "[without|excluding|except|not counting|leaving out|ignoring|minus] {direct}",
    "[exclude|leave out|ignore|remove|drop|skip] {direct}",
    "[and|] [without|excluding] {direct}",
    "[the same|same|same thing] [without|excluding|except] {direct}",
    "[without|excluding|not counting] the {direct} ones",
    "[leave|take] {direct} out",
    "but not {direct}",
    "everything [except|but] {direct}",
)
WIDEN = (
    "[and|] for all [of them|]",
    "without [that|the] [filter|condition|restriction]",
    "[and|] not [only|just] {direct}",
    "[remove|drop|forget|clear] the {noun} [filter|condition|restriction]",
    "[for|across] all {nouns}",
    "[and|] [in|for] any {noun}",
    "[also|and] {nouns} other than {direct} included",
    "regardless of [the|] {noun}",
)
TOP = (
    "[only|just|show|show me] the {n} [highest|best|largest|biggest]",
    "[only|just|show] the top {n}",
    "top {n} [only|please|]",
    "[only|just] the [first|best|highest|top] {n}",
    "[show|give] me [only|just|] the top {n}",
    "[and|] the top {n}",
    "[limit|cut] [it|that|] to [the top|] {n}",
    "the {n} [highest|best|largest|biggest]",
)
BOTTOM = (
    "[only|just|show|show me] the {n} [lowest|worst|smallest]",
    "[only|just|show|and|] the bottom {n}",
    "bottom {n} [instead|please|]",
    "[and|] the {n} [lowest|worst|smallest|weakest]",
    "[what about|and] the [last|worst|lowest] {n}",
)
OTHER_COUNT = (
    "{edge} {n} instead",
    "[make it|only|just|show|show me] {n} [instead|]",
    "{n} [instead|please|only]",
    "[the|] {edge} {n} [instead|rather]",
    "[and|] [the|] {edge} {n}",
    "[can you|please] [show|give me] {n}",
)
ONE = (
    "which {dim} [has|had] {mostly}",
    "[and|] {mostly}",
    "which [one|] [has|had] {mostly}",
    "[which|and which] [one|{dim}] [is|was|had|has] the {most}",
    "[which|what] [one|] [is|was] the [best|top|leading] {dim}",
    "[and|] who is [first|at the top|number one]",
    "[and|] the [best|highest|top] [one|{dim}]",
    "[which|what] {dim} [comes first|leads|is on top|stands out]",
    "[only|just] the [winner|first one|best one]",
)
WORST = (
    "which {dim} [has|had] {leastly}",
    "[and|] {leastly}",
    "which [one|] [has|had] {leastly}",
    "[which|and which] [one|{dim}] [is|was|had|has] the {least}",
    "[which|what] [one|] [is|was] the [worst|weakest] {dim}",
    "[and|] the [worst|lowest|smallest] [one|{dim}]",
    "[and|] who [is|comes] last",
)
DESC = (
    "[sort|order|rank] [it|them|that|] [by {name}|from highest to lowest|in descending order|by {name} descending]",
    "[highest|largest|biggest|best] first",
    "[sorted|ranked] [by {name}|from high to low]",
    "[from high to low|in descending order|descending]",
    "rank them",
)
ASC = (
    "[sort|order] [it|them|that|] [from lowest to highest|in ascending order|by {name} ascending]",
    "[lowest|smallest] first",
    "[from low to high|in ascending order|ascending]",
)
FLIP = (
    "[sort|order] [it|them|that|] the other way [round|around]",
    "the other way [round|around]",
    "[reverse|flip|invert] [the|that] order",
    "[in|] reverse order",
    "[reversed|opposite order|upside down]",
    "[now|and] the opposite",
)
MEASURE = (
    "[and|] the {name} [instead|]",
    "[what about|how about|and] [the|] {name}",
    "[now|] [show|give me] [the|] {name} [instead|]",
    "[the same|same|same thing] for [the|] {name}",
    "[and|] [what is|what was|how is] the {name}",
    "{name} [instead|instead please|]",
    "[and|] in terms of {name}",
    "[use|take] [the|] {name} [instead|]",
    "i meant [the|] {name}",
)
MEASURE_TOO = (
    "[also|and also|please also] [show|add|give me|include] the {name}",
    "[add|include] the {name} [too|as well|]",
    "[with|together with|along with] the {name}",
    "[and|] the {name} [too|as well|next to it|beside it]",
    "plus the {name}",
)
PERCENT = (
    "[and|] [as|in] [a percentage|percent|percentages|%]",
    "[show|give me|express] [it|that|this|them] [as|in] [percentages|percent|a percentage [of the total|]|a percentage]",
    "what [percentage|percent] [of the total|] [is that|does each have|each]",
    "[as a|the] percentage of the total",
    "[and|] how much is that in percent",
    "in % [of the total|]",
)
ABSOLUTE = (
    "[and|] [in|as] absolute [numbers|figures|terms]",
    "[show|give me] the [absolute|actual|real] [numbers|figures] [again|instead|]",
    "not [in|as] [percent|a percentage|percentages]",
    "without the percentages",
)
AVERAGE = (
    "[and|] on average",
    "[and|] the average [instead|]",
    "[what about|how about] the average",
    "average instead [of total|]",
)
SUM = (
    "[and|] in total",
    "[and|] the total [instead|]",
    "[what about|how about] the [total|sum]",
    "[sum|total] instead [of average|]",
)
SUBJECTS = (
    "[only|just] those {post}",
    "[only|just|and|now] the ones {post}",
    "[what about|how about] [those|the ones] {post}",
    "[limit|restrict] [it|that] to those {post}",
    "{post} [only|]",
)
ADJECTIVES = (
    "[only|just] the {adjective} ones",
    "[and|what about|how about|now] the {adjective} ones",
    "[only|just] {adjective} {things}",
    "[what about|how about|and] {adjective} {things}",
    "[the same|same] for {adjective} {things}",
)
