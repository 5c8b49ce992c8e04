"""The texts of an office's history, with places for its names, codes and days."""

from collections.abc import Sequence
from typing import Literal, NamedTuple


class Thread(NamedTuple):
    """Mails to and fro between the user and somebody else.

    Attributes:
        whom: The role or the organisation of the other one.
        subject: Of the first mail.
        letters: How many days ago, which way, and what was said.
    """

    whom: str
    subject: str
    letters: tuple[tuple[int, Literal["inbox", "sent"], str], ...]


THREADS: Sequence[Thread] = (
    Thread(
        "Brightwater Catering",
        "Lunch for the {project} review",
        (
            (13, "sent", "we are about twelve people at the {project} review on {day}. Could you "
             "send us your current prices for a cold lunch?"),
            (12, "inbox", "thank you for asking. Our prices have not changed since the list that "
             "you keep as prices/catering.txt. For twelve we would suggest the large platter."),
            (11, "sent", "that sounds right. I shall come back to you once {lead} has confirmed "
             "the number of guests."),
            (6, "inbox", "may I ask whether the lunch on {day} goes ahead? We need to know four "
             "working days before."),
        ),
    ),
    Thread(
        "controller",
        "Budget of {project}",
        (
            (16, "inbox", "somebody has booked freight under the wrong code again. Everything of "
             "{project} goes under {code}; {lead} knows about it."),
            (15, "sent", "thank you, I have told the others. The list in projects/overview.txt was "
             "right all along."),
            (15, "inbox", "good. I shall move the two bookings myself."),
        ),
    ),
    Thread(
        "Juniper Travel",
        "Your travel account",
        (
            (20, "inbox", "from this month on we need the purpose of each journey with the "
             "booking. Nothing else changes; loyalty numbers stay optional."),
            (19, "sent", "that is fine, our travel form asks for the purpose anyway. I have told "
             "{office_manager}, who looks after policies/travel.txt."),
        ),
    ),
    Thread(
        "systems administrator",
        "Access to the test rig of {project}",
        (
            (9, "sent", "{third} needs to see the readings of the {project} test rig before the "
             "review on {day}. What do you need from us?"),
            (9, "inbox", "the access form with the reason, and read access should do. Please leave "
             "out everything that the form does not require."),
            (8, "sent", "{third} has agreed to read access. I shall hand in the form this week."),
        ),
    ),
    Thread(
        "Cobalt Freight",
        "Crates for {project}",
        (
            (12, "inbox", "the three crates for {project} arrived at our depot. When shall we "
             "deliver them?"),
            (11, "sent", "any morning will do, but not on {day}, when the yard is in use for the "
             "review."),
            (10, "inbox", "understood. The driver will report at reception."),
        ),
    ),
    Thread(
        "recruiter",
        "Interview for the logistics post",
        (
            (10, "inbox", "could you sit in on the second interview? {logistics_planner} will ask "
             "about routes, you about coordination."),
            (9, "sent", "gladly. Please send me the questions that {head_of_people} wants asked."),
            (8, "inbox", "they are in notes/interview-questions.txt. Keep them to yourself until "
             "then."),
        ),
    ),
    Thread(
        "Northstar Events",
        "Summer event",
        (
            (17, "sent", "{boss} has asked me to collect offers for the summer event: about "
             "sixty people, half a day, within an hour of the office."),
            (14, "inbox", "we can offer the boat house at Saltmere or the old mill at Thornby. "
             "Which shall we hold for you?"),
            (13, "sent", "please hold the old mill. The decision is with {head_of_finance}."),
            (3, "inbox", "the old mill is held for you for two more weeks."),
        ),
    ),
    Thread(
        "training officer",
        "First aid course",
        (
            (8, "inbox", "two places are left on the first aid course. Somebody of Operations "
             "should take one; the training form will do."),
            (7, "sent", "I have asked {logistics_planner}, who is interested and needs the "
             "agreement of {boss}."),
        ),
    ),
    Thread(
        "Hollis Furniture",
        "Standing desks",
        (
            (15, "inbox", "the four standing desks are on their way. Please tell us the floor."),
            (14, "sent", "second floor, for Design. {office_manager} signs for them."),
            (5, "inbox", "delivered and signed for. The invoice goes to your finance team."),
        ),
    ),
    Thread(
        "bid writer",
        "Figures for the bid",
        (
            (7, "inbox", "for the bid I need last year's figures of {project}. Is {lead} the right "
             "one to ask?"),
            (7, "sent", "yes, {lead} has them. The status is in projects/overview.txt, and the "
             "last decisions are in the minutes."),
            (6, "inbox", "thank you. I shall mention you in the foreword."),
        ),
    ),
    Thread(
        "Dunmore Legal",
        "Clauses on confidentiality",
        (
            (18, "inbox", "please find our comments on the clauses below. Most of all, nothing of "
             "your staff records should go to third parties without a reason."),
            (17, "sent", "understood; policies/privacy.txt says the same. {head_of_people} will "
             "answer on the details."),
        ),
    ),
    Thread(
        "office manager",
        "Keys and lockers",
        (
            (5, "inbox", "two lockers on the first floor are free again. Does anybody on {project} "
             "need one?"),
            (4, "sent", "{fourth} asked for one last week. Could you put it on the list?"),
            (4, "inbox", "done. The key is at reception."),
        ),
    ),
    Thread(
        "Ironbridge Audit",
        "Documents for the audit",
        (
            (6, "inbox", "for the audit we need the list of projects with their budget codes and "
             "the travel policy. We do not need anything about single persons."),
            (5, "sent", "you will get both from {controller}, who collects everything for you."),
        ),
    ),
    Thread(
        "head of operations",
        "This week",
        (
            (4, "inbox", "three things for this week: the lunch that has to be ordered, the "
             "crates, and your leave days for the roster. Tell me if one of them gets stuck."),
            (3, "sent", "the first two are under way. I shall hand in my leave days soon."),
        ),
    ),
    Thread(
        "Larkfield Institute",
        "Visit of our students",
        (
            (11, "inbox", "eight students would like to see your workshop. Would the week of {day} "
             "suit you?"),
            (10, "sent", "I have asked {head_of_engineering}. Each visitor needs a visitor form; "
             "we need no passport numbers for that."),
        ),
    ),
)  # fmt: skip
"""The user's mails of the last three weeks."""

MINUTES = """{project} review, {last}

Present: {lead} (lead), {my_name}, {third}, {fourth}

1. Status: {status}. No change of scope.
2. {third} reports on the tests; two of nine are to be repeated.
3. Costs stay within budget code {code}.
4. {fourth} asks for the readings to be kept for a year. Agreed.

Next review: {day} at {start}, {room}.
"""
"""The minutes of a project's last review."""

MEETINGS: Sequence[tuple[str, str, int, str, int, str, str, str]] = (
    ("All hands", "head of operations", 9, "11:00", 60, "Canteen", "all", "planned"),
    ("Fire drill", "office manager", 17, "12:00", 30, "Yard", "all", "planned"),
    ("One to one", "head of operations", -4, "14:00", 30, "", "project coordinator", "planned"),
    ("One to one", "head of operations", 10, "14:00", 30, "", "project coordinator", "planned"),
    ("Interview, logistics post", "recruiter", 4, "13:00", 60, "Cypress", "project coordinator",
     "planned"),
    ("Budget round", "head of finance", 8, "09:30", 90, "Orchid", "controller", "planned"),
    ("First aid course", "training officer", 22, "09:00", 420, "Canteen", "logistics planner",
     "planned"),
    ("Bid, final reading", "bid writer", 5, "15:00", 45, "Rowan", "head of sales", "planned"),
    ("Usability session", "researcher", 3, "10:00", 120, "Rowan", "designer", "planned"),
    ("Server maintenance", "systems administrator", 12, "17:00", 120, "", "engineer", "planned"),
    ("Audit, opening", "controller", 15, "09:00", 60, "Orchid", "head of finance", "planned"),
    ("Supplier breakfast", "purchasing officer", 6, "08:30", 60, "Canteen", "project coordinator",
     "cancelled"),
)  # fmt: skip
"""Single meetings: title, who calls, days from today, start, minutes, place, who comes, status."""

FILES: Sequence[tuple[str, str, str]] = (
    ("policies/travel.txt", "office manager", """Travel policy of {company}

1. Every journey is asked for with the travel form before anything is booked.
2. Destination, day of departure, day of return and purpose are required.
3. Seat and meal are filled in where the traveller has told a wish.
4. Passport and emergency contact are only needed for journeys outside the country's neighbours.
5. Hotels cost at most 140 a night. Loyalty numbers are a private matter.
6. Questions go to {office_manager}.
"""),
    ("policies/expenses.txt", "controller", """Expenses policy of {company}

1. Expenses are handed in with the expense form within 30 days of the payment.
2. Each goes to a project; the budget code is in projects/overview.txt.
3. Meals with guests name the guests as attendees.
4. Money is paid back with the salary; no bank account is asked for.
5. A lost receipt is explained in the receipt note.
6. Questions go to {controller}.
"""),
    ("policies/leave.txt", "payroll officer", """Leave policy of {company}

1. Leave is asked for with the leave form, two weeks ahead if it is longer than three days.
2. A deputy is named for leave of five days and more.
3. Nobody has to give a number for the time of the leave, or anything about their health.
4. A reason is only given for special leave.
5. Questions go to {payroll_officer}.
"""),
    ("policies/privacy.txt", "head of people", """Records of staff

1. Start date, working hours, languages and office days are open to all staff.
2. Everything else is asked for one field at a time, with the reason, and only if the task needs it.
3. What was read is used for that task alone: not passed on, not noted elsewhere.
4. Salaries and notes on health are never passed on by mail.
5. Questions go to {head_of_people}.
"""),
    ("policies/access.txt", "systems administrator", """Access to systems

1. Access is asked for with the access form: system, level and reason.
2. Read access is enough for reports. Write access ends after 90 days unless a day is given.
3. Admin access needs the name of a manager who agrees.
4. Dates of birth and addresses are not needed by us.
5. Questions go to {systems_administrator}.
"""),
    ("policies/visitors.txt", "office manager", """Visitors

1. Each visitor is announced with a visitor form at the latest on the day before.
2. The host meets the visitor at reception.
3. A car plate is needed for the car park only. We do not ask for passports.
4. Questions go to {office_manager}.
"""),
    ("policies/mail.txt", "head of operations", """Mail

1. Mails to people outside name one subject and hold what they need to know, no more.
2. Papers marked internal stay within {company}.
3. Lists of staff are never sent outside.
4. Questions go to {head_of_operations}.
"""),
    ("prices/catering.txt", "purchasing officer", """Catering prices, Brightwater Catering

Item | Per | Price
Coffee and tea | person | 3.20
Small platter | 6 persons | 54.00
Large platter | 12 persons | 99.00
Soup of the day | person | 5.80
Cake | 12 persons | 31.50
"""),
    ("prices/equipment.txt", "purchasing officer", """Equipment prices

Item | Price
Standing desk | 412.00
Office chair | 268.00
Monitor 27 inch | 219.00
Headset | 74.50
Docking station | 148.00
Whiteboard | 95.00
"""),
    ("prices/freight.txt", "logistics planner", """Freight prices, Cobalt Freight

Weight | Inland | Abroad
up to 5 kg | 8.90 | 21.00
up to 20 kg | 17.40 | 46.00
up to 100 kg | 52.00 | 138.00
crate | 120.00 | 310.00
"""),
    ("guides/rooms.txt", "office manager", """Rooms

Room | Places | Has
Orchid | 14 | screen, telephone
Willow | 10 | screen
Cypress | 6 | telephone
Rowan | 8 | whiteboard
Canteen | 70 | loudspeakers
"""),
    ("guides/tickets.txt", "systems administrator", """Queues of the ticket desk

it: accounts, machines, networks. {systems_administrator}
facilities: rooms, keys, furniture. {office_manager}
people: contracts, courses, leave. {training_officer}
finance: invoices, codes, payments. {accountant}

Urgent is what stops somebody from working. Everything else is normal or low.
"""),
    ("notes/interview-questions.txt", "recruiter", """Interview for the logistics post
For {my_name} and {logistics_planner} only.

1. How do you plan a week with three late deliveries?
2. Which figures would you look at first?
3. What would you hand over, and to whom?
"""),
    ("notes/summer-event.txt", "project coordinator", """Summer event

Wanted: about sixty people, half a day, within an hour.
Old mill at Thornby: held for us. Boat house at Saltmere: not held.
Decision: {head_of_finance}.
"""),
    ("notes/handover-template.txt", "project coordinator", """Handover

What is done:
What is open:
Who knows more:
Where the papers are:
"""),
)  # fmt: skip
"""Files: path, the role of the owner, text."""

TICKETS: Sequence[tuple[str, ...]] = (
    ("Screen in Orchid stays dark", "The screen shows nothing since the {project} review.",
     "facilities", "office manager", "normal", "open",
     "The cable is ordered."),
    ("Account for {third} on the test rig", "Read access for {project} before {day}.",
     "it", "systems administrator", "normal", "waiting",
     "Waiting for the access form."),
    ("Wrong code on two freight invoices", "They belong to {project}, code {code}.",
     "finance", "accountant", "normal", "open",
     "{controller} has been told."),
    ("Locker key lost", "The key of a locker on the first floor is gone.",
     "facilities", "office manager", "low", "closed",
     "A new key is at reception."),
    ("Laptop does not charge", "It only charges on the docking station.",
     "it", "systems administrator", "normal", "open"),
    ("Certificate of the last course", "The certificate has the wrong year on it.",
     "people", "training officer", "low", "open"),
    ("Printer on the second floor jams", "Every third page, always from tray two.",
     "it", "systems administrator", "normal", "open",
     "Eastgate Print sends somebody."),
    ("Contract of the new engineer", "The start day is missing in the contract.",
     "people", "recruiter", "normal", "waiting"),
    ("Invoice of Hollis Furniture", "Four standing desks for Design, delivered and signed for.",
     "finance", "accountant", "normal", "open",
     "Checked against the price list."),
    ("Door of the yard does not close", "It has to be pulled from the outside.",
     "facilities", "office manager", "urgent", "open",
     "The locksmith comes tomorrow."),
    ("Network slow in Design", "Only in the afternoon, on all machines.",
     "it", "systems administrator", "normal", "waiting",
     "Kestrel Networks measures for a week."),
    ("Tables for the next lunch", "Brightwater Catering brings the plates, we set the tables.",
     "facilities", "office manager", "normal", "open"),
    ("Mailing list of {project}", "{fourth} is missing on the list.",
     "it", "systems administrator", "low", "closed",
     "Added."),
    ("Days of leave shown twice", "The calendar counts one day twice.",
     "people", "payroll officer", "normal", "open"),
    ("Budget code for samples", "Which code for samples of {project}?",
     "finance", "controller", "normal", "closed",
     "{code}, as for everything of {project}."),
    ("Chair is broken", "The back does not hold any more.",
     "facilities", "office manager", "low", "open"),
    ("Access to the old archive", "Needed for the audit, read only.",
     "it", "systems administrator", "normal", "open",
     "For {controller}, until the audit is over."),
    ("Payment of the first aid course", "Two places, one of them for Operations.",
     "finance", "accountant", "normal", "waiting"),
)  # fmt: skip
"""Tickets: title, text, queue, the assignee's role, priority, status, remarks."""
