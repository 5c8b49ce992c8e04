"""The table of cues: the words by which people bring up an attribute, topic by topic.

It is written in the small language that `cues` reads: strong cues, then, behind a `;`, weak ones.
"""

from collections.abc import Mapping

_COUNTRY = """
    countr*, nation*, german*, poland, polish, ital*, dutch, netherlands, holland, british,
    britain, uk, united kingdom, english, england, spain, spanish, france, french, europe*, eu,
    pays, land, laendern, landern, deutsch*, polen, niederlande, pais, kraj*, abroad,
    domestic*, overseas, region*, (in|from|at) (which|what) (part*|corner) of the world,
    continent, local"""
_SUPPLIERS = {
    "country": _COUNTRY
    + ", " + """
        locally, parts? of the world, (produced|built|woven|sewn|assembled|manufactured)
        (in|where), whereabouts, outside of, within (germany|europe), across the
        (border|channel), neighbouring, at home, home country, origin, located, made in,
        manufactured in, imported, import from, customs border, (restricted|limited|tied|bound)
        to ~ (place|part), part of the world, where ~
        (made|produced|from|located|based|sit|sits|be|come|comes|ship|ships), from where,
        (produce*|ship*) ~ (from|in) where, home market, woher, herkunft*, skad;
        where, based, place, wo, ou, donde, gdzie""",
    "certification": """
        certif*, accredit*, iso, 9001, 14001, emas, fsc, zertifi*, norm, norme*,
        (quality|environment*|management|industry)
        (standard|mark|label|management|system|seal)*, eco label*, ecolabel*, certyfik*, paper
        ~ auditors, seal of approval, standards?, attest*, proof of (quality|compliance),
        compliance, quality papers?, forest*, sustainab*, stamp of approval, stamps, quality
        papers, certified, proof, documented, auditors?, badge, eco, green credentials""",
    "delivery_terms": """
        delivery terms?, terms of (delivery|shipment), deliver* term*, incoterm*, shipping
        terms?, ship* (cost|charge|arrangement|condition)*, ex works, exw, fca, dap, ddp, free
        carrier, delivered at place, delivered duty, duty paid, dut(y|ies), customs, freight,
        transport*, carriage, carrier, haul*, pick* (it|them|the goods)? ?up, collect*, to
        (your|the) (door|gate|premises|warehouse), doorstep, (your|their|the) (own
        )?(door|gate|lorry|truck|van),
        (who|pay*|bear*|arrange*|organis*|handle*|cover*|responsib*|take* care of|look* after)
        ~ (deliver*|shipping|shipment), who ~ (ships|delivers), deliver*
        (condition*|arrange*|basis), how ~ deliver*, lieferbedingung*, lieferkondition*, frei
        haus, conditions de livraison, modalites de livraison, condiciones de entrega, terminos
        de entrega, warunki dostawy, warunkach dostawy, unloading, insurance, (import|export)
        dut*, risk ~ (shipping|transport|way|journey), (your|their|our|own) ~
        (driver|lorry|truck|van|haul*|forward*), fetch*, expense ~ travel*, goods ~ travel,
        (your|the) (yard|dock|ramp|plant|works), who ~ (moves?|brings?|truck*|clears?), picking
        up, picking it up, brought to, drop* off, forwarder*, gate, warehouse door;
        deliver*, shipping, shipment*""",
    "currency": """
        (currency|moneda|wahrung|devise|walu*) ~ (pay|pagar|zahlen|payer|zaplacic),
        currenc*, eur, euros?, usd, dollars?, gbp, pounds?, sterling, chf, francs?, invoic*,
        bill, billed, bills, billing, wahrung*, waehrung*, devise, monnaie, moneda, divisa,
        walu*, factur*, rechnung*, faktur*, (pay|quote*|price*) ~ in (what|which), kind of
        money, money in, (pay|paying|paid|quote*|price*|charge*) in, (books|account*|price*)
        (run|kept|are|be|quoted|done) in, made out in, which money, foreign money, exchange
        rate*, exchange, cash, (be|get) charged in, price list""",
    "payment_days": """
        payment*, terms of payment, net #, net days, # days net, credit, pay ~
        (within|after|later|up front|upfront|in advance|immediately|straight away|bill|bills),
        (to|for|before) (you )?pay, (until|when|before|by) ~ pay, days to pay, time to pay,
        paying, how much time ~ (pay|settle*), paid, pay, settl* ~ (invoic*|bill*)?, due date,
        (invoic*|bill*) ~ (due|paid|settled|days| payable), how much time ~ need to settle,
        pay* ~ (invoic*|bill*), how long ~ (invoic*|bill*), (invoic*|bill*) ~ (open|
        outstanding), after ~ invoice, after invoicing, zahl*, paiement, payer, regler,
        reglement, pago, pagar, platnosc*, zaplat*, prepay*, prepaid, on account, deferred,
        money ~ (with them|due|transfer*|on their account), transfer ~ (money|within), falls?
        due, before ~ (due|pay), payable, owe*, remit*, days ~ (before|until) ~ invoice,
        (days|time) ~ (the|an|your|their) invoice, delay ~ pay*, balance, cash flow, how many
        days ~ (pay*|invoice), money up front, ahead of delivery""",
    "minimum_order": """
        minimum order*, moq, minimum (quantity|quantities|amount|lot|purchase|batch), minima,
        order (size|quantit*|volume)*, typical order, (smallest|small|minimum|least|large|
        big|larger|bigger) ~ (order*|quantit*|lots?|batch*|amounts?|purchase*|units|pieces),
        (how many|how much|what quantity|how big|how large|how small) ~ (order*|buy*|take|need|
        purchase|purchas*|units|pieces|pairs|rolls|boxes|drums|labels|tubes|seals|go|want|require|batch),
        quantit*, # (units|pieces|pcs|pairs|rolls|boxes|drums|labels|items|tubes|seals|litres),
        units, pieces, batch*, lot sizes?, in one go, in one order, bulk, volume*, mindest*,
        stuck, stueck, stuckzahl, commande, quantite*, pedido, cantidad, minimaln*, ilosc*, ile
        sztuk, sztuk, sztuki, at a time, at once, per order, amount ~ order*, order ~ amount,
        how ~ (order|purchase) ~ (be|is), threshold, wie viel*, wieviel*, bestellmenge*,
        combien, cuant*, ile, (by the|per|a|whole|full|half a)
        (pallet|carton|crate|container|truckload|dozen)*, pallets?, how many ~ (of them|at
        least|one order), just a few, stock up, small quantit*, (order|buy|take|purchase) ~
        (few|many|little|much), smallest, smallest amount, fewer than, more than you need,
        minimal*, number of (units|pairs|rolls|pieces|boxes|drums), trial order, sample order,
        one order;
        how many, how much, minimum, order, orders""",
    "lead_days": """
        lead times?, turnaround, how (soon|fast|quick*|urgent*|early), deadline, by when,
        urgen*, rush, rushed, deliver* (time*|date*|by|within|speed|period|window|deadline),
        (fast|quick*|short*|speedy|soon|early) ~ (deliver*|ship*), deliver* ~
        (days?|weeks?|fast| quick*|soon), wait*, (when|until when) ~
        (need*|arriv*|deliver*|have|want*|receiv*|here| there|expect*|come), arriv*, hurry,
        (between|from) ~ order* ~ (and|to), how long ~ (deliver*|
        ship*|order*|take|takes|wait|goods|arrive|until|before), (ship*|dispatch*) ~ (within|
        days?|weeks?|fast|in #), after ~ order*, from order, in stock, how many (days|weeks) ~
        (deliver*|ship*|order*|wait), how long, lieferzeit*, lieferfrist*, liefertermin*, wie
        schnell, bis wann, delai* de livraison, delais?, plazo*, cuando, czas*
        (realizacji|dostawy), termin* dostawy, jak szybko, kiedy, how much time, time pressure,
        reach* you, at your door by, express, longest ~ (wait|order*), in your hands,
        (what|which) (day|date) ~ (must|need*|should|latest), be there, on your
        (dock|shelf|doorstep) by, after ordering, once ~ ordered, ordered ~ (until|before),
        run(ning)? out, standstill, time is short, as soon as possible, asap, soonest, right
        away, patient, patience, on site by, quickest, fastest, slow*, prompt*, short notice,
        overnight, next day, ready (by|within|for), in transit;
        when, soon, days, weeks, # (working )?(days?|weeks?), wann, quand""",
}  # fmt: skip

_PEOPLE = {
    "office": """
        office*, sites?, location*, located, city, cities, leeds, porto, gdansk, lyon, turin,
        torino, basel, where ~ (sit|sits|based|work|works|located|be|live|seated), which ~
        (town| branch|place|hub|building), branch*, towns?, standort*, buro*, buero*, bureau*,
        ville, ciudad*, oficina*, biur*, miast*, miescie, place of work, sit, sits, sitting,
        seated, desk, based, same town, too far away, near you, nearest, closest, region*, in
        which of our, how far away, close by, commut*;
        where, wo, ou, donde, gdzie, place""",
    "language": """
        languages?, speak*, spoke*, fluen*, german, polish, italian, french, spanish,
        portuguese, deutsch, mother tongue*, tongue*, sprach*, spricht, langue*, parle*,
        idioma*, habl*, jezyk*, mowi*, native, bilingual, converse*, communicat*, english,
        talk* ~ in, niemiecki*, francuski*, allemand*, francais, aleman, polnisch, italienisch,
        franzosisch, spanisch, talks?, write ~ in, conversation*, discuss* ~ in, understand*
        (german|polish|italian|french|spanish|portuguese), interpreter, translat*, documents in""",
    "grade": """
        grade*, grading, senior*, junior*, associate*, principals?, fellows?, level*,
        experience*, rank*, how (high|far) up, veteran*, expertise, dienstgrad*, erfahr*,
        niveau*, rang, grado*, experiencia, stopien, stopnia, doswiadcz*, beginner*, entry
        level, career (level| stage), hierarch*, job title, old hand, heavyweight, stufe, top
        expert, years in the job, newcomer*, how good, pay band, starszy, hochrangig*, fresh
        out of, training, how experienced, how long ~ (in the field|on the job|been doing),
        ladder, status, top notch, top level, newly qualified, graduate*, expert level,
        position, years of (experience|practice), calibre, seasoned, novice, trainee""",
    "clearance": """
        clearance*, security (level|check|vetting|clear|status)*, clearance level*, level of
        clearance, vett*, confidential*, restricted, secret*, classified, sensitiv*, cleared,
        background check*, (access|confidentiality) level*, sicherheits*, geheim*,
        vertraulich*, habilit*, acredit*, poswiadczen*, klauzul*, niejawn*, need to know, eyes
        only, screened, basic, secre*, trade secrets?, security (pass|rating|category),
        screening, screen*, (allowed|permitted) to see, who may see, protected, hush hush,
        safeguard*, privileged, (see|handle|touch|read) ~ (files|documents|material|data), nda,
        trusted;
        access""",
    "mode": """
        remote, remotely, on site, onsite, on the site, hybrid, in person, face to face,
        working mode*, mode of work*, work* mode, video*, from home, home office, telework*,
        physical*, on the premises, in the same room, at a distance, from a distance, from
        afar, vor ort, a distance, teletravail, presenci*, presentiel, zdaln*, stacjonar*,
        hybryd*, virtual*, online, present, presence, on the spot, in the flesh, come
        (in|over|by), turn up, show up, arbeitsmodus, arbeitsmodell, modalidad, on location,
        (work|working) (style|arrangement)s?, over the (phone|internet|wire), screen, zoom,
        teams, call, calls, phone, telephone, around ~ (have|or), at your side, have ~ around,
        side by side, digital*, over (video|zoom|teams), (sit|sitting) ~ (with|next to|among)
        (you|your|the team), from anywhere, from elsewhere, in the building, drop in, on call,
        in house, at your place, on your premises, at the plant, on the shop floor, sat next
        to, web meeting*, by link, some days, partly""",
    "hours": """
        hours?, capacity, full time*, part time*, half time, workload, how much (time|of ~
        time| work), (days?|time|much|often) ~ week*, (per|a|each|every) week, weekly, fte,
        stunden*, wochenstunden, heures?, horas?, godzin*, how busy, # hours?, days a week, how
        many days, teilzeit, vollzeit, temps (plein|partiel), jornada, etat*, wymiar*, time ~
        need, a day or two, (full|half) (week|day|days), how big ~ job, days? per week,
        (time|hours) ~ (week|invest|spend|spare|give|devote|put in), how intensiv*, (few|couple
        of) hours, time commitment, commitment, amount of (time|work), much work, whole week,
        busy""",
    "available": """
        availab*, start, starts, starting, starten, begin*, kick off, by when, from when,
        (from|by|on) (what|which) (day|date|month|week), when ~
        (need*|begin|start|join|free|come| kick*|want*|have|ready), how
        (soon|quick*|urgent*|early), free (from|by|on|in|as|now), join*, earliest, latest,
        deadline, as of, from (the )?#, from MONTH, wait*, sooner, immediate*, urgent*, right
        away, straight away, asap, dates?, verfugbar*, verfueg*, ab wann, disponib*, dispo, a
        partir de, od kiedy, dostepn*, on board, until when, before MONTH, by MONTH, after
        MONTH, in MONTH, notice period, anfang*, beginn*, commenc*, debut*, empezar, zacz*, bis
        wann, desde cuando, wann, quand, cuando, kiedy, timeline, time ?frame, schedule, get
        going, get started, going to start, latest date, this (month|week|quarter|year), next
        (month|week|quarter|year), on ~ hand, in place, time pressure, urgently, set off, how
        long can ~ wait, can ~ wait, could ~ wait, put ~ off, hold out, first day, day one,
        from the (beginning|end|first|start), autumn, spring, summer, winter, after the
        holidays, christmas;
        when, soon, month, MONTH""",
}  # fmt: skip

_STUDIES = {
    "method": """
        method*, designs?, designed, approach*, (kind|type|sort|form) of (a )?(study|studies|
        research|evidence|data|investigation|paper|work), randomi*, random, rct*, trials?,
        survey*, questionnaire*, observation*, observed, observing, simulat*, interview*,
        experiment*, qualitative, quantitative, controlled, control group*, how ~
        (data|study|research|evidence| results|findings) ~
        (collected|gathered|conducted|carried|done|obtained|come|came|made), umfrage*,
        befragung*, studiendesign, feldbeobacht*, zufall*, metod*, enquete*, encuesta*,
        entrevist*, entretien*, ensayo*, badanie ankietow*, ankiet*, wywiad*, symulac*,
        obserwac*, watched, watching, computer model*, modelled, fieldwork, in the field, field
        (work|study| studies|data), case stud*, lab, laboratory, how it was done, how they
        (did|found), gone about, go about, went about, own words, hard numbers,
        (kind|sort|type) of evidence, anecdot*, placebo, blind*, assigned, assignment, chance,
        lottery, measured, measurements?, virtual, model runs?, asked people, asking people,
        talk* to people, testimon*, (how|what) ~ (research* ~ do|researchers ~ do|they do it),
        statistics, prove*, setup, real life, in practice""",
    "country": _COUNTRY
    + ", " + """
        parts? of the world, places?, location*, whereabouts, border*, where ~
        (carried|conducted|done|run|ran|took|take|taken|be|made|from| come|place|happen*|set),
        geograph*, woher, skad;
        where, wo, ou, donde, gdzie, place, site""",
    "funder": """
        fund*, sponsor*, paid for, paid ~ by, pay* for, paid, who paid, financ*, money,
        grants?, industry, industrial money, charit*, publicly, government*, independent*,
        commercial*, conflict* of interest, back(ed|er|ers|ing), foundation*, taxpayer*,
        forder*, foerder*, geldgeber*, finanz*, subvention*, patrocin*, fuente de financ*,
        finansow*, sfinansow*, industrie, vested, (public|private|company|corporate|state)
        (money|bod*|sector|purse|source*), state, bias*, budget, whose money, manufacturer*,
        vendor*, pockets?, purse, bill, who ~ (pay|foot*), business money, neutral*, donat*,
        donor*, sponsor, bankroll*, philanthrop*, non profit, interest*d party, who stood
        behind, who stands behind, state money, ministry, council, company""",
    "licence": """
        licen*, open (data|access|source|licen*), openly, reus*, re us*, re analys*, reanalys*,
        cc, cc by, cc0, creative commons, raw data, (data|dataset*|figures|files) ~
        (available|open|
        free*|public*|download*|closed|shared?|access*|locked|released|use|reus*|restricted|terms),
        data (access*|availab*|shar*|licen*|set*|terms|polic*),
        (share|download|publish|access|use|get| obtain|have|release) ~ data*, closed, on
        request, public domain, lizenz*, donnees, datos, danych, dane, daten, lizenc*,
        licencj*, copyright, attribution, by request, locked away, open, republish*, under lock
        and key, lock*, freely, free to use, permission*, rights, reproduc* the, data ~
        (yourself|own|permit*|rights|open*|published), figures ~ (use|yourself|own), build on,
        own analys*, calculations?, numbers ~ (yourself|use|reuse), dataset*, attribut*,
        downloadable, get hold of""",
    "sample": """
        samples?, sample sizes?, participant*, how many (people|persons|participants|subjects|
        workers|respondents|nurses|drivers|patients|employees|agents|cases|took part|should|at
        least| must|were|took|did|do), how (big|large|small), (number|count) of ~
        (people|persons| participants|subjects|workers|respondents|cases), #
        (people|persons|participants|workers|
        respondents|nurses|subjects|volunteers|employees|drivers|agents|patients), enough
        (people| persons|participants|subjects|data), respondent*, volunteers?, statistical*
        power*, well powered, powered, large enough, big enough, large (study|group)*, small
        (study|studies|group)*, teilnehm*, stichprobe*, probanden, personen, echantillon*,
        muestra, participantes, tamano, uczestnik*, osob, proba, proby, probie, badanych,
        headcount, population, cohort size, took part, take part, subjects, personas,
        personnes, combien, cuant*, ile, wie viele, dozens?, how many ~
        (looked|studied|tested|examined|observed|interviewed|asked|watched|in
        it|involved|included|be in|part), few dozen, cases, thousands, hundreds, statistic*
        (sound|robust|signif*), tested people, number ~ (take part|took
        part|people|tested|studied), enough ~ (people|workers|cases|nurses|drivers), group
        size, handful, larger, workforce, sizable, minimum number;
        how many, people, persons, size, numbers""",
    "months": """
        durations?, how long, follow* up*, follow(ed|ing)? ~ (years|long), long (enough|
        running|term), longer, (months|years|weeks) long, half a year, a year, (how (many
        )?(long|months|years|weeks)) ~ (observed|watched|followed|studied), (at
        least|for|over|only|of|after|#) # (more )? (months?|weeks?|years?), # (months?),
        longitudinal*, time ?span, span, run(s|ning)? ~ for, ran,
        (should|must|did|have|has|to|it|they) ~ last, lasted, lasting, over (what|which|how
        long), short (study|studies|one|follow), minimum length, length, dauer*, wie lange,
        laufzeit*, nachbeobacht*, duree*, duracion, cuanto tiempo, dur(o|ar|ado), dlugo*, jak
        dlugo, czas* trwania, trwa*, months?, time frame, number of months, period, how much
        time, monate, mois, meses, miesi*, stretch of time, stretch, too short, weeks, one off,
        single day, time window, how many (months|weeks|years), observation
        (time|period|window), over time, long lasting, half year, whole year, over a year,
        years on end, short term, kept an eye, watch* for, brief, lengthy, extend*;
        # years?, # weeks?, time""",
    "published": """
        publi(cation|cations|shed|sh|shing|e|ee|es|ees|cacion|cado|cada|kation|kationen|kowan*),
        publication dates?, recent*, how (old|new|current|fresh), old* than, years?, newer,
        newest, latest, up to date, dates?, dated, outdated, came out, come out, coming out,
        appear*, (before| after|since|from|until|than|in) YEAR, cut off, cutoff, age, vintage,
        (last|past) # (years?| months?|decades?), (last|past) (few|couple of) (years|months),
        decade*, older, old, modern, current, erschein*, erschien*, veroffentlich*, jahr*,
        aktuell*, annee*, parut?, parue?, ano, reciente*, rok*, opublikow*, nowsz*, rocznik,
        printed, how far back, wann, quand, cuando, kiedy, # years old, # years ago, still new,
        nineties, eighties, noughties, seventies, date back, dates back, back to, this century,
        century, fresh, brand new, hot off, how long ago, ago, (before|after|during|since) the
        (pandemic|crisis), pandemic, classic*, historic*, time limit, since #, earlier than,
        later than, no older, young*, generation, time of publication, state of the art, out of
        date, current year, went to press, in print;
        when, MONTH, YEAR, time""",
}  # fmt: skip

_VENUES = {
    "layout": """
        layout*, seating*, seat* (arrangement|plan|order|style|layout)*, set up, setup, setups,
        set out, arrang*, theatre*, theater*, classroom*, boardroom*, banquet*, rows?, round
        tables?, tables?, u shape*, horseshoe, chairs, room
        (style|plan|configuration|form|shape)*, furniture, facing, configur*, bestuhl*,
        sitzordnung, tischordnung, disposition, amenag*, agencement, disposicion, distribucion,
        ustawien*, uklad*, sit, seated, lecture*, cabaret, face, discussion*, parliament,
        format, how ~ room ~ (look|be|arranged|set), desks?, how ~ chairs, set ~ room, arrange,
        facing the, (work|workshop|party) style, standing, stage, circle, semicircle, square,
        islands?, parliamentary, in groups, write on, face to face, floor plan, room look, laid
        out, lay out, islands, seated how, concert;
        seat*, room, style""",
    "catering": """
        cater*, food, lunch*, meals?, eat*, drinks?, coffee, dinner*, snack*, buffet*,
        kitchen*, breakfast*, refreshment*, hungry, feed*, cook*, menu*, in house, external
        (company|firm|cater*)*, verpfleg*, essen, repas, restauration, traiteur*, dejeuner,
        comida*, almuerzo, jedzeni*, posilk*, wyzywieni*, obiad*, serve*, sandwich*, bite,
        bring ~ own, mahlzeit*, vegetarian*, noon, feed, provid* ~ (food|lunch|meals), bring in
        ~ (caterer|food|company), caterer*, vegetar*, vegan, tea, cake, bar, wine, cuisine,
        restaurant*, chef, canteen, cold plates, pastries, refreshments, dine, dining, supper""",
    "access": """
        access*, wheelchair*, steps?, step free, stairs?, staircase*, stairway, disab*, ramp*,
        mobility, entrance*, entry, barrier*, way in, lift, elevator*, walking
        (difficult*|aid*| stick*|frame*), crutch*, pram*, buggy, impair*, doors?, doorway,
        threshold*, rollstuhl*, barrierefrei*, eingang*, stufen*, treppe*, fauteuil*, entree,
        escalier*, marches, silla* de ruedas, accesib*, entrada, escalera*, wozk*, schod*,
        wejsci*, niepelnospr*, handicap*, get* in, ground floor, trouble walking, walk badly,
        can t walk, cannot walk, level entry, climb*, roll in, level access, on wheels, walker,
        zimmer, bad (legs?|knees?|hip), move about, hard to walk, elderly, frail, pushchair*,
        stroller*, physical (limit*|need*), special needs, (get|come|go) (through|up|into) ~
        (door|steps|stairs|building), on a stick, flight of""",
    "capacity": """
        capacit*, how many ~ (people|persons|guests|attendees|participants|seats|visitors|
        delegates|heads|of you|coming|come|attend*|expect*|invit*|fit|places|are you|will
        you|will there|do you), attendance, attendees?, group size*, headcount*, head count,
        seats for, seat #, #
        (people|persons|guests|seats|heads|attendees|participants|delegates|visitors|of you|of
        us), (room|space|place|seats|places) for (at least |up to |about |over )?#, how
        (big|large) ~ (group|party|room|venue|event|crowd|be|place|audience), (size|number) of
        ~ (group|party|event|
        guests|people|attend*|participants|audience|crowd|visitors|delegates|heads|chairs|seats),
        (big|large|small) (enough|a group|a party|crowd|group), hold (at least )?#, fit #,
        holds, teilnehm*, gaste, gaeste, personen, wie viele, platze, combien de
        (personnes|gens|invites|participants|monde), cuant* (personas|gente|
        invitados|asistentes), personas, personnes, ile osob, ilu, gosci*, osob, turnout, party
        of, crowd, audience, minimum size, number of seats, for # or (for )?#, for about #, for
        how many, how many (chairs|heads|places), are you #, more like #,
        (thirty|forty|fifty|sixty|eighty|hundred) (people|or), how crowded, numbers, numbers ~
        (expect*|attend*), group of, how many shall, how many should, how many ~
        (room|seat|sit|take|house|accommodate), accommodat*, a hundred, under #, over #, at
        least # (people|heads|seats|guests)?, list of guests, guest list, invited, circle,
        small group, big group, squeeze, space;
        people, guests?, attend*, participants?, persons, how many, big, large, invite*, size,
        how big, how large, space""",
    "day_rate": """
        budget*, price*, pricing, costs?, costing, rates?, day rates?, spend*, expensive,
        cheap*, afford*, pay, paying, fees?, money, hire (fee|charge|cost)*, rent, rental, #
        (eur|euros?|a day|per day|a head), eur, euros?, per day, a day, each day, ceiling,
        charges?, charged, how much ~
        (pay*|spend*|cost*|charge*|day|be|hire|room|money|it|can|want to), financ*, expens*,
        preis*, kost*, tagessatz, tagesmiete, miete, wie viel, wieviel, prix, cout*, tarif*,
        combien, precio*, coste*, cuesta, presupuesto*, cena, ceny, koszt*, budzet*, kwota,
        kwoty, stawk*, ile, cuanto, daily, most ~ cost, deep ~ pockets, pockets, wallet, upper
        limit, price bracket, bracket, dear, (willing|prepared|able|allowed) to (spend|pay),
        pricey, cap, limit ~ (spend*|price|cost), set aside, too much, half price, economical,
        finances, eur*, bargain, splash out;
        maximum, figure, sum, amount, how much, invest""",
    "station_minutes": """
        stations?, trains?, rail*, walk*, far, distance*, transport*, on foot, # minutes?,
        minutes?, public transport, near, nearby, close (to|by), how close, bahnhof*, gare,
        fussweg*, zu fuss, a pied, estacion*, tren, a pie, caminar, dworc*, dworzec, pociag*,
        pieszo, stacj*, platform, (arrive|come|travel*|get there|getting there) ~ by
        (train|rail|bus|car|tram), on their feet, bus, stroll, entfernung, weit, loin, lejos,
        daleko, tram, taxi, shuttle, (get|come|travel*|arriv*) ~ (by|with|on)
        (train|rail|foot|bus|public), outskirts, central, centre, way from, minutes away,
        quarter of an hour, half an hour, tracks, metro, luggage, suitcases, connection*, hike,
        on the way, get here, get there, drive, car, cars""",
    "cancel_days": """
        cancel*, refund*, call ~ off, calling ~ off, called off, pull* out, back* out, drop*
        out, withdraw*, money back, everything back, storn*, rucktritt*, ruecktritt*, annul*,
        anul*, odwol*, rezygn*, absage*, absagen, (change|changing|changes|changed) (of
        )?(your|their|its)? ?(minds?|plans?), plans? (may |might |could )?change*, fall*
        through, flexib*, free of charge until, how late, postpon*, get out of, way out,
        commit*, firm up, cancelac*, kundig*, plan* b, falls flat, how (certain|sure|likely) ~
        (event|take place|happen*|go ahead|you|it|plans?|date), (certain|sure|likely) ~ (take
        place|go ahead|called off), have to back out, money ~ back, bail out, opt out, penalty,
        penalt*, call it off, sure ~ (event|date|it will), without (paying|charge|cost), free
        of charge, change ~ date, last minute, how long before ~ (cancel|decide|withdraw|drop),
        cost free, let ~ go, release ~ booking, hold ~ booking, binding, non refund*, release,
        reverse, fall ill, turns out, may not happen, decide against""",
}  # fmt: skip

_DEFECTS = {
    "severity": """
        sever*, serious*, priorit*, impact*, how bad*, minor, major, critical*,
        block(s|er|ers|ing)?, show stopper*, showstopper*, grave, gravity, nuisance*, harm*,
        urgen*, stop* ~ work*, how (much| badly) ~ (affect*|disturb*|hurt*|matter*), cosmetic*,
        annoy*, schwer*, wie schlimm, gravite, gravedad, grado, powazn*, waznosc, priorytet,
        deal breaker, danger*, crippl*, catastroph*, trivial, bring* ~ standstill, how big a
        problem, badly, bad, inconvenien*, still usable, unusable, in the way, get on with, can
        people ~ (work|use), still (work|use|usable|function*), halt, at a standstill, stops?
        everything, emergency, disaster, worry*, worri*, minor thing, matter of taste,
        workable, stops (people|you|your|the line|production), mild, dramatic, weight, blemish,
        life or death, pressing, tolerable, live with, how much trouble, consequences?,
        urgency, grading, rating, extent of ~ damage, rank, big deal, crucial""",
    "component": """
        components?, parts, module*, power supply, power, firmware, display*, screen, housing,
        antenna*, software, casing, battery, which bit, subsystem*, where ~
        (fault|problem|fail*|defect| lie*|sit*|go* wrong|trouble), bauteil*, baugruppe*, teil,
        komponent*, composant*, piece, componente*, pieza, czesc*, podzespol*, element*,
        charger, plug, reception, shell, gehause, netzteil, (what|which) ~
        (broken|fail*|breaks|broke|faulty|playing up|acting up|gives out), part of
        (the|your|it), (which|what|affected|faulty|broken) ~ part, part ~ affected, where in ~
        device, (which|what) parts? ~ affected, area, pantalla, ecran, wyswietlacz, what ~
        breaks, what ~ (is it that|has) ~ (break*|fail*|gone|broken), which piece, cover, lid,
        connector, cable*, monitor, picture, image, radio, wifi, wireless, charging, mains,
        electr*, code, mechanical*, chip, circuit, button*, enclosure, lcd, update, program,
        (what|which) ~ (blame|culprit|cause|responsible);
        part, where, wo, gdzie""",
    "occurs": """
        often, occur, occurs, occurrence*, occurring, frequen*, reproduc*, reproducib*,
        intermit*, always, every time, each time, sporadic*, repeat*, all the time, now and
        then, from time to time, one off, regularly, constant*, permanent*, come* and go*,
        comes back, came back, how many times, happen* (once|again|always|every|all|only|just|a
        single), (only|just|happened|more than|than) once, once (or|only|and), again, haufig*,
        wie oft, immer, standig, souvent, frequenc*, toujours, frecuen*, siempre, menudo, jak
        czesto, czesto*, zawsze, pattern*, sometimes, single time, rare*, occasion*, at random,
        random*, off and on, on and off, steady, continuous*, every start, repeatab*, come back
        after, after ~ restart, after ~ reboot, persist*, consistent*, predict*, unpredict*,
        daily, hourly, weekly, per (day|week|hour), only when, under certain, whenever, just
        the one time, how many occasions, a second time, single occasion, recurr*, recur, again
        since, keep* happening, keeps coming, trigger*, regular*, repeated*, provoke*, make it
        happen, on demand, every so often, each start;
        happen*, once""",
    "channel": """
        channel*, (was|were|been|be|got|it|is|report|reports) reported, reported
        (by|through|via|from| to|it|this), who
        (report*|raised|filed|flagged|sent|told|logged|submitted|found|noticed|brought|
        passed|wrote|opened|complain*), report(ing)? channel*, came in, come in, coming in,
        source*, helpdesk*, help desk, service desk, field
        (service|engineer*|technician*|staff), production*, factory, audit*, auditor*,
        (through|via|by) (which|what|whom), how ~ (reported|report|raised| come to|reach*|hear*
        of|get to us|come in), raised, filed, submitted, sent ~ in, send ~ in, sent in, handed
        in, logged, origin*, meldeweg*, gemeldet, kanal*, wer hat, signale*, canal*, reportad*,
        informo, zglos*, hotline, who from, from whom, qui a, quien, kto, reporter, (where|who)
        ~ report ~ (come|came|from), who ~ (first place), call centre, shop floor, inspection,
        inspector*, service (visit|call|engineer*|people|technician*), repair
        (man|team|people), support (desk|line|team), by phone, complaint*, ticket*, route, in
        what way ~ report*, engineers in the field, assembly line, plant, passed on, entered ~
        (system|by);
        comes? from""",
    "units": """
        units?, units affected, how many, devices, just (yours|you|your one),
        (others|colleagues|anyone else) ~ (too|as well|same), only (yours|one), do others, #
        (units|devices|pieces|tablets|scanners|
        printers|readers|headsets|gateways|thermostats|tables|of them|machines), pieces, number
        of ~ (units| devices|pieces|machines|tablets|scanners|printers), one ~ or (a |the
        )?(whole|several|many|more|lots| dozens), just (the )?one, (just|only) a few, a few,
        handful, whole (batch|fleet|lot), batch*, all of them, single (unit|device|one),
        several, count, widespread, fleet*, stuck*, stueck, gerate, geraete, wie viele,
        combien, appareil*, cuant*, dispositiv*, equipos, ile, ilu, sztuk*, urzadze*, how
        wide*, how far spread, quantit*, more than one, many, machines, is only your, every
        (device|unit|one|scanner|printer|headset|tablet), isolated, number ~ affected, whole
        (stock|series|site|shop|team), series, how big ~ (problem|batch|share), share of,
        proportion, percentage, half of, copies, (any|how many) others?, other
        (devices|units|machines|ones|printers|scanners|headsets|tablets), just you, colleagues,
        # or more, a pair, lone;
        device, affected""",
    "version": """
        revision*, rev, versions?, hardware*, model*, board, hw, generation*, build, variants?,
        type plate, sticker, nameplate, plate, serial*, hardwarestand*, hardwareversion*,
        wersj*, rewizj*, revisi*, hardware (revision|version)s?, edition, iteration, label on
        the back, on the plate, old or (a )?new ~, old or new, printed circuit, pcb, make,
        vintage, production (year|date|run|lot), label, back of the, printed on, series number,
        mark #, mk, second generation, early (model|one|type), newer (model|type|board|one)s?,
        older (model|type|board|one|hardware)s?, old hardware, which ~ (edition|type), design,
        redesign*""",
    "seen": """
        (first|initially|originally) ~
        (seen|notice*|occur*|happen*|appear*|sight*|observ*|report*|came|
        come|show*|time|spotted|went|encounter*|started), first (seen|sighting|time), when ~
        (start*|begin|
        began|begun|notice*|see|saw|seen|occur*|happen*|appear*|first|show*|turn*|arise|spotted|crop*),
        since when, since, dates?, started, starts?, begin, began, begun, how (long|far
        back|old|recent*), show* up, showed up, turn* up, appear*, notice*, sight*, spotted,
        cropp* up, crept in, seit wann, wann, depuis, quand, cuando, desde, kiedy, od kiedy,
        (before|after|since|in|until|by|from) MONTH, recent*, (last|this) (week|month|year),
        earliest, a while, going on, zum ersten mal, erstmals, premiere fois, primera vez, po
        raz pierwszy, (before|after|since|from|in) YEAR, how long ~ (going|had|been), day ~
        began, first (saw|came|noted|day|reported|happened|occurrence|appearance|report),
        started ~ when, since the (update|move|start|beginning|first), for how long,
        (days|weeks|months|years) ago, old problem, recent thing, onset, emerge*, from the
        (start|beginning|outset), (back|as) far (back )?as, until when, point in time, before
        (the|christmas|summer), long standing, time of the first, set in, come up first,
        earliest date;
        when, MONTH, first, month, year""",
}  # fmt: skip

_POLICIES = {
    "group": """
        staff, employees?, employed as, who
        (is|are|does|would|do|will|exactly|should|else|it|this|the| needs|wants|must), groups?,
        role, roles, appl(y|ies|ied) to, apprentice*, office staff, field staff, managers,
        contractors?, trainee*, freelanc*, external*, payroll, on the road, job, position,
        (kind|type|category|sort|group) of (staff|employees?|workers?|people|person), for whom,
        whom, mitarbeit*, beschaftigt*, fur wen, wer, gruppe*, personal, personnel, employe*,
        qui, quien*, emplead*, grupo*, kto, kogo, komu, pracowni*, grup*, worker*, your status,
        personengruppe*, intern, interns, team members?, salaried, permanent, desk job, which
        people, people ~ (cover*|concern*), trades?, at a desk, out in the field, temps?,
        students?, azubi*, salarie*, who needs it, (which|what)
        (people|persons|employees|circle), is the
        (person|traveller|employee|visitor|applicant|colleague|member), (are|is)
        (you|he|she|they) (a|an|one of)( our)? (manager|apprentice|contractor)s?, desk
        workers?, office (worker|people|based|employee)*, field
        (worker|people|based|employee|team)*, in the field, boss of, in a leading, executive*,
        leader*, agency, subcontract*, self employed, junior staff, learner*, part of the
        workforce, position ~ hold, circle of people, what do you work as, you work as, what
        are you, audience, target;
        who, manager, people, manager*""",
    "country": _COUNTRY
    + ", " + """
        our countries, employ* in, entit*, headquarters, place of work, which part of the
        (company|world|group), state, national, works? in, working from, territor*, rules? of
        which, law, laws, legal*, jurisdiction*, where ~
        (work*|employed|based|located|live|hired| job|office|contract|be|sit|site),
        (employed|hired|based|located|work|working) ~ where, sites?, location*, subsidiary;
        where, wo, ou, donde, gdzie, based, branch, place""",
    "approval": """
        approv*, sign* (it )?off, sign* ~ off, signature*, signs, sign, signed, authoris*,
        authoriz*, authority, permission*, consent*, green light, boards?, the board, team
        leads?, team leader*, department heads?, heads? of (the )?department, boss, bosses,
        agree*, okay from, ok from, nod, blessing, rubber stamp*, genehmig*, zustimm*,
        freigabe, freigeben, approbation, approuv*, autoris*, accord, aproba*, aprueb*,
        autoriza*, zgod*, zatwierdz*, akcept*, superior*, supervisor*, say yes, says yes,
        higher up, who ~ (decide*|allow*|ok|okay), say so, go ahead, clear it, cleared,
        vorgesetzt*, hierarchy, whose (ok|okay|approval|yes|signature|permission), how high up,
        be signed, (need|require|ask*|get) ~ (okay|ok|yes|permission|nod), wave* through, vet,
        chief, director*, free to decide, on your own authority, unapproved, endorse*, who ~
        (asked|convince*|persuade*), chain of command, no approval, level ~ sign*, countersign*""",
    "form": """
        form of (the )?requests?, forms?, portals?, e ?mail*, paper, papers, hand* ~ in,
        hand(ed)? in, handing, appl(y|ies|ying) (by|via|through|online|for|on), applications?,
        how ~ (apply|request*|ask for|submit*| send|sent|handed|hand|file|filed|put in), in
        writing, on paper, printed, antrag*, beantrag*, formular*, formulaire, demande*,
        solicit*, formulario*, wniosk*, wniosek, zlozyc, skladac, fill* (it )?in, fill* out,
        typed, submi*, requested, requests? (be|by|via|through|made|should|in|are|has|have),
        online, by (post| hand|letter), file it, lodge*, channel, intranet, web form, click*,
        by mail, send it (by|in|as|via), mail, via, electronically, digital*, on a screen,
        sheet, by hand, pen, letter, website, web, verbally, writing, (way|manner|method) of
        (asking|applying|requesting|submitting|handing|filing), in what way, how ~
        (ask|asked|claim*|register*|made), put in, putting in, print*, upload*, inbox, type it,
        post;
        request, requests, apply, applying""",
    "notice_days": """
        notice, in advance, advance, beforehand, ahead, (how|too|as) (early|soon|late), how
        long before, how (far|much|many days|many weeks|long) ~
        (before|ahead|advance|prior|beforehand|notice|warning),
        (days?|weeks?|months?|fortnight|long|time|time) (before|ahead|in
        advance|beforehand|prior|notice|s notice), # (days?|weeks?|months?)
        (before|ahead|prior|earlier), (a|one) (day|week|month|fortnight) (before|ahead|
        earlier|prior), short notice, last minute, spontan*, lead time*, plan* ahead, announc*,
        vorlauf*, im voraus, vorher, frist, vorankundig*, preavis, l avance, antelacion,
        antelaci*, wyprzedz*, wczesniej*, prior, early, warning*, warn, in good time, (how|so)
        long before, ahead of, (plan|planned|plan
        it|know|decide|book|tell|inform|ask*|apply|announce*) ~ (ahead|before|early|in
        advance|beforehand|late|days|weeks), month ahead, the (same|next) day, on the day,
        immediately, straight away, at short, time ~ (leave|give|need|have) before, from one
        day to the next, fortnight*, at the last, how ~ (quick*|fast), until the
        (trip|visit|event|leave|training), run up, head start, how much time;
        # days?, # weeks?, how soon, days, weeks, days before, time""",
    "keep_years": """
        records?, record keeping, keep*, kept, retention*, retain*, archiv*,
        stor(e|ed|age|ing), held on, hold on, hold* ~ (record*|document*|paper*|on), how long ~
        (keep*|kept|stored|file*|hold|held|document*| record*|paper*|stay*|exist*|around), how
        many years, # years?, delet*, destroy*, shred*, throw* ~ away, thrown away, preserv*,
        aufbewahr*, aufheb*, conserv*, guard*, przechow*, archiwiz*, on file, documentation,
        logs?, paperwork, number of years, combien de temps, wie lange, jak dlugo, cuantos
        anos, cuanto tiempo, (paperwork|document*|file*|receipt*|record*) ~
        (around|exist|available|kept|safe|stored|stay), safekeep*, filing, filed for, bin,
        binned, throw out, get rid of, rid of, wiped?, erase*, purge*, hang on to, held, looked
        up ~ later, audit trail, how long ~ (around|available|have to|papers?|receipts?),
        expire*, dispose*, years ~ (kept|stored|file*|back);
        how long, years""",
    "effective": """
        in force, forces?, effective*, valid*, since, since when, how
        (old|recent*|new|current), when ~
        (force|effect*|start*|appl*|valid*|introduc*|come|came|begin|began|issued|enter*),
        (version| wording|text|rule|edition|policy) ~ (from|before|after|of) (#|MONTH|YEAR),
        (came|come|comes|go|goes|went) into, takes? effect, took effect, in effect, enacted,
        introduced, applied since, started, (before| after|since|from|until|by|than|of|in)
        (YEAR|MONTH), up to date, (current|latest|older|newer|newest|recent|
        old|new|which|previous|earlier) (version|edition|wording|text|rules?|one|policy)*,
        newer, newest, older, latest, in kraft, gultig*, gueltig*, seit wann, ab wann, vigueur,
        depuis, en vigor, vigente*, vigencia, desde, obowiaz*, od kiedy, kiedy, wann, quand,
        cuando, already apply, (already|long) (applied|apply), old text, present
        (one|text|version), old one, present, newest text, text of, which (edition|version),
        from when, (already|still) (apply|applies|valid|in force|run*), how long ~ (in
        force|existed|valid|been|applied), become ~ (valid|law|effective), kick* in, launched,
        adopted, updated?, amended, revised, in use, rules? ~ (before|after), been around,
        (long|recently) established, old rules, new rules, go live, went live, come in, came
        in, as of, in operation, by
        (january|february|march|april|june|july|august|september|october|november|december),
        entered, enter into;
        when, MONTH, YEAR, year, dates?, editions?, versions?""",
}  # fmt: skip

BESIDES = """
    shall i keep, (could|can|please) ~ wait (a|one|for a|for) (moment|second|minute|bit|sec),
    (turn*|switch*|turning) ~ off and on again, (turn*|switch*) ~ off and on, start up,
    restart*, keep (going|looking|searching|reading|you|me|in mind|digging|on|at it|an eye|it
    short|it brief), (policy owner|account manager|line
    manager|owner|manager|author|engineer|contact|person|his|her|their|s) ~ (email|e
    mail|address|phone|extension|institute|number), email address*, e mail address*, account
    managers?, line managers?, policy owners?, lead authors?, booking contacts?, assigned
    engineers?, unit prices?, main effects?, archive numbers?, reference numbers?, report
    numbers?, phone extensions?, deposits?, price (of|per) ~ unit, (want|like|need|know|tell) ~
    (phone|extension|room|address), once (you|i|we|they|the|your|that), at first, first
    (one|two|three|page|hit|result|of|i|let|off|thing|paragraph|section|line), shall i start,
    start (with|by|from| over|again|looking|searching), for now, part ways, in part, so far, as
    far as, far (too|more|less), by far, open(ed|ing)?
    (it|the|them|a|one|page|another|question*|#|profile*|file*|document*|report*|record*), the
    open, record (it|that), new (search|page|list|tab|line|one|information|results?), once
    more, again and again, try again, look again, search again,
    (check|read|open|start|ask|go|hello|thanks|sorry) ~ again, come back, get back, at once,
    (date|list|page|table| result|profile|report)s? (format)?, up to (you|now), no problem, a
    lot, lots of, years? of birth, to sum up, (your|the|this|original| initial|vague) request,
    time being, next time, this time, last time, in time, over time, take your time, first
    (name| names), last (name|names|question|point|thing|one), (write|set|note|put|jot)*
    (it|this|that|them|her|him) down, which of (these|those|them|the), of course, in
    (that|this|which|your|any) case, just in case, (more|further|any|some)
    (information|details?|questions?)"""
"""What looks like a cue but is about something else: relations, the search itself, mere phrases."""

CUES: Mapping[str, Mapping[str, str]] = {
    "suppliers": _SUPPLIERS, "people": _PEOPLE, "studies": _STUDIES, "venues": _VENUES,
    "defects": _DEFECTS, "policies": _POLICIES,
}  # fmt: skip
"""Cues by topic and attribute."""
