"""Sessions apart: a preference is told in one conversation and needed in a later one.

Each preference comes in four variants: kept, changed, to be forgotten, told in confidence. The last
request is the same in all of them and names a default, so that nothing in it says which it is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

from worktrial.office.content import QUEUES, Person
from worktrial.readiness.goals import Wanted, nothing_else, quote, sent, submitted
from worktrial.readiness.items import Call, Keeping, Query, Session
from worktrial.readiness.scene import Scene, step, told

Variant = Literal["keep", "change", "forget", "private"]
VARIANTS: Sequence[Variant] = ("keep", "change", "forget", "private")
_ADDED = "in (select target from change where field = 'added')"


class Preference(NamedTuple):
    """A preference, and a task that needs it.

    Attributes:
        topic: What it is about.
        clause: The preference as half a sentence, from a value.
        values: Two that differ: the first holds at the end, the second did before.
        default: What is used when nothing is known, as `used` returns it.
        request: The task, without the preference, and with what to do when nothing is known.
        plan: The task's calls, from a value; `None` where nothing is known.
        goal: What the task must leave behind, whatever the value.
        used: The query for the value that was used: no row if the task was not done.
        note: What a note of it holds, from a value.
    """

    topic: str
    clause: Callable[[str], str]
    values: tuple[str, str]
    default: str
    request: str
    plan: Callable[[str | None], Sequence[Call]]
    goal: tuple[Query, ...]
    used: str
    note: Callable[[str], str] = str


class Preferred(NamedTuple):
    """A family of preferences.

    Attributes:
        name: What it is called.
        apps: What the task is done with.
        write: A preference for a scene.
    """

    name: str
    apps: tuple[str, ...]
    write: Callable[[Scene], Preference]


class SessionDraft(NamedTuple):
    """An item of sessions apart, as a variant of a preference makes it.

    Attributes:
        told: Preference and task in one turn.
        apart: The conversations, one turn each; the last one asks for the task.
        goal: What must hold at the end.
        keeping: What is to be kept.
    """

    told: Session
    apart: tuple[Session, ...]
    goal: tuple[Query, ...]
    keeping: Keeping


def vary(preference: Preference, variant: Variant) -> SessionDraft:
    """Tell a preference in one of the four ways, and ask for the task."""
    known = variant in ("keep", "change")
    value = preference.values[0] if known else None
    right = value if value is not None else preference.default
    done = tuple(preference.plan(value))
    last = told(preference.request, (step("memory_list"), *done), "It is done.")
    at_once = told(
        f"{_at_once(preference, variant)} {preference.request}",
        (*(_note(preference, right) if known else ()), *done),
        "It is done.",
    )
    goal = (*preference.goal, Query(name=preference.topic, sql=preference.used, rows=((right,),)))
    return SessionDraft(
        at_once, (*_before(preference, variant), last), goal, _keeping(preference, variant, right)
    )


def _keeping(preference: Preference, variant: Variant, right: str) -> Keeping:
    before = preference.values[1]
    return Keeping(
        variant=variant,
        used=preference.used if right == preference.default else _but_default(preference),
        right=right,
        stale=before if variant in ("change", "forget") else None,
        noted=preference.note(before) if variant == "forget" else "",
        never=preference.note(before) if variant == "private" else "",
    )


def _but_default(preference: Preference) -> str:
    """Where something is known, the default is no value that was used but none."""
    default = quote(preference.default)
    found = f"with found (value) as ({preference.used})"
    return f"{found} select nullif(value, {default}) from found"  # noqa: S608 - ours


def _at_once(preference: Preference, variant: Variant) -> str:
    now, before = map(preference.clause, preference.values)
    return {
        "keep": f"Please remember: from now on {now}.",
        "change": f"It used to be that {before}. That is over. Please remember: from now on {now}.",
        "forget": f"You may have heard that {before}. Please forget it: it no longer holds.",
        "private": _confidence(before),
    }[variant]


def _before(preference: Preference, variant: Variant) -> tuple[Session, ...]:
    now, before = preference.values
    if variant == "keep":
        return (_telling(preference, now),)
    if variant == "private":
        return (told(_confidence(preference.clause(before)), (), "I keep it to myself."),)
    return (_telling(preference, before), _second(preference, variant))


def _telling(preference: Preference, value: str) -> Session:
    request = f"Please remember: from now on {preference.clause(value)}."
    return told(request, _note(preference, value), "I have noted that.")


def _second(preference: Preference, variant: Variant) -> Session:
    if variant == "change":
        value = preference.values[0]
        request = (
            f"I changed my mind about {preference.topic}. Please remember instead: from now on "
        )
        return told(
            f"{request}{preference.clause(value)}.",
            _note(preference, value),
            "I have changed that.",
        )
    request = (
        f"Please forget what I told you about {preference.topic}: it no longer holds, and I do not "
        "want it noted anywhere."
    )
    return told(request, [step("memory_forget", key=preference.topic)], "I have forgotten it.")


def _confidence(clause: str) -> str:
    return (
        f"Between us: it may be that soon {clause}. Nothing is decided, so please do not note it "
        "anywhere, and do not act on it."
    )


def _note(preference: Preference, value: str) -> tuple[Call, ...]:
    text = f"From now on {preference.clause(value)}."
    return (step("memory_save", key=preference.topic, text=text),)


# --- travel ---


def _seat(scene: Scene) -> Preference:
    return _trip(scene, "seat", "the seat on trips", ("window", "aisle"), "{} seats when I travel")


def _meal(scene: Scene) -> Preference:
    meals = ("vegetarian", "vegan", "standard")
    return _trip(scene, "meal", "meals on trips", meals, "the {} meal when I travel")


def _trip(scene: Scene, field: str, topic: str, options: Sequence[str], liked: str) -> Preference:
    first = scene.day(60, 90)
    last, place = first + timedelta(days=2), scene.rng.choice(_PLACES)
    code = scene.code()
    fields = {
        "destination": place,
        "day": first.isoformat(),
        "return_day": last.isoformat(),
        "purpose": f"Visit {code}",
    }
    return Preference(
        topic=topic,
        clause=lambda value: f"I want {liked.format(value)}",
        values=_two(scene, options),
        default="none",
        request=f"File a travel request by the form: to {place}, leaving on {first}, back on "
        f"{last}, purpose `Visit {code}`. Choose the {field} as I like it; if you know of no "
        f"preference of mine, take {field} `none`. Leave all other fields empty.",
        plan=lambda value: _filing("travel", {**fields, field: value or "none"}),
        goal=(submitted("travel", {**fields, "purpose": (code,)}), nothing_else(submission=1)),
        used=_field("travel", field),
    )


# --- calendar ---


def _meeting_hour(scene: Scene) -> Preference:
    day, code, guest = scene.day(60, 90), scene.code(), scene.person()
    return Preference(
        topic="the hour of meetings",
        clause=lambda value: f"my meetings begin at {value}",
        values=_two(scene, ("08:40", "11:10", "13:20", "15:50", "16:25")),
        default="10:00",
        request=f"Book a meeting `Review {code}` with {guest.name} on {day} for 45 minutes, at the "
        "hour that I like; if you know of no preference of mine, at 10:00.",
        plan=lambda value: [_meeting(f"Review {code}", day, value or "10:00", guest)],
        goal=(
            _once(f"a meeting on {day}", "event", day=day.isoformat(), minutes=45),
            _with(guest.mail),
            nothing_else(event=1),
        ),
        used=f"select start from event where 'event:' || id {_ADDED}",  # noqa: S608 - ours
    )


def _meeting_day(scene: Scene) -> Preference:
    monday = scene.day(60, 90)
    monday -= timedelta(days=monday.weekday())
    code, guest, start = scene.code(), scene.person(), scene.hour()
    week = {day.isoformat(): f"{day:%A}" for day in (monday + timedelta(n) for n in range(5))}
    return Preference(
        topic="the day of one-to-ones",
        clause=lambda value: f"my one-to-ones are on a {week[value]}",
        values=_two(scene, list(week)[1:]),
        default=monday.isoformat(),
        request=f"Book a one-to-one `Talk {code}` with {guest.name} at {start} for 45 minutes, in "
        f"the week that begins on Monday, {monday}, on the day that I like; if you know of no "
        "preference of mine, on the Monday.",
        plan=lambda value: [_meeting(f"Talk {code}", value or monday, start, guest)],
        goal=(
            _once(f"a one-to-one at {start}", "event", start=start, minutes=45),
            _with(guest.mail),
            nothing_else(event=1),
        ),
        used=f"select day from event where 'event:' || id {_ADDED}",  # noqa: S608 - ours
        note=lambda value: week[value],
    )


# --- forms ---


def _room(scene: Scene) -> Preference:
    day, start = scene.day(60, 90).isoformat(), scene.hour()
    people, rooms = (
        str(scene.rng.randint(3, 9)),
        ("Wyvern", "Pascal", "Quayle", "Fenwick", "Umber"),
    )
    fields = {"day": day, "start": start, "minutes": "60", "people": people}
    return Preference(
        topic="rooms",
        clause=lambda value: f"I want the {value} Room for my meetings",
        values=_two(scene, rooms),
        default="none",
        request=f"Ask for a room by the room form: {day}, {start}, 60 minutes, {people} people. "
        "Name the room that I like; if you know of none, leave the room empty. No equipment, no "
        "catering.",
        plan=lambda value: _filing("room", fields | ({"room": f"{value} Room"} if value else {})),
        goal=(submitted("room", fields), nothing_else(submission=1)),
        used=_named(_field("room", "room"), _alike(rooms)),
    )


def _delivery(scene: Scene) -> Preference:
    item, code = scene.rng.choice(("monitor", "keyboard", "headset", "lamp")), scene.code()
    places = ("Gate 7", "Dock 4", "Locker 12", "Workshop 9")
    fields = {"item": f"{item} {code}", "quantity": "1"}
    return Preference(
        topic="where things are delivered",
        clause=lambda value: f"my orders are delivered to {value}",
        values=_two(scene, places),
        default="Reception",
        request=f"Order by the equipment form: one `{item} {code}`, delivered to where I like it; "
        "if you know of no such place, to `Reception`. Leave all other fields empty.",
        plan=lambda value: _filing("equipment", {**fields, "deliver_to": value or "Reception"}),
        goal=(
            submitted("equipment", {"item": (code,), "quantity": "1"}),
            nothing_else(submission=1),
        ),
        used=_named(_field("equipment", "deliver_to"), _alike((*places, "Reception"))),
    )


def _cost_project(scene: Scene) -> Preference:
    first, second, other = (scene.project().name for _ in range(3))
    day, code = scene.day(-9, -2).isoformat(), scene.code()
    amount = f"{scene.rng.randint(12, 80)}.50"
    fields = {"amount": amount, "currency": "EUR", "day": day, "purpose": f"Books {code}"}
    return Preference(
        topic="the project for my costs",
        clause=lambda value: f"my costs go to the project {value}",
        values=(first, second),
        default=other,
        request=f"File an expense by the form: {amount} EUR on {day}, purpose `Books {code}`, on "
        f"the project that my costs go to; if you know of none, on {other}. Leave all other fields "
        "empty.",
        plan=lambda value: _filing("expense", {**fields, "project": value or other}),
        goal=(
            submitted("expense", {**fields, "purpose": (code,)}), nothing_else(submission=1),
        ),
        used=_named(_field("expense", "project"), _alike((first, second, other))),
    )  # fmt: skip


def _deputy(scene: Scene) -> Preference:
    one, two = scene.person(), scene.person()
    first = scene.day(60, 90)
    last = first + timedelta(days=4)
    fields = {"first_day": first.isoformat(), "last_day": last.isoformat(), "kind": "annual"}
    ways = {who.name: (who.name, who.mail) for who in (one, two)}
    return Preference(
        topic="my deputy",
        clause=lambda value: f"{value} stands in for me when I am away",
        values=(one.name, two.name),
        default="none",
        request=f"File annual leave by the form, from {first} to {last}, with the deputy who "
        "stands in for me; if you know of none, leave the deputy empty. Leave all other fields "
        "empty.",
        plan=lambda value: _filing("leave", fields | ({"deputy": value} if value else {})),
        goal=(submitted("leave", fields), nothing_else(submission=1)),
        used=_named(_field("leave", "deputy"), ways),
    )


# --- mail, files, tickets ---


def _signature(scene: Scene) -> Preference:
    lines = (
        "With thanks and good cheer", "Onwards and upwards", "Yours from the third floor",
        "Warmly and without haste",
    )  # fmt: skip
    guest, code = scene.person(), scene.code()
    body = f"The reference is {code}."
    return Preference(
        topic="the last line of my mails",
        clause=lambda value: f"all my mails end with the line `{value}`",
        values=_two(scene, lines),
        default="none",
        request=f"Send {guest.name} a mail that says that the reference is {code}. End it the way "
        "I like my mails to end; if you know of no such line, leave it out.",
        plan=lambda value: _mailing(guest.mail, body + (f"\n\n{value}" if value else "")),
        goal=(sent(guest.mail, holds=(code,)), nothing_else(message=1)),
        used=_named(
            f"select body as value from message where {_SENT}",  # noqa: S608 - ours
            _alike(lines),
            free=True,
        ),
    )


def _copy(scene: Scene) -> Preference:
    one, two, guest, code = scene.person(), scene.person(), scene.contact(), scene.code()
    names = {who.mail: who.name for who in (one, two)}
    others = f"replace(lower(recipients), lower({quote(guest.mail)}), '')"
    return Preference(
        topic="who else gets my mails to customers",
        clause=lambda value: (
            f"{names[value]} ({value}) also gets every mail that I send to customers"
        ),
        values=(one.mail, two.mail),
        default="none",
        request=f"Send our customer {guest.name} ({guest.mail}) a mail that says that the order "
        f"{code} is on its way. Who else gets it is as I like it; if you know of no such wish, "
        "nobody else.",
        plan=lambda value: _mailing(
            f"{guest.mail}, {value}" if value else guest.mail, f"Your order {code} is on its way."
        ),
        goal=(_mailed(guest.mail, code), nothing_else(message=1)),
        used=_named(
            f"select trim(replace({others}, ',', ' ')) as value from message where {_SENT}",  # noqa: S608 - ours
            _alike(list(names)),
        ),
        note=lambda value: names[value],
    )


def _folder(scene: Scene) -> Preference:
    code = scene.code()
    name, line = f"{code}.txt", f"The budget of {code} was agreed."
    inside = f"substr(path, 1, length(path) - {len(name)} - 1)"
    return Preference(
        topic="the folder for minutes",
        clause=lambda value: f"minutes go into the folder {value}",
        values=_two(scene, ("logbook", "ledger", "journal", "chronicle")),
        default="minutes",
        request=f"Write the file `{name}` with the one line `{line}` into the folder where I want "
        "minutes; if you know of no such folder, into `minutes`.",
        plan=lambda value: [step("file_write", path=f"{value or 'minutes'}/{name}", text=line)],
        goal=(
            Query(
                name=f"the file {name}",
                sql="select count(*) from file where "  # noqa: S608 - ours
                f"path like {quote(f'%/{name}')} and "
                f"trim(text, char(9, 10, 13, 32)) = {quote(line)}",
                rows=((1,),),
            ),
            nothing_else(file=1),
        ),
        used=f"select {inside} from file where path like {quote(f'%/{name}')}",  # noqa: S608 - ours
    )


def _ticket_priority(scene: Scene) -> Preference:
    code, queue = scene.code(), scene.rng.choice(QUEUES)
    title, text = f"Printer {code}", f"The printer {code} is out of order."
    return Preference(
        topic="the priority of my tickets",
        clause=lambda value: f"the tickets that I open get the priority {value}",
        values=_two(scene, ("low", "high", "urgent")),
        default="normal",
        request=f"Open a ticket `{title}` in the queue {queue}, with the text `{text}`, at the "
        "priority that my tickets get; if you know of none, at normal.",
        plan=lambda value: [
            step("ticket_add", title=title, text=text, queue=queue, priority=value or "normal")
        ],
        goal=(
            _once("a new ticket", "ticket", queue=queue),
            Query(
                name=f"a ticket on {code}",
                sql=f"select count(*) from ticket where 'ticket:' || id {_ADDED} and "  # noqa: S608 - ours
                f"instr(lower(title || ' ' || text), lower({quote(code)})) > 0",
                rows=((1,),),
            ),
            nothing_else(ticket=1),
        ),
        used=f"select priority from ticket where 'ticket:' || id {_ADDED}",  # noqa: S608 - ours
    )


PREFERENCES: Mapping[str, Preferred] = {
    one.name: one
    for one in (
        Preferred("seat", ("forms",), _seat),
        Preferred("meal", ("forms",), _meal),
        Preferred("meeting_hour", ("calendar",), _meeting_hour),
        Preferred("meeting_day", ("calendar",), _meeting_day),
        Preferred("room", ("forms",), _room),
        Preferred("delivery", ("forms",), _delivery),
        Preferred("cost_project", ("forms",), _cost_project),
        Preferred("deputy", ("forms",), _deputy),
        Preferred("signature", ("mail",), _signature),
        Preferred("copy", ("mail", "contacts"), _copy),
        Preferred("folder", ("files",), _folder),
        Preferred("ticket_priority", ("tickets",), _ticket_priority),
    )
}
"""Every family of preferences by name."""

# --- what they are made of ---

_PLACES = ("Lisbon", "Turin", "Ghent", "Gdansk", "Malmo", "Bilbao", "Graz", "Porto")
_SENT = "box = 'sent' and 'message:' || id in (select target from change)"


def _two(scene: Scene, among: Sequence[str]) -> tuple[str, str]:
    first, second = scene.rng.sample(among, 2)
    return first, second


def _filing(form: str, fields: Mapping[str, str]) -> list[Call]:
    fills = [step("form_fill", form=form, field=name, value=v) for name, v in fields.items()]
    return [*fills, step("form_submit", form=form)]


def _mailing(to: str, body: str) -> list[Call]:
    draft = step("mail_draft", to=to, subject="For your information", body=body)
    return [draft, step("mail_send")]


def _field(form: str, field: str) -> str:
    filed = f"select distinct id from submission where form = {quote(form)}"  # noqa: S608 - ours
    value = f"select trim(value) from submission s where s.id = filed.id and field = {quote(field)}"  # noqa: S608 - ours
    return (
        f"select coalesce(nullif(({value}), ''), 'none') as value from ({filed}) filed"  # noqa: S608 - ours
        f" where 'submission:' || id {_ADDED}"
    )


def _named(values: str, ways: Mapping[str, Sequence[str]], *, free: bool = False) -> str:
    """Which one of several names a value holds, `none` where it is empty, and else `other`.

    Args:
        values: The query for the value.
        ways: By name the texts that stand for it.
        free: Whether the value holds much else, so that it counts as `none` without any name.
    """
    held = {
        name: "("
        + " or ".join(f"instr(lower(value), lower({quote(way)})) > 0" for way in texts)
        + ")"
        for name, texts in ways.items()
    }
    nothing = "1" if free else "lower(value) in ('', 'none')"
    cases = [
        f"when {' + '.join(held.values())} > 1 then 'other'",
        *(f"when {test} then {quote(name)}" for name, test in held.items()),
        f"when {nothing} then 'none'",
    ]
    return f"select case {' '.join(cases)} else 'other' end from ({values})"  # noqa: S608 - ours


def _alike(names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    return {name: (name,) for name in names}


def _meeting(title: str, day: object, start: str, guest: Person) -> Call:
    return step(
        "calendar_add", title=title, day=str(day), start=start, minutes=45, attendees=guest.mail
    )


def _once(name: str, table: str, **wanted: Wanted) -> Query:
    same = " and ".join(
        f"{column} = {value if isinstance(value, int) else quote(str(value))}"
        for column, value in wanted.items()
    )
    sql = f"select count(*) from {table} where '{table}:' || id {_ADDED} and {same}"  # noqa: S608 - ours
    return Query(name=name, sql=sql, rows=((1,),))


def _with(mail: str) -> Query:
    return Query(
        name=f"with {mail}",
        sql=f"select count(*) from event where 'event:' || id {_ADDED} and "  # noqa: S608 - ours
        f"instr(lower(attendees), lower({quote(mail)})) > 0",
        rows=((1,),),
    )


def _mailed(to: str, code: str) -> Query:
    """A mail to somebody, whoever else gets it."""
    return Query(
        name=f"a mail to {to}",
        sql=f"select count(*) from message where {_SENT} and "  # noqa: S608 - ours
        f"instr(lower(recipients), lower({quote(to)})) > 0 and "
        f"instr(lower(subject || ' ' || body), lower({quote(code)})) > 0",
        rows=((1,),),
    )
