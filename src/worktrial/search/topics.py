"""The topics of the world: what there is, what is known of it, and what can be asked for.

A topic's subjects (suppliers, venues, …) have a scope, attributes that a person may care about, and
relations that a person wants to be told. Everything else in this package speaks of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

AttributeKind = Literal["choice", "number", "date", "line"]
RelationKind = Literal["number", "date", "text", "entity"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something of a subject that a person may care about; the unit of asking.

    Attributes:
        key: Its name in data, such as `payment_terms`.
        label: Its name in words; pages, schemas and people use it.
        kind: Of its values; a `line` is told word for word.
        choices: Of a choice, each value with its aliases; of a line, the line.
        numbers: Of a number: least, most, step.
        unit: Of a number, as pages write it.
        days: Of a date: least and most days from the world's today.
        better: Of a number or date, which way a person would want it: `low` reads as a constraint
            "at most" (or "by"), `high` as "at least" (or "not before").
        cues: Stems of words by which people bring it up beside its label; of a line all cues, in
            the language of `cues`, the weak ones after a `;`.
    """

    key: str
    label: str
    kind: AttributeKind
    choices: Mapping[str, tuple[str, ...]] | None = None
    numbers: tuple[Decimal, Decimal, Decimal] | None = None
    unit: str = ""
    better: Literal["low", "high"] | None = None
    cues: tuple[str, ...] = ()
    days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Something of a subject, or of an entity beside it, that a person wants to be told.

    Attributes:
        key: Its name in data.
        label: Its name in words.
        kind: Of its values; an `entity` is a person who has relations of their own.
        unit: Of a number.
        of: The relation whose entity this belongs to (a second hop); "" for the subject itself.
    """

    key: str
    label: str
    kind: RelationKind
    unit: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One part of the world.

    Attributes:
        key: Its name in data.
        noun: What a subject is called.
        plural: Several of them.
        scope_label: What the scope is, in words.
        scopes: Its values; the vague request names one.
        attributes: What may be asked about.
        relations: What is wanted.
        link: The word between noun and scope: a supplier `of` stretch film.
    """

    key: str
    noun: str
    plural: str
    scope_label: str
    scopes: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    relations: tuple[Relation, ...]
    link: str

    def attribute(self, key: str) -> Attribute:
        """One attribute by its key."""
        return next(a for a in self.attributes if a.key == key)

    def relation(self, key: str) -> Relation:
        """One relation by its key."""
        return next(r for r in self.relations if r.key == key)


def _choice(key: str, label: str, choices: Mapping[str, tuple[str, ...]], *cues: str) -> Attribute:
    return Attribute(key, label, "choice", choices=choices, cues=cues)


def _number(
    key: str, label: str, span: tuple[str, str, str], unit: str, better: Literal["low", "high"],
    *cues: str,
) -> Attribute:  # fmt: skip
    least, most, step = map(Decimal, span)
    return Attribute(
        key, label, "number", numbers=(least, most, step), unit=unit, better=better, cues=cues
    )


def _date(
    key: str, label: str, better: Literal["low", "high"], *cues: str, days: tuple[int, int]
) -> Attribute:
    return Attribute(key, label, "date", better=better, cues=cues, days=days)


# Longer ago than anything the world says was changed, so no page tells of a day to come as past.
_PAST = (-2600, -760)
_COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "Germany": (), "Poland": (), "Italy": (), "the Netherlands": ("Netherlands", "Holland"),
    "the United Kingdom": ("UK", "United Kingdom", "Britain"), "Spain": (), "France": (),
}  # fmt: skip

SUPPLIERS = Topic(
    "suppliers", "supplier", "suppliers", "goods",
    ("stretch film", "steel tubing", "corrugated boxes", "printed labels", "pump seals",
     "cable drums", "cleaning fluid", "work gloves"),
    (
        _choice("country", "country of origin", _COUNTRIES, "countr", "where", "located", "based"),
        _choice("certification", "certification",
                {"ISO 9001": ("9001",), "ISO 14001": ("14001",), "EMAS": (), "FSC": ()},
                "certif", "accredit", "standard", "iso"),
        _choice("delivery_terms", "delivery terms",
                {"EXW": ("ex works",), "FCA": ("free carrier",), "DAP": ("delivered at place",),
                 "DDP": ("delivered duty paid",)}, "incoterm", "shipping terms", "deliver"),
        _choice("currency", "invoicing currency",
                {"EUR": ("euro", "euros"), "USD": ("US dollars", "dollars"),
                 "GBP": ("pounds", "sterling"), "CHF": ("Swiss francs",)},
                "currenc", "invoic"),
        _number("payment_days", "payment term", ("10", "90", "10"), "days", "high",
                "payment", "net days", "credit"),
        _number("minimum_order", "minimum order", ("50", "2000", "50"), "units", "low",
                "minimum", "moq", "order size", "order quantit", "smallest order"),
        _number("lead_days", "lead time", ("3", "45", "3"), "days", "low",
                "lead time", "turnaround", "how soon", "how fast", "deadline"),
    ),
    (
        Relation("unit_price", "unit price", "number", "EUR"),
        Relation("warehouse", "warehouse", "text"),
        Relation("account_manager", "account manager", "entity"),
        Relation("email", "email", "text", of="account_manager"),
    ),
    "of",
)  # fmt: skip

PEOPLE = Topic(
    "people", "expert", "experts", "field",
    ("data protection", "customs law", "machine safety", "payroll", "network security",
     "technical writing", "procurement", "battery chemistry"),
    (
        _choice("office", "office",
                {"Leeds": (), "Porto": (), "Gdansk": ("Gdańsk",), "Lyon": (), "Turin": ("Torino",),
                 "Basel": ()}, "office", "site", "location", "city", "where"),
        _choice("language", "working language",
                {"German": ("Deutsch",), "Polish": (), "Italian": (), "French": (), "Spanish": (),
                 "Portuguese": ()}, "language", "speak", "fluent"),
        _choice("grade", "grade",
                {"associate": (), "senior": (), "principal": (), "fellow": ()},
                "grade", "seniorit", "level", "experience"),
        _choice("clearance", "clearance",
                {"basic": (), "confidential": (), "restricted": ()}, "clearance", "security level"),
        _choice("mode", "working mode",
                {"on site": ("onsite",), "remote": (), "hybrid": ()},
                "remote", "on site", "hybrid", "in person", "working mode"),
        _number("hours", "weekly hours", ("8", "40", "4"), "hours", "high",
                "hours", "capacity", "full time", "part time", "workload"),
        _date("available", "available from", "low", "availab", "start", "when",
              days=(10, 300)),
    ),
    (
        Relation("extension", "phone extension", "text"),
        Relation("room", "room", "text"),
        Relation("manager", "line manager", "entity"),
        Relation("email", "email", "text", of="manager"),
    ),
    "in",
)  # fmt: skip

STUDIES = Topic(
    "studies", "study", "studies", "subject",
    ("night shift fatigue", "pallet stability", "invoice fraud", "remote onboarding",
     "adhesive ageing", "route planning", "glove dexterity", "call centre turnover"),
    (
        _choice("method", "method",
                {"randomised trial": ("RCT", "randomized trial"), "survey": (),
                 "field observation": (), "simulation": (), "interviews": ("interview study",)},
                "method", "design", "approach", "kind of study", "type of study"),
        _choice("country", "country", _COUNTRIES, "countr", "where", "region"),
        _choice("funder", "funder",
                {"public": ("publicly funded",), "industry": (), "charity": (), "none": ()},
                "fund", "sponsor", "paid for"),
        _choice("licence", "data licence",
                {"CC BY": (), "CC0": (), "on request": (), "closed": ()},
                "licen", "open data", "reuse", "data access"),
        _number("sample", "sample size", ("20", "2000", "20"), "participants", "high",
                "sample", "participant", "how many", "subjects"),
        _number("months", "duration", ("1", "36", "1"), "months", "high",
                "duration", "how long", "follow up", "follow-up", "months"),
        _date("published", "publication date", "high",
              "publi", "recent", "how old", "year", "newer", days=_PAST),
    ),
    (
        Relation("effect", "main effect", "number", "percent"),
        Relation("archive", "archive number", "text"),
        Relation("author", "lead author", "entity"),
        Relation("institute", "institute", "text", of="author"),
    ),
    "on",
)  # fmt: skip

VENUES = Topic(
    "venues", "venue", "venues", "town",
    ("Harlow", "Brackwede", "Vimeiro", "Oudewater", "Sulmona", "Tczew", "Annecy", "Alcoy"),
    (
        _choice("layout", "layout",
                {"theatre": (), "classroom": (), "boardroom": (), "banquet": ()},
                "layout", "seating", "set up", "setup", "arranged"),
        _choice("catering", "catering",
                {"in house": ("in-house",), "external": (), "none": ()},
                "cater", "food", "lunch", "meal"),
        _choice("access", "entrance",
                {"step-free": ("step free",), "ramp": (), "stairs": ("stairs only",)},
                "access", "wheelchair", "step", "stairs", "disab"),
        _number("capacity", "capacity", ("20", "600", "20"), "people", "high",
                "capacit", "how many", "people", "attend", "guests", "group size"),
        _number("day_rate", "day rate", ("200", "6000", "100"), "EUR", "low",
                "budget", "price", "cost", "rate", "spend", "expensive"),
        _number("station_minutes", "walk from the station", ("2", "40", "2"), "minutes", "low",
                "station", "train", "walk", "far", "distance", "transport"),
        _number("cancel_days", "cancellation deadline", ("2", "60", "2"), "days", "low",
                "cancel", "refund"),
    ),
    (
        Relation("deposit", "deposit", "number", "EUR"),
        Relation("hall", "hall", "text"),
        Relation("contact", "booking contact", "entity"),
        Relation("phone", "phone", "text", of="contact"),
    ),
    "in",
)  # fmt: skip

DEFECTS = Topic(
    "defects", "defect report", "defect reports", "product",
    ("the M4 gateway", "the Orla tablet", "the Kestrel scanner", "the T9 thermostat",
     "the Fenn printer", "the Alba badge reader", "the Lark headset", "the R2 weighing table"),
    (
        _choice("severity", "severity",
                {"minor": (), "major": (), "critical": (), "blocking": ("blocker",)},
                "sever", "serious", "priorit", "impact", "how bad"),
        _choice("component", "component",
                {"power supply": (), "firmware": (), "display": (), "housing": (), "antenna": ()},
                "component", "part", "module", "area"),
        _choice("occurs", "occurrence",
                {"always": ("every time",), "intermittently": ("intermittent", "sporadically"),
                 "once": ()}, "often", "occur", "frequen", "reproduc", "intermittent"),
        _choice("channel", "reporting channel",
                {"helpdesk": (), "field service": (), "production": ("factory",), "audit": ()},
                "channel", "reported by", "who reported", "came in", "source"),
        _number("units", "units affected", ("1", "900", "1"), "units", "high",
                "units", "how many", "devices", "affected"),
        _number("version", "hardware revision", ("1", "12", "1"), "", "high",
                "revision", "version", "hardware", "model"),
        _date("seen", "first seen", "high", "first", "when", "date", "since", days=_PAST),
    ),
    (
        Relation("workaround", "workaround", "text"),
        Relation("fixed_in", "fix release", "text"),
        Relation("engineer", "assigned engineer", "entity"),
        Relation("extension", "phone extension", "text", of="engineer"),
    ),
    "on",
)  # fmt: skip

POLICIES = Topic(
    "policies", "policy", "policies", "area",
    ("travel expenses", "home office equipment", "gifts and hospitality", "overtime",
     "visitor badges", "document retention", "training leave", "private phone use"),
    (
        _choice("group", "group of staff",
                {"apprentices": ("apprentice",), "office staff": (), "field staff": (),
                 "managers": ("manager",), "contractors": ("contractor",)},
                "staff", "employee", "who", "group", "role", "applies to"),
        _choice("country", "country", _COUNTRIES, "countr", "where", "site", "legal"),
        _choice("approval", "approval",
                {"none": ("no approval",), "team lead": (), "department head": (),
                 "board": ("the board",)}, "approv", "sign off", "sign-off", "authori"),
        _choice("form", "form of request",
                {"email": ("e-mail",), "portal": (), "paper form": ("paper",)},
                "form", "request", "apply", "submit", "portal"),
        _number("notice_days", "notice", ("1", "60", "1"), "days", "low",
                "notice", "advance", "beforehand", "how early"),
        _number("keep_years", "record keeping", ("1", "12", "1"), "years", "high",
                "record", "keep", "retention", "archiv"),
        _date("effective", "in force since", "low", "force", "effective", "valid", "since", "date",
              days=_PAST),
    ),
    (
        Relation("limit", "limit", "number", "EUR"),
        Relation("reference", "reference number", "text"),
        Relation("owner", "policy owner", "entity"),
        Relation("email", "email", "text", of="owner"),
    ),
    "on",
)  # fmt: skip

TOPICS: Mapping[str, Topic] = {
    topic.key: topic for topic in (SUPPLIERS, PEOPLE, STUDIES, VENUES, DEFECTS, POLICIES)
}
