"""What is asked of a text, and what of a file as a whole."""

from pathlib import Path
from random import Random

import pytest

from worktrial.errors import ConfigError
from worktrial.memorisation.courses import COURSES, custom_course
from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.probes import Access, masked_place, probes_of, texts_of, tokens_for
from worktrial.memorisation.whole import Shard, canary_of, is_sorted, shards_of

QUESTION = "Ada buys twelve crates of plums and sells seven of them before noon to her neighbours."
PLAIN = Text(question=QUESTION, answer="5")
CHOICE = Text(question=QUESTION, answer="five", options=("four", "five", "six", "seven"))
GUID = "26b5c67b-86ad-4a2d-8b9f-0123456789ab"


def names(text: Text, course: str, access: Access = Access()) -> list[str]:  # noqa: B008
    asked = probes_of(text, course=COURSES[course], name="Sums", seed=7, access=access)
    return [probe.name for probe in asked]


def test_the_pocket_course_asks_four_things() -> None:
    assert names(PLAIN, "pocket") == ["completion_40", "completion_60", "completion_80", "answer"]


def test_the_standard_course_draws_names_the_set_and_masks() -> None:
    asked = names(CHOICE, "standard")
    assert len(asked) == 3 + 2 * 4 + 1 + 1 + 1
    assert {"sampled_40_4", "sampled_60_1", "guided", "masked"} <= set(asked)
    assert "sampled_80_1" not in asked, "80 % is shown, never judged"
    assert "masked" not in names(PLAIN, "standard")


def test_a_bare_text_is_sent_without_a_word_around_it() -> None:
    asked = probes_of(
        PLAIN, course=COURSES["standard"], name="Sums", seed=7, access=Access(raw=True)
    )
    by_name = {probe.name: probe for probe in asked}
    assert by_name["completion_60"].prompt == "Ada buys twelve crates of plums and sells seven of"
    assert by_name["completion_60"].raw
    assert not by_name["answer"].raw
    assert {"guided", "general"} <= set(by_name), "in words, and so beside each other"
    assert "Sums" in by_name["guided"].prompt
    assert "Sums" not in by_name["general"].prompt


def test_a_provider_without_a_chat_is_asked_nothing_in_words() -> None:
    asked = probes_of(
        CHOICE, course=COURSES["standard"], name="Sums", seed=7, access=Access(raw=True, chat=False)
    )
    assert all(probe.raw for probe in asked)
    assert asked[-1].prompt.endswith("D. seven\nANSWER:")


def test_no_prompt_holds_what_was_cut_off_or_the_answer() -> None:
    asked = probes_of(PLAIN, course=COURSES["full"], name="Sums", seed=7, access=Access())
    for probe in asked:
        assert "neighbours" not in probe.prompt or probe.name == "answer"
        assert "5" not in probe.prompt.split()


def test_short_texts_and_missing_answers_are_asked_less() -> None:
    assert names(Text(question="Why not"), "full") == []
    assert names(Text(question="one two three four", answer="5"), "pocket") == [
        "completion_80",
        "answer",
    ]


def test_a_masked_option_is_wrong_and_not_shown() -> None:
    places = {masked_place(CHOICE, seed) for seed in range(40)}
    assert places == {0, 2, 3}
    place = masked_place(CHOICE, 7)
    asked = probes_of(CHOICE, course=COURSES["full"], name="", seed=7, access=Access())
    prompt = next(probe.prompt for probe in asked if probe.name == "masked")
    assert place is not None
    assert f". {CHOICE.options[place]}" not in prompt
    assert masked_place(Text(question="?", answer="a", options=("a", "b")), 7) is None
    assert masked_place(Text(question="?", answer="x", options=("a", "b", "c")), 7) is None


def test_tokens_are_bound_by_the_remainder() -> None:
    assert tokens_for("a" * 250) == 132
    assert tokens_for("春" * 100) == 152, "three bytes each"


def test_a_control_is_fresh_and_a_variant_is_not_published() -> None:
    item = AuditItem(id="i", row=1, variants=(PLAIN, CHOICE), **PLAIN.model_dump())
    control = AuditItem(id="c", row=1, role="control", **PLAIN.model_dump())
    assert list(texts_of(item, "published", 5)) == ["published"]
    assert list(texts_of(item, "fresh", 5)) == ["variant-1", "variant-2"]
    assert list(texts_of(item, "fresh", 1)) == ["variant-1"]
    assert list(texts_of(control, "published", 5)) == []
    assert list(texts_of(control, "fresh", 5)) == ["control"]


@pytest.mark.parametrize(("name", "items"), [("huge", None), ("pocket", 0)])
def test_a_course_that_there_is_not_is_a_mistake(name: str, items: int | None) -> None:
    with pytest.raises(ConfigError, match="`--"):
        custom_course(name, items=items)


# --- the file as a whole -----------------------------------------------------------------------


def item(row: int, question: str) -> AuditItem:
    return AuditItem(id=f"r{row}", row=row, question=question)


def test_a_canary_is_found_and_most_of_it_is_hidden(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(f'{{"canary": "BENCHMARK DATA. canary GUID {GUID}"}}\n', "utf-8")
    found = canary_of(file, [])
    assert found is not None
    assert found.shown.endswith("canary GUID 26b5c67b")
    assert found.hidden == "-86ad-4a2d-8b9f-0123456789ab"
    assert canary_of(None, [item(1, f"what is canary GUID {GUID}?")]) is not None
    assert canary_of(None, [item(1, f"an id {GUID}")]) is None, "any GUID is no canary"


def words(rng: Random, count: int) -> str:
    return " ".join(rng.choice("abcdefghij") * rng.randint(1, 6) for _ in range(count))


def test_shards_are_of_rows_that_follow_one_another() -> None:
    rng = Random(1)
    rows = [*range(1, 17), *range(30, 36), *range(40, 48)]
    shards = shards_of([item(row, words(rng, 30)) for row in rows], seed=7)
    assert [shard.id for shard in shards] == ["shard-1", "shard-2", "shard-3"]
    assert all(len(shard.texts) == 8 for shard in shards)


def test_a_sorted_file_has_no_shards() -> None:
    rng = Random(1)
    by_length = [item(row, words(rng, 10 + row)) for row in range(1, 41)]
    assert shards_of(by_length, seed=7) == ()
    topics = [words(rng, 20) for _ in range(40)]
    by_topic = [item(r, f"{topics[r // 4]} {words(rng, 5)}") for r in range(1, 41)]
    assert shards_of(by_topic, seed=7) == ()


def test_unsorted_files_are_rarely_taken_for_sorted() -> None:
    # Two tests at 5 % each: about one in ten.
    rng = Random(3)
    taken = sum(
        is_sorted([[words(rng, rng.randint(10, 30)) for _ in range(8)] for _ in range(5)], seed=n)
        for n in range(40)
    )
    assert taken <= 10


def test_a_shards_orders_are_the_same_texts_from_the_same_seed() -> None:
    shard = Shard(id="shard-1", texts=tuple("abcdefgh"), seed=7)
    own, *others = shard.orders(5)
    assert own == "\n\n".join("abcdefgh")
    assert others == shard.orders(5)[1:]
    assert {tuple(sorted(o.split("\n\n"))) for o in others} == {tuple("abcdefgh")}
