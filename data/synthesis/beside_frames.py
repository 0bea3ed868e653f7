"""Frames of ordinary questions for `beside`: where a slot holds what the schema lacks, there is no answer."""

from __future__ import annotations

FLOW = (
    "what {was} the total {name} {scope} {when}", "[total|overall] {name} by {dim} {when}", "{name} per {dim} {when}",
    "which {dim} [had|has] the [highest|lowest|biggest] {name} {when}", "[show|give me] [our|the] {name} {scope} {when}",
    "how did [our|the] {name} {scope} [develop|change] {when}", "{name} {scope} {when}", "top {n} {dims} by {name} {when}",
    "average {name} per {thing} {scope} {when}", "[monthly|quarterly|yearly] {name} {scope} {when}",
    "what {was} [our|the] {name} by {dim} {when}", "compare the {name} of [the|our] {dims} {when}",
)  # fmt: skip
COLLECTED = (
    "how much did we [collect|take in|receive|get|earn] in {name} {scope} {when}",
    "how much {in_name} did we [collect|receive] {scope} {when}", "how much {in_name} [came in|was collected] {scope} {when}",
    "[sum of|total of|all] {name} [collected|received|charged] {scope} {when}",
)  # fmt: skip
PAID = (
    "how much did we [spend on|pay for|lay out for] {name} {scope} {when}", "how much {in_name} did we pay {scope} {when}",
    "what did [we spend on|we pay for] {name} {when} [by|per] {dim}", "spending on {name} [by|per] {dim} {when}",
    "which {dim} [spent|spends] the most on {name} {when}", "how much money went into {name} {scope} {when}",
)  # fmt: skip
RATE = (
    "what {was} the {name} of {row} {when}", "{name} of {row} {when}", "{row}'s {name} {when}", "{name} by {dim} {when}",
    "which {dim} [had|has] the [highest|lowest|best|worst] {name} {when}", "what {is} [our|the] {name} {scope} {when}",
    "how [high|good] {was} [our|the] {name} {scope} {when}", "[show|give me] [the|] {name} [of|for|per] each {dim} {when}",
    "{dims} with [the worst|a poor|the best] {name} {when}", "average {name} [of|across] [our|all|the] {things} {when}",
    "{name} {scope} {when}", "how did the {name} of {row} [develop|change] {when}", "rank [the|our] {dims} by {name} {when}",
)  # fmt: skip
OF_ROWS = (
    "[what is|what was|show] the [average|total|highest|median] {name} of {things}",
    "[average|avg] {name} per {thing} {scope} {when}", "{name} of {things}", "{things} with the [highest|lowest] {name}",
    "top {n} {things} by {name}", "what {was} the average {name} {scope} {when}", "total {name} by {dim} {when}",
    "average {name} [by|per] {dim} {when}", "which {dim} has the [highest|lowest] average {name}",
    "list [the|all|] {things} with their {name}",
    "how [does|did] the {name} of {things} [differ|vary] [by|across|between] {dims}",
    "which {things} have the [highest|least] {name}", "sort {things} by {name}", "what is {row}'s {name}",
    "[sum|total] of the {name} for {things}", "how many {things} have [more|a higher|less] {name} than [average|the average]",
)  # fmt: skip
SPLIT = (
    "{name} {scope} by {prop} {when}", "{name} {scope} by {thing} {prop} {when}", "{name} by {prop} of the {thing} {when}",
    "how [is|are] {name} {scope} [distributed|spread] [over|across|by] {prop} {when}", "which {prop} [has|had] {most} {when}",
    "which {prop} [brings|brought] {most} {scope} {when}", "break [down|] {name} {scope} [down|] by {prop} {when}",
    "[show|give me|i need] {name} {scope} [per|for each|by] {prop} {when}", "{dim} and {prop}: {name} {when}",
    "split {name} {scope} by {prop} {when}", "{name} by {dim} and {prop} {when}", "top {n} {prop} values by {name} {when}",
    "does {name} depend on the {thing}'s {prop}", "rank {name} by {prop} {when}",
    "group {name} {scope} by the {thing}'s {prop}", "what {prop} do {things} with {most} have",
    "what share of {name} {scope} falls on each {prop} {when}",
)  # fmt: skip
PAIR = (
    "number of {versus} {things} {when}", "how many {things} are {first} and how many {second}",
    "{versus} {things} by {dim} {when}",
    "[share|ratio|breakdown] of {pair} {things} {when}", "do we have more {first} or more {second} {things}",
    "split {name} {scope} between {pair} {things} {when}", "{name} of {pair} {things} {when}",
    "compare {name} of {pair} {things} {when}", "[share|ratio] of {pair} {things} [in|by] {name} {when}",
    "how [does|did] {name} differ between {pair} {things} {when}", "{name} {when} split [into|by] {pair} {things}",
    "{name}: {versus} {things} {when}", "how many {pair} {things} [are there|do we have]",
    "what part of {name} {scope} comes from {first} {things} {when}", "{versus} {things}, {name} {when}",
    "do {first} {things} [have|bring] more {name} than {second} {things}", "{dim}: number of {pair} {things} {when}",
)  # fmt: skip
AGENT = (
    "which {agent} most [of our|] {things} {when}", "which {agent} the [fewest|most] {things} {when}",
    "how many {things} does each {who} {base} {when}", "{things} by {who} {when}", "number of {things} [per|by] {who} {when}",
    "what share of {things} goes to [the main|each] {who} {when}", "{things} per {who} and {dim}",
    "which {agent} {things} {when}", "list {things} with [their|the] {who}", "top {n} {whos} by number of {things} {when}",
    "which {who} is [our|the] most important for {things}",
)  # fmt: skip
CLOCK = (
    "at what time of day do we [get|have] the most {things} {when}", "in which hour do most {things} [come in|happen] {when}",
    "{things} by hour [of the day|] {when}", "what [is|was] the busiest hour for {things} {when}",
    "peak hours for {things} {when}",
    "how many {things} [come in|do we get] [after 6 pm|before noon|at night|in the morning|between 8 and 10 am] {when}",
    "{name} {scope} by time of day {when}", "{name} by hour {when}",
    "share of {things} [in the morning|after lunch|at night] {when}", "what time [do|did] the last {things} come in {when}",
    "which hours of the day bring {most} {when}", "are there more {things} in the morning or in the evening {when}",
    "[hourly|hour by hour] number of {things} {when}", "list [the|all|] {things} placed after [8 pm|midnight|5 o'clock] {when}",
    "{dims} by number of {things} [before noon|at night] {when}",
)  # fmt: skip
NARROWED = (
    "how many {x} {exist} {when}", "how many {x} are there", "number of {x} {when}", "[list|show] [all|the|] {x} {when}",
    "{name} [from|of|with] {x} {when}", "what {was} the {name} [from|for|of] {x} {when}", "{x} by {dim} {when}",
    "number of {x} [per|by|in each] {dim} {when}", "which {dim} [has|had] the most {x} {when}",
    "{dims} by {name} from {x} {when}", "average {column} of {x} {when}", "[share|percentage] of {x} {when}",
    "top {n} {x} by {name} {when}", "top {n} {dims} by {name} [with|from] {x} {when}", "do we have [any|] {x}",
    "[what is|show] the {column} of {x}", "{name} by {dim} for {x} only {when}", "which {x} have {most} {when}",
    "what part of {name} [comes|came] from {x} {when}", "what share of {name} [is|was] due to {x} {when}",
    "are there more {x} than other {things}", "{x}: {name} {when}", "compare {x} [with|and] other {things} by {name}",
    "{dims} without {x} {when}", "give me a list of {x} {when} with their {column}",
)  # fmt: skip
UNKNOWN = (
    "how many {what} {exist} {scope} {when}", "how many {what} [were there|did we have|did we get] {when}",
    "number of {what} {scope} {when}", "{what} by {dim} {when}", "{what} per {dim} {when}",
    "which {dim} [has|had] the [most|fewest] {what} {when}", "{what} {when}",
    "[show|list] [all|the|] {what} [of|for] {row} {when}", "how many {what} does {row} have", "{what} [of|for|at] {row} {when}",
    "average number of {what} per {thing} {when}", "what {are} [our|the] {what} {scope} {when}", "how many {what} are {state}",
    "which {what} are {state} {when}", "[list|show me] [all|the] {state} {what} {scope}",
    "count of {state} {what} [by|per] {dim}", "did the number of {what} {scope} [go up|rise|fall] {when}",
    "top {n} {dims} by {what} {when}", "{dims} with[out|] [any|] {what} {when}",
    "[monthly|weekly|quarterly] number of {what} {scope}", "do we have [any|] {state} {what} {scope}",
    "how many {what} per {thing} {when}", "what share of {things} [have|has|led to] {what} {when}",
    "{things} with {what} {when}", "the latest {what} {scope}", "which {dims} had more than {n} {what} {when}",
    "{what} last year and this year by {dim}",
)  # fmt: skip
DEED = (
    "how many {things} {deed} {when}", "which {things} {deed} {when}", "[list|show] [all|the|] {things} {that} {deed} {when}",
    "number of {things} {that} {deed} {when}", "[share|percentage] of {things} {that} {deed} {when}",
    "{things} {that} {deed} {when}", "{dims} by number of {things} {that} {deed} {when}",
    "how many [of our|of the|] {things} {deed} {when}", "{when} how many {things} {deed}",
    "average {column} of {things} {that} {deed} {when}", "do we know which {things} {deed} {when}",
    "which {dim} has the most {things} {that} {deed} {when}", "count [the|] {things} {that} {deed} {when} by {dim}",
)  # fmt: skip
UNITS_LEFT = (
    "how many units of {row} {deed}", "how many of {row} {deed}", "number of {row} that {deed}",
    "how much of {row} do we have that {deed}",
)  # fmt: skip
