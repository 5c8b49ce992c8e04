"""The likeness law on small documents, worked by hand."""

from decimal import Decimal

import pytest

from worktrial.documents.likeness import Likeness, likeness
from worktrial.documents.similarity import unit_similarity
from worktrial.documents.unit import Document, Unit


def row(**fields: str | int) -> Unit:
    return Unit("row", {n: v if isinstance(v, str) else Decimal(v) for n, v in fields.items()})


def table(*units: Unit, name: str = "a.csv") -> Document:
    return Document({name: units})


FOUR = [row(id=f"r{i}", a=i, b=i * 7, c=f"x{i}") for i in range(4)]


def test_removing_one_of_four_equal_weights_costs_a_quarter() -> None:
    result = likeness(table(*FOUR), table(*FOUR[1:]))
    assert result == Likeness(0.75, False, missing=0.25, extra=0, altered=0, moved=0)


def test_one_wrong_field_of_four() -> None:
    # Three of four fields equal: r = .75, clipped at .5 to .5. S = 3.5, likeness 3.5 / 4.5.
    wrong = row(id="r0", a=99, b=0, c="x0")
    result = likeness(table(*FOUR), table(wrong, *FOUR[1:]))
    assert result.value == pytest.approx(3.5 / 4.5)
    assert result.altered == pytest.approx(0.5 / 4)


def test_a_unit_under_the_clip_is_missing_and_extra() -> None:
    # One of four fields equal: below the clip, so S = 3 and likeness 3 / 5.
    other = row(id="r0", a=98, b=99, c="zz")
    result = likeness(table(*FOUR), table(other, *FOUR[1:]))
    assert result.value == pytest.approx(3 / 5)
    assert (result.missing, result.extra, result.altered) == (0.25, 0.25, 0)


def test_swapping_two_of_four_costs_half_of_one_of_four() -> None:
    # The longest common subsequence keeps 3 of 4: S' = 4 − ½·4·¼ = 3.5, likeness 3.5 / 4.5.
    swapped = table(FOUR[1], FOUR[0], *FOUR[2:])
    result = likeness(table(*FOUR), swapped)
    assert result.value == pytest.approx(3.5 / 4.5)
    assert result.moved == pytest.approx(0.5 / 4)


def test_order_that_means_nothing_costs_nothing() -> None:
    loose = [Unit("event", u.fields, ordered=False) for u in FOUR]
    assert likeness(table(*loose), table(*reversed(loose))).lossless


def test_equal_units_are_interchangeable() -> None:
    one, same, other = row(a=1), row(a=1), row(a=2)
    assert likeness(table(one, other, same), table(same, other, one)).lossless


def test_a_unit_in_the_wrong_file_has_moved() -> None:
    left = Document({"a.csv": tuple(FOUR[:2]), "b.csv": tuple(FOUR[2:])})
    right = Document({"a.csv": tuple(FOUR[:3]), "b.csv": tuple(FOUR[3:])})
    # Six units of weight 1 (two are the files). Three of four are in place: S' = 6 − ½·4·¼.
    assert likeness(left, right).value == pytest.approx(5.5 / 6.5)


def test_a_renamed_file_counts_half() -> None:
    # Four rows and a file: S = 4 + ½, both weigh 5.
    assert likeness(table(*FOUR), table(*FOUR, name="z.csv")).value == pytest.approx(4.5 / 5.5)


def test_text_is_compared_by_tokens() -> None:
    # "a b c d" against "a b x d": 3 common of 5 in the union, r = .6, clipped at .3.
    one, other = Unit("p", text="a b c d"), Unit("p", text="a b x d")
    assert unit_similarity(one, other) == pytest.approx((0.6 - 0.3) / 0.7)


def test_boilerplate_weighs_by_its_tokens() -> None:
    assert Unit("line", text="}").weight == 1 / 8
    assert Unit("line", text="one two three four five six seven eight").weight == 1
    assert row(a=1).weight == 1


def test_values_of_different_types_differ() -> None:
    assert unit_similarity(row(a=1, b=2), row(a="1", b=2)) == 0
    assert Unit("x", {"a": True}).identity != Unit("x", {"a": Decimal(1)}).identity
    assert Unit("x", {"a": Decimal("1.0")}).identity == Unit("x", {"a": Decimal("1.00")}).identity


def test_empty_documents_are_alike_and_like_nothing_else() -> None:
    assert likeness(Document({}), Document({})).value == 1
    assert likeness(table(*FOUR), Document({})).value == 0
    assert likeness(Document({}), table(*FOUR)).value == 0


def test_many_altered_units_are_still_compared_in_bounded_time() -> None:
    one = [row(id=f"r{i}", a=i, b=i + 1, c="x", d="y") for i in range(3000)]
    other = [row(id=f"r{i}", a=i, b=-i - 1, c="x", d="y") for i in range(3000)]
    value = likeness(table(*one), table(*other)).value
    # Four of five fields equal: r = .8, clipped .6, 1800 / 4200.
    assert value == pytest.approx(1800 / 4200, abs=0.01)


def test_units_that_differ_in_no_token_are_still_not_equal() -> None:
    one, other = (table(Unit("line", text=t)) for t in ('return "a: " + x', 'return "a:" + x'))
    result = likeness(one, other)
    assert not result.lossless
    assert result.value < 1


def test_the_names_of_files_alone_earn_nothing() -> None:
    whole = Document({"a.csv": tuple(FOUR[:2]), "b.csv": tuple(FOUR[2:])})
    assert likeness(whole, Document({"a.csv": (), "b.csv": ()})).value == 0
