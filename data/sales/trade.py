"""What happens between the entities: orders, their lines, returns and the stores' targets.

The stories that questions can find: orders grow but for 2020; fashion peaks in Q4 and garden in Q2; fashion sold most in Q4 2019
and, of the last five years, in Q4 2023 (few, dear pieces), while Q4 2022 had the most orders and Q4 2024 the most units of it.
The other categories had their best quarters in 2020, so that forgetting a window of time shows.
"""
from __future__ import annotations

import numpy as np
from numpy import ndarray as Array
from numpy.random import Generator

from . import names
from .entities import FIRST_DAY, LAST_DAY, Columns

ORDERS, MONTHS, QUARTERS = 60_000, 84, 28
SELLERS = ("Store Manager", "Assistant Manager", "Sales Associate", "Cashier")
CATEGORIES = tuple(names.PRODUCTS)

YEAR_GROWTH = (1.0, 0.9, 1.1, 1.2, 1.28, 1.42, 1.56)  # 2019 ... 2025
LINE_SHARES = (0.15, 0.125, 0.125, 0.1, 0.18, 0.09, 0.155, 0.075)  # of the order lines, in the order of CATEGORIES
MEAN_QUANTITY = (1.7, 1.15, 1.5, 1.5, 2.4, 1.8, 7.5, 1.9)
RETURN_RATES = (0.095, 0.065, 0.04, 0.05, 0.025, 0.035, 0.006, 0.012)
# by month of the year, 1 in a usual month
SEASONS = {"Fashion": (0.7, 0.65, 0.9, 0.95, 0.9, 0.8, 0.75, 0.8, 1.1, 1.35, 1.6, 1.6),
           "Electronics": (0.9, 0.8, 0.85, 0.85, 0.9, 0.9, 0.95, 1.0, 1.05, 1.0, 1.5, 1.35),
           "Home & Garden": (0.6, 0.7, 1.05, 1.6, 1.75, 1.5, 1.05, 0.85, 0.85, 0.75, 0.7, 0.7),
           "Sports": (1.15, 0.9, 0.95, 1.05, 1.15, 1.25, 1.2, 1.0, 0.95, 0.8, 0.8, 0.9),
           "Toys": (0.6, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8, 0.85, 0.8, 1.0, 1.9, 2.5),
           "Books": (0.95, 0.85, 0.85, 0.9, 0.85, 0.95, 1.1, 1.05, 1.1, 0.95, 1.15, 1.4)}
# (category, year, quarter) -> how much more is sold, how many units on a line, how dear the products are
EVENTS = {("Fashion", 2019, 4): (2.3, 1.3, 0.9), ("Fashion", 2020, 2): (0.6, 1.0, 0.0),
          ("Fashion", 2021, 4): (0.95, 1.0, 0.1), ("Fashion", 2022, 4): (1.55, 0.75, -0.3),
          ("Fashion", 2023, 4): (1.25, 1.0, 1.35), ("Fashion", 2024, 3): (1.0, 0.9, 0.3),
          ("Fashion", 2024, 4): (1.0, 1.65, -0.75), ("Fashion", 2025, 4): (0.85, 1.0, 0.2),
          ("Sports", 2024, 3): (1.7, 1.1, 0.2), ("Electronics", 2022, 4): (1.75, 1.0, 0.15),
          ("Electronics", 2023, 2): (0.7, 1.0, 0.0), ("Home & Garden", 2020, 2): (1.9, 1.2, 0.3),
          ("Home & Garden", 2022, 2): (1.35, 1.0, 0.3), ("Books", 2020, 4): (2.2, 1.3, 0.2),
          ("Beauty", 2025, 1): (1.5, 1.1, 0.2), ("Toys", 2021, 4): (2.0, 1.15, 0.4),
          ("Groceries", 2020, 1): (1.9, 1.7, 0.1), ("Books", 2022, 3): (1.6, 1.3, 0.1),
          ("Groceries", 2023, 1): (1.35, 1.2, 0.1),
          ("Electronics", 2020, 4): (2.6, 1.15, 0.15), ("Toys", 2020, 4): (2.6, 1.3, 0.4),
          ("Beauty", 2020, 3): (2.6, 1.3, 0.2), ("Sports", 2020, 3): (3.3, 1.35, 0.3)}
TIER_LOYALTY = {"Bronze": 1.0, "Silver": 1.5, "Gold": 2.5, "Platinum": 3.6}
TIER_SPEND = {"Bronze": 0.0, "Silver": 0.05, "Gold": 0.35, "Platinum": 0.25}
SEGMENT_QUANTITY = {"Consumer": 1.0, "Corporate": 1.9, "Small Business": 1.3}


def _choose(rng: Generator, weights: Array) -> Array:
    """One column index for each row of a matrix of weights, drawn in proportion to them."""
    sums = np.cumsum(weights, axis=1)
    return (sums <= (rng.random(len(sums)) * sums[:, -1])[:, None]).sum(axis=1)


def _months(days: Array) -> Array:
    """The number of each day's month, 0 for January 2019."""
    return (days.astype("datetime64[M]") - FIRST_DAY.astype("datetime64[M]")).astype(int)


def _demand() -> Array:
    """How many lines of each category (row) a month (column) sees, up to a factor."""
    demand = np.array(LINE_SHARES)[:, None] * np.repeat(YEAR_GROWTH, 12) * (1 + 0.0015 * np.arange(MONTHS))
    for label, season in SEASONS.items():
        demand[CATEGORIES.index(label)] *= np.tile(season, 7)
    return demand * np.repeat(_events(0, 1.0), 3, axis=1)


def _events(part: int, usual: float) -> Array:
    """One part of EVENTS as a matrix, category by quarter."""
    matrix = np.full((len(CATEGORIES), QUARTERS), usual)
    for (label, year, quarter), event in EVENTS.items():
        matrix[CATEGORIES.index(label), 4 * (year - 2019) + quarter - 1] = event[part]
    return matrix


def orders(rng: Generator, customers: Columns, stores: Columns, employees: Columns, promotions: Columns) -> Columns:
    """In order of their dates. Recent ones may still be pending; only what was shipped has a ship_date."""
    calendar = np.arange(FIRST_DAY, LAST_DAY + 1)
    month = _months(calendar)
    weekday = (calendar.astype(int) + 3) % 7  # 0 is Monday
    busy = _demand().sum(axis=0)[month] * np.array((0.85, 0.85, 0.9, 0.95, 1.15, 1.35, 0.95))[weekday]
    busy *= rng.lognormal(0, 0.12, len(month))
    day = np.repeat(calendar, rng.multinomial(ORDERS, busy / busy.sum()))
    day[-1] = LAST_DAY
    customer = _customers(rng, customers, day)
    store = _stores(rng, customers["region_id"][customer], stores, day)
    channel, segment = stores["channel"][store], customers["segment"][customer]
    promotion, used = _promotions(rng, promotions, day, channel)
    status, ship = _fulfilment(rng, day, channel)
    return {"order_id": np.arange(1, ORDERS + 1), "customer_id": customer + 1, "store_id": store + 1,
            "employee_id": _sellers(rng, employees, store, day), "promotion_id": np.ma.masked_array(promotion, mask=~used),
            "order_date": day, "ship_date": ship, "status": status, "payment_method": _payments(rng, day, channel, segment)}


def _customers(rng: Generator, customers: Columns, day: Array) -> Array:
    """Who orders: only those who have signed up by then, and a few never do."""
    count = len(customers["customer_id"])
    weight = np.array([TIER_LOYALTY[tier] for tier in customers["loyalty_tier"]]) * rng.lognormal(0, 0.35, count)
    weight[rng.random(count) < 0.006] = 0
    sums = np.cumsum(weight)
    known = np.searchsorted(customers["signup_date"], day, side="right")
    return np.searchsorted(sums, rng.random(len(day)) * sums[known - 1], side="right")


def _stores(rng: Generator, region: Array, stores: Columns, day: Array) -> Array:
    """Where they order: mostly in a store of their region that is open by then."""
    pull = np.array([row[5] for row in names.STORES])
    abroad = np.where(stores["channel"] == "Online", 0.06, 0.02)
    near = region[:, None] == stores["region_id"][None, :]
    return _choose(rng, pull * np.where(near, 1.0, abroad) * (day[:, None] >= stores["opened_on"][None, :]))


def _sellers(rng: Generator, employees: Columns, store: Array, day: Array) -> Array:
    """Who took each order: someone who sells, works there and had been hired."""
    taker = np.empty(len(store), dtype=int)
    pull = rng.lognormal(0, 0.5, len(employees["employee_id"])) * np.isin(employees["job_title"], SELLERS)
    pull[employees["job_title"] == "Sales Associate"] *= 2.2
    for here in np.unique(store):
        rows, staff = np.flatnonzero(store == here), np.flatnonzero((employees["store_id"] == here + 1) & (pull > 0))
        hired = day[rows][:, None] >= employees["hired_on"][staff][None, :]
        taker[rows] = employees["employee_id"][staff[_choose(rng, pull[staff] * hired)]]
    return taker


def _promotions(rng: Generator, promotions: Columns, day: Array, channel: Array) -> tuple[Array, Array]:
    """The promotion that runs on each day, and which orders use it."""
    running = np.zeros(len(day), dtype=int)
    unused = [name for name, *_ in names.UNUSED_PROMOTIONS]
    for i, name in enumerate(promotions["promotion_name"]):
        if name not in unused:
            running[(day >= promotions["starts_on"][i]) & (day <= promotions["ends_on"][i])] = promotions["promotion_id"][i]
    return running, (running > 0) & (rng.random(len(day)) < np.where(channel == "Online", 0.62, 0.45))


def _fulfilment(rng: Generator, day: Array, channel: Array) -> tuple[Array, Array]:
    """Status and ship_date: a shop hands over soon, a web shop ships; what isn't shipped by the last day is pending."""
    delay = np.where(rng.random(len(day)) < 0.04, rng.integers(5, 21, len(day)), 0)
    ship = day + rng.poisson(np.where(channel == "Online", 3.2, 0.9)) + delay
    draw, age = rng.random(len(day)), (LAST_DAY - day).astype(int)
    cancelled = draw < 0.05
    pending = ~cancelled & ((ship > LAST_DAY) | (draw > np.where(age < 45, 0.72, 0.9965)))
    status = np.where(cancelled, "Cancelled", np.where(pending, "Pending", "Completed")).astype(object)
    ship[pending | (cancelled & (draw < 0.042)) | (ship > LAST_DAY)] = np.datetime64("NaT")
    return status, ship


def _payments(rng: Generator, day: Array, channel: Array, segment: Array) -> Array:
    """Wallets spread over the years and cash fades; there's no cash online; companies pay by invoice."""
    year = _months(day) / 12
    wallet, cash = 0.04 + 0.045 * year, np.where(channel == "Online", 0.0, 0.3 - 0.032 * year)
    invoice = np.array([{"Consumer": 0.02, "Corporate": 0.9, "Small Business": 0.35}[s] for s in segment])
    methods = np.array(("Card", "Cash", "Invoice", "Wallet"), dtype=object)
    return methods[_choose(rng, np.stack((np.full(len(day), 0.55), cash, invoice, wallet), axis=1))]


def order_items(
    rng: Generator, orders: Columns, customers: Columns, stores: Columns, products: Columns, promotions: Columns
) -> Columns:
    """About three lines an order. ``discount`` is in hundredths and ``amount`` is rounded to cents, half up."""
    count = rng.choice(np.arange(1, 8), len(orders["order_id"]), p=(0.19, 0.26, 0.22, 0.15, 0.09, 0.06, 0.03))
    order = np.repeat(np.arange(len(count)), count)
    day, store, customer = orders["order_date"][order], orders["store_id"][order] - 1, orders["customer_id"][order] - 1
    segment, tier = customers["segment"][customer], customers["loyalty_tier"][customer]
    taste = rng.lognormal(0, 0.22, (len(stores["store_id"]), len(CATEGORIES)))
    category = _choose(rng, _demand().T[_months(day)] * taste[store])
    quarter = _months(day) // 3
    spend = np.log(np.array([row[6] for row in names.STORES]))[store] + np.array([TIER_SPEND[t] for t in tier])
    product = _products(rng, products, category, day, spend + _events(2, 0.0)[category, quarter])
    mean = np.array(MEAN_QUANTITY)[category] * np.array([SEGMENT_QUANTITY[s] for s in segment])
    mean *= _events(1, 1.0)[category, quarter]
    quantity = 1 + rng.poisson(np.maximum(mean - 1, 0.03) * rng.gamma(2.0, 0.5, len(order)))
    drift = (0.945 + 0.009 * _months(day) / 12) * rng.choice((1.0, 1.0, 1.0, 0.985, 1.01), len(order))
    price = np.maximum((products["list_price"][product] * drift).astype(int), 50)
    percent = np.concatenate(([0], promotions["discount_percent"]))[np.ma.filled(orders["promotion_id"], 0)[order]]
    own = rng.choice((0, 5, 10), len(order), p=(0.82, 0.12, 0.06)) + np.where(stores["channel"][store] == "Outlet", 8, 0)
    discount = np.maximum(percent, own + np.where(tier == "Platinum", 5, 0))
    return {"order_item_id": np.arange(1, len(order) + 1), "order_id": order + 1, "product_id": product + 1, "quantity": quantity,
            "unit_price": price, "discount": discount, "amount": (quantity * price * (100 - discount) + 50) // 100}


def _products(rng: Generator, products: Columns, category: Array, day: Array, spend: Array) -> Array:
    """Which product each line sells: launched by then, not yet withdrawn, dearer where more is spent; a few never sell."""
    total = len(products["product_id"])
    popularity = rng.lognormal(0, 0.8, total)
    popularity[rng.choice(total, 7, replace=False)] = 0
    withdrawn = np.where(products["discontinued"], np.datetime64("2022-06-01") + rng.integers(0, 1000, total), LAST_DAY + 1)
    chosen = np.empty(len(category), dtype=int)
    for label in range(len(CATEGORIES)):
        lines, goods = np.flatnonzero(category == label), np.flatnonzero(products["category_id"] == label + 1)
        when = day[lines][:, None]
        sold = (when >= products["launched_on"][goods]) & (when < withdrawn[goods])
        price = products["list_price"][goods]
        appeal = np.log(price / np.median(price))[None, :] * spend[lines][:, None]
        chosen[lines] = goods[_choose(rng, popularity[goods] * sold * np.exp(appeal))]
    return chosen


def returns(rng: Generator, orders: Columns, items: Columns, stores: Columns, products: Columns) -> Columns:
    """Some lines of completed orders come back within weeks, fashion most often, and mostly for its size."""
    order = items["order_id"] - 1
    category = products["category_id"][items["product_id"] - 1] - 1
    online = stores["channel"][orders["store_id"][order] - 1] == "Online"
    likely = np.array(RETURN_RATES)[category] * np.where(online, 1.7, 0.85)
    back = orders["ship_date"][order] + 1 + np.minimum(rng.exponential(11, len(order)).astype(int), 59)
    came = (orders["status"][order] == "Completed") & (rng.random(len(order)) < likely) & (back <= LAST_DAY)
    rows = np.flatnonzero(came)
    rows = rows[np.lexsort((rows, back[rows]))]
    fit = np.where(category[rows] == 0, 5.0, 0.12)
    odds = np.stack((fit, *(np.full(len(rows), w) for w in (1.3, 1.0, 1.6, 1.1, 0.5))), axis=1)
    reason = np.array(names.RETURN_REASONS, dtype=object)[_choose(rng, odds)]
    share = rng.choice((100, 80, 50), len(rows), p=(0.8, 0.12, 0.08))
    return {"return_id": np.arange(1, len(rows) + 1), "order_item_id": items["order_item_id"][rows], "return_date": back[rows],
            "reason": reason, "refund_amount": (items["amount"][rows] * share + 50) // 100}


def sales_targets(rng: Generator, orders: Columns, items: Columns, stores: Columns) -> Columns:
    """A target for every store and quarter from its opening on, in steps of 500: reached in about half of the cases."""
    order, count = items["order_id"] - 1, len(stores["store_id"])
    cell = (orders["store_id"][order] - 1) * QUARTERS + _months(orders["order_date"][order]) // 3
    sold = np.bincount(cell, weights=items["amount"], minlength=count * QUARTERS) / 100
    store, quarter = np.divmod(np.arange(count * QUARTERS), QUARTERS)
    start = (FIRST_DAY.astype("datetime64[M]") + 3 * quarter).astype("datetime64[D]")
    target = np.maximum(np.round(sold * rng.uniform(0.82, 1.2, len(sold)) / 500), 10).astype(int) * 500
    open_ = start >= stores["opened_on"][store]
    return {"store_id": store[open_] + 1, "quarter_start": start[open_], "target_amount": target[open_] * 100}
