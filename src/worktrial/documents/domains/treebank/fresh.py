"""Fresh sentences with their syntax."""

from random import Random
from typing import NamedTuple

from worktrial.documents import content
from worktrial.documents.domains.treebank.format import GENRE, KEY, NONE, SAID, SENTENCE
from worktrial.documents.unit import Unit


class _Word(NamedTuple):
    """A word; its head is a place in its sentence, counted from 1."""

    form: str
    lemma: str
    tag: str
    own_tag: str
    features: str
    head: int
    relation: str


_NOUNS = (
    "invoice", "harbour", "contract", "engine", "letter", "bridge", "garden", "report", "ticket",
    "window", "parcel", "budget", "proposal", "machine", "ladder", "schedule", "warehouse",
    "signal", "receipt", "kettle",
)  # fmt: skip
_ADJECTIVES = ("old", "new", "late", "short", "broken", "quiet", "narrow", "second", "grey", "full")
_VERBS = (
    "approve", "describe", "measure", "replace", "notice", "examine", "move", "close", "prepare",
    "remove", "share", "store", "divide", "file", "compare", "complete", "produce", "waste",
)  # fmt: skip
_ADPOSITIONS = ("in", "near", "from", "before", "behind", "for", "through")
_ADVERBS = ("often", "quickly", "never", "finally", "again", "rarely", "gladly")


class Sentence:
    """A sentence that grows from left to right."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.words: list[_Word] = []

    def simple(self, *, brief: bool) -> "Sentence":
        """Somebody did something to something, perhaps somewhere."""
        rng = self.rng
        subject = self._name(brief=brief) if brief or rng.random() < 0.5 else self._thing()
        if not brief and rng.random() < 0.4:
            self._add(rng.choice(_ADVERBS), None, "ADV", "RB", NONE, 0, "advmod")
        verb = rng.choice(_VERBS)
        root = self._add(f"{verb}d", verb, "VERB", "VBD", "Mood=Ind|Tense=Past|VerbForm=Fin")
        self._hang(subject, root, "nsubj")
        for place, word in enumerate(self.words[: root - 1], 1):
            if word.relation == "advmod":
                self._hang(place, root, "advmod")
        self._hang(self._thing(brief=brief), root, "obj")
        if not brief and rng.random() < 0.6:
            case = self._add(rng.choice(_ADPOSITIONS), None, "ADP", "IN", NONE, 0, "case")
            town = rng.choice(content.CITIES)
            place = self._add(town, town, "PROPN", "NNP", "Number=Sing", root, "obl")
            self._hang(case, place, "case")
        self._add(".", None, "PUNCT", ".", NONE, root, "punct")
        return self

    def _name(self, *, brief: bool = False) -> int:
        first, last = self.rng.choice(content.FIRST_NAMES), self.rng.choice(content.LAST_NAMES)
        at = self._add(first, first, "PROPN", "NNP", "Number=Sing")
        if not brief and self.rng.random() < 0.4:
            self._add(last, last, "PROPN", "NNP", "Number=Sing", at, "flat")
        return at

    def _thing(self, *, brief: bool = False) -> int:
        rng, start = self.rng, len(self.words) + 1
        plural = brief or rng.random() < 0.4
        if not plural or (not brief and rng.random() < 0.5):
            self._add("the", None, "DET", "DT", "Definite=Def|PronType=Art", 0, "det")
        if not brief and rng.random() < 0.5:
            self._add(rng.choice(_ADJECTIVES), None, "ADJ", "JJ", "Degree=Pos", 0, "amod")
        noun = rng.choice(_NOUNS)
        form, tag, number = (f"{noun}s", "NNS", "Plur") if plural else (noun, "NN", "Sing")
        at = self._add(form, noun, "NOUN", tag, f"Number={number}")
        for place in range(start, at):
            self._hang(place, at, self.words[place - 1].relation)
        return at

    def _add(
        self, form: str, lemma: str | None, tag: str, own: str, features: str = NONE,
        head: int = 0, relation: str = "root",
    ) -> int:  # fmt: skip
        shown = form.capitalize() if not self.words else form
        self.words.append(_Word(shown, lemma or form, tag, own, features, head, relation))
        return len(self.words)

    def _hang(self, place: int, head: int, relation: str) -> None:
        self.words[place - 1] = self.words[place - 1]._replace(head=head, relation=relation)

    def unit(self, sent_id: str, genre: str) -> Unit:
        """The sentence as a unit."""
        lines = [
            "\t".join((str(i), *word[:5], str(word.head), word.relation, NONE, self._space(i)))
            for i, word in enumerate(self.words, 1)
        ]
        said = " ".join(word.form for word in self.words).replace(" .", ".")
        fields = {KEY: sent_id, GENRE: genre, SAID: said}
        return Unit(SENTENCE, fields, key=KEY, text="\n".join(lines))

    def _space(self, place: int) -> str:
        return "SpaceAfter=No" if place == len(self.words) - 1 else NONE
