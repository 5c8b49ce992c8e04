"""The content of an office: the same from the same seed, and of a piece."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from worktrial.office.content import FORMS, LEVELS, QUEUES, Content, content
from worktrial.office.history import Scalar

SEEDS = range(25)
ID = re.compile(r"[metrjpc]-\d{2,3}")


def rows_of(office: Content, table: str) -> list[tuple[Scalar, ...]]:
    return [values for name, values in office.rows if name == table]


def all_text(office: Content) -> str:
    return "\n".join(str(value) for _, values in office.rows for value in values)


def test_the_same_seed_gives_the_same_content() -> None:
    first = content(3)
    content.cache_clear()
    assert content(3) == first
    assert content(4).rows != first.rows


def test_sizes_are_as_promised() -> None:
    office = content(1)
    count = Counter(table for table, _ in office.rows)
    assert (len(office.people), len(office.contacts), len(office.projects)) == (24, 14, 10)
    assert len(office.records) == count["record"] == 24 * len(LEVELS)
    assert 40 <= count["message"] <= 60
    assert 30 <= count["event"] <= 45
    assert 18 <= count["file"] <= 25
    assert count["ticket"] == 18
    assert count["form_field"] == sum(len(fields) for fields in FORMS.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_today_is_a_monday_and_the_user_comes_first(seed: int) -> None:
    office = content(seed)
    assert office.today.weekday() == 0
    assert ("setting", ("user", office.people[0].id)) in office.rows
    assert office.people[0].role == "project coordinator"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_high_value_is_in_the_office_once(seed: int) -> None:
    office = content(seed)
    text = all_text(office)
    for (_, field), value in office.records.items():
        if LEVELS[field] == "high":
            assert text.count(value) == 1, value
            assert sum(character.isalnum() for character in value) >= 6, value


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_but_one_has_a_manager_who_exists(seed: int) -> None:
    people = content(seed).people
    names = {one.name for one in people}
    assert [one.role for one in people if not one.manager] == ["head of operations"]
    assert all(one.manager in names - {one.name} for one in people if one.manager)
    assert len({one.team for one in people}) == 6
    assert len({one.name.split()[0] for one in people}) == len(people)


@pytest.mark.parametrize("seed", SEEDS)
def test_addresses_are_of_people_or_contacts(seed: int) -> None:
    office = content(seed)
    inside = {one.mail for one in office.people}
    outside = {one.mail for one in office.contacts}
    assert not any(mail.endswith(f"@{office.domain}") for mail in outside)
    for _, box, sender, recipients, *_ in rows_of(office, "message"):
        found = {sender, *str(recipients).split(", ")}
        assert found <= inside | outside
        assert office.people[0].mail in (found if box == "inbox" else {sender})
    for *_, organiser, attendees, _ in rows_of(office, "event"):
        assert {organiser, *str(attendees).split(", ")} <= inside


@pytest.mark.parametrize("seed", SEEDS)
def test_mails_name_files_and_days_that_there_are(seed: int) -> None:
    office = content(seed)
    paths = {values[0] for values in rows_of(office, "file")}
    days = {values[2] for values in rows_of(office, "event")}
    for *_, body, sent in rows_of(office, "message"):
        assert str(sent) < office.today.isoformat()
        assert date.fromisoformat(str(sent)).weekday() < 5
        for path in re.findall(r"\w+/[\w.-]+\.txt", str(body)):
            assert path in paths
        for day in re.findall(r"(?<!/)\b\d{4}-\d{2}-\d{2}\b(?!-)", str(body)):
            assert day in days, body


@pytest.mark.parametrize("seed", SEEDS)
def test_the_user_is_never_in_two_meetings(seed: int) -> None:
    office = content(seed)
    user = office.people[0].mail
    taken = sorted(
        (day, int(start[:2]) * 60 + int(start[3:]), minutes)
        for _, _, day, start, minutes, _, by, who, status in rows_of(office, "event")
        if status == "planned" and user in (by, *str(who).split(", "))
        for start in [str(start)]
    )
    for (day, start, minutes), (other, next_start, _) in pairwise(taken):
        assert day != other or start + int(str(minutes)) <= next_start


def test_texts_have_no_open_places() -> None:
    for seed in SEEDS:
        assert not re.search(r"[{}]", all_text(content(seed)))


def test_ids_count_from_one_in_each_table() -> None:
    office = content(2)
    for table, letter in (("message", "m"), ("event", "e"), ("ticket", "t"), ("remark", "r")):
        ids = [str(values[0]) for values in rows_of(office, table)]
        assert ids == [f"{letter}-{n:03}" for n in range(1, len(ids) + 1)]
    assert [one.id for one in office.contacts][:2] == ["c-01", "c-02"]


def test_tickets_are_in_known_queues_with_colleagues() -> None:
    office = content(2)
    mails = {one.mail for one in office.people}
    for _, _, _, queue, assignee, *_ in rows_of(office, "ticket"):
        assert queue in QUEUES
        assert assignee in mails
