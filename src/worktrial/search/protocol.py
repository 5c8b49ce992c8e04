"""What defines a search as a measurement."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered, records
from worktrial.search import arms as asked
from worktrial.search.arms import Arm
from worktrial.search.asking import NameIndex, hear
from worktrial.search.claims import read_claims
from worktrial.search.goal import read_goal, score_goal
from worktrial.search.items import STYLES, SearchCourse, SearchItem, draw_items
from worktrial.search.lexicon import lexicon
from worktrial.search.reader import READER_VERSION
from worktrial.search.scoring import SCORER_VERSION, score_answer
from worktrial.search.simulate import converse
from worktrial.search.styles import PHRASES
from worktrial.search.task import TASK_VERSION
from worktrial.search.tools import Desk, engine
from worktrial.search.topics import TOPICS
from worktrial.search.voicing import VOICE_VERSION
from worktrial.search.world import world

SEARCH_TASK = "worktrial/search"
"""The name under which Inspect knows the search."""
_PROBE = SearchCourse(items=6, pages=200, stages=4, turns=8, calls=12, tokens=1000)
_PROBE_SEED = 0


def measurement(
    course: SearchCourse,
    items: Sequence[SearchItem],
    *,
    seed: int,
    arms: Sequence[str],
    replicates: int = 1,
    voice: str | None = None,
    reader: str | None = None,
    tasks: str | None = None,
) -> Measurement:
    """The search's part of a manifest; content by its hash.

    Args:
        course: How large the search is.
        items: What is sampled.
        seed: From which the world and the items follow.
        arms: Under which each item is run.
        replicates: How often.
        voice: The model that puts the simulated user's lines into words, if one does.
        reader: The model that reads answers, if one does.
        tasks: SHA-256 of the file, where the items are one's own tasks.
    """
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course=course.model_dump(mode="json"),
        items={item.id: digest(item.model_dump(mode="json")) for item in items},
        arms={name: arm_hash(asked.arm(name)) for name in arms},
        primary=asked.WORK.name if asked.WORK.name in arms else arms[0],
        replicates=replicates,
        stop={
            "turns": course.turns,
            "calls": f"{course.calls} a turn",
            "tokens": f"{course.tokens} a call",
            "patience": "by persona: turns without anything new",
        },
        scorer=scorer(),
        user={
            "styles": list(STYLES),
            "behaviour_sha256": _user_hash(),
            "matcher_sha256": _matcher_hash(),
            "voice": f"{voice}, prompt {VOICE_VERSION}" if voice else "templates",
        },
        judge={"reader": reader, "prompt_sha256": READER_VERSION} if reader else None,
        settings={
            "topics": list(dict.fromkeys(item.topic for item in items)),
            **({"tasks": tasks} if tasks else {}),
        },
    )


@cache
def arm_hash(arm: Arm) -> str:
    """Hash all that an arm says to a worker and allows it, apart from the items."""
    items = draw_items(_PROBE, seed=_PROBE_SEED)
    today = world(_PROBE_SEED, _PROBE.pages).today
    return digest(
        {
            "version": asked.PROMPT_VERSION,
            "system": [arm.system(item, today) for item in items],
            "told": arm.told,
            "user": arm.user,
            "questions": arm.least_questions,
            "tools": _tools(),
        }
    )


def _tools() -> list[Mapping[str, Any]]:
    from inspect_ai.tool import ToolDef

    tools = (ToolDef(tool) for tool in Desk(engine(_PROBE_SEED, _PROBE.pages)).tools())
    return [
        {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters.model_dump(exclude_none=True),
        }
        for tool in tools
    ]


@cache
def _user_hash() -> str:
    """What the simulated user says in every style, and what it says to one who asks everything."""
    asked_for = asked.ARMS["forced_ask"]
    talks = [
        converse("interrogator", item, asked_for, turns=_PROBE.turns)
        for item in draw_items(_PROBE, seed=_PROBE_SEED)
    ]
    said = [[exchange.user for exchange in talk.exchanges] for talk in talks]
    return digest({"phrases": PHRASES, "said": said})


@cache
def _matcher_hash() -> str:
    """What the matcher hears in the labelled utterances on which it was made."""
    text = (files(__package__) / "labelled" / "development.jsonl").read_text("utf-8")
    nobody = NameIndex(())
    entries = [json.loads(line) for line in text.splitlines()]
    return digest(
        [
            [heard.asks, heard.mentions]
            for entry in entries
            for heard in [hear(entry["text"], TOPICS[entry["topic"]], nobody)]
        ]
    )


@cache
def scorer() -> Scorer:
    """This version's scorer: its declared version, and the hash of what it makes of a probe.

    The probe is a small world, its intents, and for each a right answer, half of one, one in prose,
    and one about somebody else, each scored within the world and against the goal alone.
    """
    place = world(_PROBE_SEED, _PROBE.pages)
    names = lexicon(place)
    scores = []
    for item in draw_items(_PROBE, seed=_PROBE_SEED):
        for answer in _answers(item):
            claims = read_claims(answer, item.about, names).triples
            found = score_answer(item, claims, place, ())
            scores.append([found.precision, found.recall, found.f1, found.intents_met])
            alone = score_goal(item, read_goal(answer, item))
            scores.append([alone.precision, alone.recall, alone.f1])
    rounded = [[None if v is None else round(v, 9) for v in row] for row in scores]
    return Scorer(version=SCORER_VERSION, sha256=digest(rounded))


def _answers(item: SearchItem) -> list[str]:
    topic = item.about
    lines = [f"{t.head} | {topic.relation(t.relation).label} | {t.tail}" for t in item.goal]
    prose = [f"The {topic.relation(t.relation).label} of {t.head} is {t.tail}." for t in item.goal]
    other = next(name for name in item.admissible if name != item.subject)
    return [
        "\n".join(lines),
        lines[0],
        " ".join(prose),
        "\n".join(line.replace(item.subject, other) for line in lines),
    ]


def checklist(*, own: bool = False) -> list[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as the search can answer it by itself.

    Args:
        own: Whether the items are tasks of one's own, of which less is known.
    """
    unmet = _NOT_OF_OWN if own else {}
    return records(
        [
            answer._replace(met=False, shown_by=unmet[answer.question])
            if answer.question in unmet
            else answer
            for answer in _CHECKLIST
        ]
    )


_CHECKLIST: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "Residual state of one sample cannot reach another", True,
         "every conversation has a desk of its own; the pages cannot be changed"),
        ("task validity", "The worker cannot reach the answers", True,
         "goal and persona stay outside the conversation; nothing of a worker's is executed"),
        ("task validity", "Doing nothing is not success", True,
         "incidental.instrument: the null worker"),
        ("task validity", "The ambiguity is real", True,
         "a program proves of every item that several fit its vague request and one its complete"),
        ("outcome validity", "Outcomes are checked by a program", True,
         "measurement.scorer; a model that reads answers is named in measurement.judge"),
        ("outcome validity", "Success by guessing is known", True,
         "the reference worker premature: one in as many as fit; by structure one in five"),
        ("outcome validity", "Correct answers in another form are not punished", True,
         "aliases, units and dates are read alike, held by tests; the reading's error is measured"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcomes infrastructure, environment_fault and user_fault: missing data, counted"),
        ("reporting", "The simulated user is compared with people", False, "no person was asked"),
        ("reporting", "The items are known not to be in training data", True, "drawn from a seed"),
    )
)  # fmt: skip
_NOT_OURS = "the tasks are one's own"
_NOT_OF_OWN: Mapping[str, str] = {
    "The worker cannot reach the answers": f"{_NOT_OURS}, and so are the worker's tools",
    "Residual state of one sample cannot reach another": "the worker's tools are its own",
    "The ambiguity is real": f"{_NOT_OURS}: no world proves it",
    "Success by guessing is known": f"{_NOT_OURS}: nobody counts what else would fit",
    "Correct answers in another form are not punished": (
        "names are compared without case, accents and punctuation; aliases are not known"
    ),
    "The items are known not to be in training data": _NOT_OURS,
}
"""What cannot be shown of tasks of one's own, and why."""
