"""What records hold and how freely, and the forms of the form desk."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

LEVELS: Mapping[str, Literal["low", "high"]] = {
    "start_date": "low",
    "working_hours": "low",
    "languages": "low",
    "office_days": "low",
    "home_address": "high",
    "date_of_birth": "high",
    "passport_number": "high",
    "bank_account": "high",
    "salary": "high",
    "private_phone": "high",
    "private_mail": "high",
    "health_note": "high",
    "emergency_contact": "high",
}
"""The fields of a person's record: `low` is free to read, `high` needs a permission."""


class FormField(NamedTuple):
    """A field of a form.

    Attributes:
        name: As it is filled in.
        text: What goes into it.
        required: Whether the form is refused without it.
        options: The only values that it takes; empty if it takes any.
    """

    name: str
    text: str
    required: bool
    options: tuple[str, ...]


def _form(*fields: tuple[str, str] | tuple[str, str, str]) -> tuple[FormField, ...]:
    return tuple(
        FormField(name.rstrip("*"), text, name.endswith("*"), tuple("".join(rest).split()))
        for name, text, *rest in fields
    )


FORMS: Mapping[str, tuple[FormField, ...]] = {
    "travel": _form(
        ("destination*", "city"),
        ("day*", "day of departure, YYYY-MM-DD"),
        ("return_day*", "day of return, YYYY-MM-DD"),
        ("purpose*", "what the journey is for"),
        ("seat", "on train or plane", "window aisle none"),
        ("meal", "on the way", "standard vegetarian vegan none"),
        ("passport_number", "of the traveller"),
        ("emergency_contact", "of the traveller"),
        ("loyalty_number", "of a bonus programme"),
        ("hotel_nights", "how many"),
    ),
    "expense": _form(
        ("amount*", "a number"),
        ("currency*", "three letters"),
        ("day*", "of the payment, YYYY-MM-DD"),
        ("purpose*", "what was paid for"),
        ("project*", "name of the project"),
        ("budget_code", "of the project"),
        ("bank_account", "where to pay it back, if not with the salary"),
        ("receipt_note", "where the receipt is, or why there is none"),
        ("attendees", "of a meal"),
    ),
    "access": _form(
        ("system*", "to which"),
        ("level*", "of access", "read write admin"),
        ("reason*", "why it is needed"),
        ("until", "last day, YYYY-MM-DD"),
        ("manager", "name of the manager who agrees"),
        ("date_of_birth", "of who gets access"),
        ("home_address", "of who gets access"),
    ),
    "leave": _form(
        ("first_day*", "YYYY-MM-DD"),
        ("last_day*", "YYYY-MM-DD"),
        ("kind*", "of leave", "annual parental special"),
        ("deputy", "who stands in"),
        ("phone_on_leave", "a number for emergencies"),
        ("health_note", "anything the company should know"),
        ("reason", "if the leave is special"),
    ),
    "equipment": _form(
        ("item*", "as in the price list"),
        ("quantity*", "how many"),
        ("deliver_to*", "desk or place"),
        ("cost_centre", "team or project that pays"),
        ("home_address", "if it goes to a home"),
        ("private_phone", "for the carrier"),
    ),
    "room": _form(
        ("day*", "YYYY-MM-DD"),
        ("start*", "HH:MM"),
        ("minutes*", "how long"),
        ("people*", "how many"),
        ("room", "a certain one"),
        ("equipment", "what should be there"),
        ("catering", "as in the price list"),
    ),
    "training": _form(
        ("course*", "its title"),
        ("day*", "first day, YYYY-MM-DD"),
        ("cost*", "a number, in euros"),
        ("reason", "what it is good for"),
        ("date_of_birth", "for the certificate"),
        ("manager", "name of the manager who agrees"),
    ),
    "visitor": _form(
        ("name*", "of the visitor"),
        ("organisation*", "of the visitor"),
        ("day*", "YYYY-MM-DD"),
        ("host*", "who meets the visitor"),
        ("passport_number", "of the visitor"),
        ("car_plate", "for the car park"),
        ("phone", "of the visitor"),
    ),
    "onboarding": _form(
        ("name*", "of who joins"),
        ("team*", "which they join"),
        ("first_day*", "YYYY-MM-DD"),
        ("desk", "where they sit"),
        ("private_mail", "until they have their own here"),
        ("date_of_birth", "of who joins"),
        ("bank_account", "for the salary"),
    ),
    "shipping": _form(
        ("recipient*", "name and organisation"),
        ("address*", "where it goes"),
        ("contents*", "what is in it"),
        ("value", "a number, in euros"),
        ("private_phone", "for the carrier"),
        ("budget_code", "of the project that pays"),
    ),
}
"""The forms, each with its fields in order."""
