"""Who and what takes part in the trade: regions, stores, employees, customers, suppliers, products, promotions.

Every function returns the columns of one table as NumPy arrays. Money is in cents, and what DuckDB stores as DECIMAL is
an integer of hundredths here, so that no sum depends on the machine's floating point.
"""
from __future__ import annotations

from itertools import product as combinations

import numpy as np

from . import names

Columns = dict[str, np.ndarray]
FIRST_DAY, LAST_DAY = np.datetime64("2019-01-01"), np.datetime64("2025-12-31")

CUSTOMERS, PRODUCTS_PER_CATEGORY = 3600, 50
SEGMENTS, SEGMENT_SHARES = ("Consumer", "Corporate", "Small Business"), (0.68, 0.13, 0.19)
TIERS, TIER_SHARES = ("Bronze", "Silver", "Gold", "Platinum"), (0.46, 0.30, 0.17, 0.07)
REGION_SHARES = (0.33, 0.27, 0.11, 0.19, 0.10)

# category -> (typical price, spread, cost as a share of the price)
PRICES = {"Fashion": (88, 0.55, 0.45), "Electronics": (520, 0.75, 0.84), "Home & Garden": (190, 0.65, 0.62),
          "Sports": (125, 0.7, 0.66), "Beauty": (34, 0.5, 0.42), "Toys": (31, 0.5, 0.6),
          "Groceries": (9, 0.45, 0.74), "Books": (19, 0.3, 0.68)}
SALARIES = dict(zip(names.JOB_TITLES, (96_000, 61_000, 47_000, 36_500, 30_500, 29_000, 39_000), strict=True))
STAFF = ("Sales Associate", "Assistant Manager", "Cashier", "Stock Clerk", "Sales Associate", "Visual Merchandiser", "Cashier",
         "Sales Associate")


def _texts(values: object) -> np.ndarray:
    return np.array(values, dtype=object)


def _days(values: object) -> np.ndarray:
    return np.array(values, dtype="datetime64[D]")


def _ids(count: int) -> np.ndarray:
    return np.arange(1, count + 1)


def regions() -> Columns:
    return {"region_id": _ids(len(names.REGIONS)), "region_name": _texts(list(names.REGIONS)),
            "country": _texts([country for country, _ in names.REGIONS.values()])}


def stores() -> Columns:
    region_of = {city: i for i, (_, cities) in enumerate(names.REGIONS.values(), 1) for city in cities}
    name, city, channel, opened_on, area, _, _ = zip(*names.STORES, strict=True)
    return {"store_id": _ids(len(name)), "store_name": _texts(name), "region_id": np.array([region_of[c] for c in city]),
            "city": _texts(city), "channel": _texts(channel), "opened_on": _days(opened_on), "floor_area_sqm": np.array(area)}


def employees(rng: np.random.Generator, stores: Columns) -> Columns:
    """Regional managers first, then store managers, then the staff: whoever is referred to stands before who refers."""
    chiefs = [int(np.flatnonzero(stores["region_id"] == region)[0]) for region in np.unique(stores["region_id"])]
    rows = [("Regional Manager", store, 0, True) for store in chiefs]
    rows += [("Store Manager", store, int(region), True) for store, region in enumerate(stores["region_id"])]
    for store, area in enumerate(stores["floor_area_sqm"]):
        size = 6 + int(area > 1500) + int(area > 2000)
        # every store opens with its manager and one associate; the others come later
        rows += [(title, store, len(chiefs) + store + 1, i == 0) for i, title in enumerate(STAFF[:size])]
    title, shop, manager, at_opening = (np.array(part) for part in zip(*rows, strict=True))
    opened = stores["opened_on"][shop]
    start = np.maximum(opened, np.datetime64("2012-01-01"))
    span = (np.datetime64("2025-10-31") - start).astype(int)
    later = start + (span * rng.random(len(rows)) ** 0.8).astype(int)
    hired = np.where(at_opening, opened - rng.integers(5, 60, len(rows)), later)
    tenure = (LAST_DAY - hired).astype(int) / 365.25
    salary = np.array([SALARIES[t] for t in title]) * rng.lognormal(0, 0.13, len(rows)) * (1 + 0.012 * tenure)
    alone = (manager == 0) | ((title == "Cashier") & (rng.random(len(rows)) < 0.12))
    return {"employee_id": _ids(len(rows)), "full_name": _full_names(rng, len(rows)), "job_title": _texts(title),
            "store_id": shop + 1, "manager_id": np.ma.masked_array(manager, mask=alone), "hired_on": hired,
            "salary": (salary / 10).astype(int) * 1000}


def _full_names(rng: np.random.Generator, count: int) -> np.ndarray:
    """Names that no two people share."""
    numbers = rng.choice(len(names.FIRST_NAMES) * len(names.LAST_NAMES), count, replace=False)
    first, last = np.divmod(numbers, len(names.LAST_NAMES))
    return _texts([f"{names.FIRST_NAMES[i]} {names.LAST_NAMES[j]}" for i, j in zip(first, last, strict=True)])


def customers(rng: np.random.Generator) -> Columns:
    """In the order in which they signed up: 900 before the first order, then ever more."""
    early, late = 900, CUSTOMERS - 900
    days = np.concatenate((rng.integers(-365, 0, early), (2530 * rng.random(late) ** 1.5).astype(int)))
    first, last = rng.choice(names.FIRST_NAMES, CUSTOMERS), rng.choice(names.LAST_NAMES, CUSTOMERS)
    region = rng.choice(len(REGION_SHARES), CUSTOMERS, p=REGION_SHARES)
    cities = [towns for _, towns in names.REGIONS.values()]
    place = rng.random(CUSTOMERS) ** 1.4  # the first city of a region is its largest
    city = [cities[r][int(p * len(cities[r]))] for r, p in zip(region, place, strict=True)]
    domain = rng.choice(["example.com", "mail.example", "post.example"], CUSTOMERS, p=[0.5, 0.3, 0.2])
    email = _texts([f"{f}.{n}{i}@{d}".lower() for i, (f, n, d) in enumerate(zip(first, last, domain, strict=True), 1)])
    email[rng.random(CUSTOMERS) < 0.015] = None
    birth = LAST_DAY - (365.25 * (19 + 62 * rng.beta(1.8, 2.6, CUSTOMERS))).astype(int)
    birth[rng.random(CUSTOMERS) < 0.02] = np.datetime64("NaT")
    return {"customer_id": _ids(CUSTOMERS), "first_name": _texts(first), "last_name": _texts(last), "email": email,
            "segment": _texts(rng.choice(SEGMENTS, CUSTOMERS, p=SEGMENT_SHARES)),
            "loyalty_tier": _texts(rng.choice(TIERS, CUSTOMERS, p=TIER_SHARES)), "city": _texts(city), "region_id": region + 1,
            "signup_date": FIRST_DAY + np.sort(days), "birth_date": birth}


def categories() -> Columns:
    return {"category_id": _ids(len(names.PRODUCTS)), "category_name": _texts(list(names.PRODUCTS))}


def suppliers() -> Columns:
    name, country, lead_time, _ = zip(*names.SUPPLIERS, strict=True)
    return {"supplier_id": _ids(len(name)), "supplier_name": _texts(name), "country": _texts(country),
            "lead_time_days": np.array(lead_time)}


def products(rng: np.random.Generator) -> Columns:
    """50 products of each category, category by category; a third was launched after the first order."""
    parts = []
    for category, (brands, adjectives, things) in enumerate(names.PRODUCTS.values(), 1):
        label = list(names.PRODUCTS)[category - 1]
        suppliers = [i for i, row in enumerate(names.SUPPLIERS, 1) if label in row[3]]
        pairs = [" ".join(pair) for pair in combinations(adjectives.split(","), things.split(","))]
        typical, spread, cost_share = PRICES[label]
        count = PRODUCTS_PER_CATEGORY
        price = np.maximum(np.round(typical * rng.lognormal(0, spread, count)), 3) * 100 - rng.choice([1, 5, 10, 50], count)
        cost = price * np.clip(cost_share * rng.lognormal(0, 0.08, count), 0.2, 0.97)
        parts.append((rng.choice(pairs, count, replace=False), np.full(count, category), rng.choice(suppliers, count),
                      rng.choice(brands.split(","), count), price.astype(int), cost.astype(int)))
    name, category_id, supplier, brand, price, cost = (np.concatenate(part) for part in zip(*parts, strict=True))
    total = len(name)
    late = rng.random(total) < 0.35
    old = np.datetime64("2015-02-01") + rng.integers(0, 1400, total)
    launched = np.where(late, FIRST_DAY + rng.integers(0, 2480, total), old)
    return {"product_id": _ids(total), "product_name": _texts(name), "category_id": category_id, "supplier_id": supplier,
            "brand": _texts(brand), "list_price": price, "unit_cost": cost, "launched_on": launched,
            "discontinued": (launched < np.datetime64("2021-01-01")) & (rng.random(total) < 0.13)}


def promotions() -> Columns:
    rows = [(f"{name} {year}", percent, f"{year}-{start}", f"{year}-{end}")
            for year in range(2019, 2026) for name, percent, start, end in names.PROMOTIONS]
    rows = sorted([*rows, *names.UNUSED_PROMOTIONS], key=lambda row: row[2])
    name, percent, start, end = zip(*rows, strict=True)
    return {"promotion_id": _ids(len(name)), "promotion_name": _texts(name), "discount_percent": np.array(percent),
            "starts_on": _days(start), "ends_on": _days(end)}
