"""What is sampled: a person's intent, said completely, said vaguely, and told in stages."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from worktrial.search.topics import TOPICS, Topic

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
        patience: After so many turns without anything new it ends the conversation; `None` never.
        stages: Ordered: a stage that is not asked for is told only after all earlier ones that
            are not asked for.
    """

    style: Style
    patience: int | None
    stages: tuple[Stage, ...]


class SearchItem(_Record):
    """One intent in a world.

    Attributes:
        id: Stable name, also the cluster.
        topic: Key of its topic, a fixed stratum.
        subject: Name of the one subject that fits.
        scope: What even the vague request says.
        admissible: Names of all subjects that fit the vague request, at least three.
        wanted: Keys of the relations that the person wants to be told.
        goal: The triples of a good answer.
        vague: The vague request.
        complete: The complete request.
        shards: The vague request, then each constraint on its own, as sentences.
        persona: Who asks.
        world_seed: Of the world.
        pages: Of the world.
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

    @property
    def about(self) -> Topic:
        """Its topic."""
        return TOPICS[self.topic]
