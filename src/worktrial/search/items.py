"""What is sampled: a person's intent, said completely, said vaguely, and told in stages."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import lcm
from random import Random
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.search.graph import Family
from worktrial.search.pages import spoken_dates
from worktrial.search.topics import TOPICS, Attribute, Topic
from worktrial.search.world import LEAST_PAGES, MOST_PAGES, World, world

Operator = Literal["is", "at most", "at least", "by", "not before"]
Trigger = Literal["asked", "mentioned", "shown"]
Style = Literal["terse", "chatty", "impatient", "non_native"]
STYLES: tuple[Style, ...] = ("terse", "chatty", "impatient", "non_native")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Triple(_Record):
    """One statement: an entity's name, a relation's or attribute's key, a value in canonical form.

    Numbers are written plainly with their unit (`1250 EUR`), dates as ISO 8601, choices as the
    topic lists them, entities by their name.
    """

    head: str
    relation: str
    tail: str


class Constraint(_Record):
    """What a person cares about: an attribute, how it is bounded, and by what (canonical form)."""

    attribute: str
    operator: Operator
    value: str


class Stage(_Record):
    """One constraint of a persona, and what makes the person tell it.

    Attributes:
        constraint: What is told.
        trigger: `asked`: only by a question about the attribute; `mentioned`: by any message that
            brings it up; `shown`: by a message that names a subject. A question about the
            attribute is a mention of it, and so tells a `mentioned` stage too; before anything
            was shown a `shown` stage is not on the person's mind, and a question about it is
            put off.
        line: The words in which it is told, in the persona's style.
    """

    constraint: Constraint
    trigger: Trigger
    line: str

    @property
    def must_ask(self) -> bool:
        """Whether a question is the only way to learn it."""
        return self.trigger == "asked"


class Persona(_Record):
    """The person behind a request.

    Attributes:
        style: How it talks.
        patience: After so many turns without anything new it ends the conversation; `None` never,
            so that only the course's `turns` end it.
        stages: Ordered: a stage that is not asked for is told only after all earlier ones that
            are not asked for.
    """

    style: Style
    patience: int | None
    stages: tuple[Stage, ...]


class SearchItem(_Record):
    """One intent, in a world or of one's own.

    Attributes:
        id: Stable name, also the cluster.
        topic: Key of its topic, a fixed stratum; `own` where `own` is.
        own: The topic of a task of one's own, which no world has; `None` for all others.
        subject: Name of the one subject that fits.
        scope: What even the vague request says.
        admissible: Names of all subjects that fit the vague request, at least three.
        wanted: Keys of the relations that the person wants to be told.
        goal: The triples of a good answer.
        vague: The vague request.
        complete: The complete request.
        shards: The vague request, then each constraint on its own, as sentences.
        persona: Who asks.
        world_seed: Of the world; without one, of the run.
        pages: Of the world; 0 without one.
    """

    id: str
    topic: str
    subject: str
    scope: str
    admissible: tuple[str, ...]
    wanted: tuple[str, ...]
    goal: tuple[Triple, ...]
    vague: str
    complete: str
    shards: tuple[str, ...]
    persona: Persona
    world_seed: int
    pages: int
    own: Topic | None = None

    @property
    def about(self) -> Topic:
        """Its topic."""
        return self.own or TOPICS[self.topic]


class SearchCourse(_Record):
    """How large a search is.

    Attributes:
        items: Intents, spread evenly over the topics.
        pages: Of the world; 0 where there is none.
        stages: Of a persona: so many constraints; of one's own tasks the most.
        turns: Most turns of a conversation.
        calls: Most tool calls of a turn.
        tokens: Most tokens of a call's output.
    """

    items: int
    pages: int
    stages: int
    turns: int
    calls: int
    tokens: int


COURSES: Mapping[str, SearchCourse] = {
    "pocket": SearchCourse(items=12, pages=400, stages=4, turns=6, calls=12, tokens=256),
    "standard": SearchCourse(items=48, pages=10_000, stages=5, turns=16, calls=40, tokens=4096),
    "full": SearchCourse(items=96, pages=100_000, stages=6, turns=24, calls=80, tokens=8192),
}
_SPANS: Mapping[str, tuple[int, int]] = {
    "items": (1, 10_000), "pages": (LEAST_PAGES, MOST_PAGES), "stages": (4, 6), "turns": (1, 1000),
    "calls": (1, 10_000),
}  # fmt: skip
IMPATIENT_TURNS = 4
"""So long an impatient person waits for something new."""


def custom_course(
    course: str,
    *,
    items: int | None = None,
    pages: int | None = None,
    stages: int | None = None,
    turns: int | None = None,
    calls: int | None = None,
) -> SearchCourse:
    """A named course with some of its sizes replaced.

    Raises:
        ConfigError: If there is no such course or a size is out of range.
    """
    if course not in COURSES:
        raise ConfigError(f"`course` must be one of {', '.join(COURSES)}; got {course!r}")
    sizes = {"items": items, "pages": pages, "stages": stages, "turns": turns, "calls": calls}
    changes = {name: value for name, value in sizes.items() if value is not None}
    for name, value in changes.items():
        least, most = _SPANS[name]
        if not least <= value <= most:
            raise ConfigError(f"`{name}` must be {least} to {most:,}; got {value}")
    return COURSES[course].model_copy(update=changes)


def draw_items(course: SearchCourse, *, seed: int, topics: Sequence[str] = ()) -> list[SearchItem]:
    """Draw a course's items; the same arguments give the same items, whoever the worker is.

    Args:
        course: How many, in how large a world.
        seed: Of the run, and of the world.
        topics: Keys of topics to spread them over; all where there are none.

    Raises:
        ConfigError: If a topic is unknown, or the world is too small for so many items.
    """
    keys = list(dict.fromkeys(topics)) or list(TOPICS)
    if unknown := [key for key in keys if key not in TOPICS]:
        raise ConfigError(f"`topics` must be among {', '.join(TOPICS)}; got {unknown[0]!r}")
    drawn = world(seed, course.pages)
    heads = {key: _heads(drawn, key, course, seed) for key in keys}
    items: list[SearchItem] = []
    for i in range(course.items):
        key = keys[i % len(keys)]
        if i // len(keys) >= len(heads[key]):
            raise ConfigError(
                f"`items` must fit the world: {course.pages} pages hold {len(heads[key])} "
                f"{TOPICS[key].plural} that {course.stages} stages single out, too few for "
                f"{course.items} items; ask for fewer `items`, more `pages` or more topics"
            )
        said = {item.vague for item in items}
        items.append(_item(heads[key][i // len(keys)], i, len(keys), drawn, seed, said))
    return items


def satisfies(world: World, name: str, constraint: Constraint) -> bool:
    """Whether a subject meets a constraint today; a name without the attribute does not."""
    entity = world.entities.get(name)
    value = world.current(name).get(constraint.attribute) if entity else None
    if value is None:
        return False
    if constraint.operator == "is":
        return value == constraint.value
    if constraint.operator in ("by", "not before"):
        days = date.fromisoformat(value), date.fromisoformat(constraint.value)
        return days[0] <= days[1] if constraint.operator == "by" else days[0] >= days[1]
    amounts = int(value.split()[0]), int(constraint.value.split()[0])
    return (
        amounts[0] <= amounts[1] if constraint.operator == "at most" else amounts[0] >= amounts[1]
    )


class Proof(NamedTuple):
    """That an item's ambiguity is real, looked up in the graph.

    Attributes:
        vague: How many subjects the vague request admits.
        complete: Names of those that meet all constraints.
        without: By attribute, how many meet all constraints but that one.
    """

    vague: int
    complete: tuple[str, ...]
    without: Mapping[str, int]

    def holds(self, subject: str) -> bool:
        """Whether it is vague, its complete request is not, and no constraint can be spared."""
        return (
            self.vague >= 3
            and self.complete == (subject,)
            and all(count > 1 for count in self.without.values())
        )


def proof(item: SearchItem, world: World) -> Proof:
    """Prove an item on the world's graph, by looking at every subject of its scope."""
    names = world.subjects(item.topic, item.scope)
    constraints = [stage.constraint for stage in item.persona.stages]
    without = {
        left.attribute: len(_fitting(world, names, [c for c in constraints if c is not left]))
        for left in constraints
    }
    return Proof(len(names), _fitting(world, names, constraints), without)


def _fitting(
    world: World, names: Sequence[str], constraints: Sequence[Constraint]
) -> tuple[str, ...]:
    return tuple(n for n in names if all(satisfies(world, n, c) for c in constraints))


def _heads(world: World, topic: str, course: SearchCourse, seed: int) -> list[Family]:
    """The families of a topic that come apart in as many attributes as there are stages."""
    fit = [f for f in world.families if f.topic == topic and len(f.apart) == course.stages]
    return stream(seed, "search", "heads", topic).sample(fit, len(fit))


def _item(
    family: Family, number: int, topics: int, world: World, seed: int, said: set[str]
) -> SearchItem:
    topic, name = TOPICS[family.topic], f"{family.topic}-{number:03}"
    rng = stream(seed, "search", name, "item")
    constraints = [_constraint(topic.attribute(key), world, family.head) for key in family.apart]
    rng.shuffle(constraints)
    wanted = _wanted(topic, rng)
    vague = _vague(topic, family.scope, wanted, said, rng)
    item = SearchItem(
        id=name,
        topic=topic.key,
        subject=family.head,
        scope=family.scope,
        admissible=world.subjects(topic.key, family.scope),
        wanted=wanted,
        goal=_goal(topic, family.head, wanted, world),
        vague=vague,
        complete=" ".join([vague, _all_needs(topic, constraints)]),
        shards=(vague, *(_sentence(topic.attribute(c.attribute), c) for c in constraints)),
        persona=_persona(topic, constraints, _style(number, topics), rng),
        world_seed=world.seed,
        pages=world.size,
    )
    if not (found := proof(item, world)).holds(item.subject):
        raise RuntimeError(f"the item {name} is not what it must be: {found}")
    return item


def _style(number: int, topics: int) -> Style:
    """Styles in turn, one further each round, so that every topic meets every style."""
    return STYLES[(number + number // lcm(topics, len(STYLES))) % len(STYLES)]


def _constraint(attribute: Attribute, world: World, head: str) -> Constraint:
    operators: Mapping[tuple[str, str | None], Operator] = {
        ("number", "low"): "at most", ("number", "high"): "at least",
        ("date", "low"): "by", ("date", "high"): "not before",
    }  # fmt: skip
    operator = operators.get((attribute.kind, attribute.better), "is")
    value = world.current(head)[attribute.key]
    return Constraint(attribute=attribute.key, operator=operator, value=value)


def _wanted(topic: Topic, rng: Random) -> tuple[str, ...]:
    """The entity, its second hop, and one more."""
    hop = next(r for r in topic.relations if r.of)
    plain = [r.key for r in topic.relations if not r.of and r.key != hop.of]
    return (rng.choice(plain), hop.of, hop.key)


def _goal(topic: Topic, head: str, wanted: Sequence[str], world: World) -> tuple[Triple, ...]:
    current = world.current(head)
    triples = []
    for relation in map(topic.relation, wanted):
        whose = current[relation.of] if relation.of else head
        tail = world.current(whose)[relation.key]
        triples.append(Triple(head=whose, relation=relation.key, tail=tail))
    return tuple(triples)


def _persona(topic: Topic, constraints: Sequence[Constraint], style: Style, rng: Random) -> Persona:
    count = len(constraints)
    asked: list[Trigger] = ["asked"] * (count // 2)
    mentioned: list[Trigger] = ["mentioned"] * (count - 1 - len(asked))
    triggers: list[Trigger] = [*asked, *mentioned, "shown"]
    rng.shuffle(triggers)
    stages = tuple(
        Stage(constraint=c, trigger=t, line=_line(topic.attribute(c.attribute), c, style, rng))
        for c, t in zip(constraints, triggers, strict=True)
    )
    patience = IMPATIENT_TURNS if style == "impatient" else None
    return Persona(style=style, patience=patience, stages=stages)


# --- words ---


def _vague(topic: Topic, scope: str, wanted: Sequence[str], said: set[str], rng: Random) -> str:
    """The vague request, in words that no other item of the course opens with."""
    plain, entity, hop = (topic.relation(key).label for key in wanted)
    noun = f"{'an' if topic.noun[0] in 'aeiou' else 'a'} {topic.noun}"
    about = f"{noun} {topic.link} {scope}"
    asked = f"its {plain}, its {entity} and that person's {hop}"
    texts = [text.format(about=about, asked=asked) for text in _OPENINGS]
    rng.shuffle(texts)
    fresh = [text for text in texts if text not in said]
    if not fresh:
        raise ConfigError("`items` must be fewer: there are no more ways to open a request")
    return fresh[0]


_OPENINGS = (
    "I am looking for {about}. Which one should I take? I also want to know {asked}.",
    "I need {about}. Please find the right one and tell me {asked}.",
    "Can you find me {about}? I would like to know which one, {asked}.",
    "Please help me with {about}: I want the one that suits me, with {asked}.",
    "For my work I want {about}. Tell me the name, {asked}.",
    "I have to settle on {about}. Give me the name, {asked}.",
)


def _all_needs(topic: Topic, constraints: Sequence[Constraint]) -> str:
    return " ".join(_sentence(topic.attribute(c.attribute), c) for c in constraints)


def _sentence(attribute: Attribute, constraint: Constraint) -> str:
    """A constraint as a sentence."""
    need = _need(attribute, constraint)
    return f"{need[0].upper()}{need[1:]}."


def _need(attribute: Attribute, constraint: Constraint) -> str:
    """A constraint as a clause."""
    bound = _bound(constraint)
    return _NEEDS.get(attribute.key, "the {label} should be {bound}").format(
        label=attribute.label, bound=bound
    )


def _bound(constraint: Constraint) -> str:
    """A bound in plain words: `at most 12 days`, `not before 3 March 2026`."""
    if constraint.operator == "is":
        return constraint.value
    if constraint.operator in ("by", "not before"):
        day = spoken_dates(date.fromisoformat(constraint.value))[0]
        return f"{constraint.operator} {day}"
    return f"{constraint.operator} {constraint.value}"


# Labels that read badly before a verb.
_NEEDS: Mapping[str, str] = {
    "available": "it should be available {bound}",
    "effective": "it should have been in force {bound}",
    "seen": "it should have been first seen {bound}",
}


def _line(attribute: Attribute, constraint: Constraint, style: Style, rng: Random) -> str:
    """A constraint as a person of this style tells it; the words hold no value but its own."""
    need, bound = _need(attribute, constraint), _bound(constraint)
    text = rng.choice(_LINES[style])
    return text.format(
        need=need, Need=need[0].upper() + need[1:], label=attribute.label,
        Label=attribute.label[0].upper() + attribute.label[1:], bound=bound,
    )  # fmt: skip


_LINES: Mapping[Style, tuple[str, ...]] = {
    "terse": ("{Label}: {bound}.", "{Need}.", "{Label} {bound}."),
    "chatty": (
        "Oh, good that we talk about it! We sat together over coffee and all agreed that {need}, "
        "otherwise I will never hear the end of it.",
        "Ah, I knew there was something. So, my colleagues keep telling me that {need}, and I "
        "really do think they are right.",
        "Right, thank you for bearing with me. What matters a great deal to us is this: {need}.",
    ),
    "impatient": (
        "{Need}. Can we get on with it?",
        "Obviously {need}. I have little time.",
        "{Need}, as anyone could guess. Hurry up, please.",
    ),
    "non_native": (
        "For us it is so, that {need}, please.",
        "Please you look that {need}. This is for us important.",
        "I must say also: {need}. I hope you understand me.",
    ),
}
