"""Domains that schemas are invented from, one entity a line (or more, indented): ``name [event|link]: attributes``.

Attributes: ``x=`` free text, ``x@bank`` text from a bank of ``banks.py``, ``x{A|B}`` one of a few texts, ``x#lo-hi`` a whole
number, ``x$lo-hi`` a decimal, ``x%`` a fraction of 1, ``x?`` a boolean, ``>entity`` a foreign key (``>role:entity`` where it has
a name of its own), ``^role`` a key to the table itself, ``x_date`` / ``x_on`` / ``x_at`` a date. The first names the rows.
"""

DOMAINS = """
[retail]
customer: first_name last_name email= segment{Consumer|Corporate|Small Business} city@city country@country signup_date
    birth_date loyalty_points#0-5000 gender{Female|Male}
category: category_name@product_category description=
product: product_name@product >category brand@brand list_price$2-900 unit_cost$1-600 stock_quantity#0-800 launch_date
    discontinued? color@color
store: store_name@shop city@city region{North|South|East|West} opening_date floor_area#80-5000
    store_type{Mall|Street|Outlet|Online}
employee: full_name@person job_title@job >store salary$1800-9000 hire_date ^manager
order event: >customer >store order_date status{Completed|Pending|Cancelled|Returned} payment_method{Card|Cash|PayPal|Invoice}
    shipping_fee$0-30
order_item link: >order >product quantity#1-12 unit_price$2-900 amount$2-5000 discount%
[school]
student: first_name last_name birth_date gender{Female|Male} grade_level#1-12 enrollment_date hometown@city scholarship?
teacher: full_name@person >department hire_date salary$2000-7000 specialty@subject
department: department_name@subject building@building budget$50000-900000
course: course_title@course >department >teacher credits#1-6 level{Beginner|Intermediate|Advanced} max_students#10-120
enrollment event: >student >course enrolled_on semester{Fall|Spring|Summer} final_grade#40-100
    status{Active|Dropped|Passed|Failed}
club: club_name@club >teacher founded_year#1950-2020 member_count#5-80
exam event: >course exam_date room@room max_score#20-100 average_score$20-100
[hospital]
patient: first_name last_name birth_date gender{Female|Male} blood_type{A+|A-|B+|B-|O+|O-|AB+|AB-} city@city insurance@insurer
    phone=
doctor: full_name@person specialty@medical >ward hire_date salary$5000-20000 years_of_experience#1-40
ward: ward_name@medical floor#1-9 bed_count#6-60 building@building
appointment event: >patient >doctor appointment_date duration_minutes#10-120 status{Scheduled|Completed|Cancelled|No-show}
    fee$20-400 reason=
treatment event: >patient >doctor treatment_date diagnosis@disease cost$50-20000
    outcome{Recovered|Improved|Unchanged|Transferred}
medication: medication_name@drug manufacturer@company unit_price$1-300 dosage_mg#5-1000 prescription_required?
prescription event: >patient >medication >doctor prescribed_on quantity#1-90 refills#0-6
[airline]
airport: airport_name@airport city@city country@country elevation#0-3500 runway_count#1-6 opened_year#1930-2015
airline: airline_name@airline country@country founded_year#1920-2012 fleet_size#5-600
    alliance{Star Alliance|Oneworld|SkyTeam|None} active?
aircraft: model@aircraft manufacturer{Boeing|Airbus|Embraer|Bombardier} seat_capacity#50-520 max_range#1500-16000
    first_flight_date
flight event: >airline >aircraft >origin:airport >destination:airport departure_date distance#200-14000 delay_minutes#0-300
    passengers#20-480 status{On time|Delayed|Cancelled}
passenger: first_name last_name nationality@nationality birth_date frequent_flyer? miles#0-200000
booking event: >passenger >flight booking_date price$40-2500 travel_class{Economy|Premium|Business|First} baggage_count#0-4
[bank]
branch: branch_name@city city@city opened_on employee_count#3-90 region{North|South|Central|East|West}
client: first_name last_name birth_date gender{Female|Male} occupation@job annual_income$9000-250000 credit_score#300-850
    >branch
account: account_number= >client account_type{Checking|Savings|Business} balance$-500-90000 opened_on
    status{Open|Closed|Frozen} interest_rate%
transaction event: >account transaction_date amount$1-9000 transaction_type{Deposit|Withdrawal|Transfer|Fee}
    channel{ATM|Online|Branch|Mobile}
loan event: >client >branch loan_amount$1000-500000 interest_rate$1-15 start_date end_date duration_months#6-360
    purpose{Car|House|Education|Business} status{Active|Paid off|Defaulted}
card: card_number= >account card_type{Debit|Credit|Prepaid} issued_on expiry_date credit_limit$500-20000 blocked?
[insurance]
policyholder: first_name last_name birth_date city@city occupation@job smoker? number_of_children#0-5
agent: full_name@person region{North|South|East|West} hired_on commission_rate%
policy: policy_number= >policyholder >agent policy_type{Home|Car|Life|Travel|Health} annual_premium$80-6000
    coverage_amount$5000-900000 start_date end_date
claim event: >policy claim_date settlement_date claim_amount$50-80000 paid_amount$0-80000
    claim_status{Open|Approved|Rejected|Settled} cause{Fire|Theft|Accident|Storm|Water}
[films]
director: full_name@person nationality@nationality birth_date awards_won#0-12
studio: studio_name@studio city@city country@country founded_year#1910-2015
movie: title@title >director >studio genre@genre release_date running_time#70-210 budget$100000-250000000
    gross_revenue$10000-900000000 rating$1-10 language@language
actor: first_name last_name birth_date gender{Female|Male} nationality@nationality height_cm#150-205
casting link: >movie >actor role_name= salary$1000-9000000 lead_role?
screening event: >movie cinema@shop screening_date tickets_sold#0-400 ticket_price$5-20
review event: >movie reviewer_name@person review_date stars#1-5 source@newspaper
[music]
artist: artist_name@band country@country formed_year#1960-2020 genre@music_genre followers#100-90000000 active?
album: album_title@title >artist release_date label@label units_sold#500-20000000 track_count#5-25 price$5-30
song: song_title@title >album duration_seconds#90-600 explicit? popularity#0-100 language@language
listener: username= country@country joined_on subscription_plan{Free|Premium|Family|Student} birth_date
stream event: >listener >song streamed_at device{Mobile|Desktop|Speaker|TV} seconds_played#5-600
concert event: >artist venue@venue city@city concert_date attendance#50-90000 ticket_revenue$500-4000000
[football]
club: club_name@team city@city founded_year#1870-1990 stadium_capacity#3000-99000 annual_budget$1000000-700000000 league@league
player: first_name last_name >club position{Goalkeeper|Defender|Midfielder|Forward} nationality@nationality birth_date
    market_value$50000-150000000 height_cm#160-205 shirt_number#1-99
coach: full_name@person >club nationality@nationality hired_on contract_end_date
match event: >home_club:club >away_club:club match_date home_goals#0-7 away_goals#0-7 attendance#500-90000 referee@person
    stadium@venue
player_statistic event: >player >match minutes_played#1-95 goals#0-4 assists#0-3 yellow_cards#0-2
transfer event: >player transfer_date fee$0-150000000 from_club@team to_club@team
[hotel]
hotel: hotel_name@hotel city@city country@country star_rating#1-5 opened_year#1900-2020 room_count#10-600 has_pool?
room: room_number= >hotel room_type{Single|Double|Suite|Family} nightly_rate$30-900 floor#1-30 max_guests#1-6 has_balcony?
guest: first_name last_name email= nationality@nationality birth_date loyalty_tier{Basic|Silver|Gold|Platinum}
reservation event: >guest >room check_in_date check_out_date total_price$40-9000 booking_channel{Website|Phone|Agency|App}
    status{Confirmed|Cancelled|Checked out} number_of_guests#1-6
service_charge event: >reservation charge_date service_type{Spa|Restaurant|Laundry|Minibar|Parking} amount$3-400
[restaurant]
restaurant: restaurant_name@restaurant cuisine@cuisine city@city seating_capacity#12-300 opened_on michelin_stars#0-3
    average_rating$1-5
dish: dish_name@dish >restaurant course{Starter|Main|Dessert|Drink} price$2-90 calories#40-1800 vegetarian?
waiter: full_name@person >restaurant hired_on hourly_wage$8-30
bill event: >restaurant >waiter bill_date total_amount$8-900 tip$0-120 party_size#1-14 payment_type{Cash|Card|Voucher}
bill_line link: >bill >dish quantity#1-8 line_total$2-400
[library]
author: full_name@person nationality@nationality birth_date death_date
publisher: publisher_name@publisher city@city country@country founded_year#1780-2010
book: title@title >author >publisher genre@genre publication_date page_count#60-1400 copies_available#0-40 price$4-90
    language@language
member: first_name last_name joined_on city@city membership_type{Standard|Student|Senior|Premium} birth_date
loan event: >book >member loan_date due_date return_date fine_amount$0-40
reservation event: >book >member reserved_on status{Waiting|Ready|Collected|Expired}
[human resources]
department: department_name@department location@city budget$50000-4000000 floor#1-20
employee: first_name last_name >department job_title@job hire_date birth_date salary$1500-15000 gender{Female|Male} ^manager
    remote?
project: project_name@project >department start_date end_date budget$5000-2000000 priority{Low|Medium|High|Critical}
    status{Planned|Running|Done|Stopped}
assignment link: >employee >project role{Lead|Member|Consultant} hours_worked#1-900 assigned_on
absence event: >employee start_date days#1-40 absence_type{Vacation|Sick|Parental|Training}
performance_review event: >employee review_date score#1-10 bonus$0-9000
training: training_name@course provider@company cost$50-4000 duration_days#1-10
[logistics]
warehouse: warehouse_name@city country@country capacity_pallets#100-50000 opened_on manager_name@person
carrier: carrier_name@company country@country rating$1-5 transport_mode{Road|Rail|Air|Sea}
shipment event: >warehouse >carrier ship_date delivery_date weight_kg#1-22000 freight_cost$10-9000 destination_city@city
    status{In transit|Delivered|Lost|Delayed} fragile?
vehicle: plate_number= >carrier vehicle_type{Truck|Van|Trailer} purchase_date mileage#0-900000 load_capacity#500-40000
delivery_route: route_name@route >warehouse distance_km#5-2500 stop_count#1-60
maintenance event: >vehicle service_date cost$50-9000 service_type{Oil change|Tyres|Brakes|Inspection}
[energy]
power_plant: plant_name@plant energy_source{Solar|Wind|Hydro|Coal|Gas|Nuclear} country@country capacity_mw#1-4000
    commissioned_on operator@company
turbine: serial_number= >power_plant manufacturer@company rated_power#1-15 installed_on active?
production event: >power_plant production_date output_mwh$1-90000 downtime_hours$0-24
household: address= city@city residents#1-8 has_solar_panels? contract_type{Fixed|Variable|Green}
meter_reading event: >household reading_date consumption_kwh$10-2000 cost$5-700
outage event: >power_plant started_at duration_hours$0-90 cause{Storm|Fault|Maintenance|Overload} affected_customers#0-90000
[weather]
station: station_name@city country@country elevation#0-3800 latitude$-60-70 longitude$-170-170 opened_on automatic?
observation event: >station observed_on temperature$-30-44 humidity#5-100 rainfall_mm$0-180 wind_speed$0-140 pressure$960-1050
storm event: storm_name@first_name start_date end_date max_wind_speed#60-320 damage_cost$10000-900000000 fatalities#0-900
    category#1-5
forecast event: >station forecast_date predicted_temperature$-30-44 confidence%
[real estate]
owner: full_name@person phone= city@city
agent: full_name@person agency@company license_date commission_rate%
property: address= >owner >agent property_type{House|Apartment|Studio|Land|Office} city@city bedrooms#0-8 floor_area#20-900
    asking_price$30000-5000000 built_year#1850-2023 has_garden? listed_on
sale event: >property sale_date sale_price$30000-5000000 buyer_name@person
viewing event: >property >agent viewing_date visitor_name@person interested?
tenant: first_name last_name >property monthly_rent$300-6000 lease_start_date lease_end_date deposit$300-12000
[elections]
party: party_name@party ideology{Left|Centre|Right|Green|Liberal} founded_year#1880-2020 leader@person seats#0-300
candidate: full_name@person >party birth_date gender{Female|Male} incumbent?
district: district_name@city state@state population#5000-4000000 registered_voters#3000-3000000
result event: >candidate >district election_date votes#10-900000 vote_share% elected?
donation event: >party donor_name@person donation_date amount$10-500000
poll event: >party polling_company@company poll_date support_percent$0-60 sample_size#300-5000
[agriculture]
farm: farm_name@farm owner_name@person region{North|South|East|West} area_hectares#2-4000 organic? founded_year#1800-2020
crop: crop_name@crop season{Spring|Summer|Autumn|Winter} price_per_ton$50-3000 water_need{Low|Medium|High}
field: field_name@route >farm size_hectares$1-200 soil_type{Clay|Loam|Sand|Peat}
harvest event: >field >crop harvest_date yield_tons$1-4000 quality_grade{A|B|C}
animal: tag_number= >farm species{Cow|Sheep|Pig|Goat|Horse} birth_date weight_kg#3-1100 vaccinated?
milk_delivery event: >farm delivery_date liters#50-9000 price_per_liter$0-2
[science]
laboratory: laboratory_name@lab university@university city@city staff_count#3-200 founded_year#1900-2020
researcher: full_name@person >laboratory field@science h_index#0-120 joined_on nationality@nationality
paper: title@paper >researcher journal@journal published_on citation_count#0-9000 page_count#3-60 open_access?
grant event: >researcher funder@company start_date end_date amount$5000-5000000 status{Applied|Granted|Rejected}
experiment event: >laboratory >researcher experiment_date temperature$-80-400 duration_hours$0-300 success? sample_count#1-400
instrument: instrument_name@instrument >laboratory purchase_date price$500-2000000 manufacturer@company
[museum]
museum: museum_name@museum city@city country@country opened_year#1750-2018 annual_visitors#1000-9000000 free_entry?
artist: full_name@person nationality@nationality birth_year#1400-1990 movement{Baroque|Impressionism|Cubism|Surrealism|Realism}
artwork: title@title >artist >museum year_created#1400-2020 medium{Oil|Watercolor|Sculpture|Photo|Print}
    estimated_value$500-90000000 on_display?
exhibition event: exhibition_title@title >museum start_date end_date visitor_count#100-900000 ticket_price$0-40
restoration event: >artwork restored_on cost$100-400000 restorer@person
[web shop]
user: username= email= country@country registered_on last_login_at newsletter? user_type{Guest|Regular|Premium|Admin}
item: item_name@product category@product_category price$1-900 weight_grams#5-30000 average_rating$1-5 in_stock?
cart event: >user created_at status{Open|Ordered|Abandoned} total$0-3000 item_count#1-30
purchase event: >user >item purchased_at quantity#1-9 total_price$1-4000 coupon_used?
page_view event: >user viewed_at page{Home|Search|Product|Cart|Checkout} seconds_on_page#1-900
    browser{Chrome|Firefox|Safari|Edge}
support_ticket event: >user opened_at closed_at priority{Low|Normal|Urgent} topic{Delivery|Payment|Return|Technical}
    satisfaction#1-5
[telecom]
subscriber: first_name last_name city@city birth_date joined_on plan_name{Basic|Plus|Unlimited|Business} monthly_fee$5-120
    churned?
call event: >subscriber called_at duration_seconds#1-7200 call_type{Local|National|International} cost$0-90 dropped?
data_usage event: >subscriber usage_date megabytes#1-90000 network{3G|4G|5G|WiFi}
cell_tower: tower_name@city region{North|South|East|West} height_m#10-120 installed_on technology{3G|4G|5G}
complaint event: >subscriber complaint_date category{Billing|Coverage|Speed|Service} resolved? resolution_days#0-60
[software]
team: team_name@team_name office@city team_size#2-30
developer: full_name@person >team role{Backend|Frontend|Data|QA|DevOps} joined_on salary$2500-15000 ^mentor
repository: repository_name@project >team language@code_language created_at stars#0-90000 archived? size_kb#10-900000
commit event: >developer >repository committed_at lines_added#0-5000 lines_deleted#0-5000 files_changed#1-90
issue event: >repository >assignee:developer opened_at closed_at severity{Minor|Major|Critical}
    status{Open|In progress|Closed} comment_count#0-90
deployment event: >repository deployed_at environment{Staging|Production|Test} duration_seconds#10-4000 failed?
[cycling]
team: team_name@team country@country budget$100000-40000000 founded_year#1960-2020
rider: first_name last_name >team nationality@nationality birth_date weight_kg#50-95 height_cm#155-205
    specialty{Sprinter|Climber|Time trial|All-rounder}
race: race_name@race country@country distance_km$50-300 first_held_year#1890-2015 category{World Tour|Pro Series|Continental}
race_result event: >rider >race race_date finish_rank#1-180 time_minutes#60-420 points#0-500 doped?
[government]
city: city_name@city state@state population#1000-12000000 area_km2$5-1500 mayor@person founded_year#900-1990 unemployment_rate%
school: school_name@school >city school_type{Primary|Secondary|Vocational} student_count#40-3000 teacher_count#5-200
    founded_year#1800-2020
road: road_name@route >city length_km$1-400 lanes#1-8 surface{Asphalt|Concrete|Gravel} last_repaired_on
crime event: >city crime_date crime_type{Burglary|Theft|Assault|Fraud|Vandalism} damage_amount$0-400000 solved?
permit event: >city applicant@person issued_on permit_type{Building|Event|Parking|Demolition} fee$10-4000
park: park_name@park >city area_hectares$1-900 has_playground? opened_year#1850-2020
[car rental]
location: location_name@airport city@city country@country opened_on parking_spaces#5-400
car: model@car make@car_make >location model_year#2008-2024 daily_rate$20-400 mileage#0-200000
    fuel_type{Petrol|Diesel|Electric|Hybrid} transmission{Manual|Automatic} seats#2-9
driver: first_name last_name license_number= birth_date country@country member_since_date
rental event: >driver >car pickup_date return_date total_cost$20-4000 kilometers_driven#5-5000 insurance_included?
    status{Active|Returned|Cancelled}
damage_report event: >rental reported_on damage_type{Scratch|Dent|Glass|Engine} repair_cost$20-9000
[manufacturing]
factory: factory_name@city country@country opened_year#1920-2020 worker_count#20-9000 certified?
machine: machine_name@machine >factory machine_type{Press|Lathe|Robot|Oven|Conveyor} installed_on purchase_price$1000-3000000
    status{Running|Idle|Broken}
part: part_name@part weight_grams#1-90000 unit_cost$0-900 material{Steel|Aluminium|Plastic|Copper|Rubber} supplier@company
production_run event: >machine >part run_date units_produced#10-90000 defective_units#0-900 duration_hours$0-72
quality_check event: >production_run inspector@person checked_on passed? defect_count#0-90
maintenance event: >machine maintenance_date cost$10-40000 downtime_hours$0-200 technician@person
[travel]
tour_operator: operator_name@company country@country rating$1-5 founded_year#1950-2020
destination: destination_name@city country@country continent@continent average_temperature$-5-38 annual_tourists#1000-30000000
tour: tour_name@tour >tour_operator >destination price$50-9000 duration_days#1-40 difficulty{Easy|Moderate|Hard}
    max_group_size#4-60
traveler: first_name last_name nationality@nationality birth_date email=
tour_booking event: >traveler >tour booked_on travel_date amount_paid$50-9000 persons#1-8 status{Booked|Paid|Cancelled}
tour_review event: >tour >traveler review_date rating#1-5 comment=
[animals]
species: common_name@animal scientific_name= habitat{Forest|Savanna|Ocean|Desert|Wetland} endangered? average_lifespan#1-120
    average_weight_kg$0-6000
zoo: zoo_name@city country@country opened_year#1800-2015 area_hectares$1-400 yearly_visitors#10000-5000000
animal: animal_name@first_name >species >zoo birth_date sex{Female|Male} weight_kg$0-6000
keeper: full_name@person >zoo hired_on salary$1500-5000
feeding event: >animal >keeper fed_at food{Meat|Fish|Hay|Fruit|Insects} quantity_kg$0-90
vet_visit event: >animal visit_date cost$20-5000 diagnosis@disease
adoption event: >animal sponsor@person adopted_on yearly_amount$20-900
[gaming]
player: nickname= country@country registered_on level#1-100 gold#0-900000 banned?
game: game_title@title genre{Action|Puzzle|Strategy|Sports|Racing} developer@studio release_date price$0-80 rating$1-10
game_session event: >player >game started_at minutes_played#1-900 score#0-99999 won?
achievement: achievement_name@title >game points#5-100 rarity{Common|Rare|Epic|Legendary}
unlocked_achievement link: >player >achievement unlocked_on
in_app_purchase event: >player >game purchased_at amount$0-100 currency{USD|EUR|GBP|JPY}
tournament event: tournament_name@race >game start_date prize_money$500-2000000 participants#8-900
[newspaper]
journalist: full_name@person section{Politics|Sports|Culture|Business|Science} hired_on salary$1500-9000
article: headline@paper >journalist published_on word_count#100-6000 views#10-900000 premium?
reader: first_name last_name subscription_type{Print|Digital|Both} subscribed_on city@city monthly_price$3-60
comment event: >article >reader posted_at likes#0-900 deleted?
advertiser: company_name@company industry@industry contact_person@person
advertisement event: >advertiser start_date end_date price$50-90000 clicks#0-90000 impressions#100-9000000
    placement{Front page|Sidebar|Newsletter|Inside}
[fitness]
gym: gym_name@shop city@city monthly_fee$10-150 area_sqm#80-4000 has_sauna? opened_on
trainer: full_name@person >gym specialty{Yoga|Boxing|Strength|Cardio|Pilates} hourly_rate$15-120 hired_on
member: first_name last_name >gym join_date birth_date membership{Basic|Premium|Student} weight_kg$45-150
workout event: >member >trainer workout_date duration_minutes#10-180 calories_burned#50-1500
    workout_type{Strength|Cardio|Yoga|Swim}
class_booking event: >member class_name{Spinning|Zumba|Yoga|Crossfit} booked_for_date attended?
[accounting]
company: company_name@company industry@industry country@country founded_year#1900-2022 employee_count#1-90000
account: account_name@account account_type{Asset|Liability|Equity|Income|Expense} ^parent active?
cost_center: cost_center_name@department responsible_person@person annual_budget$10000-5000000
invoice event: >company invoice_number= invoice_date due_date paid_date total_amount$20-90000 tax_amount$2-20000
    currency{USD|EUR|GBP|CHF} status{Draft|Sent|Paid|Overdue}
journal_entry event: >account >cost_center posting_date debit$0-90000 credit$0-90000 description=
expense event: >cost_center employee_name@person expense_date amount$3-9000 expense_type{Travel|Meals|Office|Software}
    reimbursed?
[sensors]
device: device_name@machine location@building device_type{Thermometer|Camera|Gauge|Beacon} installed_on firmware_version=
    battery_level#0-100 online?
measurement event: >device measured_at value$-50-900 unit{C|bar|lux|ppm} quality{Good|Suspect|Bad}
alarm event: >device raised_at cleared_at severity{Low|Medium|High} acknowledged?
building: building_name@building city@city floors#1-80 built_year#1900-2022 energy_class{A|B|C|D|E}
[charity]
donor: full_name@person email= country@country donor_type{Individual|Company|Foundation} first_donation_date
campaign: campaign_name@project start_date end_date target_amount$1000-5000000
    cause{Education|Health|Environment|Refugees|Animals}
donation event: >donor >campaign donation_date amount$1-100000 payment_method{Card|Transfer|Cash|PayPal} anonymous?
volunteer: first_name last_name city@city birth_date joined_on hours_served#0-2000
[courts]
judge: full_name@person court@city appointed_on birth_date
lawyer: full_name@person law_firm@company specialty{Criminal|Family|Corporate|Tax} bar_admission_date hourly_fee$60-900
court_case event: case_number= >judge filed_on closed_on case_type{Civil|Criminal|Family|Tax}
    verdict{Guilty|Not guilty|Settled|Dismissed} damages_awarded$0-9000000
representation link: >court_case >lawyer side{Plaintiff|Defendant} hours_billed#1-900
hearing event: >court_case hearing_date duration_minutes#10-480 room@room
[shipping port]
port: port_name@city country@country berth_count#1-90 max_depth$5-25 annual_containers#1000-40000000
ship: ship_name@ship ship_type{Container|Tanker|Bulk|Cruise|Ferry} flag@country built_year#1970-2023 length_m$40-400
    gross_tonnage#500-230000
captain: full_name@person >ship rank{Junior|Senior|Master} birth_date nationality@nationality
voyage event: >ship >departure_port:port >arrival_port:port departure_date arrival_date distance_nm#50-14000
    cargo_tons#0-200000 fuel_cost$1000-3000000
inspection event: >ship inspected_on inspector@person deficiencies#0-40 passed?
[games of olympics]
athlete: full_name@person country@country gender{Female|Male} birth_date height_cm#145-215 weight_kg#40-150
sport: sport_name@sport season{Summer|Winter} first_included_year#1896-2020
edition: host_city@city host_country@country edition_year#1896-2024 opening_date nation_count#14-210
medal event: >athlete >sport >edition medal_type{Gold|Silver|Bronze} awarded_on
record event: >athlete >sport set_on record_value$1-9000 world_record?
"""
