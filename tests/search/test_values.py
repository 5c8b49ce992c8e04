"""Values in one form: what means the same is the same, and nothing else is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.search.topics import PEOPLE, POLICIES, STUDIES, SUPPLIERS, TOPICS, VENUES, Attribute
from worktrial.search.values import canonical, dates, folded, numbers, same

PRICE = SUPPLIERS.relation("unit_price")
LEAD = SUPPLIERS.attribute("lead_days")
MONTHS = STUDIES.attribute("months")
WALK = VENUES.attribute("station_minutes")
FREE = PEOPLE.attribute("available")
CHOICES = [a for t in TOPICS.values() for a in t.attributes if a.kind == "choice"]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("€1,250", "1250 EUR"),
        ("1250 euros", "1250 EUR"),
        ("1.250,00 EUR", "1250 EUR"),
        ("1 250 EUR", "1250 EUR"),
        ("1\u202f250 EUR", "1250 EUR"),
        ("1'250 EUR", "1250 EUR"),
        ("EUR 12.40 per unit", "12.4 EUR"),
        ("9,85 EUR", "9.85 EUR"),
        ("four hundred and fifty euros", "450 EUR"),
        ("2k EUR", "2000 EUR"),
        ("about 7 EUR", "7 EUR"),
        ("USD 1,250", "1250 USD"),
        ("1250", "1250 EUR"),
        ("-3 EUR", "-3 EUR"),
    ],
)
def test_amounts_are_read_in_every_usual_form(text: str, form: str) -> None:
    assert canonical(PRICE, text) == form


@pytest.mark.parametrize(
    "text",
    ["1.250 EUR", "10-12 EUR", "at least 3 EUR", "", "EUR", "1,2,3", "3 kg", "12 EUR or 13 EUR",
     "1.2.3.4", "x" * 100_000],
)  # fmt: skip
def test_what_is_ambiguous_or_no_amount_is_unread(text: str) -> None:
    assert canonical(PRICE, text) is None


@pytest.mark.parametrize(
    ("about", "text", "form"),
    [
        (LEAD, "2 weeks", "14 days"),
        (LEAD, "two weeks", "14 days"),
        (LEAD, "36 hours", "1.5 days"),
        (LEAD, "9 working days", None),
        (LEAD, "1 month", None),
        (MONTHS, "1.5 years", "18 months"),
        (WALK, "half", None),
        (WALK, "1.5 hours", "90 minutes"),
        (WALK, "20-minute", "20 minutes"),
        (STUDIES.relation("effect"), "18 %", "18 percent"),
        (STUDIES.relation("effect"), "18 per cent", "18 percent"),
        (STUDIES.attribute("sample"), "340 people", "340 participants"),
        (VENUES.attribute("capacity"), "12 guests", "12 people"),
        (POLICIES.attribute("keep_years"), "72 months", "6 years"),
    ],
)
def test_units_are_brought_into_the_one_of_the_topic(
    about: Attribute, text: str, form: str | None
) -> None:
    assert canonical(about, text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-03-03", "2026-03-03"),
        ("3 March 2026", "2026-03-03"),
        ("3rd of March 2026", "2026-03-03"),
        ("Tuesday, 3 Mar. 2026", "2026-03-03"),
        ("March 3, 2026", "2026-03-03"),
        ("3.3.2026", "2026-03-03"),
        ("13/04/2026", "2026-04-13"),
        ("04/13/2026", "2026-04-13"),
        ("03/03/2026", "2026-03-03"),
        ("03/04/2026", None),
        ("30 February 2026", None),
        ("March 2026", None),
        ("3 March 2026 or 4 March 2026", None),
    ],
)
def test_dates_are_read_unless_two_days_are_meant(text: str, form: str | None) -> None:
    assert canonical(FREE, text) == form


def test_texts_are_the_same_whatever_their_case_spaces_and_hyphens() -> None:
    room, phone = PEOPLE.relation("room"), VENUES.relation("phone")
    assert same(room, "B2.14", "room b 2.14")
    assert same(room, "C-310", "C 310")
    assert not same(room, "A1-23", "A12-3")
    assert same(PEOPLE.relation("extension"), "45-123", "ext. 45-123")
    assert same(phone, "+44 1279 555 0143", "+44 (0)1279 555-0143")
    assert not same(phone, "+44 1279 555 0143", "+44 1279 555 0144")
    assert same(SUPPLIERS.relation("email"), "A.B@x.example", "mailto:a.b@x.example.")


def test_names_are_resolved_by_alias() -> None:
    manager = SUPPLIERS.relation("account_manager")
    names = {folded("Paweł Nowak"): "Pawel Nowak", folded("Pawel Nowak"): "Pawel Nowak"}
    assert canonical(manager, "PAWEŁ NOWAK", names) == "Pawel Nowak"
    assert not same(manager, "Ewa Nowak", "Pawel Nowak", names)


def test_a_denied_or_double_choice_is_unread() -> None:
    certification = SUPPLIERS.attribute("certification")
    assert canonical(certification, "certified to ISO 9001") == "ISO 9001"
    assert canonical(certification, "not ISO 9001") is None
    assert canonical(certification, "ISO 9001 and ISO 14001") is None


@given(st.sampled_from(CHOICES), st.data())
def test_a_choice_is_the_same_by_any_alias(about: Attribute, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(list(about.choices or {})))
    alias = data.draw(st.sampled_from([value, *(about.choices or {})[value]]))
    assert canonical(about, alias) == value
    assert canonical(about, alias.upper()) == value


@given(st.sampled_from(CHOICES))
def test_no_two_choices_are_the_same(about: Attribute) -> None:
    values = list(about.choices or {})
    assert len({canonical(about, value) for value in values}) == len(values)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_two_amounts_are_the_same_only_if_they_are_equal(a: int, b: int) -> None:
    forms = f"{a / 100:.2f} EUR", f"EUR {b / 100:.2f}"
    assert same(PRICE, *forms) == (a == b)


@given(st.integers(0, 10**6))
def test_an_amount_is_the_same_in_every_form(number: int) -> None:
    plain = canonical(PRICE, f"{number} EUR")
    forms = [f"€{number:,}", f"{number:,} euros", f"EUR {number}", f"{number:,}.00 EUR"]
    assert {canonical(PRICE, form) for form in forms} == {plain}
    assert plain == f"{number} EUR"


@given(st.integers(1, 500))
def test_a_span_is_the_same_in_every_unit(weeks: int) -> None:
    assert same(LEAD, f"{weeks} weeks", f"{weeks * 7} days")
    assert not same(LEAD, f"{weeks} weeks", f"{weeks} days")


@given(st.dates(date(1000, 1, 1)))
def test_a_day_is_the_same_in_every_form(day: date) -> None:
    iso = day.isoformat()
    forms = [f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}",
             f"{day.day}.{day.month}.{day.year}"]  # fmt: skip
    assert {canonical(FREE, form) for form in forms} == {iso}


@given(
    st.sampled_from([a for t in TOPICS.values() for a in (*t.attributes, *t.relations)]),
    st.text(max_size=60) | st.from_regex(r"[-€]?[0-9]{1,5}[.,]?[0-9]{0,4} ?(days|weeks|EUR|%|)"),
)
def test_a_canonical_form_is_its_own(about: Attribute, text: str) -> None:
    form = canonical(about, text)
    assert form is None or canonical(about, form) == form


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for_numbers_and_dates(text: str) -> None:
    assert all(0 <= n.start < n.end <= len(text) for n in numbers(text))
    assert all(0 <= d.start < d.end <= len(text) for d in dates(text))
