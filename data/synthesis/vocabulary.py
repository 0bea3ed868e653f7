"""What single words of a schema stand for: people, places, events, money, counts; abbreviations; what happened on a date."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    """ "a: b, c: d" as a dictionary."""
    return dict(tuple(part.strip() for part in pair.split(":")) for pair in " ".join(text.split()).split(","))  # type: ignore[misc]


ABBREVIATIONS: dict[str, str] = _pairs("""
    acct: account, addr: address, amt: amount, apt: apartment, appt: appointment, attr: attribute, avg: average, bal:
    balance, bldg: building, cat: category, catg: category, cd: code, cert: certificate, chrg: charge, cnt: count, cntry:
    country, co: company, conf: conference, cust: customer, cst: customer, ctr: center, cty: city, dept: department, desc:
    description, descr: description, dest: destination, disc: discount, dist: district, div: division, dob: birth_date, doc:
    document, dr: doctor, dt: date, dur: duration, emp: employee, empl: employee, est: estimated, exp: expiry, fname:
    first_name, lname: last_name, fst: first, gend: gender, grp: group, hosp: hospital, hr: hour, hrs: hours, inv: invoice,
    ins: insurance, inst: institution, lang: language, lat: latitude, lst: last, loc: location, lvl: level, lon: longitude,
    mfr: manufacturer, mgr: manager, max: maximum, min: minimum, mo: month, mth: month, nbr: number, nm: name, no: number,
    num: number, ord: order, org: organization, orig: origin, pat: patient, pct: percent, perc: percentage, pers: person,
    ph: phone, pmt: payment, pop: population, pos: position, prc: price, prod: product, prof: professor, proj: project,
    promo: promotion, pub: publication, pwr: power, qtr: quarter, qty: quantity, qnty: quantity, reg: region, rev: revenue,
    rgn: region, rsn: reason, sal: salary, sched: schedule, sec: section, sect: section, sem: semester, seq: sequence, sku:
    sku, spec: specialty, sta: status, stat: status, std: standard, stud: student, subj: subject, sup: supplier, supp:
    supplier, tel: telephone, temp: temperature, tot: total, trans: transaction, txn: transaction, typ: type, univ:
    university, usr: user, val: value, veh: vehicle, vend: vendor, vol: volume, wh: warehouse, wt: weight, yr: year
""")
PEOPLE = set(
    """
    person people customer client buyer shopper consumer employee staff worker colleague supplier vendor student pupil
    teacher instructor professor lecturer doctor physician patient nurse actor director singer artist author writer driver
    passenger guest player coach trainer member user owner tenant scientist researcher candidate manager inspector engineer
    technician agent seller host visitor donor volunteer citizen resident lawyer judge officer pilot musician composer
    athlete referee editor reviewer subscriber applicant borrower farmer breeder veterinarian vet chef cook cashier contact
    lead wrestler swimmer skater cyclist rider rower gymnast entrepreneur investor mechanic photographer designer developer
    dentist surgeon advisor individual man woman child parent architect explorer performer dancer participant attendee
    professional
""".split()
)
PLACES = set(
    """
    city country region state location store shop branch office warehouse hospital clinic school university college campus
    building stadium venue airport station hotel restaurant museum park district county province continent area zone
    territory town village neighborhood site depot center facility library farm plant port harbor theater cinema gym mall
    club land outlet court arena track resort cafe bar kitchen lab laboratory ward room floor
""".split()
)
PLACE_COLUMNS = set(
    """
    city country region state province county district town location continent area neighborhood zone
""".split()
)
EVENTS = set(
    """
    order purchase sale transaction invoice payment shipment delivery booking reservation appointment visit match game race
    flight trip ride rental loan claim call ticket session enrollment registration subscription event concert performance
    exam test result experiment measurement reading observation incident accident crime complaint review rating vote
    election donation return refund adoption treatment diagnosis prescription admission procedure vaccination inspection
    audit meeting interview application submission publication message post comment log click view download stream play
    screening showing exhibition auction bid trade deposit withdrawal transfer stay checkout attendance lesson lecture work
    shift production harvest maintenance repair service survey response campaign conference tournament competition battle
    expedition mission launch earthquake storm outage quote quotation line item detail hire assignment award movement usage
    expense
""".split()
)
MONEY = set(
    """
    amount revenue sales price cost salary budget fee payment balance income profit wage pay value total spending expense
    tax fare charge bonus commission refund deposit loan debt donation turnover earnings gross rent worth credit premium
    prize money funding grant fine subtotal payout tuition compensation spend toll
""".split()
)
COUNTS = set(
    """
    quantity units count population visits views stock attendance passengers seats points goals votes wins losses likes
    downloads plays clicks impressions copies items employees students members hours minutes days rooms beds pages calls
    shares attendees followers visitors tickets births deaths cases enrollment nights credits kills assists streams users
    subscribers inhabitants volume consumption production output mileage sold ordered produced consumed delivered inventory
""".split()
)
RATES = set(
    """
    rate ratio percent percentage discount share score rating grade gpa index average margin probability temperature speed
    density humidity pressure ph level rank ranking age height length width depth size area weight elevation altitude power
    latitude longitude frequency voltage intensity efficiency concentration accuracy capacity duration distance
""".split()
)
ADDITIVE_SIZES = set(
    """
    distance duration capacity area weight length
""".split()
)  # "total distance" makes sense, "total height" doesn't
NOT_MEASURES = set(
    """
    zip zipcode postal postcode phone telephone fax code latitude longitude version number sequence position rank order key
    id isbn ssn year month day quarter week lat lon serial identifier index ref reference line
""".split()
)
DIMENSION_WORDS = set(
    """
    type category status state city country region segment gender sex class kind group color colour brand department channel
    level tier language genre nationality method currency priority role position title size district county continent format
    source platform model make manufacturer sector industry specialty breed species weekday season stage mode reason outcome
    result severity plan grade rating occupation hometown party material style shape unit area zone location
""".split()
)
TEXT_WORDS = set(
    """
    description comment note notes text address email phone telephone fax url website image photo password content body
    summary abstract remarks details biography bio link file path token hash uuid street zip zipcode postcode postal
""".split()
)
SALES_NOUNS = set(
    """
    order sale invoice transaction purchase receipt sales checkout basket
""".split()
)
PLANS = {"target", "budget", "goal", "plan", "quota", "forecast"}
KINDS = {"category", "genre", "kind", "type", "class", "group", "species", "department"}  # tables that sort other things
TABLE_PREFIXES = set(
    """
    tbl tb t dim fact fct d f stg mst mstr ref lkp vw v tab table crm erp app bo hr ops sys
""".split()
)
UNITS = set(
    """
    metres meters square mwh m nm km2 kb grams sqm sqft km kg usd eur gbp cm mm ms kwh mw lb lbs mi ha sqkm mg ml kmh mph
    celsius
""".split()
)
SPOKEN_UNITS = _pairs("""
    sqm: square metres, m2: square metres, sqft: square feet, km: km, kg: kg, days: days, hours: hours, minutes: minutes,
    percent: percent, pct: percent, km2: square km, ha: hectares, grams: grams, lbs: pounds, miles: miles
""")
REVENUE_COLUMNS = {
    part.strip()
    for part in """
    amount, extended price, gross amount, invoice total, line amount, line total, net amount, order amount, order total,
    revenue, sale amount, sales, sales amount, total, total amount, total price, total sales, turnover
""".split(",")
}
# a date's word -> what happened then, as a participle that follows the noun: "products launched in 2024"
DATE_VERBS: dict[str, str] = _pairs("""
    order: placed, launch: launched, hire: hired, birth: born, open: opened, opening: opened, ship: shipped, shipping:
    shipped, shipment: shipped, shipped: shipped, delivery: delivered, delivered: delivered, signup: who signed up, sign up:
    who signed up, registration: registered, register: registered, registered: registered, join: who joined, joined: who
    joined, joining: who joined, release: released, released: released, publication: published, publish: published,
    published: published, creation: created, created: created, create: created, purchase: purchased, invoice: issued, issue:
    issued, issued: issued, payment: paid, paid: paid, return: returned, returned: returned, booking: booked, booked:
    booked, admission: admitted, admitted: admitted, discharge: discharged, discharged: discharged, enrollment: enrolled,
    enrolled: enrolled, enrolment: enrolled, founded: founded, founding: founded, foundation: founded, built: built,
    construction: built, closed: closed, closing: closed, opened: opened, hired: hired, born: born, launched: launched,
    signed up: who signed up, submission: submitted, submitted: submitted, filed: filed, filing: filed, graduation: who
    graduated, start: that started, started: that started, starts: that start, ends: that end, end: that ended, ended: that
    ended, resolved: resolved, resolution: resolved, installation: installed, installed: installed, adoption: adopted,
    adopted: adopted, harvest: harvested, harvested: harvested, manufacture: manufactured, manufactured: manufactured,
    acquisition: acquired, acquired: acquired, arrival: that arrived, arrived: that arrived, departure: that departed,
    departed: that departed, reported: reported, recorded: recorded, performed: performed, scheduled: scheduled, posted:
    posted, sold: sold, sale: sold, donation: donated, borrowed: borrowed, approved: approved, approval: approved,
    completed: completed, completion: completed, treated: treated, leaving: who left, cancelled: cancelled, received: received,
    signed: signed, settled: settled, settlement: settled, announced: announced, listed: listed, delisted: delisted, assigned:
    assigned, planned: planned, finished: finished, decided: decided, refunded: refunded, entered: entered, accepted:
    accepted, filled: filled, billed: billed, decommissioned: decommissioned, counted: counted, cleared: cleared
""")
# a date's word -> other things that the row did then, after "who" or "that"
SAID_OF_DATES: dict[str, tuple[str, ...]] = {
    "signup": ("registered", "joined", "signed up", "became customers", "opened an account", "created an account"),
    "registration": ("registered", "signed up", "joined"),
    "hire": ("joined", "started", "were taken on", "came on board", "were recruited"),
    "opening": ("opened", "opened their doors", "started business"),
    "launch": ("came onto the market", "were introduced", "were released", "were launched", "went on sale"),
    "release": ("came out", "were released", "appeared"),
    "start": ("started", "began", "kicked off"),
    "end": ("ended", "finished", "ran out", "stopped"),
    "birth": ("were born",),
    "shipping": ("left the warehouse", "were sent", "were dispatched", "went out"),
    "ship": ("left the warehouse", "were sent", "were dispatched", "went out"),
    "return": ("came back", "were sent back"),
    "join": ("joined", "came on board"),
    "joining": ("joined", "came on board"),
    "leaving": ("left", "left us", "left the company", "quit", "resigned"),
}
# what a participle before "on" or "at" is called as a date: "hired_on" -> "hire date"
HAPPENINGS: dict[str, str] = _pairs("""
    hired: hire, opened: opening, launched: launch, starts: start, started: start, ends: end, ended: end, ordered: order,
    shipped: shipping, delivered: delivery, created: creation, published: publication, released: release, joined: joining,
    registered: registration, born: birth, closed: closing, paid: payment, booked: booking, returned: return, issued: issue,
    founded: founding, updated: update, submitted: submission, enrolled: enrollment, admitted: admission, discharged:
    discharge, purchased: purchase, sold: sale
""")
# nouns that say nothing without their table's name beside them
VAGUE = set(
    """
    name title type status level code date class kind value rating description number group place size start end sum score
    grade position state role label sort area location
""".split()
)
# words that SQL keeps for itself: such names are quoted
RESERVED = set(
    """
    all and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc
    distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading
    limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify references returning
    select show some symmetric summarize table then to trailing true union unique unpivot using variadic when where window
    with left right full inner outer join natural cross is like ilike between exists values at by current row rows range
    cube rollup over glob positional semi anti asof freeze isnull notnull overlaps similar tablesample authorization binary
    collation concurrently verbose map
""".split()
)
