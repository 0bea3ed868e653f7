"""What a schema may lack: measures, properties, conditions, things and happenings of many domains.

A group is ``guards: phrase, phrase;``. None of the phrases is used where the schema holds a guard, as a word of its names,
comments or values: ``tax*`` stands for every word that begins so, ``.status`` for a word of the columns of the table asked about.
A phrase's own words are guards too, less ``WEAK`` ones and those after ``~``. ``@`` marks what follows the noun.
"""

from __future__ import annotations

Option = tuple[tuple[str, ...], str]


def options(text: str) -> tuple[Option, ...]:
    """The phrases of some groups, each with its guards."""
    found: list[Option] = []
    for group in " ".join(text.split()).split(";"):
        guards, _, phrases = group.partition(":")
        found += [(tuple(guards.split()), phrase.strip()) for phrase in phrases.split(",") if phrase.strip()]
    return tuple(found)


WEAK = frozenset(
    """
    number of the country cost time customer product amount average fee day period hour body our level rate budget bill with
    people do share value address favourite delivery market size code position price a an in on at from by for to and or as
    is are was were be been has have had who that which their they them it its we us this last any some no not than more most
    other out off up over into under through per us before after during since within without date year month quarter week
    total sum count money item order unit type kind way name points status percent rates charge charges paid pay company
    placed made got get took take went left still own business general special first second new old set top main staff
    support team use using used waiting sent called received given gave came come put
    """.split()
)

MEASURES: dict[str, tuple[Option, ...]] = {
    # flows of money or work of a whole business: "how much VAT did we collect"
    "collected": options("""
        vat gst tax* duty duties levy excise gross: VAT, sales tax, value added tax, excise duty, tax, city tax; tip tips
        gratuity: tips, gratuities; shipping freight postage fee* charge* shipment delivery_cost fine*: delivery fees, late
        fees, service fees; handling surcharge fee* charge*: handling charges, surcharges, weekend surcharges, booking fees,
        admin fees; deposit*: deposits, bottle deposits; interest: interest, interest income; donation* donor* charity gift*
        grant* fundraising: donations, charity money; rent rental* lease* tenant* room* property* apartment*: rental income,
        rent; licens* royalt*: royalties, licence fees; subsid* grant* fund*: subsidies, government grants; sponsor*:
        sponsorship money; fine* penalt*: fines, penalty payments; insurance premium: insurance premiums; voucher* gift_card*
        giftcard coupon*: gift card money; advert* ad ads: advertising income; parking: parking fees
    """),
    # money spent: "how much commission did we pay"
    "paid": options("""
        commission*: commission, sales commission, commissions; bonus* incentive* reward*: bonuses, incentive pay; overtime:
        overtime, overtime pay; rent rental* lease*: rent, office rent; insurance premium: insurance, liability insurance;
        payroll tax* vat: payroll tax, corporate tax, property tax; custom customs import* duty tariff: customs duties, import
        tariffs; advert* marketing ad ads campaign_cost: advertising, online ads; electric* energy power utility utilities kwh:
        electricity, heating; clean*: cleaning, window cleaning; pack* wrap*: packaging, wrapping paper; fine* penalt*: fines,
        parking fines; pension* retire*: pensions, pension contributions; travel* expense* trip* mileage: travel expenses,
        business trips, mileage allowances; training course seminar: training, seminars; maintenance repair* service_cost:
        repairs, maintenance; interest loan* debt*: interest, loan interest; consult* lawyer* legal attorney: consulting fees,
        legal fees; fuel petrol diesel gas: fuel, petrol; shipping freight postage courier carrier* transport* shipment:
        freight, postage, courier services; severance dismiss* redundan*: severance pay; licens* software: software licences,
        licences; secur* guard*: security services; waste disposal garbage rubbish: waste disposal, garbage collection; cater*
        meal* food* lunch canteen: catering, staff lunches; depreciation asset*: depreciation; bank_fee transaction_fee fee*
        card_fee charge*: bank fees, card processing fees; recruit* hiring_cost headhunt*: job ads; water: water; telephone
        phone telecom internet: phone bills, internet access
    """),
    # figures of a business, a place, a thing: "conversion rate of Webshop Asia"
    "rates": options("""
        conversion* convert* lead visit* session* click*: conversion rate, lead conversion rate; bounce* session* visit*:
        bounce rate; occupan* vacan* room* reservation* booking* bed* capacity: occupancy rate, vacancy rate; nps promoter*
        satisf* survey* rating* score* feedback review*: net promoter score, NPS, satisfaction score, CSAT; absen* sick*
        attendance leave: absence rate, absenteeism, sick rate; sell_through stock* inventor* warehouse*: sell-through rate,
        inventory turnover, stock turnover; click* ctr impression*: click-through rate, CTR; open_rate email_open* newsletter*:
        newsletter open rate; utili* idle* workload capacity: utilisation, capacity utilisation; defect* scrap* fault* quality:
        defect rate, scrap rate; respon* reply repl*: phone response time, e-mail reply time; downtime uptime outage* avail*:
        uptime, downtime; footfall visit* traffic: footfall, foot traffic; carbon co2 emission*: carbon footprint, CO2
        emissions; energ* electric* kwh consum* power: energy consumption, power consumption; shrinkage theft* stolen stock*
        inventor*: shrinkage, theft rate; attrition terminat* resign* leaver* quit churn* exit* leaving left inactive:
        attrition rate, employee attrition; literac*: literacy rate; dropout drop dropped: dropout rate; complaint* grievance*
        ticket* incident*: complaint rate; queue*: queue length; renewal* renew* subscri* contract*: renewal rate; default*
        overdue dunning: default rate; accident* injur* incident*: accident rate; first_call hotline*: first call resolution
        rate; water: water consumption; temperature: room temperature; noise decibel: noise level; pollut* air_quality: air
        pollution; break_even: break-even point; credit_score credit_rating solvency: credit rating; click* ad ads: cost per
        click
    """),
    "event": options("""
        tip tips gratuity: tip, gratuity; shipping freight postage fee* charge* shipment: delivery fee, shipping cost, postage,
        handling fee, processing fee; queue* wait*: queueing time; vat gst tax* duty levy gross: tax amount, VAT; carbon co2
        emission*: carbon footprint, CO2 emission; packag* pack* parcel*: packaging cost, number of parcels, packaging weight;
        weight mass kg* gram* tons: weight, gross weight; commission*: commission, agent commission; insurance premium:
        insurance cost; deposit*: deposit; travel* duration* flight* trip* voyage* departure*: travel time; mileage kilomet* km
        miles distance*: driving distance; install*: number of instalments; surcharge*: surcharge; call* phone*: number of
        phone calls; loyalty bonus_point* point*: bonus points earned; temperature: temperature; noise decibel: noise level
    """),
    "person": options("""
        child* kid kids dependant*: number of children; income* earning* salary wage* wealth household: household income;
        height cm tall*: body height; weight kg mass: body weight; shoe*: shoe size; credit_score credit score rating: credit
        score; iq intellig*: IQ; distance* km commut* mileage: commuting distance; sleep*: hours of sleep; blood pressure:
        blood pressure; screen*: screen time; sibling*: number of siblings; pet pets: number of pets; heart pulse: resting
        heart rate; debt* loan*: debt; steps: daily steps
    """),
    "staff": options("""
        commission*: commission, sales commission; overtime hours: overtime hours, overtime; bonus* incentive*: bonus, annual
        bonus; sick* absen* leave: number of sick days, sick days; vacation holiday* leave absen*: remaining vacation, vacation
        days; hours working schedule shift*: weekly hours, working hours; travel* expense*: travel expenses; training course*
        seminar*: training hours; pension*: pension contribution; performance score rating* review*: performance score; commut*
        distance*: commuting distance; call* phone*: number of phone calls
    """),
    "place": options("""
        rent rental* lease*: rent, monthly rent; parking: number of parking spaces; electric* energ* power utility kwh:
        electricity bill, energy consumption; footfall visit* traffic: footfall, number of visitors; insurance premium:
        insurance cost; heat*: heating cost; clean*: cleaning cost; cash_register* till tills checkout*: number of cash
        registers; popul* inhabit* resident*: population; capacity seat* size: seating capacity; stock* inventor* warehouse*:
        inventory value, stock value; water: water consumption; carbon co2 emission*: carbon footprint; theft* stolen burglar*
        crime*: number of thefts; opening_hours hours schedule: weekly opening hours; property_tax tax*: property tax; toilet*:
        number of toilets
    """),
    "goods": options("""
        stock* inventor* warehouse* copies hand avail*: stock level, inventory, inventory value, stock on hand; weight mass kg*
        gram*: weight, shipping weight; warrant* guarant*: warranty period; shelf* expir*: shelf life; star* rating* review*
        score: star rating, number of reviews; calor* nutri* sugar protein: calories, sugar content, protein content; carbon
        co2 emission*: carbon footprint; production manufactur* produc_time: production time; custom customs import* duty
        tariff: customs duty; click* view* impression* visit*: number of clicks, page views; advert* ad ads marketing:
        advertising cost; reorder* stock*: reorder level; screen*: screen size; storage warehouse*: storage cost; height width
        length depth dimension*: height, width, diameter; battery: battery life; energ* power watt*: power consumption; defect*
        fault*: number of defects; age_rating minimum_age: recommended age; download*: number of downloads; wish*: number of
        wishlists
    """),
}

PROPERTIES: dict[str, tuple[Option, ...]] = {
    "person": options("""
        gender* sex male* female* man men woman women: gender, sex; marit* married single divorc* spouse*: marital status,
        family status; relig* faith church: religion; educat* degree* school* univers* qualif*: education level, level of
        education, highest degree; income* earning* salary wage* wealth: income bracket, income level; ethnic* race: ethnicity;
        tongue language* spoken native: mother tongue, native language; hair: hair colour; eye eyes: eye colour; diet* vegan
        vegetar*: dietary preference; blood: blood type, blood group; hous* owner* tenant* rent: housing situation; polit*
        party: political party; hobb* interest*: hobby, hobbies; zodiac birth* born age star: zodiac sign; child* kid kids
        family: number of children; newsletter* subscri* opt consent: newsletter consent; disab* handicap*: disability; smok*:
        smoking status; referral* refer* source* acqui* channel*: referral source, acquisition channel; shoe*: shoe size; title
        salutation: salutation; preferred contact_method contact*: preferred contact method; credit score: credit rating;
        nation* citizen* passport: passport country
    """),
    "staff": options("""
        gender* sex male* female* man men woman women: gender, sex; contract* employment_type permanent temporary: contract
        type, type of employment contract; part full_time working_time hours schedule: working time model; union*: union
        membership; educat* degree* qualif* school*: education level, degree; shift*: shift; remote home_office workplace: work
        location; leav* resign* terminat* exit: reason for leaving; marit* married single: marital status; nation* citizen*:
        nationality; seniority grade band: pay grade, pay band; cost_center cost_centre: cost centre; language* tongue:
        language skills; train* certif*: certification
    """),
    "event": options("""
        pay* paid* method* card cash: payment method, means of payment, card type; carrier* courier* shipper* forwarder*:
        carrier, courier, shipping company; shipping_method ship_mode mode method*: shipping method, delivery method; device*
        platform* channel* mobile desktop app: device, device type; browser*: browser; operating_system os platform*: operating
        system; referral* refer* source* channel*: referral source, traffic source; marketing* channel* campaign* promotion*:
        marketing channel, ad campaign; currency currencies: currency; weather temperature rain*: weather; coupon* voucher*
        promo* campaign* discount_code: coupon code, voucher code; packag* pack* box*: packaging type; reason* cause*:
        cancellation reason; priorit* urgen* severity: priority, urgency; driver*: delivery driver; shift*: shift; terminal*
        register* till: terminal, till; insur*: insurance company; bank*: bank; ip address: IP address; satisf* rating* score*
        feedback review*: satisfaction level; language*: language; invoice* bill*: billing address; approv*: approver; vehicle*
        truck* car cars van: vehicle
    """),
    "place": options("""
        owner* landlord* propriet*: owner, landlord, ownership type; floor* storey*: floor; postal* postcode* zip*: postcode,
        zip code, postal code; district* borough* neighb* quarter: district, neighbourhood; climate*: climate zone; franchis*:
        franchise partner, franchisee; size_class floor_area area size*: size class; architect* style: architect; timezone
        time_zone zone*: time zone; opening_hours hours: opening hours; lease* rent*: lease type; heat*: heating system; energ*
        power electric*: energy class; parking: parking situation; density popul*: population density; cluster: cluster
    """),
    "goods": options("""
        color* colour*: colour, color; material* fabric* made_of: material, fabric; size* dimension*: size, clothing size;
        origin* country* countries made_in: country of origin, country of manufacture; packag* pack* box*: packaging type,
        packaging; energ* power: energy class, energy label; flavor* flavour* taste: flavour; audience target_group age_group:
        target group, target audience; condition* used: condition; warrant* guarant*: warranty period; organic bio eco: organic
        label; shelf* rack aisle position: shelf, aisle, shelf position; allergen* ingredient*: allergen, ingredient;
        sustainab* eco green: sustainability rating, eco label; storage warehouse*: warehouse, storage location; hazard*
        danger*: hazard class; shape*: shape; scent* smell: scent; pattern*: pattern; designer* design: designer; custom
        tariff* hs: customs tariff code
    """),
}
PAIRS: dict[str, tuple[Option, ...]] = {
    "person": options("""
        gender* sex male* female* man men woman women boy* girl*: male and female, men and women, women and men; marit* married
        single divorc*: married and single, married and unmarried; smok*: smoking and non-smoking; hand handed: left-handed and
        right-handed; vegetar* vegan diet*: vegetarian and other; child* kid kids parent* family: childless and other; owner*
        tenant* hous* rent*: home-owning and renting; disab* handicap*: disabled and non-disabled; relig* church faith:
        religious and non-religious; member* subscri*: subscribed and unsubscribed
    """),
    "staff": options("""
        gender* sex male* female* man men woman women: male and female, female and male; part full_time hours working schedule
        contract*: part-time and full-time, full-time and part-time; permanent temporary contract*: permanent and temporary;
        remote home_office office: remote and on-site; union*: unionised and non-unionised; train* certif*: trained and
        untrained
    """),
    "event": options("""
        express* priorit* ship_mode shipping_method urgent: express and standard, urgent and normal; pay* paid* cash card
        method*: cash and card, prepaid and unpaid; online web app channel* internet offline platform*: online and offline, web
        and phone; mobile desktop device* platform*: mobile and desktop; insur*: insured and uninsured; pickup collect*
        deliver*: pickup and delivery; weekday weekend gift*: gift and non-gift; recur* subscri* one_time: recurring and
        one-off; tax* vat: taxed and tax-free
    """),
    "goods": options("""
        organic bio eco: organic and conventional; vegan vegetar* meat: vegan and non-vegan; refurb* used condition* second:
        refurbished and brand-new, second-hand and brand-new; import* domestic origin* country*: imported and domestic; digital
        physical download* format*: digital and physical; own_brand brand* label private: private-label and branded; hardcover
        paperback format* binding: hardcover and paperback; seasonal season*: seasonal and year-round; men women gender*
        unisex: men's and women's; fragile: fragile and sturdy
    """),
}
# who does what to the rows of events: "which carrier ships most of our orders"
AGENTS = options("""
        carrier* courier* shipper* forwarder* dhl ups fedex: carrier=ships, courier=delivers, parcel service=delivers; carrier*
        courier* shipper* forwarder*: shipping company=handles, freight company=ships, forwarder=handles; payment_method pay*
        paid* provider* method* card bank*: payment provider=processes, bank=processes, card company=processes; driver*:
        driver=delivers; warehouse* depot* storage: warehouse=ships, depot=handles; agency agencies: agency=handles; insurer*
        insur*: insurer=covers; call hotline agent*: call centre=handles, hotline=handles; browser*: browser=is used for;
        device* platform* app mobile: device=is used for, app=is used for; website* site sites web page* url*: landing
        page=brings in, website=brings in; ad ads advert* campaign* marketing* promotion*: ad=brings in, search engine=brings
        in; truck* vehicle* van car cars: truck=carries, van=carries; subcontract* partner*: subcontractor=handles; language*:
        language=is used in; auditor* audit*: auditor=checks; team* department* division*: department=handles
    """)
