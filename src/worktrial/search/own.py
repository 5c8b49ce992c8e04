"""One's own tasks as items: what is wanted is the task's own graph; there is no world to search."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from worktrial.errors import ConfigError
from worktrial.search.goal import normal
from worktrial.search.items import (
    IMPATIENT_TURNS,
    Constraint,
    Persona,
    SearchCourse,
    SearchItem,
    Stage,
    Triple,
    custom_course,
    draw_items,
)
from worktrial.search.layout import plain
from worktrial.search.styles import PHRASES
from worktrial.search.tasks import Task, read_tasks
from worktrial.search.topics import Attribute, Relation, Topic
from worktrial.search.triggers import attributes_of, kind_of
from worktrial.search.words import read_line

OWN = "own"
"""Key of the topic of every task of one's own, and their stratum."""
_LONGEST_ID = 80
_TURNS_A_STAGE = 2


def intents(
    course: str,
    *,
    seed: int,
    items: int | None = None,
    pages: int | None = None,
    topics: Sequence[str] = (),
    tasks: Path | None = None,
) -> tuple[SearchCourse, list[SearchItem]]:
    """What is asked for: a course's fresh intents, or one's own tasks.

    Args:
        course: A named course.
        seed: Of the world and the intents; with tasks, of the calls alone.
        items: Instead of the course's; of tasks the first so many, all by default.
        pages: Of the world, instead of the course's; not with tasks.
        topics: Of fresh intents; not with tasks.
        tasks: A file of one's own.

    Raises:
        ConfigError: If it cannot be carried out.
    """
    if tasks is None:
        chosen = custom_course(course, items=items, pages=pages)
        return chosen, draw_items(chosen, seed=seed, topics=topics)
    for name, given in (("pages", pages), ("topics", topics)):
        if given:
            raise ConfigError(
                f"`{name}` is of the world that is searched, and `tasks` bring none; got {given}; "
                "leave out one of the two"
            )
    found = own_items(tasks, seed=seed, items=items)
    return own_course(custom_course(course), found), found


def own_course(course: SearchCourse, items: Sequence[SearchItem]) -> SearchCourse:
    """A course for one's own tasks: all of them, no pages, and turns enough for every stage."""
    stages = max(len(item.persona.stages) for item in items)
    turns = max(course.turns, _TURNS_A_STAGE * stages)
    return course.model_copy(
        update={"items": len(items), "pages": 0, "stages": stages, "turns": turns}
    )


def own_items(path: Path, *, seed: int, items: int | None = None) -> list[SearchItem]:
    """Make an item of every task of a file, in its order.

    Args:
        path: The file.
        seed: From which the calls draw theirs.
        items: Only the first so many.

    Raises:
        ConfigError: If the file or a task of it cannot be taken.
    """
    tasks = read_tasks(path)
    if items is not None and not 1 <= items <= len(tasks):
        raise ConfigError(
            f"`items` must be 1 to {len(tasks)}, as many tasks as {path} holds; got {items}"
        )
    names: dict[str, None] = {}
    for task in tasks:
        names[_id(task.task_id, names)] = None
    return [
        _item(task, name, seed, path) for task, name in list(zip(tasks, names, strict=True))[:items]
    ]


def _id(task_id: str, others: dict[str, None]) -> str:
    """A name that every file system and table takes, unlike the others."""
    name = re.sub(r"[^\w.-]+", "_", task_id)[:_LONGEST_ID]
    number, fresh = 2, name
    while fresh in others:
        number, fresh = number + 1, f"{name}_{number}"
    return fresh


def _item(task: Task, name: str, seed: int, path: Path) -> SearchItem:
    _must_be_sayable(task, path)
    topic = _topic(task)
    persona = _persona(task, topic.attributes)
    _must_be_told_apart(task, topic, persona, path)
    goal = _goal(task, topic)
    subject = Counter(triple.head for triple in goal).most_common(1)[0][0]
    return SearchItem(
        id=name,
        topic=OWN,
        own=topic,
        subject=subject,
        scope="",
        admissible=_shown(task, subject, goal),
        wanted=tuple(relation.key for relation in topic.relations),
        goal=goal,
        vague=task.initial_query,
        complete=task.final_query,
        shards=(task.initial_query, *(stage.line for stage in persona.stages)),
        persona=persona,
        world_seed=seed,
        pages=0,
    )


def _topic(task: Task) -> Topic:
    """What the task is about: an attribute a stage, a relation for each name of one."""
    stages = task.user_persona.stages
    labels = dict.fromkeys(_plain(edge.relation) for edge in task.triples)
    return Topic(
        key=OWN,
        noun="answer",
        plural="answers",
        scope_label="",
        scopes=(),
        attributes=tuple(
            attributes_of([s.trigger for s in stages], [s.line for s in stages], task.initial_query)
        ),
        relations=tuple(
            Relation(f"relation_{number}", label, "text") for number, label in enumerate(labels, 1)
        ),
        link="",
    )


def _persona(task: Task, attributes: Sequence[Attribute]) -> Persona:
    style = task.user_persona.style
    stages = zip(task.user_persona.stages, attributes, strict=True)
    return Persona(
        style=style,
        patience=IMPATIENT_TURNS if style == "impatient" else None,
        stages=tuple(
            Stage(
                constraint=Constraint(attribute=of.key, operator="is", value=given.line),
                trigger=kind_of(given.trigger),
                line=given.line,
            )
            for given, of in stages
        ),
    )


def _must_be_sayable(task: Task, path: Path) -> None:
    """A name must be left when an answer is read without its markdown."""
    nodes = ((f"nodes.{at}.node_name", node.node_name) for at, node in enumerate(task.nodes))
    edges = ((f"triples.{at}.relation", edge.relation) for at, edge in enumerate(task.triples))
    for field, name in (*nodes, *edges):
        if not plain(_plain(name)):
            raise ConfigError(
                f"`--tasks` {path}: task {task.task_id[:80]!r}: `{field}` must be more than marks "
                f"of markdown; got {name[:80]!r}: write it in words"
            )


def _must_be_told_apart(task: Task, topic: Topic, persona: Persona, path: Path) -> None:
    """A line must not be what a simulated user of this style says anyway."""
    for act, phrases in PHRASES[persona.style].items():
        for phrase in phrases:
            told = read_line(phrase.format(line="", what=""), topic).said
            if told:
                raise ConfigError(
                    f"`--tasks` {path}: task {task.task_id[:80]!r}: `user_persona`: a line must "
                    f"tell something; got {told[0].value!r}, which the simulated user also says "
                    f"where it has nothing to tell ({act}): write it out"
                )


def _goal(task: Task, topic: Topic) -> tuple[Triple, ...]:
    names = {node.node_id: _plain(node.node_name) for node in task.nodes}
    keys = {relation.label: relation.key for relation in topic.relations}
    triples = (
        Triple(
            head=names[edge.head_id],
            relation=keys[_plain(edge.relation)],
            tail=names[edge.tail_id],
        )
        for edge in task.triples
    )
    return tuple(dict.fromkeys(triples))


def _shown(task: Task, subject: str, goal: Sequence[Triple]) -> tuple[str, ...]:
    """The names by which something is shown: of the goal's nodes, those that are news."""
    names = dict.fromkeys([subject, *(n for triple in goal for n in (triple.head, triple.tail))])
    vague = f" {normal(task.initial_query)} "
    new = tuple(name for name in names if f" {normal(name)} " not in vague)
    return new or tuple(names)


def _plain(name: str) -> str:
    """A name in one line, without the sign that parts a line of an answer."""
    return " ".join(name.replace("|", "/").split())
