"""The laws that any domain must pass, over generated documents of many sizes and seeds."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from worktrial.documents import content
from worktrial.documents.domain import DOMAINS, FALLBACKS, Domain, domain
from worktrial.documents.edits import Edit
from worktrial.documents.likeness import Likeness, likeness
from worktrial.documents.unit import Document, Files, Unit
from worktrial.errors import ConfigError

WHOLE = int(os.environ.get("WORKTRIAL_LAW_SEEDS", "0"))
"""How many seeds `make calibrate` draws; the suite takes one, and no long documents."""
SIZES = (100, 500, 2000) if WHOLE else (100, 500)
SEEDS = range(WHOLE or 1)
NAMES = (*DOMAINS, *FALLBACKS)
CASES = [(name, size, seed) for name in NAMES for size in SIZES for seed in SEEDS]
EVERY_DOCUMENT = pytest.mark.parametrize(("name", "size", "seed"), CASES)
EVERY_DOMAIN = pytest.mark.parametrize("name", NAMES)


@cache
def fresh(name: str, size: int, seed: int) -> tuple[Domain, Files, Document]:
    chosen = domain(name)
    files = chosen.generate(Random(f"{name}{size}{seed}"), size)
    return chosen, files, chosen.parse(files)


def compared(chosen: Domain, one: Document, other: Document) -> Likeness:
    return likeness(one, other, clips=chosen.clips)


@EVERY_DOCUMENT
def test_a_document_is_like_itself(name: str, size: int, seed: int) -> None:
    chosen, files, document = fresh(name, size, seed)
    result = compared(chosen, document, chosen.parse(dict(reversed(list(files.items())))))
    assert result == Likeness(1.0, True, 0.0, 0.0, 0.0, 0.0)


@EVERY_DOCUMENT
def test_a_fresh_document_is_written_back_as_it_was(name: str, size: int, seed: int) -> None:
    chosen, files, document = fresh(name, size, seed)
    assert chosen.render(document) == dict(files)
    assert not any(unit.kind == "opaque" for unit in document.units())


@EVERY_DOCUMENT
def test_what_is_written_reads_as_the_same_document(name: str, size: int, seed: int) -> None:
    """Also without the layout it was read with, as an edit would leave it."""
    chosen, _, document = fresh(name, size, seed)
    bare = Document(
        {
            name: tuple(replace(unit, layout=None) for unit in units)
            for name, units in document.files.items()
        }
    )
    assert compared(chosen, document, chosen.parse(chosen.render(bare))).lossless


@EVERY_DOMAIN
def test_fresh_documents_have_about_the_size_that_was_asked(name: str) -> None:
    chosen = domain(name)
    for size in (200, 1000, 5000, 20_000):
        text = "".join(chosen.generate(Random(size), size).values())
        tokens = len(text) / 3.5
        assert size / 1.8 < tokens < size * 1.8, f"{size} asked, about {tokens:.0f} made"


@EVERY_DOMAIN
def test_same_seed_same_document(name: str) -> None:
    assert fresh(name, 500, 7)[1] == fresh.__wrapped__(name, 500, 7)[1]
    assert fresh(name, 500, 7)[1] != fresh(name, 500, 8)[1]


@EVERY_DOCUMENT
def test_likeness_is_symmetric(name: str, size: int, seed: int) -> None:
    chosen, _, document = fresh(name, size, seed)
    damaged = mangle(chosen, document, Random(seed))
    there, back = compared(chosen, document, damaged), compared(chosen, damaged, document)
    assert there.value == pytest.approx(back.value, abs=1e-12)


def mangle(chosen: Domain, document: Document, rng: Random) -> Document:
    """Damage text blindly: lines lost, doubled, swapped, digits changed."""
    files = {}
    for name, text in chosen.render(document).items():
        lines = text.splitlines(keepends=True)
        for _ in range(max(2, len(lines) // 10)):
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            match rng.randrange(4):
                case 0:
                    lines[i] = ""
                case 1:
                    lines[i] *= 2
                case 2:
                    lines[i], lines[j] = lines[j], lines[i]
                case _:
                    lines[i] = re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), lines[i])
        files[name] = "".join(lines)
    return chosen.parse(files)


@EVERY_DOCUMENT
def test_removing_leaves_costs_exactly_their_weight(name: str, size: int, seed: int) -> None:
    chosen, _, document = fresh(name, size, seed)
    rng = Random(seed)
    leaves = [u for u in document.units() if not u.structural]
    gone = rng.sample(leaves, max(1, len(leaves) // 4))
    rest = keep(document, {id(u) for u in leaves} - {id(u) for u in gone})
    files = float(len(document.files)) if len(document.files) > 1 else 0.0
    whole = sum(u.weight for u in document.units()) + files
    expected = 1 - sum(u.weight for u in gone) / whole
    assert compared(chosen, document, rest).value == pytest.approx(expected)
    reread = chosen.parse(chosen.render(rest))
    assert compared(chosen, rest, reread).lossless, "the text must say the same as the units"


def keep(document: Document, kept: set[int]) -> Document:
    return Document(
        {
            name: tuple(u for u in units if u.structural or id(u) in kept)
            for name, units in document.files.items()
        }
    )


@EVERY_DOCUMENT
def test_a_document_twice_over_is_half_alike(name: str, size: int, seed: int) -> None:
    chosen, files, document = fresh(name, size, seed)
    doubled = chosen.parse({name: text + text for name, text in files.items()})
    assert compared(chosen, document, doubled).value <= 0.55


@EVERY_DOCUMENT
def test_duplicating_a_unit_lowers_it(name: str, size: int, seed: int) -> None:
    chosen, _, document = fresh(name, size, seed)
    for file, units in document.files.items():
        at = Random(seed).choice([i for i, u in enumerate(units) if not u.structural])
        more = document.replacing(file, [*units[: at + 1], units[at], *units[at + 1 :]])
        assert compared(chosen, document, more).value < 1
        assert compared(chosen, more, chosen.parse(chosen.render(more))).lossless


@EVERY_DOCUMENT
def test_swapping_two_unequal_ordered_units_lowers_it(name: str, size: int, seed: int) -> None:
    chosen, _, document = fresh(name, size, seed)
    for file, units in document.files.items():
        places = [i for i, u in enumerate(units) if u.ordered and not u.structural]
        pairs = [(i, j) for i, j in pairwise(places) if units[i] != units[j]]
        for i, j in pairs[:5]:
            swapped = list(units)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            assert compared(chosen, document, document.replacing(file, swapped)).value < 1


@EVERY_DOCUMENT
def test_changing_any_digit_lowers_it(name: str, size: int, seed: int) -> None:
    chosen, files, document = fresh(name, size, seed)
    rng = Random(seed)
    for file, text in files.items():
        places = [m.start() for m in re.finditer(r"\d", text) if not derived(chosen, text, m)]
        for at in rng.sample(places, min(12, len(places))):
            changed = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
            result = compared(chosen, document, chosen.parse({**files, file: changed}))
            assert result.value < 1, text[max(0, at - 40) : at + 40]
            assert not result.lossless


def derived(chosen: Domain, text: str, digit: re.Match[str]) -> bool:
    """Whether the format itself declares that the digit follows from the rest."""
    line = text[text.rfind("\n", 0, digit.start()) + 1 : text.find("\n", digit.start())]
    return any(pattern.fullmatch(line) for pattern in chosen.derived)


@EVERY_DOCUMENT
def test_deleting_any_word_lowers_it(name: str, size: int, seed: int) -> None:
    """A mutation test of the parser: no word may be invisible unless it is declared derived."""
    chosen, files, document = fresh(name, size, seed)
    rng = Random(seed)
    for file, text in files.items():
        places = [m for m in re.finditer(r"\w+", text) if not derived(chosen, text, m)]
        for word in rng.sample(places, min(12, len(places))):
            changed = text[: word.start()] + text[word.end() :]
            result = compared(chosen, document, chosen.parse({**files, file: changed}))
            assert result.value < 1, f"deleting {word[0]!r} at {word.start()}"


@EVERY_DOCUMENT
def test_formatting_that_means_nothing_costs_nothing(name: str, size: int, seed: int) -> None:
    chosen, files, document = fresh(name, size, seed)
    for file, text in files.items():
        for variant in chosen.reformatted(file, text):
            assert variant != text
            result = compared(chosen, document, chosen.parse({**files, file: variant}))
            assert result.lossless, variant[:400]


@EVERY_DOCUMENT
def test_one_broken_place_does_not_cost_the_file(name: str, size: int, seed: int) -> None:
    """Losing one line keeps at least the rest, less what hung on it."""
    chosen, files, document = fresh(name, size, seed)
    rng = Random(seed)
    for file, text in files.items():
        lines = text.splitlines(keepends=True)
        for _ in range(4):
            at = rng.randrange(1, len(lines))
            broken = "".join(lines[:at] + lines[at + 1 :])
            result = compared(chosen, document, chosen.parse({**files, file: broken}))
            units = len(document.files[file])
            hung = hanging(document.files[file], lines[at])
            assert result.value >= 1 - (4 + hung) / units - 0.25, f"line {at}: {lines[at]!r}"


def hanging(units: Sequence[Unit], line: str) -> int:
    """How many units have part of what they are from a line: the name of the list they are in.

    In JSON, whose elements name nothing themselves, no reader could tell which list that was.
    """
    opened = re.match(r'\s*"([^"]+)": ?\[\s*$', line)
    return sum(opened[1] in unit.kind for unit in units) if opened else 0


@EVERY_DOMAIN
def test_chatter_and_prose_are_worth_nothing(name: str) -> None:
    chosen, files, document = fresh(name, 500, 0)
    for text in ("", "I'm sorry, but I can't help with that.", "Sure! Here is the file.\n"):
        assert compared(chosen, document, chosen.parse(dict.fromkeys(files, text))).value <= 0.01
    prose = "\n\n".join(content.paragraph(Random(i)) for i in range(6))
    assert compared(chosen, document, chosen.parse(dict.fromkeys(files, prose))).value <= 0.05


@EVERY_DOMAIN
def test_independent_documents_stay_under_the_published_floor(name: str) -> None:
    pairs = [(fresh(name, 500, i), fresh(name, 500, i + 100)) for i in range(6)]
    values = [compared(one[0], one[2], other[2]).value for one, other in pairs]
    assert sum(values) / len(values) <= domain(name).floor


@EVERY_DOMAIN
def test_any_text_is_read_without_failing(name: str) -> None:
    chosen, files, _ = fresh(name, 300, 1)
    rng = Random(name)
    for text in (*HOSTILE, *(scrambled(rng, t) for t in files.values() for _ in range(20))):
        for extension in chosen.formats:
            document = chosen.parse({f"x{extension}": text})
            chosen.parse(chosen.render(document))


HOSTILE = (
    "\x00\x01\x02",
    "[" * 5000,
    "{" * 5000 + "}" * 5000,
    "\\begin{x}" * 2000,
    "<" * 3000,
    "9" * 5000,
    '{"a": NaN, "b": 1e999999999, "c": -Infinity}',
    "\u202eabc\u0000\ufeff",
    'a,b\n1,2,3\n"unclosed',
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT\nEND:VCALENDAR",
    "1\n00:00:99,999 --> 99:99:99,999\n\n\n2\n",
    "def f(:\n  '''\n",
)


def scrambled(rng: Random, text: str) -> str:
    at, to = sorted(rng.sample(range(len(text)), 2))
    return text[:at] + text[to:] + rng.choice("\"'{}[]\\\x00,;:\n") + text[at : at + 30]


@EVERY_DOMAIN
def test_distractors_share_no_name_with_the_document(name: str) -> None:
    chosen, files, _ = fresh(name, 300, 1)
    distractors = chosen.distractors(Random(1), 1000)
    assert distractors
    assert not set(distractors) & set(files)
    assert 300 < sum(map(len, distractors.values())) / 3.5 < 3000


# --- edits -------------------------------------------------------------------------------------


def edits_of(chosen: Domain, document: Document, seed: int) -> list[Edit]:
    """Those of fresh documents, and those of a user's documents that are not like them."""
    own = (planner(document, Random(seed)) for planner in chosen.own_planners)
    return [*chosen.plan(document, Random(seed)), *filter(None, own)]


@EVERY_DOCUMENT
def test_every_edit_restores_the_document_from_its_result_and_the_words(
    name: str, size: int, seed: int
) -> None:
    chosen, _, document = fresh(name, size, seed)
    for edit in edits_of(chosen, document, seed):
        forward = chosen.read(edit.forward.instruction)
        backward = chosen.read(edit.backward.instruction)
        assert forward is not None, edit.forward.instruction
        assert backward is not None, edit.backward.instruction
        edited = chosen.render(forward(document))
        assert chosen.render(edit.forward(document)) == edited
        between = chosen.parse(edited)
        assert not compared(chosen, document, between).lossless, f"{edit.name} does nothing"
        assert not any(u.kind == "opaque" for u in between.units()), edit.name
        restored = chosen.parse(chosen.render(backward(between)))
        assert compared(chosen, document, restored).lossless, edit.name


@EVERY_DOCUMENT
def test_every_edit_restores_a_thinned_or_doubled_document(name: str, size: int, seed: int) -> None:
    """The truth of the reference workers rests on this."""
    chosen, _, document = fresh(name, size, seed)
    rng = Random(seed)
    edits = edits_of(chosen, document, seed)
    for keeping in (0.9, 0.5, 0.0):
        thin = keep(document, {id(u) for u in document.units() if rng.random() < keeping})
        double = Document(
            {
                name: tuple(x for u in units for x in ((u, u) if odd(u, rng) else (u,)))
                for name, units in document.files.items()
            }
        )
        for damaged in (thin, double):
            damaged = chosen.parse(chosen.render(damaged))
            for edit in edits:
                between = chosen.parse(chosen.render(edit.forward(damaged)))
                restored = chosen.parse(chosen.render(edit.backward(between)))
                assert compared(chosen, damaged, restored).lossless, edit.name


def odd(unit: Unit, rng: Random) -> bool:
    return not unit.structural and rng.random() < 0.3


@EVERY_DOCUMENT
def test_edit_programs_are_total_on_damaged_documents(name: str, size: int, seed: int) -> None:
    chosen, files, document = fresh(name, size, seed)
    rng = Random(seed)
    edits = edits_of(chosen, document, seed)
    broken = [mangle(chosen, document, rng), chosen.parse(dict.fromkeys(files, "nothing left"))]
    for damaged in (*broken, Document({})):
        for edit in edits:
            chosen.render(edit.backward(edit.forward(damaged)))
            chosen.render(edit.backward(damaged))


@EVERY_DOMAIN
def test_at_least_six_edits_fit_even_a_small_document_two_of_them_composed(name: str) -> None:
    for seed in range(10):
        chosen, _, document = fresh(name, 100, seed)
        edits = chosen.plan(document, Random(seed))
        assert len(edits) >= 6
        assert len({edit.name for edit in edits}) == len(edits)
        composed = [edit for edit in edits if edit.kind == "composed"]
        assert len(composed) >= 2
        assert all(len(edit.forward.steps) >= 3 for edit in composed)


def test_no_two_domains_of_one_kind_of_file_say_the_same() -> None:
    """Reference workers know a domain by its words."""
    said: dict[tuple[str, str], str] = {}
    for name in DOMAINS:
        for sentence in {verb.sentence for verb in domain(name).verbs}:
            for extension in domain(name).formats:
                other = said.setdefault((extension, sentence), name)
                assert other == name, f"{other} and {name} on {extension}: {sentence}"


@pytest.mark.parametrize("name", FALLBACKS)
def test_a_fallback_which_takes_any_file_says_what_no_domain_says(name: str) -> None:
    others = {v.sentence for other in NAMES if other != name for v in domain(other).verbs}
    assert not others & {verb.sentence for verb in domain(name).verbs}


@EVERY_DOMAIN
def test_instructions_never_say_that_they_will_be_undone(name: str) -> None:
    chosen, _, document = fresh(name, 500, 0)
    for edit in chosen.plan(document, Random(0)):
        words = edit.forward.instruction.lower()
        assert not re.search(r"\b(undo|undone|later|restore|revert|revers)\b", words)


@pytest.mark.parametrize(("wrong", "near"), [("chss", "chess"), ("xyzzy", "accounting, audiosyn")])
def test_an_unknown_domain_is_one_line_with_the_nearest_names(wrong: str, near: str) -> None:
    with pytest.raises(ConfigError, match=f"got '{wrong}': try {near}") as caught:
        domain(wrong)
    assert "\n" not in str(caught.value)
