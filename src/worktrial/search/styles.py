"""How the simulated user talks beside telling what it cares about: phrases by style, and by act."""

from collections.abc import Mapping, Sequence
from typing import Literal

from worktrial.search.items import Style
from worktrial.search.topics import Attribute
from worktrial.search.words import noun

Act = Literal["again", "indifferent", "put off", "nothing", "ask first", "give up"]


def phrase(style: Style, act: Act, turn: int, **holes: str) -> str:
    """What a person of this style says; which of its phrases, the turn decides.

    Args:
        style: Of the persona.
        act: What is said.
        turn: Number of the turn.
        holes: `line` for what is repeated, `what` for what it is about.
    """
    phrases = PHRASES[style][act]
    return phrases[turn % len(phrases)].format(**holes)


def listed(attributes: Sequence[Attribute], last: str = "and") -> str:
    """Attributes as an enumeration: `the lead time, the currency and the certification`."""
    nouns = [f"the {noun(attribute)}" for attribute in attributes]
    return f" {last} ".join([", ".join(nouns[:-1]), nouns[-1]] if len(nouns) > 1 else nouns)


PHRASES: Mapping[Style, Mapping[Act, tuple[str, ...]]] = {
    "terse": {
        "again": ("As I said: {line}", "Like I said: {line}"),
        "indifferent": ("I don't mind about {what}.", "No preference about {what}."),
        "put off": ("I can't say anything about {what} yet.", "About {what} I can't say yet."),
        "nothing": ("OK.", "Fine.", "Go on."),
        "ask first": ("Ask me first.", "Ask me a few things first."),
        "give up": ("I give up.", "Forget it."),
    },
    "chatty": {
        "again": (
            "Oh, as I mentioned, if you remember: {line}",
            "Well, as I said when we talked about it: {line}",
        ),
        "indifferent": (
            "To be honest with you, I really don't mind about {what}, so feel free.",
            "You know, as far as I am concerned it makes no difference, I mean {what}.",
        ),
        "put off": (
            "Hm, I can't say anything about {what} yet, not just like that, out of the blue.",
            "Funny that you bring it up, but about {what} I honestly can't say a thing yet.",
        ),
        "nothing": (
            "That is very kind of you, thank you! I am curious how you will go on.",
            "Lovely, thank you for letting me know. It is nice to have some help with this.",
            "Ah, I see. Do carry on, I am listening.",
        ),
        "ask first": (
            "Oh, that was quick! I would feel better if you could ask me a few more things first.",
            "Wait, wait, before you decide, please ask me a little more first, will you?",
        ),
        "give up": (
            "I am sorry, but this leads nowhere, so I will leave it here. Thank you anyway!",
        ),
    },
    "impatient": {
        "again": ("As I already said, listen please: {line}", "I already told you: {line}"),
        "indifferent": (
            "I don't care about {what}, get on with it.",
            "It doesn't matter, I mean {what}.",
        ),
        "put off": (
            "How should I know? I can't say anything about {what} yet.",
            "I can't tell yet about {what}, move on.",
        ),
        "nothing": ("Yes, and? I have little time.", "Get to the point, please.", "Come on."),
        "ask first": ("Not so fast: ask me properly first.", "No. Ask me first what I need."),
        "give up": ("Enough, I have no more time for this.", "This takes too long. I stop here."),
    },
    "non_native": {
        "again": ("As I said already: {line}", "Please, as I told before: {line}"),
        "indifferent": (
            "For {what} I do not mind, it is for me equal.",
            "It is all the same to me with {what}.",
        ),
        "put off": (
            "Excuse me, I can not say yet something to {what}.",
            "To {what} I can not say something in this moment.",
        ),
        "nothing": (
            "Yes, I understand. Please continue.",
            "Thank you for information. I wait.",
            "Okay, is good.",
        ),
        "ask first": (
            "Please, you must ask me something first.",
            "Sorry, please ask me some things first, then give answer.",
        ),
        "give up": ("I am sorry, I must finish now, it goes not further.",),
    },
}
"""By style and act; `{line}` is what was told before, `{what}` a list of attributes."""
