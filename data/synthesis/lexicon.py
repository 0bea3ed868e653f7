"""English for schema names: inflection, abbreviations, synonyms, and which nouns mean people, places, events or money."""

from __future__ import annotations

import re
from functools import lru_cache

ABBREVIATIONS: dict[str, str] = dict(
    pair.split(":")
    for pair in (
        "acct:account addr:address amt:amount apt:apartment appt:appointment attr:attribute avg:average bal:balance bldg:building "
        "cat:category catg:category cd:code cert:certificate chrg:charge cnt:count cntry:country co:company conf:conference "
        "cust:customer cst:customer ctr:center cty:city dept:department desc:description descr:description dest:destination "
        "disc:discount dist:district div:division dob:birth_date doc:document dr:doctor dt:date dur:duration emp:employee "
        "empl:employee est:estimated exp:expiry fname:first_name lname:last_name fst:first gend:gender grp:group hosp:hospital "
        "hr:hour hrs:hours inv:invoice ins:insurance inst:institution lang:language lat:latitude lst:last loc:location lvl:level "
        "lon:longitude mfr:manufacturer mgr:manager max:maximum min:minimum mo:month mth:month nbr:number nm:name no:number "
        "num:number ord:order org:organization orig:origin pat:patient pct:percent perc:percentage pers:person ph:phone pmt:payment "
        "pop:population pos:position prc:price prod:product prof:professor proj:project promo:promotion pub:publication "
        "pwr:power qtr:quarter qty:quantity qnty:quantity reg:region rev:revenue rgn:region rsn:reason sal:salary sched:schedule "
        "sec:section sect:section sem:semester seq:sequence sku:sku spec:specialty sta:status stat:status std:standard "
        "stud:student subj:subject sup:supplier supp:supplier tel:telephone temp:temperature tot:total trans:transaction "
        "txn:transaction typ:type univ:university usr:user val:value veh:vehicle vend:vendor vol:volume wh:warehouse wt:weight yr:year"
    ).split()
)
TABLE_PREFIXES = {"tbl", "tb", "t", "dim", "fact", "fct", "d", "f", "stg", "mst", "mstr", "ref", "lkp", "vw", "v", "tab", "table"}

_IRREGULAR = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "goose": "geese",
    "mouse": "mice",
    "staff": "staff",
    "series": "series",
    "species": "species",
    "aircraft": "aircraft",
    "sheep": "sheep",
    "fish": "fish",
    "analysis": "analyses",
    "thesis": "theses",
    "diagnosis": "diagnoses",
    "crisis": "crises",
    "criterion": "criteria",
    "curriculum": "curricula",
    "half": "halves",
    "leaf": "leaves",
    "life": "lives",
    "wolf": "wolves",
    "shelf": "shelves",
    "knife": "knives",
    "wife": "wives",
    "datum": "data",
    "medium": "media",
    "news": "news",
    "equipment": "equipment",
    "stock": "stock",
    "inventory": "inventory",
    "merchandise": "merchandise",
    "revenue": "revenue",
    "turnover": "turnover",
    "personnel": "personnel",
    "stimulus": "stimuli",
    "bus": "buses",
    "status": "statuses",
    "gas": "gases",
    "campus": "campuses",
    "virus": "viruses",
    "bonus": "bonuses",
    "census": "censuses",
    "quiz": "quizzes",
    "address": "addresses",
    "process": "processes",
    "class": "classes",
    "business": "businesses",
    "access": "accesses",
    "potato": "potatoes",
    "hero": "heroes",
    "tomato": "tomatoes",
    "feedback": "feedback",
    "software": "software",
    "hardware": "hardware",
    "furniture": "furniture",
    "luggage": "luggage",
    "traffic": "traffic",
    "information": "information",
    "money": "money",
    "staff member": "staff members",
    "hypothesis": "hypotheses",
}
_SINGULAR = {plural: single for single, plural in _IRREGULAR.items()}
_SINGULAR.update(
    {
        "movies": "movie",
        "cookies": "cookie",
        "calories": "calorie",
        "ties": "tie",
        "pies": "pie",
        "zombies": "zombie",
        "selfies": "selfie",
        "caches": "cache",
        "shoes": "shoe",
        "courses": "course",
        "houses": "house",
        "nurses": "nurse",
        "horses": "horse",
        "expenses": "expense",
        "purchases": "purchase",
        "warehouses": "warehouse",
        "cases": "case",
        "bases": "base",
        "phases": "phase",
        "responses": "response",
        "licenses": "license",
        "invoices": "invoice",
        "races": "race",
        "places": "place",
        "services": "service",
        "prices": "price",
        "devices": "device",
        "causes": "cause",
        "uses": "use",
        "leases": "lease",
        "releases": "release",
        "diseases": "disease",
        "databases": "database",
        "exercises": "exercise",
        "franchises": "franchise",
        "enterprises": "enterprise",
    }
)


@lru_cache(maxsize=100_000)
def singular(phrase: str) -> str:
    """The singular of a noun phrase: its last word is inflected ("order items" -> "order item")."""
    head, _, word = phrase.rpartition(" ")
    lead = f"{head} " if head else ""
    if word in _SINGULAR:
        return lead + _SINGULAR[word]
    if word in _IRREGULAR or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return phrase
    if word.endswith("ies"):
        return f"{lead}{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return lead + word[:-2]
    return lead + word[:-1] if word.endswith("s") else phrase


@lru_cache(maxsize=100_000)
def plural(phrase: str) -> str:
    """The plural of a noun phrase, by its last word ("order item" -> "order items"); plurals stay as they are."""
    head, _, word = phrase.rpartition(" ")
    lead = f"{head} " if head else ""
    if word in _IRREGULAR:
        return lead + _IRREGULAR[word]
    if word in _SINGULAR or not word:
        return phrase
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return f"{lead}{word[:-1]}ies"
    if word.endswith(("ss", "sh", "ch", "x", "z")):
        return f"{lead}{word}es"
    return phrase if word.endswith("s") else f"{lead}{word}s"


def article(phrase: str) -> str:
    """The phrase with "a" or "an" before it."""
    vowel = re.match(r"[aeiou]", phrase) and not re.match(r"(?:uni|use|usa|euro|one\b|u[a-z]?\b)", phrase)
    vowel = vowel or re.match(r"(?:hour|honest|heir|[fhlmnrsx]-)", phrase)
    return f"{'an' if vowel else 'a'} {phrase}"


def is_plural(phrase: str) -> bool:
    """Whether the phrase's last word reads as a plural."""
    word = phrase.rpartition(" ")[2]
    return word in _SINGULAR and word not in _IRREGULAR or (singular(word) != word)


# Each line is a set of words that people use for one another; the first is the commonest name in schemas.
_SYNONYM_LINES = """
customer, client, buyer, shopper, consumer, patron
employee, staff member, worker, member of staff, colleague
store, shop, outlet
product, item, article, good
supplier, vendor, provider
category, group, class
department, division, unit
order, purchase
invoice, bill
transaction, deal
payment, remittance
shipment, delivery, consignment
return, returned item
promotion, campaign, special offer
warehouse, depot, storehouse
salary, pay, wage, earnings
price, cost
quantity, number of units, volume
amount, sum, value
discount, price reduction, rebate
budget, allocated money, funding
rating, score, grade
address, location
city, town
country, nation
region, area, territory
state, province
company, firm, business, corporation
student, pupil, learner
teacher, instructor, educator
professor, lecturer, academic
course, class, module
school, educational institution
university, college
doctor, physician
patient, sick person
nurse, nursing staff member
hospital, medical center, clinic
appointment, consultation, booking
medication, drug, medicine
disease, illness, condition
movie, film, motion picture
actor, performer
director, filmmaker
singer, vocalist
song, track, tune
album, record
artist, creator
book, title, volume
author, writer
publisher, publishing house
library, book collection
car, automobile, vehicle
driver, motorist
airline, carrier
airport, airfield
flight, trip
passenger, traveller, traveler
hotel, guesthouse
guest, visitor
room, accommodation
restaurant, eatery, diner
dish, meal
match, game, fixture
player, athlete, sportsperson
team, squad, club
coach, trainer
league, competition
stadium, arena, ground
museum, gallery
painting, picture
member, participant
user, account holder
review, evaluation, feedback
comment, remark
message, note
project, initiative
task, job, assignment
manager, supervisor, boss
job title, position, role
birth date, date of birth, birthday
email, email address, e-mail
phone, phone number, telephone number
phone number, telephone, contact number
first name, given name, forename
last name, surname, family name
name, title
gender, sex
nationality, citizenship
status, state, condition
type, kind, sort
population, number of inhabitants, number of people
capacity, number of seats, size
duration, length, running time
weight, mass
height, tallness
age, years of age
revenue, sales, turnover, income
profit, net income, gains
expense, spending, expenditure, cost
account, bank account
balance, account balance
loan, credit
branch, local office
bank, financial institution
claim, insurance claim
policy, insurance policy
contract, agreement
property, real estate
apartment, flat
house, home
owner, proprietor
tenant, renter
building, structure
office, workplace
event, happening
ticket, admission
show, performance
series, show
device, gadget
machine, equipment
sensor, probe
measurement, reading
experiment, trial
scientist, researcher
paper, publication, article
journal, periodical
conference, congress
grade, mark
exam, test
farm, agricultural holding
crop, produce
animal, creature
dog, canine
pet, companion animal
breed, race
vaccine, jab
election, poll, vote
candidate, contender
party, political group
county, shire
district, borough
mountain, peak
river, stream
manufacturer, maker, producer
brand, make
model, version
color, colour
segment, customer group
loyalty tier, loyalty level
payment method, method of payment, way of paying, payment type
channel, sales channel
order date, date of order, date ordered
ship date, shipping date, dispatch date
hire date, hiring date
start date, beginning date
end date, finish date
enrollment, registration
complaint, grievance
incident, accident
crime, offence, offense
subscription, membership
plan, tariff
article, post
visit, call
attendance, number of visitors, turnout
seat, place
website, site, web page
language, tongue
description, explanation
reason, cause
"""
SYNONYMS: dict[str, tuple[str, ...]] = {}
for _line in _SYNONYM_LINES.strip().splitlines():
    _words = tuple(word.strip() for word in _line.split(","))
    SYNONYMS.setdefault(_words[0], tuple(word for word in _words[1:] if word != _words[0]))

PEOPLE = set(
    "person people customer client buyer shopper consumer employee staff worker colleague supplier vendor student pupil teacher "
    "instructor professor lecturer doctor physician patient nurse actor director singer artist author writer driver passenger guest "
    "player coach trainer member user owner tenant scientist researcher candidate manager inspector engineer technician agent "
    "seller host visitor donor volunteer citizen resident lawyer judge officer pilot musician composer athlete referee editor "
    "reviewer subscriber applicant borrower farmer breeder veterinarian vet chef cook cashier contact lead wrestler swimmer skater "
    "cyclist rider rower gymnast entrepreneur investor mechanic photographer designer developer dentist surgeon advisor individual "
    "man woman child parent architect explorer performer dancer participant attendee professional".split()
)
NOT_A_PERSON = {"supplier", "vendor", "agent"}  # said of firms as well: they take "which", not "who"
PLACES = set(
    "city country region state location store shop branch office warehouse hospital clinic school university college campus "
    "building stadium venue airport station hotel restaurant museum park district county province continent area zone territory "
    "town village neighborhood site depot center facility library farm plant port harbor theater cinema gym mall club land "
    "outlet court arena track resort cafe bar kitchen lab laboratory ward room floor".split()
)
PLACE_COLUMNS = set("city country region state province county district town location continent area neighborhood zone".split())
EVENTS = set(
    "order purchase sale transaction invoice payment shipment delivery booking reservation appointment visit match game race flight "
    "trip ride rental loan claim call ticket session enrollment registration subscription event concert performance exam test "
    "result experiment measurement reading observation incident accident crime complaint review rating vote election donation "
    "return refund adoption treatment diagnosis prescription admission procedure vaccination inspection audit meeting interview "
    "application submission publication message post comment log click view download stream play screening showing exhibition "
    "auction bid trade deposit withdrawal transfer stay checkout loan attendance lesson lecture work shift production harvest "
    "maintenance repair service survey response campaign conference tournament competition battle expedition mission launch "
    "earthquake storm outage delivery quote quotation line item detail hire assignment award movement usage expense".split()
)
MONEY = set(
    "amount revenue sales price cost salary budget fee payment balance income profit wage pay value total spending expense tax fare "
    "charge bonus commission refund deposit loan debt donation turnover earnings gross rent worth credit premium prize money "
    "funding grant fine subtotal payout tuition compensation spend toll".split()
)
COUNTS = set(
    "quantity units count population visits views stock attendance passengers seats points goals votes wins losses likes downloads "
    "plays clicks impressions copies items employees students members hours minutes days rooms beds pages calls shares attendees "
    "followers visitors tickets births deaths cases enrollment nights credits kills assists streams users subscribers "
    "inhabitants volume consumption production output mileage sold ordered produced consumed delivered inventory".split()
)
RATES = set(
    "rate ratio percent percentage discount share score rating grade gpa index average margin probability temperature speed density "
    "humidity pressure ph level rank ranking age height length width depth size area weight elevation altitude power "
    "latitude longitude frequency voltage intensity efficiency concentration accuracy capacity duration distance".split()
)
ADDITIVE_SIZES = set(
    "distance duration capacity area weight length".split()
)  # "total distance" makes sense, "total height" doesn't
NOT_MEASURES = set(
    "zip zipcode postal postcode phone telephone fax code latitude longitude version number sequence position rank order key id "
    "isbn ssn year month day quarter week lat lon serial identifier index ref reference line".split()
)
NAME_WORDS = ("name", "title", "label", "full name", "display name", "fullname")
DIMENSION_WORDS = set(
    "type category status state city country region segment gender sex class kind group color colour brand department channel "
    "level tier language genre nationality method currency priority role position title size district county continent "
    "format source platform model make manufacturer sector industry specialty breed species weekday season stage mode reason "
    "outcome result severity plan grade rating occupation hometown party material style shape unit area zone location".split()
)
TEXT_WORDS = set(
    "description comment note notes text address email phone telephone fax url website image photo password content body "
    "summary abstract remarks details biography bio link file path token hash uuid street zip zipcode postcode postal".split()
)
# Column words of a date -> what happened then, as a participle that follows the noun: "products launched in 2024".
DATE_VERBS = {
    "order": "placed",
    "launch": "launched",
    "hire": "hired",
    "birth": "born",
    "open": "opened",
    "opening": "opened",
    "ship": "shipped",
    "shipping": "shipped",
    "shipment": "shipped",
    "shipped": "shipped",
    "delivery": "delivered",
    "delivered": "delivered",
    "signup": "who signed up",
    "sign up": "who signed up",
    "registration": "registered",
    "register": "registered",
    "registered": "registered",
    "join": "who joined",
    "joined": "who joined",
    "joining": "who joined",
    "release": "released",
    "released": "released",
    "publication": "published",
    "publish": "published",
    "published": "published",
    "creation": "created",
    "created": "created",
    "create": "created",
    "purchase": "purchased",
    "invoice": "issued",
    "issue": "issued",
    "issued": "issued",
    "payment": "paid",
    "paid": "paid",
    "return": "returned",
    "returned": "returned",
    "booking": "booked",
    "booked": "booked",
    "admission": "admitted",
    "admitted": "admitted",
    "discharge": "discharged",
    "discharged": "discharged",
    "enrollment": "enrolled",
    "enrolled": "enrolled",
    "enrolment": "enrolled",
    "founded": "founded",
    "founding": "founded",
    "foundation": "founded",
    "built": "built",
    "construction": "built",
    "closed": "closed",
    "closing": "closed",
    "opened": "opened",
    "hired": "hired",
    "born": "born",
    "launched": "launched",
    "signed up": "who signed up",
    "submission": "submitted",
    "submitted": "submitted",
    "filed": "filed",
    "filing": "filed",
    "graduation": "who graduated",
    "start": "that started",
    "started": "that started",
    "starts": "that start",
    "ends": "that end",
    "end": "that ended",
    "ended": "that ended",
    "resolved": "resolved",
    "resolution": "resolved",
    "installation": "installed",
    "installed": "installed",
    "adoption": "adopted",
    "adopted": "adopted",
    "harvest": "harvested",
    "harvested": "harvested",
    "manufacture": "manufactured",
    "manufactured": "manufactured",
    "acquisition": "acquired",
    "acquired": "acquired",
    "arrival": "that arrived",
    "arrived": "that arrived",
    "departure": "that departed",
    "departed": "that departed",
    "reported": "reported",
    "recorded": "recorded",
    "performed": "performed",
    "scheduled": "scheduled",
    "posted": "posted",
    "sold": "sold",
    "sale": "sold",
    "donation": "donated",
    "borrowed": "borrowed",
    "approved": "approved",
    "approval": "approved",
    "completed": "completed",
    "completion": "completed",
    "treated": "treated",
}
HAPPENINGS = {  # what a participle before "on" or "at" is called as a date: "hired_on" -> "hire date"
    "hired": "hire",
    "opened": "opening",
    "launched": "launch",
    "starts": "start",
    "started": "start",
    "ends": "end",
    "ended": "end",
    "ordered": "order",
    "shipped": "shipping",
    "delivered": "delivery",
    "created": "creation",
    "published": "publication",
    "released": "release",
    "joined": "joining",
    "registered": "registration",
    "born": "birth",
    "closed": "closing",
    "paid": "payment",
    "booked": "booking",
    "returned": "return",
    "issued": "issue",
    "founded": "founding",
    "updated": "update",
    "submitted": "submission",
    "enrolled": "enrollment",
    "admitted": "admission",
    "discharged": "discharge",
    "purchased": "purchase",
    "sold": "sale",
}
UNITS = {
    "metres",
    "meters",
    "square",
    "mwh",
    "m",
    "nm",
    "km2",
    "kb",
    "grams",

    "sqm",
    "sqft",
    "km",
    "kg",
    "usd",
    "eur",
    "gbp",
    "cm",
    "mm",
    "ms",
    "kwh",
    "mw",
    "lb",
    "lbs",
    "mi",
    "ha",
    "sqkm",
    "mg",
    "ml",
    "kmh",
    "mph",
    "celsius",
}
SALES_NOUNS = set("order sale invoice transaction purchase receipt sales checkout basket".split())
REVENUE_COLUMNS = {
    "amount",
    "total",
    "total amount",
    "line total",
    "sales",
    "revenue",
    "net amount",
    "sale amount",
    "order total",
    "sales amount",
    "total price",
    "gross amount",
    "extended price",
    "line amount",
    "invoice total",
    "order amount",
    "total sales",
    "turnover",
}
REVENUE_NOUNS = ("sales", "revenue", "turnover")
