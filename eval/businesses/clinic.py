"""A physiotherapy practice: patients, their appointments, invoices and payments. Names are written out."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from .people import DAY, Table, between, numbered, person, plus, weighted

DDL = """
CREATE TABLE patients (
    patient_id INTEGER PRIMARY KEY,
    first_name VARCHAR NOT NULL,
    last_name VARCHAR NOT NULL,
    date_of_birth DATE,
    gender VARCHAR,
    city VARCHAR,
    phone VARCHAR,
    email VARCHAR,
    insurer VARCHAR,
    registered_on DATE
);
CREATE TABLE practitioners (
    practitioner_id INTEGER PRIMARY KEY,
    first_name VARCHAR,
    last_name VARCHAR,
    specialty VARCHAR,
    hired_on DATE,
    hourly_rate DECIMAL(8,2),
    is_active BOOLEAN
);
CREATE TABLE rooms (
    room_id INTEGER PRIMARY KEY,
    name VARCHAR,
    floor INTEGER,
    has_equipment BOOLEAN
);
CREATE TABLE treatments (
    treatment_id INTEGER PRIMARY KEY,
    name VARCHAR,
    category VARCHAR,
    duration_minutes INTEGER,
    price DECIMAL(8,2)
);
CREATE TABLE appointments (
    appointment_id INTEGER PRIMARY KEY,
    patient_id INTEGER REFERENCES patients(patient_id),
    practitioner_id INTEGER REFERENCES practitioners(practitioner_id),
    treatment_id INTEGER REFERENCES treatments(treatment_id),
    room_id INTEGER REFERENCES rooms(room_id),
    starts_at TIMESTAMP,
    booked_on DATE,
    status VARCHAR,
    notes VARCHAR
);
CREATE TABLE invoices (
    invoice_id INTEGER PRIMARY KEY,
    patient_id INTEGER REFERENCES patients(patient_id),
    appointment_id INTEGER REFERENCES appointments(appointment_id),
    issued_on DATE,
    amount DECIMAL(8,2),
    status VARCHAR
);
CREATE TABLE payments (
    payment_id INTEGER PRIMARY KEY,
    invoice_id INTEGER REFERENCES invoices(invoice_id),
    paid_on DATE,
    amount DECIMAL(8,2),
    method VARCHAR
);
"""

CITIES = (("Cork", 45), ("Cobh", 12), ("Midleton", 11), ("Mallow", 8), ("Kinsale", 7), ("Bandon", 6), ("Youghal", 4))
INSURERS = (("VHI", 35), ("Laya", 24), ("Irish Life Health", 15), (None, 26))
SPECIALTIES = (("Sports injuries", 6), ("Back and neck", 6), ("Post-surgery rehabilitation", 4), ("Paediatrics", 2),
               ("Neurology", 2), ("Women's health", 2))  # fmt: skip
LEFT = (4, 11, 17)  # practitioners
ROOMS = (  # name, floor, whether it has equipment
    ("Room 1", 0, False), ("Room 2", 0, True), ("Room 3", 1, False), ("Room 4", 1, False), ("Room 5", 1, True),
    ("Room 6", 2, False), ("Room 7", 2, False), ("Room 8", 2, False), ("Gym", 0, True), ("Hydrotherapy pool", 0, True),
)  # fmt: skip
# name, category, minutes, price, how often it is given
TREATMENTS = (
    ("Initial assessment", "Assessment", 60, 75, 18),
    ("Follow-up session", "Physiotherapy", 40, 58, 40),
    ("Manual therapy", "Physiotherapy", 45, 62, 22),
    ("Sports massage", "Massage", 45, 55, 10),
    ("Deep tissue massage", "Massage", 60, 70, 6),
    ("Dry needling", "Physiotherapy", 30, 50, 9),
    ("Acupuncture", "Complementary", 45, 60, 4),
    ("Ultrasound therapy", "Electrotherapy", 20, 35, 5),
    ("TENS treatment", "Electrotherapy", 30, 40, 4),
    ("Shockwave therapy", "Electrotherapy", 30, 80, 5),
    ("Hydrotherapy", "Exercise", 45, 48, 6),
    ("Group exercise class", "Exercise", 60, 18, 9),
    ("Gait analysis", "Assessment", 50, 90, 3),
    ("Post-op rehabilitation", "Rehabilitation", 60, 72, 9),
    ("Vestibular rehabilitation", "Rehabilitation", 45, 68, 2),
    ("Pelvic floor therapy", "Rehabilitation", 50, 74, 4),
    ("Home visit", "Physiotherapy", 60, 95, 3),
    ("Ergonomic workplace check", "Assessment", 90, 140, 1),
    ("Pilates one-to-one", "Exercise", 55, 65, 5),
    ("Kinesio taping", "Physiotherapy", 15, 20, 4),
    ("Cupping", "Complementary", 30, 45, 0),
)
NOTES = ("Bring MRI scan", "Referred by GP", "Wheelchair access needed", "Running late", "Knee pain after training",
         "Lower back pain", "Check range of motion")  # fmt: skip
STATES = (("paid", 84), ("partly paid", 5), ("open", 8), ("written off", 3))
METHODS = (("card", 52), ("cash", 14), ("bank transfer", 16), ("insurance", 18))


class Patient(NamedTuple):
    number: int
    first_name: str
    last_name: str
    born: dt.date
    gender: str
    city: str
    phone: str
    email: str | None
    insurer: str | None
    registered: dt.date


class Practitioner(NamedTuple):
    number: int
    first_name: str
    last_name: str
    specialty: str
    hired: dt.date
    rate: float
    active: bool


class Appointment(NamedTuple):
    patient: int
    practitioner: int
    treatment: int
    room: int
    starts: dt.datetime
    booked: dt.date
    status: str
    note: str | None


class Invoice(NamedTuple):
    number: int
    patient: int
    appointment: int
    issued: dt.date
    amount: float
    state: str


def tables() -> Iterator[Table]:
    """Every table after those that it refers to."""
    chance = Random(4101)
    used: set[tuple[str, str]] = set()
    patients = [_patient(chance, number, used) for number in range(1, 381)]
    practitioners = [_practitioner(chance, number, used) for number in range(1, 23)]
    appointments = _appointments(chance, patients, practitioners)
    invoices: list[Invoice] = []
    payments: list[tuple[int, dt.date, float, str]] = []
    for number, appointment in enumerate(appointments, 1):
        if _is_billed(chance, appointment.status):
            invoice = _invoice(chance, len(invoices) + 1, number, appointment)
            invoices.append(invoice)
            payments += _payments(chance, invoice)
    payments.sort(key=lambda payment: payment[1])
    yield "patients", patients
    yield "practitioners", practitioners
    yield "rooms", numbered(ROOMS)
    yield "treatments", numbered(treatment[:4] for treatment in TREATMENTS)
    yield "appointments", numbered(appointments)
    yield "invoices", invoices
    yield "payments", numbered(payments)


def _patient(chance: Random, number: int, used: set[tuple[str, str]]) -> Patient:
    first, last, woman = person(chance, used)
    if number <= 120:
        registered = between(chance, dt.date(2021, 3, 1), dt.date(2022, 12, 20))
    else:
        registered = between(chance, dt.date(2023, 1, 4), dt.date(2025, 11, 10))
    born = between(chance, dt.date(1938, 1, 1), dt.date(2014, 12, 31))
    city = weighted(chance, CITIES)
    phone = f"08{chance.choice('3567')} {chance.randint(100, 999)} {chance.randint(1000, 9999)}"
    email = None
    if chance.random() >= 0.17:
        email = f"{first}.{last}@{chance.choice(['gmail.com', 'outlook.com', 'eircom.net'])}".lower()
    gender = "female" if woman else "male"
    return Patient(number, first, last, born, gender, city, phone, email, weighted(chance, INSURERS), registered)


def _practitioner(chance: Random, number: int, used: set[tuple[str, str]]) -> Practitioner:
    first, last, _ = person(chance, used)
    specialty = weighted(chance, SPECIALTIES)
    hired = between(chance, dt.date(2014, 2, 1), dt.date(2024, 9, 1))
    return Practitioner(number, first, last, specialty, hired, chance.choice([42, 45, 48, 52.5, 55, 60]), number not in LEFT)


def _appointments(chance: Random, patients: Sequence[Patient], practitioners: Sequence[Practitioner]) -> list[Appointment]:
    given = [(number, treatment[4]) for number, treatment in enumerate(TREATMENTS, 1)]
    busy = [(practitioner, chance.randint(2, 12)) for practitioner in practitioners]
    often = [(patient, 0 if patient.number % 23 == 0 else chance.choice([1, 1, 2, 3, 5, 9])) for patient in patients]
    found: list[Appointment] = []
    while len(found) < 1800:
        patient = weighted(chance, often)
        day = between(chance, max(patient.registered, dt.date(2023, 1, 9)), DAY)
        if day.weekday() == 6:
            continue
        practitioner = weighted(chance, busy)
        if day < practitioner.hired or not practitioner.active and day > dt.date(2025, 2, 28):
            continue
        time = dt.time(chance.randint(8, 12 if day.weekday() == 5 else 18), chance.choice([0, 15, 30, 45]))
        status = weighted(chance, [("completed", 80), ("cancelled", 12), ("no-show", 8)])
        note = None if chance.random() < 0.7 else chance.choice(NOTES)
        treatment, room = weighted(chance, given), chance.randint(1, len(ROOMS))
        booked = max(patient.registered, plus(day, -chance.choice([0, 1, 2, 3, 5, 7, 10, 14, 21, 30])))
        starts = dt.datetime.combine(day, time)
        found.append(Appointment(patient.number, practitioner.number, treatment, room, starts, booked, status, note))
    found.sort(key=lambda appointment: appointment.starts)
    found[-1] = found[-1]._replace(starts=dt.datetime.combine(DAY, dt.time(12, 15)), status="completed")
    return found


def _is_billed(chance: Random, status: str) -> bool:
    if status == "cancelled" or status == "no-show" and chance.random() < 0.5:
        return False
    return chance.random() >= 0.03


def _invoice(chance: Random, number: int, appointment_number: int, appointment: Appointment) -> Invoice:
    price = TREATMENTS[appointment.treatment - 1][3] if appointment.status == "completed" else 25
    amount = round(price * chance.choice([1, 1, 1, 1, 0.9]), 2)
    issued = min(DAY, plus(appointment.starts.date(), chance.choice([0, 0, 1, 2, 3])))
    state = weighted(chance, STATES)
    if state == "open" and issued < dt.date(2024, 6, 1):
        state = "paid"
    return Invoice(number, appointment.patient, appointment_number, issued, amount, state)


def _payments(chance: Random, invoice: Invoice) -> Iterator[tuple[int, dt.date, float, str]]:
    at_once = chance.random() < 0.93
    half = round(invoice.amount * 0.5, 2)
    parts: list[float] = []
    if invoice.state == "paid":
        parts = [invoice.amount] if at_once else [half, round(invoice.amount - half, 2)]
    elif invoice.state == "partly paid":
        parts = [round(invoice.amount * 0.4, 2)]
    paid = invoice.issued
    for amount in parts:
        paid = min(DAY, plus(paid, chance.choice([0, 0, 1, 3, 7, 12, 20, 33])))
        yield invoice.number, paid, amount, weighted(chance, METHODS)
