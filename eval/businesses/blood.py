"""A blood donation service: donors, sessions at its sites, donations, what is made of them, and the hospitals that order it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from .people import DAY, Table, between, numbered, person, plus, weighted

DDL = """
CREATE TABLE donors (
    donor_id INTEGER PRIMARY KEY,
    first_name VARCHAR NOT NULL,
    last_name VARCHAR NOT NULL,
    sex VARCHAR,
    date_of_birth DATE,
    blood_group VARCHAR,
    town VARCHAR,
    accepts_texts BOOLEAN,
    registered_on DATE,
    deferred_until DATE,
    deferral_reason VARCHAR,
    left_on DATE
);
CREATE TABLE donation_sites (
    site_id INTEGER PRIMARY KEY,
    name VARCHAR,
    town VARCHAR,
    kind VARCHAR,
    bed_count INTEGER,
    opened_on DATE,
    closed_on DATE
);
CREATE TABLE sessions (
    session_id INTEGER PRIMARY KEY,
    site_id INTEGER REFERENCES donation_sites(site_id),
    held_on DATE,
    target_donations INTEGER,
    team_leader VARCHAR,
    status VARCHAR,
    cancelled_on DATE,
    cancellation_reason VARCHAR
);
CREATE TABLE appointments (
    appointment_id INTEGER PRIMARY KEY,
    donor_id INTEGER REFERENCES donors(donor_id),
    session_id INTEGER REFERENCES sessions(session_id),
    booked_on DATE,
    channel VARCHAR,
    reminder_sent_on DATE,
    status VARCHAR,
    cancelled_on DATE
);
CREATE TABLE donations (
    donation_id INTEGER PRIMARY KEY,
    donor_id INTEGER REFERENCES donors(donor_id),
    session_id INTEGER REFERENCES sessions(session_id),
    kind VARCHAR,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    volume_ml INTEGER,
    haemoglobin DECIMAL(4,1),
    reaction VARCHAR,
    tested_on DATE,
    test_result VARCHAR
);
CREATE TABLE hospitals (
    hospital_id INTEGER PRIMARY KEY,
    name VARCHAR,
    town VARCHAR,
    distance_km INTEGER,
    has_trauma_unit BOOLEAN,
    supplied_since DATE
);
CREATE TABLE hospital_orders (
    order_id INTEGER PRIMARY KEY,
    hospital_id INTEGER REFERENCES hospitals(hospital_id),
    ordered_at TIMESTAMP,
    urgency VARCHAR,
    component VARCHAR,
    blood_group VARCHAR,
    units_requested INTEGER,
    status VARCHAR,
    dispatched_at TIMESTAMP,
    delivered_at TIMESTAMP,
    delivery_charge DECIMAL(8,2)
);
CREATE TABLE blood_units (
    unit_id INTEGER PRIMARY KEY,
    donation_id INTEGER REFERENCES donations(donation_id),
    component VARCHAR,
    made_on DATE,
    expires_on DATE,
    order_id INTEGER REFERENCES hospital_orders(order_id),
    issued_on DATE,
    discarded_on DATE,
    discard_reason VARCHAR
);
"""

START = dt.date(2024, 1, 8)
TOWNS = (("Limerick", 34), ("Ennis", 17), ("Nenagh", 11), ("Shannon", 10), ("Newcastle West", 9), ("Tralee", 12), ("Kilrush", 7))
GROUPS = (("O+", 46), ("A+", 26), ("B+", 9), ("O-", 8), ("A-", 5), ("AB+", 3), ("B-", 2), ("AB-", 1))
DEFERRALS = (("low iron", 48), ("travel", 18), ("medication", 14), ("tattoo", 12), ("pregnancy", 8))
# name, town, kind, beds, opened, closed, how often it has a session
SITES = (
    ("Dock Road Centre", "Limerick", "permanent", 14, dt.date(2009, 5, 11), None, 34),
    ("Abbey Street Centre", "Ennis", "permanent", 8, dt.date(2014, 9, 1), None, 22),
    ("Kerry Centre", "Tralee", "permanent", 9, dt.date(2017, 3, 6), None, 20),
    ("Bloodmobile North", "Nenagh", "mobile", 4, dt.date(2016, 2, 15), None, 14),
    ("Bloodmobile West", "Kilrush", "mobile", 4, dt.date(2019, 6, 3), dt.date(2025, 4, 30), 12),
    ("Bloodmobile South", "Newcastle West", "mobile", 5, dt.date(2022, 10, 10), None, 14),
    ("Parish Hall", "Nenagh", "community", 6, dt.date(2011, 1, 17), None, 9),
    ("Community College", "Shannon", "community", 6, dt.date(2013, 4, 8), None, 8),
    ("Rugby Club", "Limerick", "community", 8, dt.date(2012, 11, 5), dt.date(2024, 9, 30), 8),
    ("Free Zone Offices", "Shannon", "workplace", 5, dt.date(2020, 9, 14), None, 6),
    ("University Campus", "Limerick", "workplace", 10, dt.date(2015, 10, 12), None, 10),
    ("Harbour Works", "Kilrush", "workplace", 4, dt.date(2025, 10, 20), None, 0),
)
HOSPITALS = (  # name, town, kilometres, trauma unit, since, how often it orders
    ("Mid-West Regional", "Limerick", 4, True, dt.date(2009, 6, 1), 30),
    ("St Senan's", "Ennis", 37, False, dt.date(2010, 2, 1), 14),
    ("Kerry General", "Tralee", 102, True, dt.date(2017, 4, 3), 17),
    ("Nenagh Hospital", "Nenagh", 41, False, dt.date(2011, 8, 15), 9),
    ("Barrington Clinic", "Limerick", 6, False, dt.date(2018, 1, 8), 11),
    ("Estuary Maternity", "Limerick", 5, False, dt.date(2012, 5, 21), 12),
    ("Shannonside Children's", "Limerick", 8, False, dt.date(2020, 3, 2), 7),
    ("West Clare Community", "Kilrush", 84, False, dt.date(2016, 11, 7), 4),
    ("Curragh Day Surgery", "Newcastle West", 44, False, dt.date(2025, 2, 3), 0),
)
MISHAPS = (("bruising", 45), ("dizziness", 30), ("fainting", 16), ("nausea", 9))
KEEPS = {"red cells": 35, "platelets": 7, "plasma": 1095}  # days
# site, day, target, leader, status, day and reason of being called off
Session = tuple[int, dt.date, int, str, str, dt.date | None, str | None]


class Donor(NamedTuple):
    number: int
    first_name: str
    last_name: str
    sex: str
    born: dt.date
    group: str
    town: str
    texts: bool
    registered: dt.date
    deferred: dt.date | None
    reason: str | None
    left: dt.date | None


class Donation(NamedTuple):
    donor: int
    session: int
    kind: str
    started: dt.datetime
    ended: dt.datetime
    volume: int
    haemoglobin: float
    reaction: str | None
    tested: dt.date | None
    result: str | None


class Unit(NamedTuple):
    donation: int
    component: str
    made: dt.date
    expires: dt.date
    order: int | None = None
    issued: dt.date | None = None
    discarded: dt.date | None = None
    reason: str | None = None


def tables() -> Iterator[Table]:
    """Every table after those that it refers to."""
    chance = Random(5303)
    used: set[tuple[str, str]] = set()
    donors = [_donor(chance, number, used) for number in range(1, 521)]
    sessions = _sessions(chance, [" ".join(person(chance, used)[:2]) for _ in range(7)])
    appointments, donations = _visits(chance, donors, sessions)
    units = [unit for number, donation in enumerate(donations, 1) for unit in _units(chance, number, donation)]
    orders = _orders(chance, units, [donors[donations[unit.donation - 1].donor - 1].group for unit in units])
    yield "donors", donors
    yield "donation_sites", numbered(site[:6] for site in SITES)
    yield "sessions", numbered(sessions)
    yield "appointments", numbered(appointments)
    yield "donations", numbered(donations)
    yield "hospitals", numbered(hospital[:5] for hospital in HOSPITALS)
    yield "hospital_orders", numbered(orders)
    yield "blood_units", numbered(units)


def _donor(chance: Random, number: int, used: set[tuple[str, str]]) -> Donor:
    first, last, woman = person(chance, used)
    registered = between(chance, dt.date(2019, 2, 1) if number <= 330 else START, dt.date(2023, 12, 20) if number <= 330 else DAY)
    left = between(chance, max(plus(registered, 90), START), DAY) if chance.random() < 0.06 else None
    texts = chance.random() < 0.77
    born = between(chance, dt.date(1957, 1, 1), dt.date(2005, 12, 31))
    group, town = weighted(chance, GROUPS), weighted(chance, TOWNS)
    return Donor(number, first, last, "F" if woman else "M", born, group, town, texts, registered, None, None, left)


def _sessions(chance: Random, leaders: Sequence[str]) -> list[Session]:
    often = [(number, site[6]) for number, site in enumerate(SITES, 1)]
    found: dict[tuple[dt.date, int], Session] = {}
    while len(found) < 199:
        number, held = weighted(chance, often), between(chance, START, DAY)
        closed = SITES[number - 1][5]
        if held.weekday() == 6 or closed and held > closed:
            continue
        row = (number, held, SITES[number - 1][3] + chance.choice([-2, -1, 0, 1]), chance.choice(leaders))
        found[held, number] = (*row, "held", None, None)
        if chance.random() < 0.07:
            reason = weighted(chance, [("weather", 5), ("staff shortage", 6), ("vehicle fault", 3)])
            found[held, number] = (*row, "cancelled", plus(held, -chance.choice([0, 1, 2, 6])), reason)
    found[DAY, 1] = (1, DAY, 14, leaders[0], "held", None, None)
    return [found[key] for key in sorted(found)]


def _visits(chance: Random, donors: list[Donor], sessions: Sequence[Session]) -> tuple[list[tuple[object, ...]], list[Donation]]:
    """Appointments and donations; ``donors`` get the last deferral of each."""
    keen = [0 if number % 11 == 0 else chance.choice([1, 1, 2, 4, 8]) for number in range(len(donors))]
    near = {town: list(accumulate(weight * (5 if donor.town == town else 1) for weight, donor in zip(keen, donors, strict=True)))
            for town, _ in TOWNS}  # fmt: skip
    free = [START] * len(donors)  # the first day on which each may come again
    appointments: list[tuple[object, ...]] = []
    donations: list[Donation] = []
    for number, (site, day, target, _, _, off, _) in enumerate(sessions, 1):
        for turn in range(target * 3 // 2):
            at = chance.choices(range(len(donors)), cum_weights=near[SITES[site - 1][1]])[0]
            donor, latest, status = donors[at], off or day, "attended"
            if free[at] > day or donor.registered > latest or (donor.left or day) < day:
                continue
            free[at] = plus(day, 1)
            if chance.random() >= 0.06:  # else without an appointment
                booked = max(donor.registered, plus(latest, -chance.choice([0, 1, 3, 5, 8, 13, 20, 27, 35])))
                status = "cancelled" if off else weighted(chance, [("attended", 76), ("missed", 11), ("cancelled", 13)])
                gone = off or between(chance, booked, day) if status == "cancelled" else None
                remind = plus(day, -2)
                reminded = remind if donor.texts and booked <= remind < (gone or day) else None
                channel = weighted(chance, [("app", 46), ("website", 27), ("phone", 19), ("at a session", 8)])
                appointments.append((donor.number, number, booked, channel, reminded, status, gone))
            if off or status != "attended":
                continue
            if chance.random() < 0.08:
                reason = weighted(chance, DEFERRALS[: 5 if donor.sex == "F" else 4])
                free[at] = plus(day, chance.choice([240, 300]) if reason == "pregnancy" else chance.choice([28, 60, 90, 120]))
                donors[at] = donor._replace(deferred=free[at], reason=reason)
            else:
                donations.append(_donation(chance, donor, number, SITES[site - 1][2], day, turn))
                free[at] = plus(day, 84 if donations[-1].kind == "whole blood" else 28)
    return appointments, donations


def _donation(chance: Random, donor: Donor, session: int, site: str, day: dt.date, turn: int) -> Donation:
    kind = weighted(chance, [("whole blood", 74), ("platelets", 16), ("plasma", 10)]) if site == "permanent" else "whole blood"
    volume, minutes = chance.choice([470, 470, 470, 470, 450, 460, 310]), chance.randint(6, 15)
    if kind != "whole blood":
        volume, minutes = chance.choice([420, 440, 500, 540, 600]), chance.randint(42, 85)
    started = dt.datetime.combine(day, dt.time(9, 25)) + dt.timedelta(minutes=20 * turn + chance.randint(0, 15))
    haemoglobin = chance.randint(*((125, 156) if donor.sex == "F" else (135, 172))) / 10
    reaction = weighted(chance, MISHAPS) if chance.random() < 0.06 else None
    tested = plus(day, chance.choice([1, 1, 1, 2]))
    result = weighted(chance, [("clear", 960), ("reactive", 16), ("inconclusive", 24)])
    return Donation(donor.number, session, kind, started, started + dt.timedelta(minutes=minutes), volume, haemoglobin, reaction,
                    *((tested, result) if tested <= DAY else (None, None)))  # fmt: skip


def _units(chance: Random, number: int, donation: Donation) -> Iterator[Unit]:
    """What is made of it, if it is enough; what fails its test or bursts is thrown away."""
    day = donation.started.date()
    made = plus(day, chance.choice([0, 1, 1]))
    parts = ["red cells"] if donation.kind == "whole blood" else [donation.kind]
    if donation.volume >= 450 and donation.kind != "plasma" and chance.random() < 0.5:
        parts.append("plasma" if donation.kind == "whole blood" else "platelets")
    for part in parts if made <= DAY and donation.volume >= 400 else []:
        unit = Unit(number, part, made, plus(day, KEEPS[part]))
        if donation.result == "reactive" and donation.tested:
            unit = unit._replace(discarded=max(donation.tested, made), reason="failed test")
        elif chance.random() < 0.03:
            unit = unit._replace(discarded=made, reason="damaged bag")
        yield unit


def _orders(chance: Random, units: list[Unit], groups: Sequence[str]) -> list[tuple[object, ...]]:
    """Orders, the oldest first; of ``units`` each gets the fitting ones that expire first, and what nobody gets expires."""
    often = [(number, hospital[5]) for number, hospital in enumerate(HOSPITALS, 1)]
    stock = [at for at, unit in enumerate(units) if not unit.discarded]
    days = (between(chance, plus(START, 14) if turn < 420 else plus(DAY, -1), DAY) for turn in range(440))
    times = sorted(dt.datetime.combine(day, dt.time(chance.randint(6, 15), chance.randint(0, 59))) for day in days)
    found: list[tuple[object, ...]] = []
    for number, ordered in enumerate(times, 1):
        hospital, urgency = weighted(chance, often), weighted(chance, [("routine", 68), ("urgent", 23), ("emergency", 9)])
        component = weighted(chance, [("red cells", 64), ("platelets", 22), ("plasma", 14)])
        minutes, charge = {"routine": (1700, 40), "urgent": (300, 75), "emergency": (50, 140)}[urgency]
        gone = ordered + dt.timedelta(minutes=chance.randint(minutes // 2, minutes))
        kept = [at for at in stock if units[at].component == component]
        kept = [at for at in kept if plus(units[at].made, 2) <= gone.date() <= units[at].expires]
        easy = kept and gone.date() <= DAY and chance.random() < 0.8
        group, wanted = groups[chance.choice(kept)] if easy else weighted(chance, GROUPS), chance.choice([1, 1, 2, 2, 2, 3, 4])
        fit = sorted((units[at].expires, at) for at in kept if groups[at] == group)[:wanted] if gone.date() <= DAY else []
        for _, at in fit:
            units[at] = units[at]._replace(order=number, issued=gone.date())
            stock.remove(at)
        km = HOSPITALS[hospital - 1][2]
        there = gone + dt.timedelta(minutes=20 + km + chance.randint(0, 35) + chance.choice([0, 0, 0, 240]))
        done = there <= dt.datetime.combine(DAY, dt.time(15))
        ways: tuple[object, ...] = ("cancelled" if ordered.date() < plus(DAY, -9) else "open", None, None, None)
        if fit:
            ways = ("delivered" if done else "dispatched", gone, there if done else None, round(charge + 0.9 * km, 2))
        found.append((hospital, ordered, urgency, component, group, wanted, *ways))
    for at, unit in enumerate(units):
        if not (unit.order or unit.discarded) and unit.expires < DAY:
            units[at] = unit._replace(discarded=plus(unit.expires, 1), reason="expired")
    return found
