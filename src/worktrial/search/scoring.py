"""What an answer is worth: each claim looked up in the world, none of them judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from worktrial.search.items import SearchItem, Triple, satisfies
from worktrial.search.lexicon import Lexicon, lexicon
from worktrial.search.marks import vocabulary
from worktrial.search.values import canonical, folded
from worktrial.search.world import World

SCORER_VERSION = "1"
Truth = Literal["goal", "true", "other", "stale", "false", "unlisted"]
IN_A_WORLD: tuple[Truth, ...] = ("goal", "true", "other", "stale", "false")


class Judged(NamedTuple):
    """A claim and what became of it.

    Attributes:
        triple: The claim, its name and value in the form by which claims are compared.
        truth: `goal`: in the goal; `other`: true, and what was asked for, but of another subject;
            `true`: whatever else holds today; `stale`: held once; `false`: neither, or its head
            has no such relation, or is no one; `unlisted`: not in the goal, and there is no world
            that would tell more.
        supported: Whether a page that was opened states it; `None` where that is not known.
    """

    triple: Triple
    truth: Truth
    supported: bool | None


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """One answer, scored. A claim counts once, however often and in whatever form it is made.

    Attributes:
        precision: Goal claims over goal, other, stale and false ones; what is true and was not
            asked for is neither right nor wrong. `None` where there are none of the four. What was
            asked for, told of others too, is wrong: else telling all there is would be right.
        recall: Share of the goal that is claimed.
        f1: Of precision and recall; 0 where nothing of the goal is claimed.
        unsupported: Share of all claims that no opened page states; `None` without claims, and
            where it is not known what was opened.
        subject: The one that most claims of wanted relations are about; "" for none. Of several
            with as many claims, the one that satisfies the person least.
        candidates: How many subjects there are claims of wanted relations about. An answer that
            tells all it found of many has not chosen.
        intents_met: Share of the person's constraints that the subject satisfies; 0 without one;
            `None` where there is no world to look it up in.
        claims: Each claim once, in order of appearance.
        truths: What a claim can be here.
    """

    precision: float | None
    recall: float
    f1: float
    unsupported: float | None
    subject: str
    candidates: int
    intents_met: float | None
    claims: tuple[Judged, ...]
    truths: tuple[Truth, ...] = IN_A_WORLD

    def count(self, truth: Truth) -> int:
        """How many claims are of a class."""
        return sum(claim.truth == truth for claim in self.claims)


def score_answer(
    item: SearchItem, claims: Iterable[Triple], world: World, opened: Sequence[str]
) -> AnswerScore:
    """Score an answer by its claims.

    Args:
        item: What was to be found.
        claims: As read from the answer; names by any alias, values in any form.
        world: Of the item.
        opened: Ids of the pages that the worker opened.
    """
    reader = _Forms(item, world)
    goal = {reader.form(triple) for triple in item.goal}
    distinct = list(dict.fromkeys(map(reader.form, claims)))
    stated = _stated(reader, world, opened)
    judged = tuple(
        Judged(claim, "goal" if claim in goal else reader.truth(claim, item), claim in stated)
        for claim in distinct
    )
    counts = Counter(claim.truth for claim in judged)
    weighed = counts.total() - counts["true"]
    precision = counts["goal"] / weighed if weighed else None
    recall = counts["goal"] / len(goal)
    subject, candidates = _subject(item, world, distinct)
    return AnswerScore(
        precision=precision,
        recall=recall,
        f1=f1_of(precision, recall),
        unsupported=sum(not c.supported for c in judged) / len(judged) if judged else None,
        subject=subject,
        candidates=candidates,
        intents_met=_met(item, world, subject),
        claims=judged,
    )


def f1_of(precision: float | None, recall: float) -> float:
    """Of both; 0 where nothing of the goal is claimed."""
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


class _Forms:
    """Brings claims into the form by which they are compared, and looks them up."""

    def __init__(self, item: SearchItem, world: World) -> None:
        self._topic, self._world = item.about, world
        self._about = vocabulary(item.about).about
        self._names: Lexicon = lexicon(world)
        self._held: dict[str, Mapping[tuple[str, str], Truth]] = {}

    def form(self, claim: Triple) -> Triple:
        """A claim with canonical name and value, said of the person where it is a person's."""
        head = self._names.name(claim.head) or folded(claim.head)
        about = self._about.get(claim.relation)
        hop = next((r.of for r in self._topic.relations if r.key == claim.relation), "")
        if hop and self._names.topics.get(head) == self._topic.key:
            # "The supplier's email" is that of the person beside it.
            head = self._world.current(head).get(hop, head)
        tail = canonical(about, claim.tail, self._names.names) if about else None
        return Triple(head=head, relation=claim.relation, tail=tail or folded(claim.tail))

    def truth(self, claim: Triple, item: SearchItem) -> Truth:
        """What a claim in form is, that is not in the goal."""
        held = self._held_of(claim.head).get((claim.relation, claim.tail))
        if held is None:
            return "false"
        asked = claim.relation in item.wanted and not self._beside(claim, item)
        return "other" if held == "true" and asked else held

    def _beside(self, claim: Triple, item: SearchItem) -> bool:
        """Whether a claim is about the subject itself or the person beside it."""
        return claim.head in {item.subject, *(triple.head for triple in item.goal)}

    def _held_of(self, head: str) -> Mapping[tuple[str, str], Truth]:
        """What holds of an entity and what held once, in form."""
        if head not in self._world.entities:
            return {}
        if head not in self._held:
            facts = sorted(self._world.facts(head), key=lambda fact: fact.until is None)
            self._held[head] = {
                (form.relation, form.tail): "true" if fact.until is None else "stale"
                for fact in facts
                for form in [self.form(_triple(fact.head, fact.relation, fact.tail))]
            }
        return self._held[head]


def _triple(head: str, relation: str, tail: str) -> Triple:
    return Triple(head=head, relation=relation, tail=tail)


def _stated(reader: _Forms, world: World, opened: Sequence[str]) -> set[Triple]:
    """What the opened pages state."""
    pages = (world.page(identity) for identity in dict.fromkeys(opened))
    facts = (fact for page in pages if page for fact in page.states)
    return {reader.form(_triple(fact.head, fact.relation, fact.tail)) for fact in facts}


def _subject(item: SearchItem, world: World, claims: Iterable[Triple]) -> tuple[str, int]:
    """The subject that an answer speaks of most, and of how many it speaks."""
    entities = world.entities
    votes = Counter(
        claim.head
        for claim in claims
        if claim.relation in item.wanted
        and claim.head in entities
        and entities[claim.head].topic == item.topic
    )
    if not votes:
        return "", 0
    most = max(votes.values())
    tied = sorted(name for name, count in votes.items() if count == most)
    return min(tied, key=lambda name: _met(item, world, name)), len(votes)


def _met(item: SearchItem, world: World, subject: str) -> float:
    """Share of the person's constraints that a subject satisfies."""
    constraints = [stage.constraint for stage in item.persona.stages]
    return sum(satisfies(world, subject, c) for c in constraints) / len(constraints)
