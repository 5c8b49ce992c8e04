"""The tongue of a small base: a tokenizer of single characters, or of words."""

from collections.abc import Iterable
from typing import Any

CHARACTERS = "0123456789+-*/=()#. "
PAD, START, END = "<pad>", "<s>", "</s>"
_WORD = r"\w+|[^\w\s]|\n"


def by_character(characters: str = CHARACTERS) -> Any:
    """A tokenizer of so many characters."""
    return _tokenizer(characters, r"[\s\S]", joined="")


def by_word(texts: Iterable[str]) -> Any:
    """A tokenizer of all words, marks and line breaks that texts are made of."""
    import re

    words = {word for text in texts for word in re.findall(_WORD, text)}
    return _tokenizer(sorted(words), _WORD, joined=" ")


def _tokenizer(entries: Iterable[str], pattern: str, *, joined: str) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    places = {entry: place for place, entry in enumerate([PAD, START, END, *entries])}
    told = Tokenizer(models.WordLevel(places, unk_token=PAD))
    # Of what is matched each piece is a token; what lies between, such as spaces, is left out.
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    told.pre_tokenizer = split
    if not joined:
        told.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=told,
        pad_token=PAD,
        bos_token=START,
        eos_token=END,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
