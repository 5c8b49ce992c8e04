"""Variants: well-formed, of the item's own kind, with the right answer; or the reason for none."""

import ast
import operator
import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.variants import (
    digits,
    entities,
    expression,
    generated,
    numbers,
    options,
    order,
    varied,
    wrong_with,
)
from worktrial.memorisation.variants.generated import problems


def item(
    question: str,
    answer: str | None = None,
    *,
    working: str | None = None,
    choices: tuple[str, ...] = (),
) -> AuditItem:
    return AuditItem(
        id="one", row=1, question=question, answer=answer, options=choices, working=working
    )


def renewed(one: AuditItem, count: int = 5, seed: int = 1) -> tuple[Text, ...]:
    made = numbers.vary(one, count, Random(seed), digits.usage_of([one.question]))
    assert not isinstance(made, str), made
    return made


def refused(one: AuditItem) -> str:
    made = numbers.vary(one, 3, Random(1), digits.usage_of([one.question]))
    assert isinstance(made, str), made
    return made


_PYTHON = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def by_python(text: str) -> Fraction:
    """What Python's own parser makes of plain arithmetic."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.BinOp):
            found: Fraction = _PYTHON[type(node.op)](value(node.left), value(node.right))
            return found
        if isinstance(node, ast.UnaryOp):
            return -value(node.operand)
        assert isinstance(node, ast.Constant)
        return Fraction(str(node.value))

    return value(ast.parse(text, mode="eval").body)


arithmetic = st.recursive(
    st.integers(0, 99).map(str),
    lambda inner: st.builds(
        lambda a, op, b: f"({a} {op} {b})", inner, st.sampled_from("+-*/"), inner
    ),
    max_leaves=6,
)


@given(arithmetic)
def test_arithmetic_comes_to_what_python_makes_of_it(text: str) -> None:
    read = expression.read(text)
    try:
        wanted = by_python(text)
    except ZeroDivisionError:
        with pytest.raises(expression.NotAnExpressionError):
            expression.solutions(read, read.values())
        return
    found = expression.solutions(read, read.values())
    assert found == (wanted,)
    assert expression.confirmed(read, read.values(), found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\frac{3}{4} + \frac{1}{2}", Fraction(5, 4)),
        (r"2^{3} \times \left(1.5 - .5\right)", Fraction(8)),
        ("-3² ÷ 9 · 2", Fraction(-2)),
        ("1,250 – 50", Fraction(1200)),
        ("2(3 + 4)", Fraction(14)),
    ],
)
def test_the_signs_of_formulas(text: str, value: Fraction) -> None:
    read = expression.read(text)
    assert expression.solutions(read, read.values()) == (value,)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "2 +", "(1", "2^x", r"2 \frac{1}{2}", "x + y = 2", "3 x", "1 = 1",
        "(" * 99 + "1" + ")" * 99, "9" * 20, "1+" * 1_500 + "1", "2..5", "\0", "7!",
    ],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_no_expression(text: str) -> None:
    with pytest.raises(expression.NotAnExpressionError):
        expression.read(text)


def test_powers_that_would_fill_the_memory_have_no_value() -> None:
    read = expression.read("(((9^9)^9)^9)^9 + 1")
    with pytest.raises(expression.NotAnExpressionError, match="too large"):
        expression.solutions(read, read.values())


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 34 + 27?", "61"),
        ("Calculate 12 × (3.5 - 1.25).", "27"),
        ("What is 864 / 24?", "36"),
        ("Compute 1,250 + 3,700.", "4,950"),
        ("What is 3 - 9?", "-6"),
        ("2^3 + 10 =", "18"),
    ],
)
def test_new_numbers_have_a_new_answer_of_their_kind(question: str, answer: str) -> None:
    for text in renewed(item(question, answer), 8):
        formula = re.sub(r"[A-Za-z?=,]|\.$", "", text.question)
        formula = formula.replace("×", "*").replace("^", "**").strip()
        assert text.answer is not None
        told = Fraction(text.answer.replace(",", ""))
        assert told == by_python(formula.replace("**3", "*1")) or "^" in question
        assert abs(len(text.answer) - len(answer)) <= 2
        assert text.answer.startswith("-") == answer.startswith("-")
        assert ("," in text.answer) == ("," in answer)
        assert wrong_with(text, item(question, answer), "numbers") is None


@pytest.mark.parametrize("question", ["Solve 2x + 3 = 11 for x.", "Solve for y: 48 - 3y = 36"])
def test_an_equations_root_fits_its_new_numbers(question: str) -> None:
    for text in renewed(item(question, "x = 4"), 6):
        assert text.answer is not None
        root = text.answer.removeprefix("x = ")
        left, right = re.sub(r"Solve|for [xy][.:]", "", text.question).split("=")
        left = re.sub(r"(\d+)[xy]", rf"\1*({root})", left)
        assert by_python(left.strip()) == by_python(right.strip())


def test_both_roots_of_a_quadratic_keep_their_order() -> None:
    for text in renewed(item("Solve for x: x^2 - 5x + 6 = 0", "3 or 2"), 4):
        b, c = map(int, re.findall(r"(\d+)x \+ (\d+)", text.question)[0])
        large, small = map(int, (text.answer or "").split(" or "))
        assert (large + small, large * small) == (b, c)
        assert large > small


WORKED = item(
    "Weng earns $12 an hour. Yesterday she worked for 50 minutes. How much did she earn?",
    "10",
    working="12/60 = $<<12/60=0.2>>0.2 a minute.\n0.2 x 50 = $<<0.2*50=10>>10.",
)


def test_a_worked_problem_is_recomputed_step_by_step() -> None:
    for text in renewed(WORKED, 6):
        wage, minutes = map(int, re.findall(r"\$(\d+) .* (\d+) minutes", text.question)[0])
        assert Fraction(text.answer or "") == Fraction(wage * minutes, 60)
        assert "60" not in re.findall(r"\d+", text.question) or minutes == 60 or wage == 60


def test_a_percentage_is_traced_to_its_question() -> None:
    one = item(
        "A shirt of $40 is 20% off. What does it cost?",
        "32",
        working="<<40*.2=8>>8 off, so <<40-8=32>>32",
    )
    for text in renewed(one, 6):
        price, off = map(int, re.findall(r"\$(\d+) is (\d+)%", text.question)[0])
        assert Fraction(text.answer or "") == Fraction(price * (100 - off), 100)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (item("What is 3 + 4?"), "there is no answer to recompute"),
        (item("What is 3 + 4?", "8"), "the published answer does not come out"),
        (item("What is the last digit of 13 + 4?", "7"), "asks for more than the value"),
        (item("What is 3 + 4? And 5 + 6?", "7"), "more than one expression"),
        (item("What is 17?", "17"), "nothing to compute"),
        (item("Tom has 3 pears and 4 plums. How many?", "7"), "gives no calculation"),
        (
            item("Of 12 pears 7 were sold. How many?", "5", working="<<12-7=5>> <<5+0=5>>"),
            "where 0 comes from is not said",
        ),
        (
            item("Of 12 pears 7 go, then 5 come. How many?", "10", working="<<12-7=5>> <<5+5=10>>"),
            "5 may come from two places",
        ),
        (
            item("12 pears, 7 plums and 3 figs. Pears and plums?", "19", working="<<12+7=19>>"),
            "a number of the question is not in its calculation",
        ),
        (
            item("10 cakes for 3 people. How many each?", "3", working="<<10/3=3>>"),
            "a step is rounded or wrong",
        ),
        (
            item("10 cakes and 3 more. How many?", "14", working="<<10+3=13>>"),
            "does not lead to the published answer",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_recomputed_says_why(one: AuditItem, why: str) -> None:
    assert why in refused(one)


@given(st.from_regex(r"[1-9][0-9]{0,3}(\.[0-9]{1,2})?", fullmatch=True), st.integers(0, 99))
def test_a_fresh_number_is_of_its_class_and_about_as_large(text: str, seed: int) -> None:
    other = digits.usage_of(["12 250 7.5"]).drawn(text, Random(seed))
    assert digits.class_of(other) == digits.class_of(text)
    assert Fraction(text) * Fraction(2, 5) <= Fraction(other) <= Fraction(text) * Fraction(5, 2)


def named(one: AuditItem, count: int = 6) -> tuple[Text, ...]:
    made = entities.vary(one, count, Random(1), entities.met_in([one.question]))
    assert not isinstance(made, str), made
    return made


def test_names_change_alike_in_question_answer_and_options() -> None:
    one = item(
        "Tom has 3 apples, Mary has 5. Who has more apples, Tom or Mary?",
        "Mary",
        choices=("Tom", "Mary"),
    )
    for text in named(one):
        tom, mary = text.options
        assert text.answer == mary
        things = text.question.split()[3].strip(",")
        assert text.question == one.question.replace("Tom", tom).replace("Mary", mary).replace(
            "apples", things
        )
        assert tom in entities.CLASSES["man"]
        assert mary in entities.CLASSES["woman"]
        assert {tom, mary}.isdisjoint({"Tom", "Mary"})


@pytest.mark.parametrize(
    ("question", "answer", "why"),
    [
        ("What day is three days after Monday?", "Thursday", "answer names what its question"),
        ("What is the capital of that land?", "Paris", "no person, place or thing"),
        ("Isaac Newton was born in which year?", "1642", "more than themselves"),
        ("Which painter came from Madrid?", "an old one", "more than themselves"),
        ("How many legs do 4 chickens have?", "8", "more than themselves"),
    ],
)
def test_names_that_mean_something_stay(question: str, answer: str, why: str) -> None:
    made = entities.vary(item(question, answer), 3, Random(1), entities.met_in([question]))
    assert isinstance(made, str)
    assert why in made


def test_options_change_places_and_the_answer_stays() -> None:
    one = item("Which is it?", "lead", choices=("tin", "lead", "zinc"))
    made = options.vary(one, 19, Random(1))
    assert len(made) == 5  # 3! orders less the published one
    assert {text.answer for text in made} == {"lead"}
    assert all(Counter(t.options) == Counter(one.options) for t in made if isinstance(t, Text))


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        (("tin", "lead", "all of the above"), "where they stand"),
        (("tin", "lead", "Both A and B"), "where they stand"),
        (("1", "5", "9"), "order of their size"),
        ((), "no options"),
    ],
)
def test_options_that_stand_in_an_order_stay(choices: tuple[str, ...], why: str) -> None:
    made = options.vary(item("Which is it?", choices=choices), 3, Random(1))
    assert isinstance(made, str)
    assert why in made


PROSE = (
    "You may copy, distribute and modify the work under the terms and conditions of this text. "
    "The holder grants a perpetual and free license to make, have made, offer for sale, sell, "
    "import, and otherwise transfer the work. Every recipient shall keep the notices (a) in the "
    "source, (b) in the manuals, and (c) on the screen."
)


def test_enumerations_lists_and_sentences_are_found() -> None:
    found = [[PROSE[a:b] for a, b in spans] for spans in order.enumerations(PROSE)]
    assert found == [
        ["copy", "distribute", "modify"],
        ["terms", "conditions"],
        ["perpetual", "free"],
        ["have made", "offer for sale", "sell", "import"],
    ]
    parts = [[PROSE[a:b] for a, b in spans] for spans in order.parts_of_lists(PROSE)]
    assert parts == [["in the source", "in the manuals", "on the screen"]]
    assert len(order.passages(PROSE)) == 3


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_another_order_is_of_the_same_words(seed: int) -> None:
    made = order.vary(item(PROSE), 19, Random(seed))
    assert len(made) == 19
    words = re.compile(r"[\w']+|[^\w\s]")
    for text in made:
        assert isinstance(text, Text)
        assert Counter(words.findall(text.question)) == Counter(words.findall(PROSE))
        assert len(text.question) == len(PROSE)
        assert wrong_with(text, item(PROSE), "order") is None


def test_a_sentence_that_leans_on_another_goes_with_it() -> None:
    text = "The tank is full today. It holds forty litres of oil. Another tank stands outside."
    assert [text[a:b] for a, b in order.passages(text)] == [
        "The tank is full today. It holds forty litres of oil.",
        "Another tank stands outside.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "the work and modify it", "an author or contributor", "the work and any copy of it",
        "you may run or a copy", "cats and cats",
    ],
)  # fmt: skip
def test_words_of_two_kinds_do_not_change_places(text: str) -> None:
    assert order.enumerations(text) == []


def test_words_that_other_texts_enumerate_too_stay() -> None:
    texts = [
        "Keep the terms and conditions.",
        "All terms and conditions apply beside rules and fees.",
    ]
    shared = order.shared_words(texts)
    assert shared == {"terms", "conditions"}
    made = order.vary(item(texts[1]), 9, Random(1), shared)
    assert [text.question for text in made if isinstance(text, Text)] == [
        "All terms and conditions apply beside fees and rules."
    ]


def test_an_answer_that_may_depend_on_an_order_keeps_it() -> None:
    one = item("Ann and Bo draw hearts and stars. What does the first one draw?", "hearts")
    assert order.vary(one, 3, Random(1)) == "its answer may depend on an order"


def test_problems_of_our_own_are_known_and_drawn_again() -> None:
    made = problems(1, 60)
    assert made[:20] == problems(1, 20)
    assert len({one.question for one in made}) == 60
    assert all(map(generated.is_ours, made))
    assert not generated.is_ours(made[0].model_copy(update={"question": made[1].question}))
    assert {one.id[:10] for one in made} == {
        f"problem-{n:02d}" for n in range(len(generated.TEMPLATES))
    }


@pytest.mark.parametrize("one", problems(2, len(generated.TEMPLATES)), ids=lambda one: one.id)
def test_every_templates_working_leads_to_its_answer(one: AuditItem) -> None:
    steps = re.findall(r"<<(.+?)=(\d+)>>", one.working or "")
    assert steps[-1][1] == one.answer
    assert all(by_python(text) == int(value) for text, value in steps)
    made = generated.vary(one, 3, Random(1))
    assert len(made) == 3
    for text in made:
        assert isinstance(text, Text)
        assert re.sub(r"\d+", "#", text.question).count("#") == len(
            re.findall(r"\d+", one.question)
        )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1_000), st.integers(1, 6))
def test_the_laws_of_variants(seed: int, count: int) -> None:
    stripped = [
        one.model_copy(update={"id": f"row-{n}", "working": one.working if n % 2 else None})
        for n, one in enumerate(problems(seed, 12))
    ]
    given_items = [*stripped, *problems(seed + 1, 4), item(PROSE), item("Why is that?", "so")]
    found = varied(given_items, count=count, seed=seed)
    assert found == varied(given_items, count=count, seed=seed)
    assert [one.id for one in found] == [one.id for one in given_items]
    for before, after in zip(given_items, found, strict=True):
        assert (before.question, before.answer) == (after.question, after.answer)
        assert (after.family is None) == (not after.variants) == (after.unvaried is not None)
        assert len({text.question for text in after.variants} | {after.question}) == (
            len(after.variants) + 1
        )
        assert len(after.variants) <= count
        assert after.working is None
        for text in after.variants:
            assert after.family is not None
            assert wrong_with(text, after, after.family) is None


def test_the_strongest_kind_is_taken() -> None:
    ours = problems(3, 1)[0]
    worked = ours.model_copy(update={"id": "a"})
    bare = ours.model_copy(update={"id": "b", "working": None})
    choice = item("Which metal is it?", "tin", choices=("lead", "tin", "zinc"))
    found = varied([ours, worked, bare, choice, item(PROSE)], count=5, seed=1)
    assert [one.family for one in found] == ["generated", "numbers", "entities", "options", "order"]
    assert all(len(one.variants) == 5 for one in found)


def test_controls_are_reordered_where_items_are_and_never_else() -> None:
    control = item(PROSE.replace("license", "lease")).model_copy(update={"role": "control"})
    beside_prose, beside_sums = (
        varied([control, one], count=3, seed=1)[0] for one in (item(PROSE), *problems(1, 1))
    )
    assert (beside_prose.family, len(beside_prose.variants)) == ("order", 3)
    assert (beside_sums.family, beside_sums.variants) == (None, ())


def test_controls_get_none_and_the_rest_a_reason() -> None:
    control = item("What is 3 + 4?", "7").model_copy(update={"role": "control"})
    found = varied([control, item("Why?", "so")], count=3, seed=1)
    assert (found[0].variants, found[0].unvaried) == ((), None)
    assert "no numbers, known names" in (found[1].unvaried or "")


def test_an_items_variants_do_not_depend_on_where_it_stands() -> None:
    items = [one.model_copy(update={"id": f"row-{one.row}"}) for one in problems(4, 20)]
    there, back = varied(items, count=3, seed=1), varied(items[::-1], count=3, seed=1)
    assert there == back[::-1]


@pytest.mark.parametrize(
    "question",
    [
        "一共有多少个苹果？", "כמה הם שלוש ועוד ארבע?", "x", "((((", "a, b, and c",
        "\u202e3 + 4\u202c", "What is " + "3 + " * 3_000 + "4?", "and " * 4_000, "a, " * 5_000,
        "(a) " * 1_000, "1, " * 5_000, "Tom " * 5_000,
    ],
    ids=range(12),
)  # fmt: skip
def test_strange_questions_are_survived(question: str) -> None:
    (found,) = varied([item(question, "7")], count=3, seed=1)
    assert bool(found.variants) != bool(found.unvaried)


def test_prose_that_everyone_knows_can_be_varied() -> None:
    """The example of the documentation: a licence's sentence about what may be done."""
    text = (
        "Permission to use, copy, modify, and distribute this software is granted. "
        "The copyright notice and warranty appear in all copies. No author or holder is liable."
    )
    (found,) = varied([item(text)], count=19, seed=1)
    assert found.family == "order"
    assert len(found.variants) == 19
    starts = {text.question[:30] for text in found.variants}
    assert len(starts) > len(list(pairwise("abc")))
