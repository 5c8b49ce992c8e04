"""What is asked about a text.

As little template as can be: one user message of one line and the text's beginning; where a
provider continues text, the beginning alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from worktrial.memorisation.arms import PUBLISHED
from worktrial.memorisation.courses import LIKELIHOOD_VARIANTS, AuditCourse
from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.measured import CONTROL, JUDGED, PREFIXES, at
from worktrial.memorisation.reconstruction import cut
from worktrial.memorisation.whole import Canary, body, lettered
from worktrial.randomness import stream

PROMPT_VERSION = 1
ANSWER, MASKED, CANARY = "answer", "masked", "canary"
COMPLETION, SAMPLED, GUIDED, GENERAL = "completion", "sampled", "guided", "general"
GUIDED_PERCENT = 60
TEMPERATURE = 0.7
_CONTINUE = (
    "Continue this text word for word from where it stops. Write only what comes next.\n\n{prefix}"
)
_GUIDED = (
    "This is the beginning of an item of {name}. Continue it word for word as it stands there. "
    "Write only what comes next.\n\n{prefix}"
)
_ANSWER = "{body}\n\nEnd with a line of its own: ANSWER: {form}"
_BARE = "{body}\nANSWER:"
_MASKED = (
    "One option of this question is masked. Write the masked option word for word, and nothing "
    "else.\n\n{question}"
)
_MASK = "[MASK]"
_LEAST_OPTIONS = 3
_SPARE_TOKENS, _BYTES_A_TOKEN = 32, 2.5


@dataclass(frozen=True, slots=True)
class Access:
    """What a model allows.

    Attributes:
        raw: It continues a bare text.
        chat: It answers messages.
        logprobs: It tells the log-probabilities of a text's tokens.
    """

    raw: bool = False
    chat: bool = True
    logprobs: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """One call.

    Attributes:
        name: Unique among the probes of a text, such as `completion_60` or `sampled_40_3`.
        prompt: What is sent, as one message or as a bare text.
        tokens: The most that are written.
        raw: Whether it is sent as a bare text.
        temperature: `None` is the model's own.
    """

    name: str
    prompt: str
    tokens: int
    raw: bool = False
    temperature: float | None = 0.0


def texts_of(item: AuditItem, arm: str, variants: int) -> dict[str, Text]:
    """The texts of an item that are continued and answered under an arm, by name.

    A control's own variants are read, and never asked about: see `read_of`.

    Args:
        item: Audited, or a control.
        arm: `published` or `fresh`.
        variants: The most of its variants.
    """
    if item.role == "control":
        return {CONTROL: item} if arm != PUBLISHED else {}
    if arm == PUBLISHED:
        return {PUBLISHED: item}
    return _variants(item, variants)


def _variants(item: AuditItem, most: int) -> dict[str, Text]:
    return {f"variant-{n}": text for n, text in enumerate(item.variants[:most], 1)}


def read_of(item: AuditItem, arm: str) -> dict[str, Text]:
    """The texts of an item whose tokens are read under an arm, by name.

    Args:
        item: Audited, or a control.
        arm: `published` or `fresh`.
    """
    if arm == PUBLISHED or item.role == "audited":
        return texts_of(item, arm, LIKELIHOOD_VARIANTS)
    return {CONTROL: item, **_variants(item, LIKELIHOOD_VARIANTS)}


def probes_of(
    text: Text, *, course: AuditCourse, name: str, seed: int, access: Access
) -> tuple[Probe, ...]:
    """Every call that is made about a text.

    Args:
        text: What is probed.
        course: How much is asked.
        name: Of the published set, as an instruction names it.
        seed: Decides which wrong option is masked.
        access: What the model allows.
    """
    return (
        *_completions(text, course, access),
        *(_guided(text, name, access) if course.guided and access.chat else ()),
        *(_masked(text, seed) if course.masked and access.chat else ()),
        *_answer(text, course, access),
    )


def _completions(text: Text, course: AuditCourse, access: Access) -> Iterator[Probe]:
    """Greedy ones at every prefix, and sampled ones at those that are judged."""
    for percent in PREFIXES:
        parts = cut(body(text), percent)
        if parts is None:
            continue
        prefix, remainder = parts
        prompt = prefix if access.raw else _CONTINUE.format(prefix=prefix)
        tokens = tokens_for(remainder)
        yield Probe(at(COMPLETION, percent), prompt, tokens, access.raw)
        for draw in range(course.draws if percent in JUDGED else 0):
            drawn = f"{at(SAMPLED, percent)}_{draw + 1}"
            yield Probe(drawn, prompt, tokens, access.raw, TEMPERATURE)


def tokens_for(remainder: str) -> int:
    """The most tokens of a continuation: enough for the remainder and a short answer."""
    return _SPARE_TOKENS + round(len(remainder.encode()) / _BYTES_A_TOKEN)


def _guided(text: Text, name: str, access: Access) -> Iterator[Probe]:
    """With the set's name; without it, where the continuation was not asked in words anyway."""
    parts = cut(body(text), GUIDED_PERCENT)
    if parts is None:
        return
    prefix, remainder = parts
    tokens = tokens_for(remainder)
    yield Probe(GUIDED, _GUIDED.format(name=name, prefix=prefix), tokens)
    if access.raw:
        yield Probe(GENERAL, _CONTINUE.format(prefix=prefix), tokens)


def _masked(text: Text, seed: int) -> Iterator[Probe]:
    place = masked_place(text, seed)
    if place is not None:
        options = [*text.options[:place], _MASK, *text.options[place + 1 :]]
        question = "\n".join([text.question, *lettered(options)])
        yield Probe(MASKED, _MASKED.format(question=question), tokens_for(text.options[place]))


def masked_place(text: Text, seed: int) -> int | None:
    """Which option is masked: a wrong one; `None` where there are too few, or none is known wrong.

    Args:
        text: A question with options.
        seed: From which the choice follows.
    """
    if len(text.options) < _LEAST_OPTIONS or text.answer not in text.options:
        return None
    wrong = [n for n, option in enumerate(text.options) if option != text.answer and option.strip()]
    return stream(seed, "masked", text.question).choice(wrong) if wrong else None


def _answer(text: Text, course: AuditCourse, access: Access) -> Iterator[Probe]:
    if text.answer is None or not text.answer.strip():
        return
    form = "<letter>" if text.options else "<your answer>"
    asked = _ANSWER.format(body=body(text), form=form)
    if access.chat:
        yield Probe(ANSWER, asked, course.tokens, temperature=None)
    else:
        yield Probe(ANSWER, _BARE.format(body=body(text)), tokens_for(text.answer), raw=True)


def canary_probe(canary: Canary, access: Access) -> Probe:
    """The first part of a canary, to be continued.

    Args:
        canary: Of the file.
        access: What the model allows.
    """
    prompt = canary.shown if access.raw else _CONTINUE.format(prefix=canary.shown)
    return Probe(CANARY, prompt, 2 * len(canary.hidden), access.raw)
