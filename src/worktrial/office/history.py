"""What has happened in an office so far: mails, meetings, files, tickets that fit together."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from worktrial.office.people import Contact, Person, Population, Project, slug
from worktrial.office.stories import FILES, MEETINGS, MINUTES, THREADS, TICKETS, Thread

Scalar = str | int | float | None
Rows = list[tuple[str, tuple[Scalar, ...]]]
QUEUES: Sequence[str] = ("it", "facilities", "people", "finance")
# After the weekly meetings, and beside the single ones.
_STARTS = ("10:00", "14:30", "15:30")
_ROOMS = ("Orchid", "Willow", "Cypress", "Rowan")


class Setting(NamedTuple):
    """Where and when it happens, and who there is."""

    company: str
    domain: str
    today: date
    everybody: Population


class _Review(NamedTuple):
    """The reviews of a project: the last one and the next."""

    project: Project
    lead: Person
    others: tuple[Person, ...]
    last: date
    next: date
    start: str
    room: str

    @property
    def minutes(self) -> str:
        return f"minutes/{self.last}-{slug(self.project.name)}.txt"


def history(rng: random.Random, setting: Setting) -> Rows:
    """The mails, events, files, tickets and remarks of an office, in order of their ids."""
    reviews = _reviews(rng, setting)
    return [
        *_numbered("message", "m", sorted(_mails(setting, reviews), key=lambda row: str(row[-1]))),
        *_numbered("event", "e", sorted(_events(rng, setting, reviews), key=lambda row: row[1:3])),
        *(("file", row) for row in sorted(_files(setting, reviews))),
        *_tickets(setting, reviews),
    ]


def _numbered(table: str, letter: str, rows: Iterable[tuple[Scalar, ...]]) -> Rows:
    return [(table, (f"{letter}-{n:03}", *row)) for n, row in enumerate(rows, 1)]


def workday(day: date) -> date:
    """This day, or the Monday after where it is on a weekend."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def _reviews(rng: random.Random, setting: Setting) -> list[_Review]:
    people, projects = setting.everybody.people, setting.everybody.projects
    by_name = {one.name: one for one in people}
    last = rng.sample(_workdays(setting.today, -21, -5), len(projects))
    following = rng.sample(_workdays(setting.today, 3, 32), len(projects))
    found = []
    for project, before, after in zip(projects, last, following, strict=True):
        lead = by_name[project.lead]
        others = (people[0], *rng.sample([one for one in people[1:] if one != lead], 2))
        start, room = rng.choice(_STARTS), rng.choice(_ROOMS)
        found.append(_Review(project, lead, others, before, after, start, room))
    return found


def _workdays(today: date, first: int, last: int) -> list[date]:
    days = (today + timedelta(days=n) for n in range(first, last + 1))
    return [day for day in days if day.weekday() < 5]


# --- what texts can name ---


def _names(setting: Setting, review: _Review, other: Person | Contact) -> dict[str, str]:
    """What the texts of a story are filled with."""
    user, *_ = setting.everybody.people
    return {
        "company": setting.company,
        "me": _given(user),
        "my_name": user.name,
        "boss": user.manager,
        "other": _given(other),
        "other_name": other.name,
        "other_mail": other.mail,
        "project": review.project.name,
        "slug": slug(review.project.name),
        "status": review.project.status,
        "lead": review.lead.name,
        "code": review.project.budget_code,
        "day": review.next.isoformat(),
        "last": review.last.isoformat(),
        "start": review.start,
        "room": review.room,
        "minutes": review.minutes,
        "third": review.others[1].name,
        "fourth": review.others[2].name,
        **_who_does_what(setting),
    }


def _who_does_what(setting: Setting) -> dict[str, str]:
    return {one.role.replace(" ", "_"): one.name for one in setting.everybody.people}


def _given(one: Person | Contact) -> str:
    return one.name.split()[0]


def _counterpart(setting: Setting, whom: str) -> Person | Contact:
    """Somebody by role, or by organisation."""
    contacts = {one.organisation: one for one in setting.everybody.contacts}
    roles = {one.role: one for one in setting.everybody.people}
    return contacts[whom] if whom in contacts else roles[whom]


def _review_for(reviews: Sequence[_Review], at: int, other: Person | Contact) -> _Review:
    """A review of a running project that is none of the counterpart's."""
    fit = [one for one in reviews if _runs(one) and other not in (one.lead, *one.others)]
    return (fit or reviews)[at % len(fit or reviews)]


def _runs(review: _Review) -> bool:
    return review.project.status == "running"


# --- mails ---


def _mails(setting: Setting, reviews: Sequence[_Review]) -> list[tuple[Scalar, ...]]:
    threads = (
        row for at, thread in enumerate(THREADS) for row in _thread(setting, reviews, at, thread)
    )
    return [*threads, *(_invitation(setting, one) for one in reviews if _runs(one))]


def _thread(
    setting: Setting, reviews: Sequence[_Review], at: int, thread: Thread
) -> Iterable[tuple[Scalar, ...]]:
    user, other = setting.everybody.people[0], _counterpart(setting, thread.whom)
    names = _names(setting, _review_for(reviews, at, other), other)
    for n, (ago, box, body) in enumerate(thread.letters):
        subject = ("Re: " if n else "") + thread.subject.format(**names)
        sender, to = (other, user) if box == "inbox" else (user, other)
        day = _before(setting.today, ago).isoformat()
        yield box, sender.mail, to.mail, subject, _letter(body, names, to, sender), day


def _letter(body: str, names: Mapping[str, str], to: Person | Contact, by: Person | Contact) -> str:
    return f"Dear {_given(to)},\n\n{body.format(**names)}\n\nRegards\n{by.name}"


def _before(today: date, days: int) -> date:
    """So many days ago, or the Friday before where that is on a weekend."""
    day = today - timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _invitation(setting: Setting, review: _Review) -> tuple[Scalar, ...]:
    user = setting.everybody.people[0]
    body = (
        "The next review of {project} is on {day} at {start} in {room}. The minutes of the last "
        "one are in {minutes}. Please bring your figures under budget code {code}."
    ).format(**_names(setting, review, review.lead))
    to = ", ".join(one.mail for one in review.others)
    subject = f"{review.project.name} review on {review.next}"
    day = _before(setting.today, 4).isoformat()
    return "inbox", review.lead.mail, to, subject, _letter(body, {}, user, review.lead), day


# --- calendar ---


def _events(
    rng: random.Random, setting: Setting, reviews: Sequence[_Review]
) -> list[tuple[Scalar, ...]]:
    return [
        *(row for one in reviews if one.project.status != "closed" for row in _review_events(one)),
        *_team_events(rng, setting),
        *_meetings(setting),
    ]


def _review_events(review: _Review) -> Iterable[tuple[Scalar, ...]]:
    title = f"{review.project.name} review"
    who = ", ".join(one.mail for one in review.others)
    days = (review.last, review.next) if _runs(review) else (review.next,)
    for day in days:
        yield (
            title,
            day.isoformat(),
            review.start,
            60,
            review.room,
            review.lead.mail,
            who,
            "planned",
        )


def _team_events(rng: random.Random, setting: Setting) -> Iterable[tuple[Scalar, ...]]:
    """A weekly meeting of each team, of the user's in more weeks than of the others'."""
    user = setting.everybody.people[0]
    for team in dict.fromkeys(one.team for one in setting.everybody.people):
        members = [one for one in setting.everybody.people if one.team == team]
        head = next(one for one in members if one.role.startswith("head"))
        who = ", ".join(one.mail for one in members if one != head)
        weekday = rng.randrange(5)
        for week in range(-1, 4 if team == user.team else 1):
            day = setting.today + timedelta(weeks=week, days=weekday)
            title, on = f"{team} weekly", day.isoformat()
            yield title, on, "09:00", 45, _ROOMS[1], head.mail, who, "planned"


def _meetings(setting: Setting) -> Iterable[tuple[Scalar, ...]]:
    user = setting.everybody.people[0]
    for title, role, days, start, minutes, place, whom, status in MEETINGS:
        by = _counterpart(setting, role)
        guests = [one for one in setting.everybody.people if whom in ("all", one.role)] or [user]
        who = ", ".join(one.mail for one in guests if one != by)
        day = workday(setting.today + timedelta(days=days)).isoformat()
        yield title, day, start, minutes, place, by.mail, who, status


# --- files ---


def _files(setting: Setting, reviews: Sequence[_Review]) -> list[tuple[Scalar, ...]]:
    by_role = {one.role: one for one in setting.everybody.people}
    texts = [
        (path, by_role[role].mail, text.format(**_names(setting, reviews[0], by_role[role])))
        for path, role, text in FILES
    ]
    minutes = [
        (one.minutes, one.lead.mail, MINUTES.format(**_names(setting, one, one.lead)))
        for one in reviews
        if _runs(one)
    ]
    return [*texts, *minutes, _overview(setting), _roster(setting)]


def _overview(setting: Setting) -> tuple[Scalar, ...]:
    lines = [
        f"{one.name} | {one.lead} | {one.status} | {one.budget_code}"
        for one in setting.everybody.projects
    ]
    by = setting.everybody.people[1]
    return (
        "projects/overview.txt",
        by.mail,
        "\n".join(("Project | Lead | Status | Budget code", *lines, "")),
    )


def _roster(setting: Setting) -> tuple[Scalar, ...]:
    """Who sits at reception on the days of the next two weeks."""
    people = setting.everybody.people
    days = [setting.today + timedelta(days=7 * week + day) for week in (0, 1) for day in range(5)]
    lines = [f"{day} | {one.name}" for day, one in zip(days, people[2:], strict=False)]
    return "rosters/reception.txt", people[2].mail, "\n".join(("Day | At reception", *lines, ""))


# --- tickets ---


def _tickets(setting: Setting, reviews: Sequence[_Review]) -> Rows:
    count: Counter[str] = Counter()
    tickets: Rows = []
    remarks: Rows = []
    for at, (title, text, queue, role, priority, status, *notes) in enumerate(TICKETS, 1):
        other = _counterpart(setting, role)
        names = _names(setting, _review_for(reviews, at, other), other)
        row = (f"t-{at:03}", title.format(**names), text.format(**names), queue)
        tickets.append(("ticket", (*row, other.mail, priority, status)))
        for note in notes:
            count["r"] += 1
            remarks.append(
                ("remark", (f"r-{count['r']:03}", row[0], other.mail, note.format(**names)))
            )
    return [*tickets, *remarks]
