"""What a stage of one's own task is told by: its trigger in words, as an attribute to be heard.

A trigger speaks of the agent: that it asks about something, mentions it, or presents results. Its
kind follows from these words, and what may be asked about from the others.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from worktrial.search.cues import folded
from worktrial.search.items import Trigger
from worktrial.search.topics import Attribute

_MOST_WORDS, _LABEL_WORDS = 12, 5
_COMMON = 3
"""A word of more stages than these says nothing of any of them."""

_ASKS = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|question(?:s|ed|ing)?|inquir\w*|enquir\w*|quer(?:y|ies)|clarif\w*|"
    r"request(?:s|ed|ing)?|prob(?:e|es|ing)|elicit\w*)\b|问|确认|澄清",
    re.IGNORECASE,
)
_MENTIONS = re.compile(
    r"\b(?:mention\w*|bring(?:s|ing)? up|brought up|talk(?:s|ed|ing)?|discuss\w*|refer\w*|"
    r"touch(?:es)? on|rais(?:e|es|ing))\b|"
    r"提到|提及|谈到|讨论",
    re.IGNORECASE,
)
_PRESENTS = re.compile(
    r"\b(?:present\w*|deliver(?:s|ed|ing)?|show(?:s|n|ed|ing)?|provid\w*|propos\w*|offer\w*|"
    r"list(?:s|ed|ing)?|recommend\w*|suggest\w*|giv(?:e|es|ing)|return(?:s|ed|ing)?|report(?:s|ed|ing)?|"
    r"complet\w*|finish\w*|milestone|results?|candidates?|shortlist\w*)\b|"
    r"展示|给出|提供|推荐|列出|呈现|完成|结果",
    re.IGNORECASE,
)


def kind_of(trigger: str) -> Trigger:
    """How a stage is told: a mention tells what a question tells too; what is neither is shown."""
    if _MENTIONS.search(trigger):
        return "mentioned"
    if _ASKS.search(trigger):
        return "asked"
    return "shown" if _PRESENTS.search(trigger) else "mentioned"


def attributes_of(triggers: Sequence[str], lines: Sequence[str], vague: str) -> list[Attribute]:
    """One attribute a stage, by which the matcher hears that it is asked about or brought up.

    Words that the vague request has, or that several triggers have, tell stages apart badly: they
    are weak cues. A question or mention without a word of its own, such as "asks a question", is
    heard by the words of its line, or by those of the request; what is shown needs none.

    Args:
        triggers: Stage by stage.
        lines: What each tells.
        vague: The request that everybody knows.
    """
    said = [
        content_words(trigger) or (content_words(line) if kind_of(trigger) != "shown" else [])
        for trigger, line in zip(triggers, lines, strict=True)
    ]
    known = set(content_words(vague, most=None))
    stages = Counter(stem for words in said for stem in {_stem(word) for word in words})
    labels: list[str] = []
    for number, trigger in enumerate(triggers, 1):
        labels.append(_label(content_words(trigger), number, labels))
    return [
        Attribute(
            key=f"stage_{number}",
            label=label,
            kind="line",
            choices={line: ()},
            cues=_cues(words, label, known, stages, shown=kind_of(trigger) == "shown"),
        )
        for number, (words, label, trigger, line) in enumerate(
            zip(said, labels, triggers, lines, strict=True), 1
        )
    ]


def _label(words: Sequence[str], number: int, others: Sequence[str]) -> str:
    """What a stage's matter is called, unlike any other; never by the words of its line."""
    label = " ".join(words[:_LABEL_WORDS]) or f"matter {number}"
    return f"{label} again {number}" if label in others else label


def _cues(
    words: Sequence[str], label: str, known: set[str], stages: Counter[str], *, shown: bool
) -> tuple[str, ...]:
    """Strong cues, and after a `;` the weak ones."""
    stems = dict.fromkeys(_stem(word) for word in words)
    own = [stem for stem in stems if stages[stem] == 1]
    shared = [stem for stem in stems if 1 < stages[stem] <= _COMMON] or ([] if own else list(stems))
    given = {_stem(word) for word in known}
    strong = [stem for stem in own if stem not in given]
    weak = [stem for stem in shared if stem not in given]
    if not strong and not weak and not shown:
        weak = list(stems)
    # A single word is a cue already, strong or weak.
    whole = [label] if list(words) != [label] else []
    return (*whole, *strong, ";", *weak)


def content_words(text: str, most: int | None = _MOST_WORDS) -> list[str]:
    """The words of a text that carry meaning, folded, each once; in Chinese, runs of characters."""
    text = _SAID_OF_AGENTS.sub(" ", text)
    # Characters are words to the matcher; of a run of them, pairs are looked for.
    words = (word for run in _RUN.findall(text) for word in _words(run))
    kept = dict.fromkeys(word for word in words if word not in _EMPTY)
    return list(kept)[:most]


def _words(run: str) -> list[str]:
    found = folded(run).split()
    if not _CHINESE.match(run):
        return [word for word in found if len(word) > 1 or word.isdigit()]
    pairs = [f"{a} {b}" for a, b in pairwise(found)]
    return pairs or found


def _stem(word: str) -> str:
    """A word as a cue: without its ending, and with any."""
    if " " in word or not word.isalpha():
        return word
    if len(word) < _STEMMED:
        return f"{word}s?"
    stem = _ENDING.sub("", word)
    return f"{stem if len(stem) >= _STEMMED - 1 else word}*"


_STEMMED = 4
_ENDING = re.compile(r"(?:ies|ing|ed|es|e|s|y)$")
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_CHINESE = re.compile(f"[{_HAN}]")
_RUN = re.compile(f"[{_HAN}]+|[^{_HAN}]+")
_SAID_OF_AGENTS = re.compile(
    "用户|代理|助手|智能体|模型|询问|追问|问到|提问|提到|提及|谈到|讨论|确认|澄清|展示|给出|提供|推荐|列出|呈现|"
    "完成|结果|关于|对于|是否|什么|哪些|哪个|如何|多少|相关|具体|如果|或者|以及|[的了时后前当在是有和与及或就对其他她它]"
)
_EMPTY = frozenset(
    folded(
        """
        a about above after again agent agents ai all also am an and another any anything are as
        ask asked asking asks assistant at available be been before being bring bringing brings
        brought but by can candidate candidates clarification clarifies clarify clarifying
        complete completed completes concerning confirm confirms could deliver delivered
        delivers details did discuss discusses discussing do does don eg enquire enquires etc
        explicit explicitly finally finish finished finishes first for from further give gives
        giving had has have having her him his how id if im in information inquire inquires
        inquiry into is it it'll its just kind like list listed lists ll made make makes me
        mention mentioned mentioning mentions milestone model more my need needs next no not of
        offer offered offers on one only or other our out over particular please point possible
        preference preferences preferred present presented presenting presents propose proposed
        proposes provide provided provides query question questions raise raises re reach
        reached reaches recommend recommendation recommendations recommended recommends refer
        refers regarding related relevant report reported reports request requests result
        results return returns say says second should show showing shown shows so some something
        specific specifically stage stages such suggest suggested suggestion suggestions
        suggests system talk talking talks tell tells than that the their them then there these
        they this those to topic touch trigger type up user users ve want wants was we were what
        when where whether which while who whom whose why will with without would yes you your
        """
    ).split()
)
