"""What a schema may lack, continued: conditions on rows, things and happenings. The form is that of ``beside_words``."""

from __future__ import annotations

from nl2sql.data.synthesis.beside_words import Option, options

CONDITIONS: dict[str, tuple[Option, ...]] = {
    "person": options("""
        marit* married single divorc* widow* spouse* partner*: married, unmarried, divorced, widowed; hand handed: left-handed,
        right-handed; vegetar* vegan diet*: vegetarian, vegan; disab* handicap* wheelchair: disabled, @in a wheelchair; gender*
        sex male* female* man men woman women: male, female; self_employed employ* occupation* job* profession* unemploy*:
        self-employed, unemployed; pregnan*: pregnant; smok*: smoking, non-smoking, @who smoke; hair blond*: blonde,
        red-haired, bald; child* kid kids famil* parent* dependant*: @with children, @with two kids, childless, @without
        children; car cars vehicle* driv* licen*: @with a car, @with a driving licence, @who drive a car; dog dogs pet pets cat
        cats animal*: @with a dog, @with pets, @who own a cat; allerg*: @with allergies, allergic; language* speak* spoken
        tongue: @who speak Spanish, Spanish-speaking, bilingual, @who speak French; degree* universit* educat* qualif* academ*:
        @with a university degree, university-educated; relig* church cathol* faith: Catholic, religious, @who go to church;
        owner* hous* home* tenant*: @who own a house, @who live in their own home; tattoo*: tattooed; glass* eye* vision: @who
        wear glasses, short-sighted; newsletter* subscri* opt consent: @who get our newsletter, @who read our newsletter;
        vaccin*: vaccinated, unvaccinated; credit* insolv* bankrupt* debt*: bankrupt, @in debt; refer* recommend* source*: @who
        were recommended by friends, @who came through a referral; rich wealth* income* salary: wealthy, rich; immigr* nation*
        citizen* born foreign*: foreign-born; student* studies: @who are still studying; social twitter facebook instagram
        follow*: @who follow us on Instagram, @who like us on Facebook; app download* install*: @with our app, @who installed
        our app; deceased death dead died: deceased; complain* grievance*: @who complained, @who wrote a complaint; athlet*
        sport* fitness: athletic, @who do sports; insur*: uninsured, insured; blacklist* block* banned fraud*: blacklisted,
        banned; army militar* veteran*: @who served in the army
    """),
    "staff": options("""
        part full_time hours working schedule contract*: part-time, full-time, @who work part-time; gender* sex male* female*
        man men woman women: male, female; temporary permanent contract* fixed: temporary, permanent, @on a fixed-term
        contract; remote home_office: remote, @who work from home; union*: unionised, @in the union; appren* trainee* intern
        interns: apprenticed, @in their apprenticeship; leave parental matern* absen* sick*: @on parental leave, @on maternity
        leave, @on sick leave, @on vacation; disab* handicap*: disabled; certif* train* qualif*: certified, @with first-aid
        training, untrained; married marit* single: married, unmarried; car cars vehicle*: @with a company car; phone laptop
        device*: @with a company phone, @with a laptop; freelance* contractor*: freelance; overtime hours: @with overtime;
        bonus* commission*: @who got a bonus; language* speak* tongue: bilingual, @who speak Spanish; shift* night:
        night-shift, @on the night shift; child* kid kids: @with children; probation* trial: @on probation; notice resign*
        terminat* dismiss* .status .end .leaving: @who resigned, @who were dismissed, @who handed in their notice; promot*
        promotion: @who were promoted; warn*: @with a written warning; degree* educat* qualif*: @with a degree
    """),
    "event": options("""
        express* priorit* ship_mode shipping_method mode* service_level: express, same-day, expedited, overnight; urgen*
        priorit* severity: urgent, high-priority; gift* wrap*: gift-wrapped, @with a gift message; insur*: insured, uninsured;
        prepa* pay* paid* method* card cash invoice*: prepaid, cash-on-delivery, @paid in cash, @paid by card, @paid with
        PayPal; install* rate_payment: @paid in instalments; disput* chargeback* .status: disputed, contested; fraud* suspic*
        .status: fraudulent, suspicious; recur* subscri* repeat*: recurring, automatic; anonym* guest*: anonymous, @placed as a
        guest; phone* telephone* call* channel*: @placed by phone, @placed over the telephone; mobile* app device* platform*
        channel*: mobile, @placed in the app, @made on a smartphone; web* online internet channel* site*: @placed on the
        website, @made on the internet; coupon* voucher* promo* code*: @with a coupon code, @with a voucher; pickup pick_up
        collect* deliver_method: @picked up in person, @with self-pickup; drone*: @delivered by drone; sunday weekday holiday*:
        tax-deductible; tax* vat: tax-free, tax-exempt; damag* defect* broken: damaged, @with damage; complain* grievance*
        issue* .reason: @with a complaint, @that somebody complained about; photo* picture* image*: @with a photo; sign*
        document*: signed, unsigned; confirm* .status: unconfirmed; approv* .status: unapproved, @waiting for approval;
        duplicat*: duplicate; reschedul* postpon* .status: rescheduled, postponed; record* video*: recorded, @with a video;
        rain* weather: rainy-day; witness*: @with a witness; internal extern*: internal; contract*: @under contract; track*:
        @with a tracking number; escalat*: escalated; fax: @sent by fax; volunteer* unpaid: voluntary; group*: group;
        multi_part partial* .status: @sent in several parcels; wholesale: wholesale; test*: test
    """),
    "goods": options("""
        vegan vegetar* meat diet*: vegan, vegetarian; organic bio eco: organic, eco-friendly; refurb* used condition* second:
        refurbished, second-hand, pre-owned; gluten lactose allerg* ingredient*: gluten-free, lactose-free, nut-free; hand*
        craft*: handmade, handcrafted; recycl* sustain*: recycled, recyclable; fair: fair-trade; waterproof water: waterproof;
        stock* inventor* avail* sold_out copies: out-of-stock, @in stock, @on back order, @that are sold out; import* origin*
        country* domestic: imported, domestic; fragile: fragile; flamm* hazard* danger*: flammable, hazardous; perish* expir*
        shelf*: perishable, expired, @past their expiry date; limited edition*: limited-edition; patent*: patented; autograph*
        sign*: signed, autographed; batter*: battery-powered, rechargeable; sugar: sugar-free; recall* .status: recalled;
        dishwash*: dishwasher-safe; color* colour* red blue green black white: red, green, blue, black; wireless bluetooth:
        wireless; warrant* guarant*: @with a warranty, @still under warranty; leather material* fabric* wood* steel plastic
        cotton: leather, wooden, plastic, stainless-steel; child* kid kids age_group: child-safe, @for children; rent* hire*
        lend*: rentable; download* digital* ebook* format*: downloadable, digital; damag* defect* broken: damaged, defective;
        stolen theft*: stolen; custom personal*: personalised, made-to-order; review* rating* star*: five-star, @with good
        reviews; award*: award-winning; illustrat*: illustrated; foldable fold*: foldable; test*: dermatologically-tested;
        hardcover paperback binding format*: hardcover, paperback
    """),
    "thing": options("""
        patent*: patented; certif* licens*: certified, unlicensed; insur*: insured, uninsured; rent* leas*: rented, leased;
        outsourc*: outsourced; subsid* fund* grant*: subsidised, @with a subsidy; award* prize*: award-winning, @with an award;
        damag* defect* broken .status: damaged; stolen theft*: stolen; digital*: digitised; sponsor*: sponsored; tax* vat:
        tax-exempt; secret confiden*: confidential; famil*: family-run; bankrupt* insolv* .status: bankrupt; union*: unionised;
        climate carbon co2: climate-neutral; iso audit*: ISO-certified, audited; photo* picture* image*: @with a photo
    """),
    "place": options("""
        wheelchair access* disab*: wheelchair-accessible, barrier-free; air_condition* cool*: air-conditioned; franchis*
        owner*: franchised, independently-owned; leas* rent* owner*: rented, leased; parking: @with parking, @with a car park,
        @with underground parking; cafe coffee restaurant*: @with a café, @with a coffee corner; sunday* opening_hours hours
        weekday: @open on Sundays, @open 24 hours, @open at night; solar: solar-powered, @with solar panels; famil*:
        family-run; wifi internet: @with free wifi, @with wifi; heritage listed: heritage-listed; dog dogs pet pets:
        pet-friendly; earthquake quake: earthquake-proof; renov* refurb* modern*: renovated, @in need of renovation; elevator*
        lift lifts: @with a lift, @without an elevator; secur* alarm* camera*: @with cameras, @with an alarm system; rob*
        burgl* theft* crime*: @that were robbed; beach sea coast*: coastal, @by the sea; airport station rail*: @near an
        airport, @near a train station; downtown suburb* rural urban: suburban, rural; charg* ev electric*: @with charging
        stations; toilet*: @with customer toilets; playground* child*: @with a playground; construct* build*: @under
        construction; flood*: @in a flood zone; union*: unionised; fire sprinkler*: @with sprinklers
    """),
}

# things and happenings that no table tells
THINGS: dict[str, tuple[Option, ...]] = {
    "any": options("""
        complain* grievance* feedback ticket* claim*: complaints, customer complaints, formal complaints; lead leads prospect*
        opportunit*: leads, qualified leads, hot leads, sales leads; visit* session* web* site page* traffic: website visits,
        page views, web sessions, online visitors; appli* candidate* job_open* vacan* recruit*: job applications, job
        applicants, applicants, job openings; meeting* appointment* hearing* session*: meetings, board meetings, client
        meetings; ticket* issue* incident*: support tickets, help desk tickets, tickets; quot* offer* proposal* estimate*:
        quotes, price quotes, quotations, proposals; subscri* newsletter*: newsletter subscribers, newsletter signups;
        accident* injur* incident*: accidents, work accidents, injuries; law* legal court* case*: lawsuits, court cases; audit*
        inspect* check*: audits, inspections, safety inspections; survey* respon* questionnaire*: survey responses,
        questionnaires; app download* install*: app downloads, app installs; call calls phone* hotline*: phone calls, hotline
        calls, missed calls; email* mail* message* letter*: letters, emails, text messages; coupon* voucher* promo_code:
        coupons, vouchers; gift*: gift cards, gift vouchers; loyalty* card_issued membership*: loyalty cards; blackout* outage*
        power: power cuts, power outages; train* course* seminar* workshop* seminar* workshop*: trainings, training sessions,
        seminars, workshops; contract* agreement* lease* polic* subscri*: contracts, framework agreements; car cars vehicle*
        truck* van fleet: company cars, vehicles, trucks, vans; machine* equipment robot* device* instrument*: machines,
        forklifts, robots; server* computer* laptop* device*: servers, laptops, computers; bug bugs defect* issue*: bugs, bug
        reports; licen*: software licences, licences; competit* rival* athlete* rider* participant* race* contest*:
        competitors; investor* sharehold* stock_holder: shareholders, investors; patent*: patents; follow* like social* post
        posts tweet*: followers, social media posts, tweets; blog* article_post: blog posts; theft* burglar* stolen crime*
        rob*: thefts, burglaries, break-ins, shoplifters; strike* union*: strikes; repair* maintenance: repairs, repair jobs,
        service calls; warrant* guarant* claim*: warranty claims, warranty cases; bank*: bank accounts, bank transfers; loan*
        credit debt*: loans, mortgages, credits; insur* polic*: insurance policies, insurance claims; test test_drive trial*
        demo*: test drives, product demos, free trials; wish* favourite favorite: wish lists, wishlist items; cart carts
        basket* abandon*: abandoned carts, shopping carts; review* rating* feedback: product reviews, five-star reviews, bad
        reviews; parking* fine* penalt*: parking tickets, fines; room rooms bed beds: meeting rooms, beds; volunteer*:
        volunteers; donation* donor* grant*: donations, donors; scholar* student* pupil* school*: scholarships, students; exam*
        test grade*: exams, exam papers; patient* doctor* medic*: patients, patient visits; prescri* drug* medic*:
        prescriptions; surger* operation* operat*: surgeries; container* pallet*: containers, pallets; parcel* package*
        shipment*: lost parcels; truck_load freight cargo: freight loads; reservation* booking* appointment*: reservations,
        table reservations; sprint* release* deploy* version*: sprints, deployments; invoice* bill* remind* dunning: unpaid
        invoices, reminders, payment reminders; chargeback* disput* payment*: chargebacks, failed payments; fraud*: fraud
        cases, fraud attempts; podcast* video* webinar*: webinars, podcasts, videos; trade_fair fair fairs exhib* booth*: trade
        fairs, trade shows; partner* reseller* distribut*: resellers, distribution partners; tender* bid bids rfp: tenders,
        bids; project* task*: projects, tasks, milestones
    """),
    "staff": options("""
        sick* absen* leave illness: sick days, sick notes, absences; vacation* holiday* leave absen*: vacation days, vacation
        requests, days off; overtime hours: overtime hours; resign* quit leav* terminat* exit: resignations, layoffs,
        dismissals; career raise*: pay rises, salary increases; interview*: job interviews; shift* schedule roster: night
        shifts, shifts; warn*: written warnings; appren* trainee* intern: trainees, interns, apprentices; badge* key_card: key
        cards, badges; business_trip trip* travel*: business trips; timesheet* hours worked: timesheets
    """),
    "goods": options("""
        stock* inventor* warehouse* copies hand avail*: pieces in stock, units in stock, items left in stock, stock items;
        stock* inventor* reserv*: reserved items, back orders; warehouse* depot* storage: warehouses, pallets in the warehouse;
        sample* free: free samples; recall*: product recalls; supplier_order procure* purchase_order: ~purchase ~orders with
        our suppliers, ~supplier ~orders, ~purchase ~orders; supplier_deliv* goods_receipt receipt* incoming: incoming
        deliveries, goods receipts; raw material* ingredient*: raw materials; damag* defect* broken: damaged goods, defective
        items; spare part parts: spare parts; display* shelf shelves: shelves, displays
    """),
}
STATES = options("""
        .status: open, pending, overdue, unresolved, closed, still unanswered, active, waiting, ready
    """)
DEEDS: dict[str, tuple[Option, ...]] = {
    "person": options("""
        newsletter* email_open* open_rate: opened our newsletter, unsubscribed from the newsletter; website* visit* login*
        session* page*: visited our website, logged in; complain* grievance* feedback ticket*: complained, filed a complaint,
        wrote a complaint; survey* respon* questionnaire*: answered our survey, filled in the questionnaire; app download*
        install*: downloaded our app, use our app; refer* recommend*: recommended us to a friend, were referred by a friend;
        mov* address_change relocat*: moved house; call* phone*: called the hotline, called us; password* login*: forgot their
        password; ad ads click* advert*: clicked on our ads, saw our ads; review* rating*: wrote a review, left a review; card
        loyalty* member*: lost their card; marr* marit* spouse*: got married; birth_child child* kid kids: had a baby; sue*
        court* law*: sued us; coupon* voucher* promo*: redeemed a coupon, used a voucher; gift*: bought a gift card; event*
        seminar* webinar*: came to our summer party; bankrupt* insolv*: went bankrupt; accident* injur*: had an accident;
        .status .active .churned .end .cancel* terminat* contract* subscri*: closed their account, deleted their account
    """),
    "staff": options("""
        .status .end .active .leav* .exit terminat* resign* leaver* employment contract*: left the company, quit, resigned;
        .status .end .active .leav* .exit terminat* retire* contract*: retired, were fired, were let go, were laid off; sick*
        absen* leave*: were on sick leave, called in sick, were ill; leave* parental matern*: went on parental leave, took
        parental leave; promotion_date career .level .previous: were promoted, got a promotion; raise* increase* salary_history
        .previous: got a raise, got a pay rise; remote home_office .location: worked from home; train* seminar* course*
        certif*: attended a training, finished a training; overtime hours: worked overtime; interview* appli*: were
        interviewed; vacation* holiday* absen*: took vacation, were on holiday; .transfer* .previous history: changed
        departments, switched jobs internally; bonus* commission*: received a bonus; badge* clock* check_in attendance: came
        late to work; strike* union*: went on strike, joined the union; warn*: got a written warning; accident* injur*: had an
        accident at work
    """),
    "goods": options("""
        stock* inventor* warehouse* avail* copies hand: are left in stock, are in the warehouse, are in stock, are sold out;
        stock* inventor* warehouse* avail* copies hand: are on the shelf, are running low, need reordering; stolen theft*
        shrink*: were stolen, got stolen; damag* broken defect*: are damaged, were broken in transport; recall*: were recalled;
        expir* shelf* best: expire soon, have expired; reserv*: are reserved; back_order stock* inventor*: are on back order;
        review* rating* star*: got bad reviews, got five stars; click* view* visit*: were viewed online, were clicked on; cart
        carts basket* wish*: were put in a cart; display* shelf window*: are in the shop window; import* custom customs: are
        held up at customs; test* trial* quality check*: were tested; photo* picture* image*: have no photo; relaunch*: were
        relaunched
    """),
    "place": options("""
        renov* refurb* modern*: were renovated, got renovated; rob* burgl* theft* crime*: were robbed, had a break-in; inspect*
        audit* hygien* check*: passed the inspection, failed the inspection; wifi internet: have free wifi; outage* power
        blackout*: had a power cut; flood* damage*: were flooded; strike* union*: went on strike; electric* energ*: used less
        energy; move* relocat*: moved to a new building; parking: have no parking; staff_short vacan*: are short of staff;
        accident* injur*: had an accident
    """),
    "event": options("""
        pay* paid* due_date invoice* .status: were paid late, are unpaid, are overdue for payment; drone*: were delivered by
        drone; lost .status parcel* track*: got lost in the post; damag* broken defect*: arrived damaged; complain* grievance*
        .reason: were complained about, led to a complaint; gift* wrap*: were gift-wrapped; pickup collect* pick: were picked
        up in person; approv* .status: are waiting for approval, were approved by the manager; wrong address mistake* error*:
        went to the wrong address; phone* channel* call*: came in by phone; fraud* suspic* .status: were fraudulent; email*
        mail*: came in by email; app mobile channel* device*: came through the app; insur*: were insured; document* sign*: were
        signed electronically; weather rain*: were delayed by the weather; coupon* voucher* promo* code*: used a coupon; custom
        customs: got stuck at customs; witness* video* record*: were filmed; night hour .time: happened at night, came in after
        6 pm, happened before noon
    """),
}
