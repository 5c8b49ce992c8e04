"""The tongues of small bases: what is encoded is decoded as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from worktrial.training.families import ARMS, families, prompt
from worktrial.training.tongue import CHARACTERS, by_character, by_word

LETTERS = by_character()


def encoded(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


@given(text=st.text(CHARACTERS, max_size=20))
def test_characters_are_tokens_and_come_back(text: str) -> None:
    ids = encoded(LETTERS, text)
    assert len(ids) == len(text)
    assert LETTERS.decode(ids) == text


def test_a_sum_by_hand() -> None:
    # Three special tokens, then the characters in their order.
    assert encoded(LETTERS, "37+58=#95") == [6, 10, 13, 8, 11, 17, 20, 12, 8]
    ids = [*encoded(LETTERS, "95"), LETTERS.eos_token_id, LETTERS.pad_token_id]
    assert LETTERS.decode(ids, skip_special_tokens=True) == "95"
    assert len(LETTERS) == 3 + len(CHARACTERS)


def test_special_tokens_are_apart_and_padding_is_on_the_left() -> None:
    assert (LETTERS.pad_token_id, LETTERS.bos_token_id, LETTERS.eos_token_id) == (0, 1, 2)
    rows = LETTERS(["1", "12+"], padding=True)["input_ids"]
    assert rows == [[0, 0, 4], [4, 5, 13]]


def test_words_of_families_come_back() -> None:
    tasks = families(7, 2)[::20]
    texts = [f"{prompt(t, i, arm)} {i.output}" for t in tasks for i in t.instances for arm in ARMS]
    words = by_word(texts)
    assert by_word(reversed(texts)).get_vocab() == words.get_vocab()
    for text in texts:
        ids = encoded(words, text)
        assert words.pad_token_id not in ids
        assert words.decode(ids).split() == text.replace(":", " :").split()


def test_words_marks_and_breaks_are_tokens() -> None:
    words = by_word(["Input: a mela , b\nOutput: mela ."])
    ids = encoded(words, "Output: mela\nInput , .")
    assert [words.decode([each]) for each in ids] == [
        "Output",
        ":",
        "mela",
        "\n",
        "Input",
        ",",
        ".",
    ]
    assert words.decode(encoded(words, "mela b")) == "mela b"
    assert encoded(words, "unknown") == [words.pad_token_id]
