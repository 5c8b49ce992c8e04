"""Shifts within a task: the user says something, sees what came of it, and wants something else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from worktrial.office.content import QUEUES, Person
from worktrial.readiness.goals import (
    at,
    booked,
    event_is,
    file_is,
    nothing_else,
    on,
    quote,
    sent,
    submitted,
    ticket_is,
)
from worktrial.readiness.items import Call, Query, Session
from worktrial.readiness.scene import Scene, step, told


class ShiftDraft(NamedTuple):
    """A shift as a family writes it.

    Attributes:
        told: The final request at once.
        apart: One conversation of two turns.
        goal: What must hold at the end.
        meanwhile: What must hold at the end of the first turn.
    """

    told: Session
    apart: Session
    goal: tuple[Query, ...]
    meanwhile: tuple[Query, ...]


class Shift(NamedTuple):
    """A family of shifts.

    Attributes:
        name: What it is called.
        apps: What it is done with.
        write: Writes one for a scene.
    """

    name: str
    apps: tuple[str, ...]
    write: Callable[[Scene], ShiftDraft]


def _turns(*turns: tuple[str, Sequence[Call], str]) -> Session:
    requests, plans, answers = zip(*turns, strict=True)
    return Session(turns=requests, plans=tuple(map(tuple, plans)), answers=answers)


# --- mail ---


def send_changed(scene: Scene) -> ShiftDraft:
    """A draft is made; then a day in it changes, and it is to be sent."""
    guest, project, code = scene.person(), scene.project(), scene.code("Hall ")
    first, second, start = scene.day(3, 20), scene.day(30, 50), scene.hour()
    subject = f"Review of {project.name}"

    def body(day: object) -> str:
        return f"The review of {project.name} is on {day} at {start}, in {code}."

    asks = f"a mail to {guest.name}: the review of {project.name} is on {{}} at {start}, in {code}."
    drafts = step("mail_draft", to=guest.mail, subject=subject, body=body(first))
    return ShiftDraft(
        told(
            f"Please send {asks.format(second)}",
            [
                step("mail_draft", to=guest.mail, subject=subject, body=body(second)),
                step("mail_send"),
            ],
            "The mail is sent.",
        ),
        _turns(
            (f"Please draft {asks.format(first)} Do not send it yet.", [drafts], "It is drafted."),
            (
                f"The day has changed to {second}; the rest stays as it is. Put that right and "
                "send the mail.",
                [step("mail_edit", body=body(second)), step("mail_send")],
                "The mail is sent.",
            ),
        ),
        (
            sent(guest.mail, holds=(project.name, on(second), at(start), code), omits=on(first)),
            nothing_else(message=1),
        ),
        (_drafted(1, code), _unsent(), nothing_else(message=1)),
    )


def narrow_audience(scene: Scene) -> ShiftDraft:
    """A draft is made for three; then one of them is left out, and it is to be sent."""
    three, code = [scene.person() for _ in range(3)], scene.code()
    left = [who for who in three if who is not three[1]]
    body = f"The new reference of our contract is {code}. Please use it from now on."
    asks = "one mail to {}: the new reference of our contract is " + code + "."

    def draft(people: Sequence[Person]) -> Call:
        return step(
            "mail_draft", to=", ".join(p.mail for p in people), subject="New reference", body=body
        )

    return ShiftDraft(
        told(
            f"Please send {asks.format(_names(left))}",
            [draft(left), step("mail_send")],
            "The mail is sent.",
        ),
        _turns(
            (
                f"Please draft {asks.format(_names(three))} Do not send it yet.",
                [draft(three)],
                "It is drafted.",
            ),
            (
                f"Leave {three[1].name} out of it; the others get it as it is. Send it.",
                [step("mail_edit", to=", ".join(p.mail for p in left)), step("mail_send")],
                "The mail is sent to the two.",
            ),
        ),
        (sent([p.mail for p in left], holds=(code,)), nothing_else(message=1)),
        (_drafted(1, code), _unsent(), nothing_else(message=1)),
    )


def stop_part(scene: Scene) -> ShiftDraft:
    """Two drafts are made; then one is stopped, and the other is to be sent."""
    one, two = scene.person(), scene.person()
    code, other = scene.code(), scene.code()
    kept = step("mail_draft", to=one.mail, subject=f"Order {code}", body=f"Order {code} is ready.")
    gone = step(
        "mail_draft", to=two.mail, subject=f"Order {other}", body=f"Order {other} is ready."
    )
    return ShiftDraft(
        told(
            f"Please send a mail to {one.name}: the order {code} is ready. There is to be no mail "
            f"to {two.name}, not even a draft.",
            [kept, step("mail_send")],
            f"The mail to {one.name} is sent.",
        ),
        _turns(
            (
                f"Please draft two mails: to {one.name}, that the order {code} is ready, and to "
                f"{two.name}, that the order {other} is ready. Do not send them yet.",
                [kept, gone],
                "Both are drafted.",
            ),
            (
                f"Stop the one to {two.name} after all: throw that draft away. Send the one to "
                f"{one.name}.",
                # The latest draft goes first, so that the other one is the last that is left.
                [step("mail_discard"), step("mail_send")],
                f"The mail to {one.name} is sent, the other draft is gone.",
            ),
        ),
        (sent(one.mail, holds=(code,), omits=(other,)), _undrafted(), nothing_else(message=1)),
        (_drafted(1, code), _drafted(1, other), _unsent(), nothing_else(message=2)),
    )


# --- calendar ---


def plan_then_do(scene: Scene) -> ShiftDraft:
    """A move of a meeting is to be told, not done; then it is to be done, at another hour."""
    guest, code = scene.person(), scene.code()
    was, day = scene.day(3, 20), scene.day(60, 90)
    start, later = "09:30", scene.rng.choice(("13:00", "14:30", "16:00"))
    title = f"Inspection {code}"
    event = scene.event(title, was, "11:00", 60, [guest])
    row = scene.rows[-1]
    looks = step("calendar_list", first_day=was.isoformat(), last_day=was.isoformat())
    moves = step("calendar_change", event=event, day=day.isoformat(), start=later)
    return ShiftDraft(
        told(
            f"Please move my meeting `{title}` of {was} to {day} at {later}.",
            [looks, moves],
            "It is moved.",
        ),
        _turns(
            (
                f"I want to move my meeting `{title}` of {was} to {day} at {start}. Tell me first "
                "what you would change; do not change anything yet.",
                [looks],
                f"I would set the event {event} to {day} at {start}.",
            ),
            (f"Good, do that, but at {later} instead.", [moves], f"It is on {day} at {later}."),
        ),
        (event_is(row, day=day.isoformat(), start=later), nothing_else(event=1)),
        (event_is(row), nothing_else()),
    )


def move_day(scene: Scene) -> ShiftDraft:
    """A meeting is booked; then it is to be on another day."""
    guest, code = scene.person(), scene.code()
    # A day without anything else, so that the event is the last that its list names.
    first, second, start = scene.free_day(), scene.day(200, 220), scene.hour()
    title = f"Talk {code}"

    def books(day: object) -> Call:
        return step(
            "calendar_add", title=title, day=str(day), start=start, minutes=45, attendees=guest.mail
        )

    asks = f"Please book a meeting `{title}` with {guest.name} on {{}} at {start} for 45 minutes."
    return ShiftDraft(
        told(asks.format(second), [books(second)], "It is booked."),
        _turns(
            (asks.format(first), [books(first)], f"It is booked for {first}."),
            (
                f"{first} does not suit after all. Make it {second}, all else as it is.",
                [
                    step("calendar_list", first_day=str(first), last_day=str(first)),
                    step("calendar_change", event="{last}", day=second.isoformat()),
                ],
                f"It is on {second} now.",
            ),
        ),
        (_booked(second, start, guest, code), _planned(1), _only("event")),
        (_booked(first, start, guest, code), _planned(1), nothing_else(event=1)),
    )


# --- forms ---


def larger_room(scene: Scene) -> ShiftDraft:
    """A room is chosen for a few people; then there are more, and it is to be asked for."""
    seats = sorted(scene.rng.sample(range(4, 30), 5))
    rooms = scene.rng.sample(("Wyvern", "Pascal", "Quayle", "Fenwick", "Umber"), 5)
    few, many = seats[1] - 1, seats[3] - 1
    # A list that is not in order of size: the smallest that is large enough has to be found.
    lines = scene.rng.sample([f"{r}: {n} seats" for r, n in zip(rooms, seats, strict=True)], 5)
    path = scene.file(f"rooms/{scene.code()}.txt", "\n".join(lines) + "\n")
    day, start = scene.day(5, 30).isoformat(), scene.hour()
    small, large = (
        next(room for room, n in zip(rooms, seats, strict=True) if n >= people)
        for people in (few, many)
    )

    def fields(people: int, room: str) -> dict[str, str]:
        return {
            "day": day, "start": start, "minutes": "60", "people": str(people), "room": room,
        }  # fmt: skip

    asks = (
        f"the room form for {day} at {start}, 60 minutes, {{}} people, with the smallest room of "
        f"the list {path} that is large enough. No equipment, no catering."
    )
    final = fields(many, large)
    return ShiftDraft(
        told(
            f"Please submit {asks.format(many)}",
            [step("file_read", path=path), *_fills("room", final), _submits("room")],
            f"Submitted, with the room {large}.",
        ),
        _turns(
            (
                f"Please fill in {asks.format(few)} Do not submit it yet.",
                [step("file_read", path=path), *_fills("room", fields(few, small))],
                f"It is filled in, with the room {small}.",
            ),
            (
                f"We are {many} people now. Put people and room right, then submit it.",
                [*_fills("room", {"people": str(many), "room": large}), _submits("room")],
                f"Submitted, with the room {large}.",
            ),
        ),
        (submitted("room", final | {"room": (large,)}), nothing_else(submission=1)),
        (_entered("room", "people", str(few)), _entered("room", "room", small), nothing_else()),
    )


def smaller_budget(scene: Scene) -> ShiftDraft:
    """The best thing within a budget is chosen; then the budget is cut, and it is to be ordered."""
    prices = sorted(scene.rng.sample(range(120, 900, 7), 5))
    names = [f"{kind} {scene.code()}" for kind in scene.rng.sample(_THINGS, 1) * 5]
    high, low = prices[3] + 3, prices[1] + 3
    lines = scene.rng.sample([f"{n}: {p} EUR" for n, p in zip(names, prices, strict=True)], 5)
    path = scene.file(f"offers/{scene.code()}.txt", "\n".join(lines) + "\n")
    desk = scene.user.desk

    def fields(item: str) -> dict[str, str]:
        return {"item": item, "quantity": "1", "deliver_to": desk}

    asks = (
        f"the equipment form for one piece from the list {path}, the dearest that costs at most "
        f"{{}} EUR; it goes to my desk, {desk}. Leave all other fields empty."
    )
    final = fields(names[1])
    return ShiftDraft(
        told(
            f"Please submit {asks.format(low)}",
            [step("file_read", path=path), *_fills("equipment", final), _submits("equipment")],
            f"Submitted: {names[1]}.",
        ),
        _turns(
            (
                f"Please fill in {asks.format(high)} Do not submit it yet.",
                [step("file_read", path=path), *_fills("equipment", fields(names[3]))],
                f"It is filled in: {names[3]}.",
            ),
            (
                f"My budget was cut to {low} EUR. Choose again by the same rule, then submit it.",
                [*_fills("equipment", {"item": names[1]}), _submits("equipment")],
                f"Submitted: {names[1]}.",
            ),
        ),
        (
            submitted(
                "equipment", {**final, "item": (names[1].split()[1],), "deliver_to": (desk,)}
            ),
            nothing_else(submission=1),
        ),
        (_entered("equipment", "item", names[3].split()[1]), nothing_else()),
    )


# --- tickets and files ---


def other_person(scene: Scene) -> ShiftDraft:
    """A ticket is given to somebody; then it is to be somebody else's."""
    one, two, code = scene.person(), scene.person(), scene.code()
    ticket = scene.ticket(
        f"Badge reader {code}", f"The badge reader {code} beeps.", scene.rng.choice(QUEUES)
    )
    row = scene.rows[-1]
    asks = f"Please give the ticket {ticket} (badge reader {code}) to {{}}, at the priority high."
    return ShiftDraft(
        told(asks.format(two.name), [_assigns(ticket, two)], f"{two.name} has it."),
        _turns(
            (asks.format(one.name), [_assigns(ticket, one)], f"{one.name} has it."),
            (
                f"{one.name} is away. {two.name} is to have it instead; the priority stays.",
                [step("ticket_change", ticket=ticket, assignee=two.name)],
                f"{two.name} has it now.",
            ),
        ),
        (ticket_is(row, assignee=two, priority="high"), nothing_else(ticket=1)),
        (ticket_is(row, assignee=one, priority="high"), nothing_else(ticket=1)),
    )


def other_list(scene: Scene) -> ShiftDraft:
    """A list is written; then one line of it is dropped and the order turned round."""
    names = [scene.person().name for _ in range(4)]
    path = f"lists/{scene.code()}.txt"
    final = [*reversed(names[:3])]

    def writes(lines: Sequence[str]) -> Call:
        return step("file_write", path=path, text="\n".join(lines) + "\n")

    asks = f"Please write the file `{path}` with these names, one a line and nothing else: "
    return ShiftDraft(
        told(f"{asks}{', '.join(final)}.", [writes(final)], "It is written."),
        _turns(
            (f"{asks}{', '.join(names)}.", [writes(names)], "It is written."),
            (
                f"Take {names[3]} out, and turn the order of the others round.",
                [writes(final)],
                "It is changed.",
            ),
        ),
        (file_is(path, "\n".join(final)), nothing_else(file=1)),
        (file_is(path, "\n".join(names)), nothing_else(file=1)),
    )


SHIFTS: Mapping[str, Shift] = {
    write.__name__: Shift(write.__name__, apps, write)
    for write, apps in (
        (send_changed, ("mail",)),
        (narrow_audience, ("mail",)),
        (stop_part, ("mail",)),
        (plan_then_do, ("calendar",)),
        (move_day, ("calendar",)),
        (larger_room, ("forms", "files")),
        (smaller_budget, ("forms", "files")),
        (other_person, ("tickets",)),
        (other_list, ("files",)),
    )
}
"""Every family of shifts by name."""

# --- what they are made of ---

_THINGS = ("monitor", "scanner", "chair", "projector")
_TOUCHED = "in (select target from change)"


def _names(people: Sequence[Person]) -> str:
    *others, last = [person.name for person in people]
    return f"{', '.join(others)} and {last}"


def _assigns(ticket: str, person: Person) -> Call:
    return step("ticket_change", ticket=ticket, assignee=person.name, priority="high")


def _fills(form: str, fields: Mapping[str, str]) -> list[Call]:
    return [step("form_fill", form=form, field=name, value=v) for name, v in fields.items()]


def _submits(form: str) -> Call:
    return step("form_submit", form=form)


def _booked(day: date, start: str, guest: Person, code: str) -> Query:
    return booked(day, start, 45, [guest], title=(code,))


def _count(name: str, table: str, number: int, *conditions: str) -> Query:
    where = " and ".join((f"'{table}:' || id {_TOUCHED}", *conditions))
    return Query(name=name, sql=f"select count(*) from {table} where {where}", rows=((number,),))  # noqa: S608 - ours


def _planned(number: int) -> Query:
    return _count("events that are planned", "event", number, "status = 'planned'")


def _unsent() -> Query:
    return _count("nothing is sent", "message", 0, "box = 'sent'")


def _undrafted() -> Query:
    return _count("no draft is left", "message", 0, "box = 'draft'")


def _drafted(number: int, code: str) -> Query:
    holds = f"instr(lower(subject || ' ' || body), lower({quote(code)})) > 0"
    return _count(f"a draft that holds {code}", "message", number, "box = 'draft'", holds)


def _entered(form: str, field: str, value: str) -> Query:
    return Query(
        name=f"{field} of the form {form}",
        sql=f"select count(*) from entry where form = {quote(form)} and field = {quote(field)} and "  # noqa: S608 - ours
        f"instr(lower(value), lower({quote(value)})) > 0",
        rows=((1,),),
    )


def _only(table: str) -> Query:
    """Nothing of any other kind was written."""
    kind = "substr(target, 1, instr(target, ':') - 1)"
    return Query(
        name="nothing else",
        sql=f"select distinct {kind} from change where {kind} not in ('memory', {quote(table)})",  # noqa: S608 - ours
        rows=(),
    )
