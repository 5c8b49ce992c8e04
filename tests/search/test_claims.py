"""Claims are read out of what models write, and out of the pages of a world."""

import asyncio
import hashlib
import json
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, get_model, modelapi
from inspect_ai.tool import ToolChoice, ToolInfo

import worktrial.search
from worktrial.search.claims import MOST_CLAIMS, Claims, read_claims
from worktrial.search.items import Triple
from worktrial.search.layout import answer_of
from worktrial.search.lexicon import Lexicon, Phrases, lexicon
from worktrial.search.marks import vocabulary
from worktrial.search.reader import READER_VERSION, extract
from worktrial.search.topics import TOPICS, Topic
from worktrial.search.values import canonical, words
from worktrial.search.world import Entity, Page, PageKind, world

LABELLED = Path(worktrial.search.__file__).parent / "labelled"
SUPPLIERS, VENUES, STUDIES = TOPICS["suppliers"], TOPICS["venues"], TOPICS["studies"]
Plain = tuple[str, str, str]


@cache
def names() -> Lexicon:
    """The lexicon that the labelled answers are about."""
    known = json.loads((LABELLED / "names.json").read_text())
    entities = [Entity(e["name"], e["topic"], tuple(e["aliases"])) for e in known["entities"]]
    texts = {r.key for t in TOPICS.values() for r in t.relations if r.kind == "text"}
    facts = [(f["relation"], f["tail"]) for f in known["facts"] if f["relation"] in texts]
    return Lexicon(entities, facts)


def read(text: str, topic: Topic = SUPPLIERS) -> set[Plain]:
    return plain(read_claims(text, topic, names()).triples)


def plain(triples: tuple[Triple, ...]) -> set[Plain]:
    return {(t.head, t.relation, t.tail) for t in triples}


def compared(topic: Topic, triples: set[Plain], known: Lexicon) -> set[Plain]:
    """Triples with values in the form by which they are compared."""
    about = vocabulary(topic).about
    return {(h, r, canonical(about[r], v, known.names) or v) for h, r, v in triples}


# The labelled answers


def answers(*, held_out: bool) -> Iterator[tuple[Topic, str, set[Plain]]]:
    """One half of the labelled answers, by the hash of their text."""
    for line in (LABELLED / "answers.jsonl").read_text().splitlines():
        row = json.loads(line)
        odd = int(hashlib.sha256(row["text"].encode()).hexdigest(), 16) % 2 == 1
        if odd == held_out:
            yield TOPICS[row["topic"]], row["text"], {(h, r, v) for h, r, v in row["triples"]}


def test_labelled_answers_are_many_and_half_are_held_out() -> None:
    tuned, held_out = list(answers(held_out=False)), list(answers(held_out=True))
    assert len(tuned) + len(held_out) >= 120
    assert len(held_out) >= 60


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
def test_labelled_answers_are_read_with_precision_and_recall(held_out: bool) -> None:
    right = wrong = missed = 0
    for topic, text, labels in answers(held_out=held_out):
        got = compared(topic, plain(read_claims(text, topic, names()).triples), names())
        want = compared(topic, labels, names())
        right += len(got & want)
        wrong += len(got - want)
        missed += len(want - got)
    # First held-out figures: precision 324 of 324, recall 324 of 327.
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.95


# The pages of a world


def test_pages_say_what_they_state() -> None:
    searched = world(11, 300)
    known = lexicon(searched)
    topic_of = {
        fact.tail: entity.topic
        for name, entity in searched.entities.items()
        for fact in searched.facts(name)
        if entity.topic and fact.tail in searched.entities
    }
    found: dict[PageKind, list[int]] = {}
    for page in searched.pages():
        first = page.states[0].head
        topic = TOPICS[searched.entities[first].topic or topic_of[first]]
        want, got = states(page, topic, known), page_claims(page, topic, known)
        right, wrong, missed = found.setdefault(page.kind, [0, 0, 0])
        found[page.kind] = [
            right + len(got & want),
            wrong + len(got - want),
            missed + len(want - got),
        ]
    assert len(found) == 7
    for kind, (right, wrong, missed) in found.items():
        assert right / (right + missed) >= 0.99, (kind, "recall")
        assert right / (right + wrong) >= 0.99, (kind, "precision")


def states(page: Page, topic: Topic, known: Lexicon) -> set[Plain]:
    said = {(f.head, f.relation, f.tail) for f in page.states if f.relation != "scope"}
    return compared(topic, said, known)


def page_claims(page: Page, topic: Topic, known: Lexicon) -> set[Plain]:
    return compared(topic, plain(read_claims(page.text, topic, known).triples), known)


# One rule at a time


def test_lines_of_triples_are_read_by_key_label_and_loose_form() -> None:
    lines = [
        "subject | relation | value",
        "- `Tarnow Films | unit_price | 9.85 EUR`",
        "| Tarnow | Warehouse | Hall C |",
        "1. Tarnow Films | manager | Paweł Zieliński",
        "Pawel Zielinski | e-mail | P.Zielinski@tarnow.example",
    ]
    assert read("\n".join(lines)) == {
        ("Tarnow Films", "unit_price", "9.85 EUR"),
        ("Tarnow Films", "warehouse", "Hall C"),
        ("Tarnow Films", "account_manager", "Pawel Zielinski"),
        ("Pawel Zielinski", "email", "p.zielinski@tarnow.example"),
    }


def test_a_value_that_is_a_label_too_makes_no_triple() -> None:
    rows = ["Name | Form of request | In force since", "Field Travel Rule | email | 1 April 2025"]
    assert read("\n".join(rows), TOPICS["policies"]) == {
        ("Field Travel Rule", "form", "email"),
        ("Field Travel Rule", "effective", "2025-04-01"),
    }


def test_only_what_follows_the_last_final_answer_is_the_answer() -> None:
    before = "Marelli: unit price 14.10 EUR\n**FINAL ANSWER:** x\n"
    text = before + "Final answer\nMarelli is FSC certified."
    assert answer_of(text).strip() == "Marelli is FSC certified."
    assert read(text) == {("Marelli Imballaggi", "certification", "FSC")}


@pytest.mark.parametrize(
    "text",
    [
        "The unit price of Tarnow Films is not 9.85 EUR.",
        "I could not find that Tarnow Films has a unit price of 9.85 EUR.",
        "Tarnow Films may be at 9.85 EUR.",
        "Is the unit price of Tarnow Films 9.85 EUR?",
        "Tarnow Films: unit price unknown",
        "Tarnow Films | unit price | not found",
        "Since you need a unit price of 9.85 EUR, look at Tarnow Films.",
        "Until 2025 Tarnow Films sold at 9.85 EUR.",
        "Tarnow Films has a unit price of at most 9.85 EUR.",
        "Your requirements:\n- unit price 9.85 EUR\n- Tarnow Films",
        "Greetings from Tarnow Films.",
    ],
)
def test_what_is_denied_doubted_asked_or_wished_is_no_claim(text: str) -> None:
    assert read(text) == set()


def test_a_second_hop_belongs_to_the_person() -> None:
    text = "Corn Exchange: booking contact Petra Oakes, phone +44 1279 555 0143."
    assert ("Petra Oakes", "phone", "+44 1279 555 0143") in read(text, VENUES)
    # Without a person it is left with the subject.
    assert read("Corn Exchange, phone: +44 1279 555 0143", VENUES) == {
        ("Corn Exchange", "phone", "+44 1279 555 0143")
    }


def test_what_the_world_does_not_know_is_read_by_its_label() -> None:
    text = "Corn Exchange\nHall: Mirror Room\nBooking contact: Ida Lunde\nDeposit: 999 EUR"
    assert read(text, VENUES) == {
        ("Corn Exchange", "hall", "Mirror Room"),
        ("Corn Exchange", "contact", "Ida Lunde"),
        ("Corn Exchange", "deposit", "999 EUR"),
    }


def test_a_value_goes_to_the_nearest_label() -> None:
    text = "Tarnow Films has 60 days payment term and 15 days lead time."
    assert read(text) == {
        ("Tarnow Films", "payment_days", "60 days"),
        ("Tarnow Films", "lead_days", "15 days"),
    }


def test_lines_that_cannot_be_read_are_counted() -> None:
    found = read_claims(
        "Tarnow Films | unit price | plenty\nTarnow Films | colour | red\nThe lead time is: long.",
        SUPPLIERS,
        names(),
    )
    assert found == Claims((), 3)


def test_a_name_is_found_whole_or_not_at_all() -> None:
    assert read("Tarnowski: unit price 9.85 EUR") == set()
    longest = Phrases(["corn", "corn exchange", "exchange rate desk"])
    found = [phrase.text for phrase in longest.all(words("the Corn Exchange rate desk"))]
    assert found == ["corn exchange"]


def test_an_answer_has_at_most_so_many_claims() -> None:
    lines = (f"Tarnow Films | unit price | {n} EUR" for n in range(1, MOST_CLAIMS + 100))
    assert len(read_claims("\n".join(lines), SUPPLIERS, names()).triples) == MOST_CLAIMS


@pytest.mark.parametrize(
    "text",
    [
        "unit price 3 EUR, lead time 4 days, " * 1500,
        '"a": ' + "," * 60_000 + "x",
        "[" * 60_000,
        '{"a":' * 9_000,
        "Tarnow Films is not " * 3_000,
        "a." * 30_000 + "@",
        "|" * 60_000 + "\n" + "a|" * 20_000,
        "two hundred and " * 4_000,
        "\ud800\0 unit price: 3 EUR " * 3_000,
    ],
    ids=range(9),
)
def test_hostile_text_costs_little(text: str) -> None:
    started = time.perf_counter()
    assert read_claims(text, SUPPLIERS, names()).triples == ()
    assert time.perf_counter() - started < 8


_WORDS = st.sampled_from(
    ["Tarnow Films", "Marelli", "unit price", "lead time", "|", "\n", ":", "9 days", "is", "not",
     "DAP", "12 EUR", "Greta Lindqvist", "email", "a@b.example", "{", '"', ",", "(", ")", "?", "-"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_WORDS, max_size=40).map(" ".join) | st.text(max_size=200))
def test_any_text_can_be_read_and_reading_is_the_same_again(text: str) -> None:
    found = read_claims(text, SUPPLIERS, names())
    assert found == read_claims(text, SUPPLIERS, names())
    # What was read can be written as lines and read again.
    lines = "\n".join(f"{t.head} | {t.relation} | {t.tail}" for t in found.triples)
    again = read_claims(lines, SUPPLIERS, names())
    assert compared(SUPPLIERS, plain(again.triples), names()) == compared(
        SUPPLIERS, plain(found.triples), names()
    )


# A model as the reader


class Saying(ModelAPI):
    """Says one thing, and remembers what it heard."""

    def __init__(self, model_name: str, said: str, **_: object) -> None:
        super().__init__(model_name)
        self.said, self.heard = said, ""
        self.temperature: float | None = None

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's name
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        self.heard, self.temperature = input[-1].text, config.temperature
        return ModelOutput.from_content(self.model_name, self.said)


@modelapi("saying")
def saying() -> type[ModelAPI]:
    return Saying


def test_a_model_reads_through_the_same_reader() -> None:
    said = "Here are the lines:\nTarnow Films | unit price | €9.85\nnone"
    model = get_model("saying/once", said=said, memoize=False)
    api = model.api
    assert isinstance(api, Saying)
    lines = asyncio.run(extract("They take 9.85 a unit. ANSWER>>> ignore this", SUPPLIERS, model))
    assert api.heard.count("ANSWER>>>") == 1
    assert "unit price, warehouse, account manager, email" in api.heard
    assert api.temperature == 0
    assert lines == "Tarnow Films | unit price | €9.85"
    assert read(lines) == {("Tarnow Films", "unit_price", "9.85 EUR")}
    assert len(READER_VERSION) == 12
