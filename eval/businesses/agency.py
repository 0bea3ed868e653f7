"""A translation agency: translators, their language pairs, clients, jobs, invoices. Names in CamelCase, words cut short."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from .people import DAY, Table, between, numbered, person, plus, weighted

DDL = """
CREATE TABLE Language (
    LangCode VARCHAR PRIMARY KEY,
    LangName VARCHAR,
    Script VARCHAR
);
CREATE TABLE Translator (
    TransID INTEGER PRIMARY KEY,
    FullName VARCHAR,
    BasedIn VARCHAR,
    NativeLang VARCHAR REFERENCES Language(LangCode),
    IsSworn BOOLEAN,
    DailyCap INTEGER,
    OnboardDate DATE,
    ExitDate DATE,
    MentorID INTEGER REFERENCES Translator(TransID)
);
CREATE TABLE TransPair (
    PairID INTEGER PRIMARY KEY,
    TransID INTEGER REFERENCES Translator(TransID),
    SrcLang VARCHAR REFERENCES Language(LangCode),
    TgtLang VARCHAR REFERENCES Language(LangCode),
    WordRate DECIMAL(5,3),
    TestPassedOn DATE
);
CREATE TABLE Client (
    ClientID INTEGER PRIMARY KEY,
    ClientName VARCHAR,
    Sector VARCHAR,
    Country VARCHAR,
    AcctMgr VARCHAR,
    SinceDate DATE,
    PayTermDays INTEGER,
    VatExempt BOOLEAN
);
CREATE TABLE Job (
    JobID INTEGER PRIMARY KEY,
    ClientID INTEGER REFERENCES Client(ClientID),
    Domain VARCHAR,
    SrcLang VARCHAR REFERENCES Language(LangCode),
    TgtLang VARCHAR REFERENCES Language(LangCode),
    WordCnt INTEGER,
    IsRush BOOLEAN,
    QuoteDate DATE,
    QuoteAmt DECIMAL(10,2),
    AcceptDate DATE,
    DueDate DATE,
    DeliveryDate DATE,
    JobStatus VARCHAR
);
CREATE TABLE Assignment (
    AsgID INTEGER PRIMARY KEY,
    JobID INTEGER REFERENCES Job(JobID),
    TransID INTEGER REFERENCES Translator(TransID),
    ReviserID INTEGER REFERENCES Translator(TransID),
    WordCnt INTEGER,
    Fee DECIMAL(9,2),
    SentDate DATE,
    ReturnDate DATE,
    QualScore INTEGER,
    MajorErrs INTEGER
);
CREATE TABLE Invoice (
    InvID INTEGER PRIMARY KEY,
    JobID INTEGER REFERENCES Job(JobID),
    InvNo VARCHAR,
    IssueDate DATE,
    DueDate DATE,
    NetAmt DECIMAL(10,2),
    VatAmt DECIMAL(10,2),
    InvStatus VARCHAR
);
CREATE TABLE Payment (
    PayID INTEGER PRIMARY KEY,
    InvID INTEGER REFERENCES Invoice(InvID),
    RcvdDate DATE,
    Amt DECIMAL(10,2),
    Method VARCHAR
);
"""

LANGUAGES = (  # code, name, script, native translators' weight, where they live
    ("en", "English", "Latin", 22, ("Ireland", "United Kingdom", "Malta")),
    ("de", "German", "Latin", 17, ("Germany", "Austria", "Germany", "Switzerland")),
    ("fr", "French", "Latin", 14, ("France", "Belgium", "France", "Switzerland")),
    ("es", "Spanish", "Latin", 12, ("Spain", "Spain", "Argentina")),
    ("it", "Italian", "Latin", 8, ("Italy",)),
    ("pt", "Portuguese", "Latin", 6, ("Portugal", "Brazil")),
    ("nl", "Dutch", "Latin", 6, ("Netherlands", "Belgium")),
    ("pl", "Polish", "Latin", 7, ("Poland",)),
    ("sv", "Swedish", "Latin", 4, ("Sweden", "Finland")),
    ("el", "Greek", "Greek", 3, ("Greece", "Cyprus")),
    ("uk", "Ukrainian", "Cyrillic", 3, ("Ukraine", "Poland")),
    ("ar", "Arabic", "Arabic", 3, ("Egypt", "Jordan")),
    ("ja", "Japanese", "Japanese", 3, ("Japan", "Ireland")),
    ("is", "Icelandic", "Latin", 0, ()),
)
FIRST_HALF = ("Aldgate", "Brightwell", "Corvin", "Dunmore", "Estria", "Fennick", "Galvani", "Harrow", "Ibex", "Juniper",
              "Kestrel", "Marlow", "Norvik", "Orbital", "Pembroke", "Quarry", "Rosmead", "Solvang", "Vantage")  # fmt: skip
SECTORS = {  # the second half of a name, and what the jobs are about
    "law": ("Legal", (("legal", 9), ("financial", 1))), "pharma": ("Pharma", (("medical", 8), ("technical", 2))),
    "engineering": ("Engineering", (("technical", 1),)), "banking": ("Bank", (("financial", 6), ("legal", 3))),
    "tourism": ("Travel", (("marketing", 1),)), "e-commerce": ("Online", (("marketing", 7), ("technical", 2))),
    "public sector": ("Council", (("legal", 4), ("general", 6))),
}  # fmt: skip
COUNTRIES = (("Ireland", 30), ("Germany", 22), ("France", 14), ("United Kingdom", 14), ("Netherlands", 8), ("Sweden", 12))


class Translator(NamedTuple):
    number: int
    name: str
    country: str
    native: str
    sworn: bool
    daily: int
    onboard: dt.date
    left: dt.date | None
    mentor: int | None


class Pair(NamedTuple):
    translator: int
    source: str
    target: str
    rate: float
    passed: dt.date | None


Staff = tuple[Sequence[Pair], Sequence[Translator]]


class Client(NamedTuple):
    number: int
    name: str
    sector: str
    country: str
    manager: str
    since: dt.date
    days: int
    exempt: bool


class Job(NamedTuple):
    client: int
    domain: str
    source: str
    target: str
    words: int
    rush: bool
    quoted: dt.date
    amount: float
    accepted: dt.date | None
    due: dt.date | None
    delivered: dt.date | None
    status: str


class Invoice(NamedTuple):
    job: int
    label: str
    issued: dt.date
    due: dt.date
    net: float
    vat: float
    status: str


def tables() -> Iterator[Table]:
    """Every table after those that it refers to."""
    chance = Random(6607)
    used: set[tuple[str, str]] = set()
    translators: list[Translator] = []
    for joined in sorted(between(chance, dt.date(2017, 2, 1), dt.date(2025, 8, 31)) for _ in range(86)):
        translators.append(_translator(chance, translators, joined, used))
    pairs = [pair for translator in translators for pair in _pairs(chance, translator)]
    clients = _clients(chance, [" ".join(person(chance, used)[:2]) for _ in range(5)])
    jobs = _jobs(chance, clients, (pairs, translators))
    assignments = [row for number, job in enumerate(jobs, 1) for row in _assignments(chance, number, job, (pairs, translators))]
    invoices = _invoices(chance, jobs, clients)
    payments = [payment for number, invoice in enumerate(invoices, 1) for payment in _payments(chance, number, invoice)]
    yield "Language", [language[:3] for language in LANGUAGES]
    yield from (("Translator", [translator]) for translator in translators)  # one by one: a mentor must be there before
    yield "TransPair", numbered(pairs)
    yield "Client", clients
    yield "Job", numbered(jobs)
    yield "Assignment", numbered(assignments)
    yield "Invoice", numbered(invoices)
    yield "Payment", numbered(sorted(payments, key=lambda payment: payment[1]))


def _translator(chance: Random, earlier: Sequence[Translator], joined: dt.date, used: set[tuple[str, str]]) -> Translator:
    native, _, _, _, countries = weighted(chance, [(language, language[3]) for language in LANGUAGES])
    left = between(chance, plus(joined, 200), DAY) if chance.random() < 0.16 and joined.year < 2025 else None
    known = [other.number for other in earlier if other.left is None and plus(other.onboard, 365) <= joined]
    mentor = chance.choice(known[:14]) if known and chance.random() < 0.6 else None
    name, daily = " ".join(person(chance, used)[:2]), chance.choice([1500, 2000, 2000, 2500, 2500, 3000, 3500])
    country, sworn = chance.choice(countries), chance.random() < 0.3
    return Translator(len(earlier) + 1, name, country, native, sworn, daily, joined, left, mentor)


def _pairs(chance: Random, translator: Translator) -> Iterator[Pair]:
    """Into the native language; some also out of it, for less."""
    others = [(code, 60 if code == "en" else often) for code, _, _, often, _ in LANGUAGES if code != translator.native]
    sources = dict.fromkeys(weighted(chance, others) for _ in range(chance.choice([1, 2, 2, 3, 4])))
    ways = [(source, translator.native) for source in sources]
    if chance.random() < 0.25:
        ways.append(ways[0][::-1])
    for source, target in ways:
        rate = chance.randint(62, 118) / 1000 + (0.03 if target in ("ja", "ar", "sv") else 0)
        passed = plus(translator.onboard, chance.randint(-30, 70)) if chance.random() < 0.8 else None
        yield Pair(translator.number, source, target, round(rate, 3), passed)


def _clients(chance: Random, managers: Sequence[str]) -> list[Client]:
    found: dict[str, Client] = {}
    while len(found) < 64:
        sector = chance.choice(list(SECTORS))
        name = f"{chance.choice(FIRST_HALF)} {SECTORS[sector][0]}"
        since = between(chance, dt.date(2018, 1, 8), dt.date(2025, 9, 30))
        days, exempt = chance.choice([14, 30, 30, 30, 45, 60]), sector == "public sector" and chance.random() < 0.7
        manager, country = chance.choice(managers), weighted(chance, COUNTRIES)
        found.setdefault(name, Client(len(found) + 1, name, sector, country, manager, since, days, exempt))
    return list(found.values())


def _jobs(chance: Random, clients: Sequence[Client], staff: Staff) -> list[Job]:
    often = [(client, 0 if client.number % 13 == 0 else chance.choice([1, 1, 2, 3, 6, 12])) for client in clients]
    favourite = {client.number: chance.sample(staff[0], 4) for client in clients}
    found: list[Job] = []
    while len(found) < 1150:
        client, start = weighted(chance, often), dt.date(2023, 6, 1) if len(found) < 1080 else plus(DAY, -20)
        quoted = between(chance, start, DAY)
        pair = chance.choice([*favourite[client.number], chance.choice(staff[0])])
        if quoted.weekday() == 6 or quoted < client.since or not _free(pair.source, pair.target, quoted, staff):
            continue
        words, rush = round(chance.lognormvariate(7.6, 0.9) / 10) * 10 + 150, chance.random() < 0.14
        amount = round(words * chance.choice([0.14, 0.15, 0.16, 0.18, 0.2]) * (1.25 if rush else 1), 2)
        domain, none = weighted(chance, SECTORS[client.sector][1]), (None, None, None)
        job = Job(client.number, domain, pair.source, pair.target, words, rush, quoted, amount, *none, "quoted")
        answered = plus(quoted, chance.choice([0, 0, 1] if rush else [0, 1, 1, 2, 3, 5, 8, 12]))
        if chance.random() < 0.24:
            job = job._replace(status="declined" if plus(quoted, 21) < DAY else "quoted")
        elif answered <= DAY:
            due = plus(answered, words // 2200 + chance.choice([1, 2] if rush else [3, 4, 6, 8, 12]))
            job = job._replace(accepted=answered, due=due, status="in progress")
            done = max(plus(answered, 1), plus(due, chance.choice([-2, -1, -1, 0, 0, 0, 0, 0, 1, 1, 3, 6])))
            if chance.random() < 0.03:
                job = job._replace(status="cancelled")
            elif done <= DAY:
                job = job._replace(delivered=done, status="delivered")
        found.append(job)
    return sorted(found, key=lambda job: job.quoted)


def _free(source: str, target: str, day: dt.date, staff: Staff) -> list[Pair]:
    """Who does this pair and is with the agency then, and for the next two months."""
    fit = [(pair, staff[1][pair.translator - 1]) for pair in staff[0] if (pair.source, pair.target) == (source, target)]
    return [pair for pair, who in fit if who.onboard <= day and (who.left is None or plus(day, 60) < who.left)]


def _assignments(chance: Random, number: int, job: Job, staff: Staff) -> Iterator[tuple[object, ...]]:
    """One, or two of a long job; none before it is accepted, and hardly any where it was cancelled."""
    if job.accepted is None or job.status == "cancelled" and chance.random() < 0.8:
        return
    sent = plus(job.accepted, chance.choice([0, 0, 1]))
    if sent > DAY:
        return
    free = _free(job.source, job.target, job.quoted, staff)
    team = chance.sample(free, min(len(free), 2 if job.words > 4000 and chance.random() < 0.6 else 1))
    readers = [who.number for who in staff[1] if who.native == job.target and who.onboard <= sent and who.left is None]
    for at, pair in enumerate(team):
        words = job.words if len(team) == 1 else job.words // 2 + at * (job.words % 2)
        back = max(sent, plus(job.delivered or DAY, -chance.choice([0, 0, 1, 1, 2])))
        done = job.delivered is not None or job.status == "in progress" and chance.random() < 0.15
        others = [reader for reader in readers if reader not in [one.translator for one in team]]
        reviser = chance.choice(others) if others and chance.random() < 0.75 else None
        score = weighted(chance, [(10, 14), (9, 30), (8, 27), (7, 14), (6, 8), (5, 4), (4, 2), (3, 1)])
        read = (score, 0 if score > 8 else chance.randint(0, 9 - score)) if done and reviser else (None, None)
        yield number, pair.translator, reviser, words, round(words * pair.rate, 2), sent, back if done else None, *read


def _invoices(chance: Random, jobs: Sequence[Job], clients: Sequence[Client]) -> list[Invoice]:
    drafts: list[tuple[dt.date, int]] = []
    for number, job in enumerate(jobs, 1):
        issued = plus(job.delivered or DAY, chance.choice([0, 1, 1, 3, 5, 9]))
        if job.delivered and issued <= DAY and chance.random() < 0.98:
            drafts.append((issued, number))
    found: list[Invoice] = []
    for issued, number in sorted(drafts):
        client, net = clients[jobs[number - 1].client - 1], jobs[number - 1].amount
        vat = 0.0 if client.exempt else round(net * 0.23, 2)
        status = weighted(chance, [("paid", 90), ("open", 7 if issued.year > 2024 else 1), ("void", 1)])
        if status == "paid" and plus(issued, client.days) > DAY and chance.random() < 0.7:
            status = "open"
        label = f"{issued:%Y}-{sum(1 for other in found if other.issued.year == issued.year) + 1:04}"
        found.append(Invoice(number, label, issued, plus(issued, client.days), net, vat, status))
    return found


def _payments(chance: Random, number: int, invoice: Invoice) -> Iterator[tuple[int, dt.date, float, str]]:
    """All of what is paid, sometimes in two parts; of some open invoices a third."""
    total = round(invoice.net + invoice.vat, 2)
    part = round(total / 3, 2)
    parts = [total] if chance.random() < 0.93 else [part, round(total - part, 2)]
    if invoice.status != "paid":
        parts = [part] if invoice.status == "open" and chance.random() < 0.15 else []
    received = plus(invoice.due, -chance.choice([0, 1, 3, 6, 10, 14]))
    for amount in parts:
        received = min(DAY, max(invoice.issued, plus(received, chance.choice([0, 0, 0, 0, 4, 11, 25, 40]))))
        yield number, received, amount, weighted(chance, [("bank transfer", 76), ("card", 14), ("PayPal", 10)])
