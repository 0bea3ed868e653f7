"""A car rental: branches, vehicles, customers, contracts and workshop jobs. Names are capitalised words with blanks."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from .people import DAY, Table, between, numbered, person, plus, weighted

DDL = """
CREATE TABLE "Branches" (
    "Branch Code" VARCHAR PRIMARY KEY,
    "Branch Name" VARCHAR,
    "City" VARCHAR,
    "Country" VARCHAR,
    "Opened" DATE,
    "Parking Spaces" INTEGER
);
CREATE TABLE "Vehicle Groups" (
    "Group" VARCHAR PRIMARY KEY,
    "Description" VARCHAR,
    "Daily Rate" DOUBLE,
    "Deposit" DOUBLE,
    "Seats" INTEGER
);
CREATE TABLE "Vehicles" (
    "Plate" VARCHAR PRIMARY KEY,
    "Make" VARCHAR,
    "Model" VARCHAR,
    "Group" VARCHAR REFERENCES "Vehicle Groups"("Group"),
    "Home Branch" VARCHAR REFERENCES "Branches"("Branch Code"),
    "Fuel Type" VARCHAR,
    "First Registered" DATE,
    "Purchase Price" DOUBLE,
    "Sold On" DATE
);
CREATE TABLE "Customers" (
    "Customer No" INTEGER PRIMARY KEY,
    "Name" VARCHAR,
    "Company" VARCHAR,
    "Town" VARCHAR,
    "Country" VARCHAR,
    "E-Mail" VARCHAR,
    "Birth Date" DATE,
    "Customer Since" DATE,
    "Loyalty Tier" VARCHAR
);
CREATE TABLE "Rentals" (
    "Contract No" INTEGER PRIMARY KEY,
    "Customer No" INTEGER REFERENCES "Customers"("Customer No"),
    "Plate" VARCHAR REFERENCES "Vehicles"("Plate"),
    "Pick-up Branch" VARCHAR REFERENCES "Branches"("Branch Code"),
    "Drop-off Branch" VARCHAR REFERENCES "Branches"("Branch Code"),
    "Booked On" DATE,
    "Start Date" DATE,
    "Return Date" DATE,
    "Km Driven" INTEGER,
    "Total (EUR)" DOUBLE,
    "Payment Type" VARCHAR,
    "Status" VARCHAR
);
CREATE TABLE "Extras" (
    "Line No" INTEGER PRIMARY KEY,
    "Contract No" INTEGER REFERENCES "Rentals"("Contract No"),
    "Item" VARCHAR,
    "Qty" INTEGER,
    "Amount (EUR)" DOUBLE
);
CREATE TABLE "Service Log" (
    "Job No" INTEGER PRIMARY KEY,
    "Plate" VARCHAR REFERENCES "Vehicles"("Plate"),
    "Date In" DATE,
    "Date Out" DATE,
    "Type of Work" VARCHAR,
    "Workshop" VARCHAR,
    "Cost (EUR)" DOUBLE,
    "Odometer km" INTEGER
);
"""

# code, name, city, country, opened, parking spaces; and how many vehicles it has: those of the newest come from elsewhere
BRANCHES = (
    ("VIE1", "Vienna Airport", "Vienna", "Austria", dt.date(2012, 4, 2), 90, 22),
    ("VIE2", "Vienna Central Station", "Vienna", "Austria", dt.date(2015, 9, 1), 35, 10),
    ("GRZ1", "Graz City", "Graz", "Austria", dt.date(2016, 5, 16), 28, 9),
    ("SZG1", "Salzburg Airport", "Salzburg", "Austria", dt.date(2014, 3, 10), 40, 11),
    ("INN1", "Innsbruck City", "Innsbruck", "Austria", dt.date(2018, 11, 5), 22, 7),
    ("LNZ1", "Linz Harbour", "Linz", "Austria", dt.date(2019, 6, 3), 25, 6),
    ("MUC1", "Munich Airport", "Munich", "Germany", dt.date(2013, 7, 22), 110, 24),
    ("MUC2", "Munich East Station", "Munich", "Germany", dt.date(2020, 2, 3), 30, 8),
    ("LJU1", "Ljubljana Airport", "Ljubljana", "Slovenia", dt.date(2021, 5, 17), 32, 7),
    ("BTS1", "Bratislava Old Town", "Bratislava", "Slovakia", dt.date(2022, 10, 10), 18, 4),
    ("KLU1", "Klagenfurt Lakeside", "Klagenfurt", "Austria", dt.date(2025, 9, 15), 15, 0),
)
IN_USE = [(branch[0], branch[6]) for branch in BRANCHES if branch[6]]
PLATES = {"MUC": "M", "LJU": "LJ", "BTS": "BA"}  # elsewhere the code's first letter
LETTERS = "ABCDEFGHKLMNPRTWX"
# group: description, daily rate, deposit, seats
GROUPS = {
    "A": ("Mini", 34, 200, 4), "B": ("Economy", 41, 200, 5), "C": ("Compact", 52, 300, 5), "D": ("Estate", 66, 400, 5),
    "E": ("SUV", 84, 600, 5), "F": ("Premium", 129, 1000, 5), "M": ("Minibus", 118, 800, 9), "V": ("Cargo van", 95, 500, 3),
}  # fmt: skip
# (make, model, group, price), weight
CARS = (
    (("Fiat", "500", "A", 15500), 6), (("Hyundai", "i10", "A", 14800), 5), (("VW", "Polo", "B", 20100), 9),
    (("Skoda", "Fabia", "B", 19200), 8), (("VW", "Golf", "C", 28900), 12), (("Seat", "Leon", "C", 27100), 7),
    (("Skoda", "Octavia", "D", 33500), 10), (("VW", "Passat", "D", 41200), 5), (("Hyundai", "Tucson", "E", 36900), 7),
    (("Skoda", "Kodiaq", "E", 43800), 4), (("BMW", "530e", "F", 68200), 3), (("Mercedes", "E 220", "F", 63900), 3),
    (("Tesla", "Model 3", "F", 46500), 4), (("Ford", "Transit Custom", "M", 47700), 4), (("VW", "Crafter", "V", 52100), 5),
    (("Ford", "Transit", "V", 44900), 4),
)  # fmt: skip
COMPANIES = ("Alpha Bau GmbH", "Steiner Events", "Donau Media", "Nordlicht Film", "Kaiser Elektro", "Bergwerk Consulting",
             "Linden Apotheke", "Tirol Outdoor", "Sava Trade d.o.o.", "Horizont Reisen")  # fmt: skip
COUNTRIES = (("Austria", 50), ("Germany", 28), ("Slovenia", 6), ("Italy", 6), ("United Kingdom", 5), ("Netherlands", 5))
TOWNS = {
    "Austria": ("Vienna", "Vienna", "Vienna", "Graz", "Linz", "Salzburg", "Wels"),
    "Germany": ("Munich", "Munich", "Augsburg", "Berlin", "Passau"), "Slovenia": ("Ljubljana", "Maribor"),
    "Italy": ("Bolzano", "Verona"), "United Kingdom": ("London", "Leeds"), "Netherlands": ("Utrecht", "Rotterdam"),
}  # fmt: skip
TIERS = (("Silver", 20), ("Gold", 10), ("Platinum", 4), (None, 60))
PAYMENTS = (("Credit card", 60), ("Debit card", 18), ("Invoice", 14), ("PayPal", 8))
EXTRAS = {"Child seat": 8, "GPS": 6, "Additional driver": 9, "Full insurance": 19, "Snow chains": 7, "Roof box": 12}  # a day
# work: weight, cost
WORK = {"Inspection": (28, 210), "Tyre change": (24, 95), "Oil change": (16, 140), "Body damage": (14, 780), "Brakes": (9, 430),
        "Windscreen": (6, 350), "Engine": (3, 2100)}  # fmt: skip
WORKSHOPS = ("Autohaus Lang", "Own workshop", "Own workshop", "Garage Huber", "KFZ Novak")


class Vehicle(NamedTuple):
    plate: str
    make: str
    model: str
    group: str
    home: str
    fuel: str
    registered: dt.date
    price: float
    sold: dt.date | None


class Customer(NamedTuple):
    number: int
    name: str
    company: str | None
    town: str
    country: str
    email: str | None
    born: dt.date
    since: dt.date
    tier: str | None


class Rental(NamedTuple):
    customer: int
    plate: str
    pick_up: str
    drop_off: str | None
    booked: dt.date
    start: dt.date
    back: dt.date | None
    km: int | None
    total: float
    payment: str
    status: str


Extra = tuple[int, str, int, float]
Job = tuple[str, dt.date, dt.date | None, str, str, float | None, int]


def tables() -> Iterator[Table]:
    """Every table after those that it refers to."""
    chance = Random(4404)
    vehicles = _vehicles(chance)
    used: set[tuple[str, str]] = set()
    customers = [_customer(chance, number, used) for number in range(1001, 1321)]
    rentals = _rentals(chance, vehicles, customers)
    yield "Branches", [branch[:6] for branch in BRANCHES]
    yield "Vehicle Groups", [(group, *rest) for group, rest in GROUPS.items()]
    yield "Vehicles", vehicles
    yield "Customers", customers
    yield "Rentals", numbered(rentals, 50001)
    yield "Extras", numbered(extra for number, rental in enumerate(rentals, 50001) for extra in _extras(chance, number, rental))
    yield "Service Log", numbered(_jobs(chance, vehicles))


def _vehicles(chance: Random) -> list[Vehicle]:
    plates: set[str] = set()
    found: list[Vehicle] = []
    while len(found) < 130:
        make, model, group, price = weighted(chance, CARS)
        home = weighted(chance, IN_USE)
        town = PLATES.get(home[:3], home[0])
        plate = f"{town}-{chance.randint(100, 999)}{chance.choice(LETTERS)}{chance.choice(LETTERS)}"
        if plate in plates:
            continue
        plates.add(plate)
        fuel = _fuel(chance, make, model, group)
        registered = between(chance, dt.date(2019, 3, 1), dt.date(2025, 8, 20))
        sold = None
        if plus(registered, 900) < DAY and chance.random() < 0.3:
            sold = between(chance, plus(registered, 800), DAY)
        paid = round(price * chance.uniform(0.93, 1.08), -1)
        found.append(Vehicle(plate, make, model, group, home, fuel, registered, paid, sold))
    return found


def _fuel(chance: Random, make: str, model: str, group: str) -> str:
    if make == "Tesla" or model == "530e":
        return "Electric" if make == "Tesla" else "Hybrid"
    if group in "DMV":
        return "Diesel"
    return weighted(chance, [("Petrol", 7), ("Diesel", 2), ("Hybrid", 2), ("Electric", 1 if group in "AC" else 0)])


def _customer(chance: Random, number: int, used: set[tuple[str, str]]) -> Customer:
    first, last, _ = person(chance, used)
    country = weighted(chance, COUNTRIES)
    town = chance.choice(TOWNS[country])
    company = chance.choice(COMPANIES) if chance.random() < 0.22 else None
    email = None
    if chance.random() >= 0.1:
        email = f"{first}.{last}@{chance.choice(['gmx.at', 'web.de', 'gmail.com'])}".lower()
    born = between(chance, dt.date(1948, 1, 1), dt.date(2003, 12, 31))
    since = between(chance, dt.date(2017, 1, 10), dt.date(2025, 11, 1))
    return Customer(number, f"{first} {last}", company, town, country, email, born, since, weighted(chance, TIERS))


def _rentals(chance: Random, vehicles: Sequence[Vehicle], customers: Sequence[Customer]) -> list[Rental]:
    """A vehicle is with one customer at a time; the winter is quiet."""
    often = [(customer, 0 if customer.number % 17 == 0 else chance.choice([1, 1, 2, 3, 4, 8])) for customer in customers]
    out: dict[str, list[tuple[dt.date, dt.date]]] = {vehicle.plate: [] for vehicle in vehicles}
    found: list[Rental] = []
    while len(found) < 1650:
        vehicle, customer = chance.choice(vehicles), weighted(chance, often)
        start = between(chance, max(vehicle.registered, customer.since, dt.date(2023, 1, 2)), DAY)
        days = chance.choice([1, 1, 2, 2, 3, 3, 4, 5, 7, 7, 10, 14, 21])
        end = plus(start, days)
        if vehicle.sold and end >= vehicle.sold:
            continue
        if chance.random() < (0.35 if start.month in (1, 2, 11) else 0.15 if start.month in (3, 10, 12) else 0):
            continue
        status = weighted(chance, [("Returned", 88), ("Cancelled", 9), ("No show", 3)])
        if status == "Returned" and any(first <= end and start <= last for first, last in out[vehicle.plate]):
            continue
        pick_up = vehicle.home if chance.random() < 0.86 else chance.choice(IN_USE)[0]
        drop_off: str | None = pick_up if chance.random() < 0.8 else chance.choice(IN_USE)[0]
        rate = GROUPS[vehicle.group][1]
        back, km, total = None, None, 0.0 if status == "Cancelled" else float(rate)
        if status == "Returned":
            out[vehicle.plate].append((start, end))
            back, km = end, int(days * chance.lognormvariate(4.7, 0.6)) + 15
            total = round(rate * days * chance.choice([1, 1, 0.95, 0.9, 0.85, 1.1]) * (1.15 if start.month in (7, 8) else 1), 2)
            if end > DAY:
                status, back, km = "On rent", None, None
        before = chance.choice([0, 1, 2, 4, 7, 10, 14, 21, 30, 45, 60])
        booked = max(min(start, customer.since), plus(start, -before))
        if status != "Returned":
            chance.random()  # of no use, but all that comes after it would be another
        drop_off = None if status in ("Cancelled", "No show") else drop_off
        payment = weighted(chance, PAYMENTS)
        found.append(Rental(customer.number, vehicle.plate, pick_up, drop_off, booked, start, back, km, total, payment, status))
    found.sort(key=lambda rental: (rental.start, rental.plate))
    found[-1] = found[-1]._replace(booked=min(found[-1].booked, DAY), start=DAY)
    return found


def _extras(chance: Random, number: int, rental: Rental) -> Iterator[Extra]:
    if rental.status not in ("Returned", "On rent") or chance.random() >= 0.45:
        return
    days = ((rental.back or DAY) - rental.start).days or 1
    offered = [item for item in EXTRAS if item != "Snow chains" or rental.start.month in (11, 12, 1, 2, 3)]
    count = chance.choice([1, 1, 1, 2])
    for item in chance.sample(offered, count):
        quantity = chance.choice([1, 1, 2]) if item == "Child seat" else 1
        yield number, item, quantity, float(EXTRAS[item] * quantity * days)


def _jobs(chance: Random, vehicles: Sequence[Vehicle]) -> list[Job]:
    found: list[Job] = []
    for vehicle in vehicles:
        km = chance.randint(4000, 60000)
        day = plus(max(dt.date(2023, 1, 10), plus(vehicle.registered, 150)), chance.randint(0, 200))
        while day < (vehicle.sold or DAY):
            work = weighted(chance, [(work, weight) for work, (weight, _) in WORK.items()])
            if work == "Oil change" and vehicle.fuel == "Electric":
                work = "Inspection"
            cost = round(WORK[work][1] * chance.uniform(0.7, 1.6), 2)
            long = work in ("Engine", "Body damage")
            done = plus(day, chance.choice([3, 5, 8, 12, 20] if long else [0, 0, 1, 1, 2, 3, 5, 9, 14]))
            workshop = chance.choice(WORKSHOPS)
            over = done <= DAY
            found.append((vehicle.plate, day, done if over else None, work, workshop, cost if over else None, km))
            day, km = plus(day, chance.randint(40, 260)), km + chance.randint(2500, 16000)
    return sorted(found, key=lambda job: job[1])
