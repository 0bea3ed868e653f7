"""The tables of the sample database, and what each table and column means (stored with COMMENT ON; retrieval reads it)."""
from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    name: str
    type: str  # DuckDB's type, NOT NULL and keys included
    comment: str


class Table(NamedTuple):
    name: str
    comment: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: dict[str, str] = {}  # column -> table whose primary key it refers to


def _table(name: str, comment: str, columns: str, key: str, **foreign_keys: str) -> Table:
    """A table from lines ``name | type | comment``."""
    rows = (Column(*(part.strip() for part in line.split("|", 2))) for line in columns.strip().splitlines())
    return Table(name, comment, tuple(rows), tuple(key.split()), foreign_keys)


TABLES: tuple[Table, ...] = (
    _table("regions", "sales regions of the world (areas, territories, markets), each with stores and customers", """
        region_id | INTEGER NOT NULL | identifier of the region
        region_name | VARCHAR NOT NULL UNIQUE | name of the region (area, territory)
        country | VARCHAR NOT NULL | country of the region's head office
    """, "region_id"),
    _table("stores", "the shops (branches, outlets, web shops) that sell", """
        store_id | INTEGER NOT NULL | identifier of the store
        store_name | VARCHAR NOT NULL UNIQUE | name of the store (shop, branch)
        region_id | INTEGER NOT NULL | region that the store belongs to
        city | VARCHAR NOT NULL | city (town, place) where the store is
        channel | VARCHAR NOT NULL | kind of store (sales channel, store type): Retail, Online or Outlet
        opened_on | DATE NOT NULL | day the store opened (opening date, since when it exists)
        floor_area_sqm | INTEGER NOT NULL | floor area of the store in square metres (size, sales area, surface)
    """, "store_id", region_id="regions"),
    _table("employees", "people who work in the stores (staff, workers, colleagues, salespeople)", """
        employee_id | INTEGER NOT NULL | identifier of the employee
        full_name | VARCHAR NOT NULL | first and last name of the employee
        job_title | VARCHAR NOT NULL | job of the employee (position, role)
        store_id | INTEGER NOT NULL | store where the employee works
        manager_id | INTEGER | employee who is the manager (boss, supervisor) of this one; NULL: has no manager
        hired_on | DATE NOT NULL | day the employee was hired (joined, started; hiring date)
        salary | DECIMAL(10,2) NOT NULL | yearly salary of the employee (pay, wage, earnings)
    """, "employee_id", store_id="stores", manager_id="employees"),
    _table("customers", "people and companies that buy (clients, buyers, shoppers)", """
        customer_id | INTEGER NOT NULL | identifier of the customer
        first_name | VARCHAR NOT NULL | first name (given name) of the customer
        last_name | VARCHAR NOT NULL | last name (family name, surname) of the customer
        email | VARCHAR UNIQUE | e-mail address of the customer; NULL: none is known
        segment | VARCHAR NOT NULL | customer segment (kind of customer, group): Consumer, Corporate or Small Business
        loyalty_tier | VARCHAR NOT NULL | level in the loyalty programme (tier, membership): Bronze, Silver, Gold or Platinum
        city | VARCHAR NOT NULL | city (town, place) where the customer lives
        region_id | INTEGER NOT NULL | region where the customer lives
        signup_date | DATE NOT NULL | day the customer signed up (registered, joined, became a customer)
        birth_date | DATE | day the customer was born (birthday, age); NULL: not known
    """, "customer_id", region_id="regions"),
    _table("categories", "product categories (departments, product lines, kinds of goods)", """
        category_id | INTEGER NOT NULL | identifier of the category
        category_name | VARCHAR NOT NULL UNIQUE | name of the category (department, kind of product), such as Fashion or Books
    """, "category_id"),
    _table("suppliers", "companies that deliver the products (vendors, manufacturers, sources)", """
        supplier_id | INTEGER NOT NULL | identifier of the supplier
        supplier_name | VARCHAR NOT NULL UNIQUE | name of the supplier (vendor)
        country | VARCHAR NOT NULL | country where the supplier is (origin of its products)
        lead_time_days | INTEGER NOT NULL | days from ordering at the supplier to delivery (lead time, delivery time)
    """, "supplier_id"),
    _table("products", "things that are sold (items, articles, goods, merchandise)", """
        product_id | INTEGER NOT NULL | identifier of the product
        product_name | VARCHAR NOT NULL UNIQUE | name of the product (item, article)
        category_id | INTEGER NOT NULL | category that the product belongs to
        supplier_id | INTEGER NOT NULL | supplier that delivers the product
        brand | VARCHAR NOT NULL | brand (make, label) of the product
        list_price | DECIMAL(10,2) NOT NULL | price in the catalogue (list price, regular price) of one unit
        unit_cost | DECIMAL(10,2) NOT NULL | what one unit costs us (purchase cost); profit is amount - quantity * unit_cost
        launched_on | DATE NOT NULL | day the product was launched (introduced, released)
        discontinued | BOOLEAN NOT NULL | true where the product is no longer sold (withdrawn, phased out)
    """, "product_id", category_id="categories", supplier_id="suppliers"),
    _table("promotions", "price promotions (campaigns, sales events, special offers)", """
        promotion_id | INTEGER NOT NULL | identifier of the promotion
        promotion_name | VARCHAR NOT NULL UNIQUE | name of the promotion (campaign)
        discount_percent | INTEGER NOT NULL | discount of the promotion in percent (0 to 100; reduction, percentage off)
        starts_on | DATE NOT NULL | first day of the promotion (start)
        ends_on | DATE NOT NULL | last day of the promotion (end)
    """, "promotion_id"),
    _table("orders", "orders (purchases, transactions) that customers placed in a store", """
        order_id | INTEGER NOT NULL | identifier of the order
        customer_id | INTEGER NOT NULL | customer who placed the order (bought)
        store_id | INTEGER NOT NULL | store where the order was placed
        employee_id | INTEGER NOT NULL | employee who took the order (seller, salesperson)
        promotion_id | INTEGER | promotion that the order used; NULL: none
        order_date | DATE NOT NULL | day the order was placed (purchase date, date of sale)
        ship_date | DATE | day the order was shipped (sent, dispatched, delivered); NULL: not shipped
        status | VARCHAR NOT NULL | state of the order: Completed, Pending (open) or Cancelled
        payment_method | VARCHAR NOT NULL | how the order was paid (means of payment): Card, Cash, Invoice or Wallet
    """, "order_id", customer_id="customers", store_id="stores", employee_id="employees", promotion_id="promotions"),
    _table("order_items", "lines of the orders (items, positions): product, quantity and money; sales are the sum of amount", """
        order_item_id | INTEGER NOT NULL | identifier of the order line
        order_id | INTEGER NOT NULL | order that the line belongs to
        product_id | INTEGER NOT NULL | product that was sold
        quantity | INTEGER NOT NULL | number of units sold on the line (units, pieces, volume)
        unit_price | DECIMAL(10,2) NOT NULL | price of one unit at the time of sale, before the discount
        discount | DECIMAL(4,2) NOT NULL | discount of the line as a fraction from 0 to 1 (reduction, rebate)
        amount | DECIMAL(12,2) NOT NULL | revenue of the line (sales, turnover): quantity * unit_price * (1 - discount)
    """, "order_item_id", order_id="orders", product_id="products"),
    _table("returns", "order lines that customers sent back (returned goods, refunds)", """
        return_id | INTEGER NOT NULL | identifier of the return
        order_item_id | INTEGER NOT NULL UNIQUE | order line that was returned
        return_date | DATE NOT NULL | day the goods came back
        reason | VARCHAR NOT NULL | why the goods were returned (cause, complaint)
        refund_amount | DECIMAL(12,2) NOT NULL | money that the customer got back (refund, reimbursement)
    """, "return_id", order_item_id="order_items"),
    _table("sales_targets", "planned sales of each store for each quarter (goals, budgets, quotas, plan)", """
        store_id | INTEGER NOT NULL | store that the target is for
        quarter_start | DATE NOT NULL | first day of the quarter that the target is for
        target_amount | DECIMAL(12,2) NOT NULL | revenue that the store should reach in the quarter (target, goal, budget)
    """, "store_id quarter_start", store_id="stores"),
)


def create_statements() -> list[str]:
    """CREATE TABLE and COMMENT ON for every table and column, in an order that the foreign keys allow."""
    keys = {table.name: ", ".join(table.primary_key) for table in TABLES}
    statements = []
    for table in TABLES:
        parts = [f"{column.name} {column.type}" for column in table.columns]
        parts.append(f"PRIMARY KEY ({keys[table.name]})")
        parts += [f"FOREIGN KEY ({column}) REFERENCES {target} ({keys[target]})" for column, target in table.foreign_keys.items()]
        statements.append(f"CREATE TABLE {table.name} ({', '.join(parts)})")
        statements.append(f"COMMENT ON TABLE {table.name} IS {_quoted(table.comment)}")
        for column in table.columns:
            statements.append(f"COMMENT ON COLUMN {table.name}.{column.name} IS {_quoted(column.comment)}")
    return statements


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
