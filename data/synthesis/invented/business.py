"""More domains to invent schemas from, as businesses keep their books: tables with several dates, states and codes.

Written as in ``domains``. A booking is made on one day and takes place on another, a ticket is opened and closed, an employee
joins and leaves: which of the dates a question means has to be learnt.
"""

BUSINESS = """
[practice]
patient: first_name last_name date_of_birth gender{f|m|x} phone= email= city@city insurance_company@insurer registered_on
practitioner: first_name last_name specialty@medical hourly_rate$40-300 hired_on is_active?
treatment: treatment_name@medical treatment_category{Therapy|Diagnostics|Surgery|Prevention} duration_minutes#10-120 price$20-900
visit event: >patient >practitioner >treatment booked_on starts_at ends_at
    status{planned|completed|cancelled|no-show} room@room
bill event: >visit issued_on due_on paid_on amount$20-2000 status{open|paid|partly paid|written off}
bill_payment event: >bill received_on amount$5-2000 method{cash|card|transfer}
referral event: >patient >practitioner referred_on accepted_on reason@disease urgency{low|normal|high}
[consulting]
department: department_name@department location@city annual_budget$100000-9000000 >head:employee
employee: full_name@person job_title@job >department hire_date leaving_date birth_date annual_salary$30000-200000
    weekly_hours#10-40 ^manager
client: client_name@company industry@industry country@country client_since_date account_manager@person
project event: project_name@project >client >lead:employee start_date end_date budget$5000-2000000
    status{ACTIVE|COMPLETED|ON HOLD|CANCELLED} project_type{Fixed price|Time and material}
assignment event: >employee >project assigned_on released_on allocation_percent#5-100 project_role{Lead|Consultant|Analyst|Tester}
time_entry event: >employee >project work_date entered_at hours$0-12 hourly_rate$50-300 billable? activity=
absence event: >employee first_day last_day days#1-30 absence_type{Vacation|Sick leave|Parental leave|Training} requested_on
    approved?
payslip event: >employee pay_date gross_pay$1500-15000 net_pay$1000-9000 bonus$0-9000
[subscriptions]
plan: plan_name{Free|Starter|Team|Business|Enterprise} monthly_price$0-900 max_seats#1-900 has_support?
account: account_name@company industry@industry country@country signup_date source{Ads|Referral|Organic|Partner} owner@person
contact: full_name@person email= >account job_title@job created_at last_seen_at newsletter?
subscription event: >account >plan start_date end_date cancelled_on seats#1-500 status{trial|active|past_due|cancelled}
    cancel_reason{Price|Missing feature|Went out of business|Other}
invoice event: >subscription invoice_number= invoice_date due_date paid_date amount$10-9000 currency{EUR|USD|GBP}
agent: agent_name@person team{First line|Second line|Billing} location@city started_on
support_ticket event: >account >agent subject= opened_at first_reply_at closed_at priority{low|normal|high|urgent}
    status{new|open|waiting|solved|closed} channel{email|chat|phone|web} satisfaction_score#1-5 category{Bug|Question|Billing}
ticket_message event: >support_ticket sent_at sender{agent|customer} word_count#1-900
usage_log event: >account usage_date active_users#0-500 api_calls#0-900000
[vehicle hire]
branch: branch_name@city city@city country@country opened_on parking_spaces#5-200
vehicle_group: group_name{Mini|Economy|Compact|Van|Luxury} daily_rate$15-300 deposit$100-2000 seats#2-9
vehicle: plate= make@car_make model@car >vehicle_group >home_branch:branch fuel_type{Petrol|Diesel|Electric|Hybrid}
    first_registered_on purchase_price$8000-90000 mileage#0-300000 sold_on
customer: full_name@person company@company town@city country@country email= birth_date customer_since_date
    loyalty_tier{None|Silver|Gold}
rental event: >customer >vehicle >pickup_branch:branch >return_branch:branch booked_on start_date return_date
    kilometers#1-5000 total_price$20-5000 payment_type{Card|Cash|Invoice} status{Booked|On rent|Returned|Cancelled|No show}
extra link: >rental item{Child seat|GPS|Second driver|Roof box|Insurance} quantity#1-4 amount$5-300
service_job event: >vehicle date_in date_out work_type{Inspection|Tyres|Brakes|Body work|Cleaning} workshop@company
    cost$20-5000 odometer#0-300000
[freight]
warehouse: warehouse_name@city country@country capacity_pallets#100-90000 opened_on manager@person
carrier: carrier_name@company transport_mode{Road|Rail|Air|Sea} rating$1-5 contract_start_date contract_end_date
item: item_name@product sku= weight_kg$0-900 unit_value$1-9000 hazardous?
shipment event: >origin:warehouse >destination:warehouse >carrier ordered_on shipped_on expected_on delivered_on
    weight_kg$1-20000 freight_cost$20-9000 status{planned|in transit|delivered|lost}
shipment_item link: >shipment >item quantity#1-900 damaged_quantity#0-20
stock_level: >warehouse >item quantity#0-90000 reorder_level#10-5000 counted_on
purchase_order event: >item supplier@company >warehouse placed_on expected_on received_on quantity#1-9000 total_cost$10-900000
[hospitality]
property: property_name@hotel city@city country@country star_rating#1-5 opened_on room_count#8-900
room_type: room_type_name{Single|Double|Suite|Family} base_price$40-900 max_guests#1-6
guest: first_name last_name country@country email= birth_date member_since_date loyalty_points#0-90000
reservation event: >guest >property >room_type booked_on check_in_date check_out_date cancelled_on nights#1-30 adults#1-4
    total_price$50-9000 channel{Direct|Agency|Portal} status{confirmed|cancelled|checked in|checked out}
housekeeping_task event: >property created_at finished_at task_type{Cleaning|Repair|Laundry} employee@person
folio_charge event: >reservation charged_on charge_type{Room|Breakfast|Minibar|Spa|Parking} amount$3-900
[insurer]
policyholder: full_name@person date_of_birth city@city occupation@job customer_since_date smoker?
product_line: line_name{Car|Home|Travel|Life|Liability} base_premium$50-5000
contract event: contract_number= >policyholder >product_line signed_on start_date end_date yearly_premium$50-9000
    sum_insured$1000-2000000 status{active|lapsed|cancelled} >agent
agent: agent_name@person region{North|South|East|West} hired_on commission_rate%
damage_claim event: >contract occurred_on reported_on settled_on claimed_amount$50-200000 paid_amount$0-200000
    cause{Fire|Theft|Water|Accident|Storm} status{reported|under review|settled|rejected}
[course provider]
trainer: full_name@person daily_fee$200-3000 hired_on speciality@subject
training: training_title@course category{IT|Language|Safety|Leadership} duration_days#1-20 list_price$50-5000
participant: first_name last_name company@company email= registered_on
training_date event: >training >trainer venue@city announced_on start_date end_date seats#4-40
    status{planned|confirmed|held|cancelled}
registration event: >participant >training_date booked_on paid_on price_paid$0-5000 attended? rating#1-5
certificate event: >participant >training issued_on expires_on score#0-100 passed?
[plant maintenance]
site: site_name@city country@country employee_count#5-5000 opened_on
asset: asset_name@machine >site vendor@company installed_on warranty_until_date purchase_cost$500-900000
    criticality{A|B|C} decommissioned_on
technician: technician_name@person >site trade{Electrician|Mechanic|Plumber|IT} hourly_cost$20-120 hired_on
work_order event: >asset >technician reported_on planned_on started_on finished_on priority{low|medium|high|emergency}
    order_type{Repair|Inspection|Upgrade} labor_hours$0-90 material_cost$0-9000 status{open|in progress|done|cancelled}
spare_part: part_name@part unit_cost$1-2000 stock_quantity#0-900 supplier@company
part_usage link: >work_order >spare_part quantity#1-30
downtime event: >asset started_at ended_at minutes#1-5000 cause{Failure|Setup|No material|Cleaning}
[recruiting]
position: position_title@job department@department location@city opened_on filled_on salary_min$20000-90000
    salary_max$30000-150000 status{open|on hold|filled|withdrawn}
applicant: first_name last_name email= city@city years_of_experience#0-40 source{Job board|Referral|Website|Agency} birth_date
application event: >applicant >position applied_on decided_on
    status{new|interview|offer|hired|rejected} expected_salary$20000-150000
interview event: >application interviewer@person scheduled_on held_on score#1-10 recommendation{yes|no|maybe}
[utilities]
household: household_name@last_name street= city@city postal_code= moved_in_on persons#1-8
tariff: tariff_name{Basic|Green|Night|Business} price_per_kwh$0-1 monthly_fee$0-40 valid_from_date valid_until_date
supply_contract event: >household >tariff signed_on start_date end_date payment_method{Debit|Transfer|Card}
meter_reading event: >household read_on entered_on kwh#0-90000 reading_type{remote|manual|estimated}
yearly_bill event: >household billed_on due_on paid_on consumption_kwh#100-20000 amount$50-9000 reminder_count#0-3
[ticketing]
venue: venue_name@venue city@city seat_count#50-80000 opened_on
promoter: promoter_name@company country@country founded_year#1950-2022
show event: show_title@title >venue >promoter announced_on show_date genre@music_genre ticket_price$10-300 sold_out? cancelled?
buyer: full_name@person email= city@city birth_date registered_on
ticket_order event: >buyer >show ordered_on delivered_on ticket_count#1-10 total_amount$10-3000 channel{Web|App|Box office}
    status{paid|refunded|cancelled}
refund event: >ticket_order requested_on refunded_on refund_amount$5-3000 reason{Illness|Event cancelled|Double booking}
[wholesale]
supplier: supplier_name@company country@country contact_name@person lead_time_days#1-90 rating#1-5 contract_since_date
article: article_name@product article_number= >supplier article_group@product_category purchase_price$1-900 sales_price$2-1900
    stock_quantity#0-5000 minimum_stock#0-500 listed_on delisted_on
business_customer: company_name@company city@city country@country industry@industry credit_limit$0-500000 customer_since_date
    sales_rep@person
sales_order event: >business_customer order_date requested_on shipped_on delivered_on
    status{open|shipped|delivered|cancelled} payment_terms{14 days|30 days|60 days} freight_charge$0-900
sales_order_line link: >sales_order >article quantity#1-900 unit_price$2-1900 discount_percent#0-40 line_amount$2-90000
credit_note event: >sales_order issued_on amount$5-9000 reason{Damaged|Wrong article|Late delivery|Price error}
"""
