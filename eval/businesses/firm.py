"""A consultancy: staff, clients, projects, time sheets, absences and pay. Names and codes are abbreviated."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from .people import DAY, Table, between, numbered, person, plus, weighted

DDL = """
CREATE TABLE dept (
    dept_id INTEGER PRIMARY KEY,
    dept_nm VARCHAR,
    loc VARCHAR,
    ann_bdgt DECIMAL(12,2)
);
CREATE TABLE emp (
    emp_id INTEGER PRIMARY KEY,
    emp_nm VARCHAR,
    dept_id INTEGER REFERENCES dept(dept_id),
    job_ttl VARCHAR,
    grd INTEGER,
    sal DECIMAL(10,2),
    hire_dt DATE,
    term_dt DATE,
    mgr_id INTEGER REFERENCES emp(emp_id),
    wk_hrs INTEGER
);
CREATE TABLE clnt (
    clnt_id INTEGER PRIMARY KEY,
    clnt_nm VARCHAR,
    indstry VARCHAR,
    cntry VARCHAR,
    since_dt DATE
);
CREATE TABLE proj (
    proj_id INTEGER PRIMARY KEY,
    proj_nm VARCHAR,
    clnt_id INTEGER REFERENCES clnt(clnt_id),
    lead_emp_id INTEGER REFERENCES emp(emp_id),
    start_dt DATE,
    end_dt DATE,
    bdgt_amt DECIMAL(12,2),
    stat VARCHAR
);
CREATE TABLE asgmt (
    asgmt_id INTEGER PRIMARY KEY,
    emp_id INTEGER REFERENCES emp(emp_id),
    proj_id INTEGER REFERENCES proj(proj_id),
    role_nm VARCHAR,
    alloc_pct INTEGER
);
CREATE TABLE tmsht (
    ts_id INTEGER PRIMARY KEY,
    emp_id INTEGER REFERENCES emp(emp_id),
    proj_id INTEGER REFERENCES proj(proj_id),
    work_dt DATE,
    hrs DECIMAL(4,2),
    bill_flg VARCHAR,
    hr_rate DECIMAL(8,2)
);
CREATE TABLE absnc (
    abs_id INTEGER PRIMARY KEY,
    emp_id INTEGER REFERENCES emp(emp_id),
    abs_typ VARCHAR,
    start_dt DATE,
    end_dt DATE,
    num_days INTEGER,
    apprvd VARCHAR
);
CREATE TABLE payrl (
    pay_id INTEGER PRIMARY KEY,
    emp_id INTEGER REFERENCES emp(emp_id),
    pay_dt DATE,
    gross_amt DECIMAL(10,2),
    tax_amt DECIMAL(10,2),
    bonus_amt DECIMAL(10,2),
    net_amt DECIMAL(10,2)
);
"""

DEPARTMENTS = (
    ("Strategy", "Zurich", 2100000), ("Data & Analytics", "Zurich", 2650000), ("IT Consulting", "Basel", 3200000),
    ("Operations Consulting", "Geneva", 1900000), ("Finance", "Zurich", 620000), ("Human Resources", "Zurich", 480000),
    ("Sales", "Basel", 910000), ("Legal", "Zurich", 350000), ("Office Services", "Bern", 260000),
)  # fmt: skip
CONSULTING = 4  # the departments up to this one
# department -> its titles by grade; nobody works in Legal
TITLES = {
    1: ("Analyst", "Consultant", "Senior Consultant", "Manager", "Partner"),
    2: ("Data Analyst", "Data Scientist", "Senior Data Scientist", "Manager", "Partner"),
    3: ("Developer", "Consultant", "Senior Consultant", "Architect", "Partner"),
    4: ("Analyst", "Consultant", "Senior Consultant", "Manager", "Partner"),
    5: ("Accountant", "Accountant", "Controller", "Finance Manager", "CFO"),
    6: ("HR Assistant", "HR Partner", "HR Partner", "HR Manager", "HR Director"),
    7: ("Sales Assistant", "Account Executive", "Account Executive", "Sales Manager", "Sales Director"),
    9: ("Receptionist", "Office Assistant", "Facility Technician", "Office Manager", "Office Manager"),
}
STAFFED = ((1, 16), (2, 18), (3, 26), (4, 14), (5, 6), (6, 5), (7, 7), (9, 4))
GRADES = ((1, 26), (2, 32), (3, 24), (4, 14))
SALARIES = (62000, 81000, 103000, 134000, 196000)  # by grade
RATES = (140, 175, 215, 265, 340)
STARTS_OF_NAMES = ("Alpen", "Nord", "Rhein", "Helvetia", "Medi", "Omni", "Terra", "Quanta", "Luma", "Vita", "Aero", "Ferro",
                   "Aqua", "Solar", "Urban", "Prime", "Delta", "Arbor")  # fmt: skip
INDUSTRIES = {"bank": "Banking", "pharma": "Pharma", "tech": "Technology", "logistics": "Logistics", "energy": "Energy",
              "foods": "Consumer Goods", "insure": "Insurance", "rail": "Public Transport"}  # fmt: skip
COUNTRIES = (("Switzerland", 30), ("Germany", 14), ("Austria", 5), ("France", 6), ("Italy", 3))
FORMS = {"Switzerland": "AG", "Germany": "GmbH", "Austria": "GmbH", "France": "SA", "Italy": "SA"}
PROJECTS = ("ERP Rollout", "Data Platform", "Cost Review", "Post-Merger Integration", "Digital Roadmap", "Pricing Study",
            "Cloud Migration", "Process Redesign", "CRM Selection", "Risk Dashboard", "Supply Chain Audit", "Chatbot Pilot",
            "Market Entry Study", "IT Security Review")  # fmt: skip
ROLES = (("Consultant", 5), ("Analyst", 3), ("Developer", 3), ("Subject Expert", 1), ("Tester", 1))
ABSENCES = (("VAC", 55), ("SICK", 32), ("TRN", 8), ("UNPD", 3), ("PAR", 3))
LENGTHS = {"VAC": (1, 2, 5, 5, 10, 14), "SICK": (1, 1, 2, 3, 4, 8, 20), "TRN": (1, 2, 3), "UNPD": (5, 10, 30),
           "PAR": (14, 60, 98)}  # fmt: skip


class Employee(NamedTuple):
    number: int
    name: str
    department: int
    title: str
    grade: int
    salary: float
    hired: dt.date
    left: dt.date | None
    manager: int | None
    hours: int

    @property
    def last_day(self) -> dt.date:
        return self.left or DAY


class Client(NamedTuple):
    number: int
    name: str
    industry: str
    country: str
    since: dt.date


class Project(NamedTuple):
    number: int
    name: str
    client: int
    lead: int
    start: dt.date
    end: dt.date | None
    budget: float | None
    status: str


Assignment = tuple[int, int, str, int]
Sheet = tuple[int, int, dt.date, float, str, int | None]
Absence = tuple[int, str, dt.date, dt.date, int, str]
Pay = tuple[int, dt.date, float, float, float, float]


def tables() -> Iterator[Table]:
    """Every table after those that it refers to."""
    chance = Random(4202)
    employees = _employees(chance)
    clients = _clients(chance)
    projects = _projects(chance, clients, employees)
    assignments: list[Assignment] = []
    sheets: list[Sheet] = []
    for project in projects:
        team = _team(chance, project, employees)
        assignments += _assignments(chance, project, team)
        sheets += _sheets(chance, project, team)
    sheets.sort(key=lambda sheet: sheet[2])
    sheets[-1] = (*sheets[-1][:2], DAY, *sheets[-1][3:])
    yield "dept", numbered(DEPARTMENTS)
    yield from (("emp", [employee]) for employee in employees)  # one by one: a manager must be there before
    yield "clnt", clients
    yield "proj", projects
    yield "asgmt", numbered(assignments)
    yield "tmsht", numbered(sheets)
    yield "absnc", numbered(_absences(chance, employees[:90]))
    yield "payrl", numbered(_payroll(chance, employees))


def _employees(chance: Random) -> list[Employee]:
    """The heads of the departments come first."""
    used: set[tuple[str, str]] = set()
    managers: dict[int, int] = {}
    found: list[Employee] = []
    for number in range(1, 96):
        first, last, _ = person(chance, used)
        if number <= len(TITLES):
            department, grade, manager = list(TITLES)[number - 1], 5, None if number == 1 else 1
            hired = between(chance, dt.date(2009, 5, 1), dt.date(2017, 10, 1))
        else:
            department, grade = weighted(chance, STAFFED), weighted(chance, GRADES)
            hired, manager = between(chance, dt.date(2013, 1, 1), dt.date(2025, 9, 1)), managers[department]
        less = 0.72 if department in (6, 9) else 0.9 if department in (5, 7) else 1
        salary = round(SALARIES[grade - 1] * less * chance.uniform(0.9, 1.15), -2)
        managers.setdefault(department, number)
        if grade == 4 and chance.random() < 0.5:
            managers[department] = number
        left = None
        if grade < 5 and chance.random() < 0.16 and hired < dt.date(2025, 1, 1):
            left = between(chance, max(plus(hired, 200), dt.date(2023, 2, 1)), dt.date(2025, 10, 31))
        title, hours = TITLES[department][grade - 1], chance.choice([42, 42, 42, 42, 34, 25, 21])
        found.append(Employee(number, f"{first} {last}", department, title, grade, salary, hired, left, manager, hours))
    return found


def _clients(chance: Random) -> list[Client]:
    seen: set[tuple[str, str]] = set()
    found: list[Client] = []
    while len(found) < 54:
        parts = chance.choice(STARTS_OF_NAMES), chance.choice(list(INDUSTRIES))
        if parts in seen:
            continue
        seen.add(parts)
        country = weighted(chance, COUNTRIES)
        since = between(chance, dt.date(2015, 1, 1), dt.date(2025, 6, 30))
        name = f"{''.join(parts)} {FORMS[country]}"
        found.append(Client(len(found) + 1, name, INDUSTRIES[parts[1]], country, since))
    return found


def _projects(chance: Random, clients: Sequence[Client], employees: Sequence[Employee]) -> list[Project]:
    often = [(client, 0 if client.number % 9 == 0 else chance.choice([1, 2, 2, 4, 6])) for client in clients]
    names: set[str] = set()
    found: list[Project] = []
    while len(found) < 92:
        client = weighted(chance, often)
        name = f"{client.name.split()[0]} {chance.choice(PROJECTS)}"
        if name in names:
            continue
        names.add(name)
        start = between(chance, max(client.since, dt.date(2023, 1, 9)), dt.date(2025, 10, 20))
        days = chance.choice([45, 60, 90, 120, 150, 200, 270, 400])
        status = "CMP" if plus(start, days) <= DAY else "ACT"
        if chance.random() < 0.12:
            status = chance.choice(["HOLD", "CXL"])
        end = None if status in ("ACT", "HOLD") else min(plus(start, days if status == "CMP" else days // 3), DAY)
        lead = chance.choice([employee for employee in _consultants(employees, start) if employee.grade >= 3])
        budget = None if chance.random() < 0.06 else round(chance.lognormvariate(11.8, 0.7), -3)
        found.append(Project(len(found) + 1, name, client.number, lead.number, start, end, budget, status))
    return found


def _consultants(employees: Sequence[Employee], day: dt.date) -> list[Employee]:
    """Who works for clients, and was there on that day."""
    return [employee for employee in employees if employee.department <= CONSULTING and employee.hired < day
            and (employee.left is None or employee.left > day)]  # fmt: skip


def _team(chance: Random, project: Project, employees: Sequence[Employee]) -> list[Employee]:
    there = _consultants(employees, project.start)
    return chance.sample(there, min(len(there), chance.choice([2, 2, 3, 3, 4, 5])))


def _assignments(chance: Random, project: Project, team: Sequence[Employee]) -> Iterator[Assignment]:
    for employee in team:
        role = "Lead" if employee.number == project.lead else weighted(chance, ROLES)
        yield employee.number, project.number, role, chance.choice([20, 40, 50, 60, 80, 100])


def _sheets(chance: Random, project: Project, team: Sequence[Employee]) -> Iterator[Sheet]:
    if project.status == "HOLD" and chance.random() < 0.5:
        return
    for _ in range(chance.randint(5, 38)):
        employee = chance.choice(team)
        day = between(chance, project.start, min(project.end or DAY, employee.last_day))
        if day.weekday() > 4:
            continue
        billed = chance.random() >= 0.18
        hours = chance.choice([2, 3.5, 4, 6, 7.5, 8, 8, 8.5, 9])
        yield employee.number, project.number, day, hours, "Y" if billed else "N", RATES[employee.grade - 1] if billed else None


def _absences(chance: Random, employees: Sequence[Employee]) -> list[Absence]:
    found: list[Absence] = []
    while len(found) < 520:
        employee = chance.choice(employees)
        kind = weighted(chance, ABSENCES)
        days = {kind: chance.choice(lengths) for kind, lengths in LENGTHS.items()}[kind]
        start = between(chance, max(employee.hired, dt.date(2023, 1, 3)), employee.last_day)
        end = plus(start, days - 1)
        if end > employee.last_day:
            continue
        approved = "N" if kind == "UNPD" and chance.random() < 0.5 else weighted(chance, [("Y", 92), ("N", 5)])
        found.append((employee.number, kind, start, end, days, approved))
    return sorted(found, key=lambda absence: absence[2])


def _payroll(chance: Random, employees: Sequence[Employee]) -> Iterator[Pay]:
    """On the 25th of each month from January 2024 to October 2025, with a bonus in March."""
    for day in [dt.date(2024 + month // 12, month % 12 + 1, 25) for month in range(22)]:
        for employee in employees:
            if employee.hired <= day and (employee.left is None or employee.left >= day):
                gross, bonus = round(employee.salary / 12, 2), 0.0
                if day.month == 3 and employee.grade >= 2 and chance.random() < 0.8:
                    bonus = round(gross * chance.choice([0.5, 0.8, 1, 1.5]), 2)
                tax = round((gross + bonus) * (0.14 + 0.03 * employee.grade), 2)
                yield employee.number, day, gross, tax, bonus, round(gross + bonus - tax, 2)
