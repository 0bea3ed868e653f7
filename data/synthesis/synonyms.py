"""Words that people use for one another: one set a line, the commonest name in schemas first."""

from __future__ import annotations

_SYNONYM_LINES = """
order item, order line, line item, order position
sales target, target, sales goal
customer, client, buyer, shopper, consumer, patron
employee, staff member, worker, member of staff, colleague, team member
store, shop, outlet
product, item, article
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
fee, charge
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
status, state
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
