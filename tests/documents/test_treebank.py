from random import Random

import conllu
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

TREEBANK = domain("treebank")
BANK = """\
# sent_id = news-7
# newpar
# text = Mira noticed bridges.
1	Mira	Mira	PROPN	NNP	Number=Sing	2	nsubj	_	_
2	noticed	notice	VERB	VBD	Tense=Past|Mood=Ind	0	root	_	_
3	bridges	bridge	NOUN	NNS	Number=Plur	2	obj	_	SpaceAfter=No
4	.	.	PUNCT	.	_	2	punct	_	_

# sent_id = wiki-9
1-2	au	_	_	_	_	_	_	_	_
1	à	à	ADP	_	_	3	case	_	_
"""


def read(text: str = BANK) -> Document:
    return TREEBANK.parse({"bank.conllu": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = TREEBANK.read(instruction)
    assert program is not None
    return TREEBANK.render(program(document))


def planned(name: str) -> str:
    found = {e.name: e.forward.instruction for e in TREEBANK.plan(read(), Random(1))}
    return found[name]


def test_comments_are_fields_and_words_are_text() -> None:
    first, second = read().files["bank.conllu"]
    assert first.fields == {"# sent_id": "news-7", "# text": "Mira noticed bridges."}
    assert first.text.startswith("# newpar\n1\tMira"), "a comment without a value is kept"
    assert "Mood=Ind|Tense=Past" in first.text, "features are in the order of their names"
    assert second.text.startswith("1-2\tau")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = TREEBANK.generate(Random(seed), 800).values()
    mine = read(text).files["bank.conllu"]
    theirs = conllu.parse(text)
    assert [s.metadata["text"] for s in theirs] == [u.fields["# text"] for u in mine]
    assert [[w["lemma"] for w in s] for s in theirs] == [
        [line.split("\t")[2] for line in u.text.split("\n")] for u in mine
    ]
    for sentence in theirs:
        sentence.to_tree()  # raises unless there is one root


def test_a_comment_after_a_word_begins_a_sentence() -> None:
    joined = read(BANK.replace("_\n\n#", "_\n#"))
    assert likeness(read(), joined).lossless


def test_one_wrong_head_costs_a_part_of_its_sentence() -> None:
    wrong = read(BANK.replace("\t2\tobj", "\t1\tobj"))
    assert 0.9 < likeness(read(), wrong).value < 1


def test_distances_as_asked() -> None:
    text = done(planned("distances"), read())["bank.conllu"]
    assert [line.split("\t")[6] for line in text.split("\n") if "\t" in line] == [
        "+1", "0", "-1", "-2", "_", "+2",
    ]  # fmt: skip


def test_tags_stand_behind_what_is_there() -> None:
    text = done(planned("tags_aside"), read())["bank.conllu"]
    assert "3\tbridges\tbridge\tNOUN\t_\tNumber=Plur\t2\tobj\t_\tSpaceAfter=No|XPOS=NNS\n" in text


def test_a_layer_by_sentence_and_word() -> None:
    asked = (
        "Move the column `LEMMA` out into a CSV table `lemma.csv` with the columns `sent_id`, `id` "
        "and the column's name, a row for every word where it isn't `_`, in their order; leave "
        "`_` in its place."
    )
    files = done(asked, read())
    assert files["lemma.csv"] == (
        "sent_id,id,LEMMA\nnews-7,1,Mira\nnews-7,2,notice\nnews-7,3,bridge\nnews-7,4,.\n"
        "wiki-9,1,à\n"
    )
    assert "2\tnoticed\t_\tVERB" in files["bank.conllu"]
