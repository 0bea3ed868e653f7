"""A software company: accounts, subscriptions, invoices and support. Every column begins with its table's prefix."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from .people import DAY, Table, between, numbered, person, plus, weighted

DDL = """
CREATE TABLE crm_account (
    acc_id INTEGER PRIMARY KEY,
    acc_name VARCHAR,
    acc_industry VARCHAR,
    acc_country VARCHAR,
    acc_employee_count INTEGER,
    acc_signup_date DATE,
    acc_source VARCHAR
);
CREATE TABLE crm_contact (
    con_id INTEGER PRIMARY KEY,
    con_acc_id INTEGER REFERENCES crm_account(acc_id),
    con_full_name VARCHAR,
    con_email VARCHAR,
    con_role VARCHAR,
    con_newsletter BOOLEAN
);
CREATE TABLE bil_plan (
    pln_id INTEGER PRIMARY KEY,
    pln_name VARCHAR,
    pln_monthly_price DECIMAL(8,2),
    pln_max_seats INTEGER,
    pln_is_public BOOLEAN
);
CREATE TABLE bil_subscription (
    sub_id INTEGER PRIMARY KEY,
    sub_acc_id INTEGER REFERENCES crm_account(acc_id),
    sub_pln_id INTEGER REFERENCES bil_plan(pln_id),
    sub_start_date DATE,
    sub_end_date DATE,
    sub_seats INTEGER,
    sub_status VARCHAR,
    sub_cancel_reason VARCHAR
);
CREATE TABLE bil_invoice (
    inv_id INTEGER PRIMARY KEY,
    inv_sub_id INTEGER REFERENCES bil_subscription(sub_id),
    inv_number VARCHAR,
    inv_date DATE,
    inv_amount DECIMAL(10,2),
    inv_currency VARCHAR,
    inv_paid_date DATE
);
CREATE TABLE sup_agent (
    agt_id INTEGER PRIMARY KEY,
    agt_name VARCHAR,
    agt_team VARCHAR,
    agt_location VARCHAR,
    agt_start_date DATE
);
CREATE TABLE sup_ticket (
    tkt_id INTEGER PRIMARY KEY,
    tkt_acc_id INTEGER REFERENCES crm_account(acc_id),
    tkt_agt_id INTEGER REFERENCES sup_agent(agt_id),
    tkt_subject VARCHAR,
    tkt_category VARCHAR,
    tkt_priority VARCHAR,
    tkt_channel VARCHAR,
    tkt_status VARCHAR,
    tkt_opened_at TIMESTAMP,
    tkt_closed_at TIMESTAMP,
    tkt_csat_score INTEGER
);
CREATE TABLE sup_ticket_message (
    msg_id INTEGER PRIMARY KEY,
    msg_tkt_id INTEGER REFERENCES sup_ticket(tkt_id),
    msg_sent_at TIMESTAMP,
    msg_from VARCHAR,
    msg_word_count INTEGER
);
"""

STARTS_OF_NAMES = ("Bright", "North", "Blue", "Iron", "Swift", "Clear", "Green", "Stone", "River", "Maple", "Silver", "Open",
                   "Rapid", "Sun", "Peak", "Harbor", "Cedar", "Lumen", "Atlas", "Echo")  # fmt: skip
ENDS_OF_NAMES = ("works", "desk", "labs", "soft", "media", "systems", "health", "retail", "robotics", "foods", "capital",
                 "studio", "freight", "energy")  # fmt: skip
INDUSTRIES = {"health": "Healthcare", "retail": "Retail", "freight": "Logistics", "energy": "Energy", "capital": "Finance",
              "media": "Media", "studio": "Media", "foods": "Retail", "robotics": "Manufacturing"}  # fmt: skip
OTHER_INDUSTRIES = (("Software", 6), ("Education", 2), ("Finance", 2))
COUNTRIES = (("United States", 36), ("United Kingdom", 18), ("Germany", 14), ("Canada", 9), ("Netherlands", 7), ("France", 6),
             ("Australia", 6), ("Spain", 4))  # fmt: skip
CURRENCIES = {"United States": "USD", "Canada": "USD", "Australia": "USD", "United Kingdom": "GBP"}  # EUR elsewhere
SOURCES = (("Organic search", 30), ("Referral", 22), ("Paid ads", 20), ("Partner", 12), ("Event", 9), ("Outbound", 8))
CONTACTS = (("Owner", 3), ("Admin", 4), ("Billing", 3), ("User", 4))
PLANS: tuple[tuple[str, int, int | None, bool], ...] = (  # name, price a month, most seats, public
    ("Free", 0, 3, True), ("Starter", 15, 10, True), ("Team", 29, 50, True), ("Business", 49, 250, True),
    ("Enterprise", 79, None, True), ("Nonprofit", 9, 50, False), ("Legacy Pro", 22, 25, False),
)  # fmt: skip
FIRST_PLANS = ((1, 12), (2, 28), (3, 26), (4, 12), (5, 5), (6, 4), (7, 0))
BUSINESS, ENTERPRISE = 4, 5
REASONS = (("Too expensive", 9), ("Missing features", 7), ("Switched to competitor", 7), ("Business closed", 3),
           ("No longer needed", 5), (None, 3))  # fmt: skip
TEAMS = (("Tier 1", 5), ("Tier 2", 3), ("Billing", 2))
LOCATIONS = (("Lisbon", 4), ("Austin", 3), ("Berlin", 2), ("Remote", 3))
SUBJECTS = {
    "Bug": ("Export fails with timeout", "Dashboard shows wrong totals", "App crashes on login", "Sync stuck at 99%"),
    "How-to": ("How do I invite a colleague?", "Where can I change the logo?", "How to set up webhooks"),
    "Billing": ("Wrong amount on invoice", "Refund request", "Change of VAT number", "Card was declined"),
    "Account access": ("Password reset not working", "Locked out after SSO change", "Two-factor device lost"),
    "Feature request": ("Dark mode please", "Bulk edit of tags", "API for reports"),
}
CATEGORIES = (("Bug", 30), ("How-to", 27), ("Billing", 18), ("Account access", 14), ("Feature request", 11))
PRIORITIES = (("low", 28), ("normal", 44), ("high", 20), ("urgent", 8))
HOURS = {"low": 90, "normal": 52, "high": 26, "urgent": 9}  # until a ticket is closed, on average
CHANNELS = (("email", 45), ("chat", 35), ("phone", 12), ("portal", 8))
SCORES = ((5, 35), (4, 28), (3, 13), (2, 8), (1, 7))


class Account(NamedTuple):
    number: int
    name: str
    industry: str
    country: str
    employees: int | None
    signed_up: dt.date
    source: str


class Subscription(NamedTuple):
    account: int
    plan: int
    start: dt.date
    end: dt.date | None
    seats: int
    status: str
    reason: str | None


class Agent(NamedTuple):
    number: int
    name: str
    team: str
    location: str
    start: dt.date


class Ticket(NamedTuple):
    account: int
    agent: int | None
    subject: str
    category: str
    priority: str
    channel: str
    status: str
    opened: dt.datetime
    closed: dt.datetime | None
    score: int | None


Contact = tuple[int, str, str, str, bool]
Bill = tuple[int, dt.date, float, str, dt.date | None]
Message = tuple[int, dt.datetime, str, int]


def tables() -> Iterator[Table]:
    """Every table after those that it refers to."""
    chance = Random(4303)
    people: set[tuple[str, str]] = set()
    accounts = _accounts(chance)
    contacts = [contact for account in accounts for contact in _contacts(chance, account, people)]
    subscriptions = [subscription for account in accounts if account.number % 19
                     for subscription in _subscriptions(chance, account)]  # fmt: skip
    subscriptions.sort(key=lambda subscription: subscription.start)
    bills = [bill for number, subscription in enumerate(subscriptions, 1)
             for bill in _bills(chance, number, subscription, accounts[subscription.account - 1])]  # fmt: skip
    bills.sort(key=lambda bill: bill[1])
    agents = [_agent(chance, number, people) for number in range(1, 17)]
    tickets = _tickets(chance, accounts, agents)
    yield "crm_account", accounts
    yield "crm_contact", numbered(contacts)
    yield "bil_plan", numbered(PLANS)
    yield "bil_subscription", numbered(subscriptions)
    yield "bil_invoice", [(number, subscription, f"INV-{day.year}-{number:05d}", day, *rest)
                          for number, (subscription, day, *rest) in enumerate(bills, 1)]  # fmt: skip
    yield "sup_agent", agents
    yield "sup_ticket", numbered(tickets)
    yield "sup_ticket_message", numbered(_messages(chance, tickets))


def _accounts(chance: Random) -> list[Account]:
    used: set[tuple[str, str]] = set()
    found: list[Account] = []
    while len(found) < 210:
        start, end = chance.choice(STARTS_OF_NAMES), chance.choice(ENDS_OF_NAMES)
        name = f"{start}{end}" if chance.random() < 0.5 else f"{start} {end.title()}"
        if (start, end) in used:
            continue
        used.add((start, end))
        other = weighted(chance, OTHER_INDUSTRIES)
        country = weighted(chance, COUNTRIES)
        employees = None if chance.random() < 0.05 else int(chance.lognormvariate(4, 1.1)) + 2
        signed_up = between(chance, dt.date(2023, 1, 5), dt.date(2025, 10, 25))
        industry, source = INDUSTRIES.get(end, other), weighted(chance, SOURCES)
        found.append(Account(len(found) + 1, name, industry, country, employees, signed_up, source))
    return found


def _contacts(chance: Random, account: Account, people: set[tuple[str, str]]) -> Iterator[Contact]:
    if account.number % 31 == 0:
        return
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3])):
        first, last, _woman = person(chance, people)
        email = f"{first[0]}{last}@{account.name.replace(' ', '')}.com".lower()
        yield account.number, f"{first} {last}", email, weighted(chance, CONTACTS), chance.random() < 0.44


def _subscriptions(chance: Random, account: Account) -> Iterator[Subscription]:
    """One after the other: an upgrade follows at once, who comes back does so after weeks."""
    start = min(DAY, plus(account.signed_up, chance.choice([0, 0, 3, 14, 14, 30])))
    plan = weighted(chance, FIRST_PLANS)
    while True:
        many = 6 if plan == ENTERPRISE else 3 if plan == BUSINESS else 1
        seats = min(PLANS[plan - 1][2] or 600, max(1, int(chance.lognormvariate(2.2, 0.8)) * many))
        stop = plus(start, int(chance.expovariate(1 / 620)) + 25)
        if stop >= DAY:
            status = weighted(chance, [("active", 92), ("past_due", 7)])
            yield Subscription(account.number, plan, start, None, seats, status, None)
            return
        if plan < ENTERPRISE and chance.random() < 0.5:
            yield Subscription(account.number, plan, start, stop, seats, "upgraded", "Changed plan")
            start, plan = stop, plan + 1
            continue
        yield Subscription(account.number, plan, start, stop, seats, "cancelled", weighted(chance, REASONS))
        if not (chance.random() < 0.12 and plus(stop, 90) < DAY):
            return
        start = plus(stop, chance.randint(40, 90))


def _bills(chance: Random, number: int, subscription: Subscription, account: Account) -> Iterator[Bill]:
    """One a quarter."""
    price = PLANS[subscription.plan - 1][1]
    if not price:
        return
    day = subscription.start
    while day <= (subscription.end or DAY):
        late = plus(day, chance.choice([0, 0, 0, 1, 2, 5, 9, 14, 28, 41]))
        paid = None if late > DAY or chance.random() < 0.035 else late
        amount = round(price * subscription.seats * 3 * chance.choice([1, 1, 1, 0.9, 0.8]), 2)
        yield number, day, amount, CURRENCIES.get(account.country, "EUR"), paid
        day = plus(day, 91)


def _agent(chance: Random, number: int, people: set[tuple[str, str]]) -> Agent:
    first, last, _ = person(chance, people)
    team, location = weighted(chance, TEAMS), weighted(chance, LOCATIONS)
    start = between(chance, dt.date(2021, 4, 1), dt.date(2025, 3, 1)) if number < 16 else dt.date(2025, 11, 3)
    return Agent(number, f"{first} {last}", team, location, start)


def _tickets(chance: Random, accounts: Sequence[Account], agents: Sequence[Agent]) -> list[Ticket]:
    often = [(account, chance.choice([0, 1, 1, 2, 3, 6, 10])) for account in accounts]
    busy = [(agent, chance.randint(3, 12)) for agent in agents[:15]]
    found: list[Ticket] = []
    while len(found) < 1100:
        account = weighted(chance, often)
        day = between(chance, account.signed_up, DAY)
        hour = weighted(chance, [(hour, 9 if 8 <= hour <= 18 else 1) for hour in range(24)])
        opened = dt.datetime.combine(day, dt.time(hour, chance.randint(0, 59), chance.randint(0, 59)))
        category, priority = weighted(chance, CATEGORIES), weighted(chance, PRIORITIES)
        hours = chance.expovariate(1 / HOURS[priority]) + 0.3
        stop = opened + dt.timedelta(seconds=int(hours * 3600))
        closed = stop if stop < dt.datetime(2025, 11, 15, 20) and chance.random() > 0.02 else None
        agent = weighted(chance, busy)
        handled_by = agent.number if agent.start <= day else 1
        waits = closed is None and chance.random() < 0.3
        subject, channel = chance.choice(SUBJECTS[category]), weighted(chance, CHANNELS)
        status = "closed" if closed else "new" if waits else chance.choice(["open", "pending"])
        score = weighted(chance, SCORES) if closed and chance.random() < 0.55 else None
        found.append(Ticket(account.number, None if waits else handled_by, subject, category, priority, channel, status, opened,
                            closed, score))  # fmt: skip
    found.sort(key=lambda ticket: ticket.opened)
    found[-1] = found[-1]._replace(agent=None, status="new", opened=dt.datetime(2025, 11, 15, 18, 41, 7), closed=None, score=None)
    return found


def _messages(chance: Random, tickets: Sequence[Ticket]) -> list[Message]:
    """Of the first tickets, some 2000 of them."""
    found: list[Message] = []
    for number, ticket in enumerate(tickets, 1):
        length = (ticket.closed or dt.datetime(2025, 11, 15, 19)) - ticket.opened
        count = 1 if ticket.agent is None else chance.choice([1, 2, 2, 2, 3] if number % 3 else [1, 2, 3])
        for place in range(count):
            sent = (ticket.opened + length * place / count).replace(microsecond=0)
            words = int(chance.lognormvariate(3.8, 0.6)) + 4
            found.append((number, sent, "agent" if place % 2 else "customer", words))
        if len(found) > 1990:
            break
    return found
