"""Subtitles to work on, and files that lie beside them."""

import textwrap
from decimal import Decimal
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.subtitles.format import BREAK, CUE, SRT
from worktrial.documents.table import CSV, ROW
from worktrial.documents.unit import Files, Unit, Value

_OPENINGS = (
    "Listen.", "Wait.", "No.", "I know.", "Fine, then.", "Look at me.", "It's late.",
    "You were right.", "Be honest.", "Not here.", "Give me a minute.", "I had no choice.",
    "Sit down.", "Forget it.", "That's the point.", "Nobody saw us.", "Of course.",
    "Don't laugh.", "Slow down.", "I'm asking you.", "Good morning.", "Enough.",
)  # fmt: skip
_LINES = (
    "The last ferry to {city} left an hour ago.", "{name} never told me about the {good}.",
    "Who gave you the key to the {place}?", "We can reach {city} before the storm.",
    "I found your letter under the {good}.", "There are {number} steps down to the {place}.",
    "She said {number} people were on that boat.", "Did {name} call from {city} last night?",
    "Your brother sold the {good} for {number} crowns.",
    "My father built the {place} with his hands.",
    "If {name} asks, we spent the night in {city}.", "They closed the {place} in {month}.",
    "Meet me behind the {place} at {hour}.", "I can't pay {number} by {month}.",
    "Why is there blood on the {good}?", "The whole town talks about {name}.",
    "Take the {good} and walk to the {place}.", "Someone has been in the {place} again.",
    "You promised to come back in {month}.", "{name} still owes me {number} for the {good}.",
    "Do you remember the summer in {city}?", "Room {number}, the one above the {place}.",
    "He left {city} with nothing but a {good}.", "At {hour} the lights in the {place} go out.",
    "I was {number} days at sea when {name} wrote.", "Let {name} carry the {good} for once.",
)  # fmt: skip
_PLACES = (
    "lighthouse", "boathouse", "cellar", "chapel", "old mill", "station", "bakery", "greenhouse",
    "harbour office", "cinema", "attic", "quarry", "orchard", "ballroom",
)  # fmt: skip
_SOUNDS = (
    "door slams", "thunder in the distance", "radio crackles", "engine starts", "glass shatters",
    "footsteps overhead", "gulls crying", "telephone rings", "crowd murmurs", "train whistle",
)  # fmt: skip
_TITLES = (
    "harbour_lights", "the_ninth_ferry", "cold_orchard", "salt_and_glass", "winter_keys",
)  # fmt: skip


def generate(rng: Random, size: int) -> Files:
    """A film's dialogue, with sounds and voices off."""
    cast = [name.upper() for name in rng.sample(content.FIRST_NAMES, rng.randint(3, 5))]
    cues = []
    time = rng.randrange(800, 90_000)
    for i in range(max(5, round(size / 26))):
        speaker = cast[i] if i < len(cast) else rng.choice([*cast, *cast, None])
        cue, end = _cue(rng, time, speaker)
        cues.append(cue)
        time = end + rng.choice((80, 120, 400, 1500, 6000)) + rng.randrange(400)
    return {f"{rng.choice(_TITLES)}.srt": SRT.render(cues)}


def distractors(rng: Random, size: int) -> Files:
    """A call sheet and production notes."""
    rows = [_call(rng, code) for code in content.codes(rng, "SC", max(3, size // 40))]
    return {
        "call_sheet.csv": CSV.render(rows),
        "production_notes.md": content.memo(rng, size // 2),
    }


def _speech(rng: Random) -> str:
    line = rng.choice(_LINES).format(
        city=rng.choice(content.CITIES),
        name=rng.choice(content.FIRST_NAMES),
        good=rng.choice(content.GOODS),
        place=rng.choice(_PLACES),
        month=rng.choice(content.MONTHS),
        number=rng.randint(3, 900),
        hour=f"{rng.randint(1, 12)}:{rng.randrange(60):02}",
    )
    return f"{rng.choice(_OPENINGS)} {line}" if rng.random() < 0.4 else line


def _cue(rng: Random, start: int, speaker: str | None) -> tuple[Unit, int]:
    """A cue, and when it ends."""
    sound = f"[{rng.choice(_SOUNDS)}]" if rng.random() < 0.5 else f"<i>{_speech(rng)}</i>"
    text = _speech(rng) if speaker else sound
    end = start + 900 + 45 * len(text) + rng.randrange(600)
    fields: dict[str, Value] = {"start": Decimal(start), "end": Decimal(end)}
    if speaker:
        fields["speaker"] = speaker
    text = BREAK.join(textwrap.wrap(text, 38))
    return Unit(CUE, fields, key="start", text=text), end


def _call(rng: Random, code: str) -> Unit:
    return Unit(
        ROW,
        {
            "scene": code,
            "date": content.day(rng).isoformat(),
            "set": f"{rng.choice(_PLACES)}, {rng.choice(content.CITIES)}",
            "contact": content.person(rng),
            "pages": Decimal(rng.randint(1, 60)) / 8,
        },
    )
