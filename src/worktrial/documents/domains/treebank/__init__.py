"""Sentences with their syntax, in CoNLL-U.

A unit is a sentence, identified by its `# sent_id`; the comments above it are fields, and its word
lines are its text.

What counts is every comment with a name and a value, every column of every word, and the order of
words and sentences. The order of features in `FEATS`, of comments, and the number of empty lines
mean nothing. A comment after a word begins the next sentence.

Known limits: whether the heads of a sentence make a tree is not checked. A line that is no word
is kept among the words, and a comment without a value before them.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.treebank.edits import EDITS, PLANNERS, VERBS
from worktrial.documents.domains.treebank.format import CONLLU, GENRE
from worktrial.documents.domains.treebank.fresh import Sentence
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files, Unit


class Treebank(Domain):
    """Sentences with their syntax."""

    name = "treebank"
    category = "records"
    formats: ClassVar = {".conllu": CONLLU, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Sentences of several genres, in the order they were annotated."""
        count = max(4, round(size / 125))
        brief = size < 400
        numbers = sorted(rng.sample(range(100, 1000 + 20 * count), count))
        genres = list(EDITS.recodes[GENRE])
        units = []
        for number in numbers:
            genre = rng.choice(genres)
            sentence = Sentence(rng).simple(brief=brief)
            units.append(sentence.unit(f"{genre}-{number}", genre))
        return {"sentences.conllu": CONLLU.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; tight comments; features the other way round."""
        tight = re.sub(r"(?m)^# (\w+) = ", r"#\1=", text)
        turned = re.sub(
            r"\t(\w+=\w+\|[\w=|]+)\t(?=\d)",
            lambda found: "\t" + "|".join(found[1].split("|")[::-1]) + "\t",
            text,
        )
        variants = [text.replace("\n", "\r\n"), tight, text.replace("\n\n", "\n\n\n"), turned]
        return [variant for variant in variants if variant != text]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the annotators and a list of their batches."""
        return {
            "annotators.md": content.memo(rng, size // 2),
            "batches.csv": _batches(rng, size // 2),
        }


def _batches(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"no": code, "by": content.person(rng), "due": str(content.day(rng))})
        for code in content.codes(rng, "BATCH", max(3, size // 11))
    ]
    return table.CSV.render(rows)


DOMAIN = Treebank()
