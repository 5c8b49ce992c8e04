"""What of an instruction speaks of the answer's form alone, and the form itself."""

import re

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_HARD = re.compile(
    r"ANSWER\s{0,3}:|\\boxed|</?\w{1,20}>|\b(?:JSON|XML|YAML)\b|\bwithout quotes\b|\blast line\b|"
    r"\bown line\b|\bnothing else\b"
)
"""Words that no task needs to say what is asked."""
_SOFT = re.compile(
    r"\b(?:one of|form(?:at|atted)?|(?:respond|answer|reply) (?:only )?with|(?:single|one) "
    r"(?:word|letter|number|line|sentence)|yes or no|true or false)\b",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\s*(?:please )?(?:classify|label|decide|determine|identify|solve|translate|summari[sz]e|"
    r"count|compute|calculate|find|judge|rate|sort|choose|pick|select|tell|say|does|do|is|are|what|which|"
    r"who|how)\b",
    re.IGNORECASE,
)
"""How sentences begin that say what is asked; their words on form would bring that along."""
_FORMS = (
    (re.compile(r"ANSWER\s{0,3}:"), "ANSWER: {}"),
    (re.compile(r"\\boxed"), "\\boxed{{{}}}"),
    (re.compile(r"<answer>", re.IGNORECASE), "<answer>{}</answer>"),
)


def form_of(instruction: str) -> str:
    """The sentences that speak of the answer's form, a line each.

    A sentence that begins by saying what is asked is left out, unless it has what only a form has,
    such as `ANSWER:`, a tag, or JSON.
    """
    sentences = (part.strip() for part in _SENTENCE.split(instruction))
    return "\n".join(sentence for sentence in sentences if _is_form(sentence))


def _is_form(sentence: str) -> bool:
    if _HARD.search(sentence):
        return True
    return bool(_SOFT.search(sentence)) and not _TASK.match(sentence)


def answer_form(text: str) -> str:
    """How an answer has to be written, as a format string with one place."""
    return next((form for pattern, form in _FORMS if pattern.search(text)), "{}")
