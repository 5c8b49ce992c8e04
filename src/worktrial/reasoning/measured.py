"""The metrics of one generation, by the names under which evidence and findings know them."""

from typing import Literal

TRIAL = "reasoning"
GAP = "trace"
ARM = "traced"
"""The one arm: a step a line, and the answer at the end."""

SOLVED, PARTS, HALF, ANSWERED = "solved", "parts", "half", "answered"
OUTCOMES = (SOLVED, PARTS, HALF, ANSWERED)
"""Of the final answer: every rule kept; share of cells; at least half of them; of the form."""
FLOORS = (SOLVED, PARTS, HALF)
"""Those that a blind guess scores in."""

CREDIT = "credit"
"""Share of the steps that a program finds to be so; missing where none can be parsed."""
STEPS, TRACED = "steps", "traced"
"""How many steps can be parsed, and whether any can."""
STYLE = "style"
"""Share of a rubric of manners, whatever is said."""
JUDGED = "judge"
"""A model's mark of the whole generation."""
Forgery = Literal["wrong", "other"]
FORGERIES: tuple[Forgery, ...] = ("wrong", "other")
"""The same trace before a wrong answer; the right trace of another puzzle before this answer."""
PROXIES = (CREDIT, STYLE, JUDGED)


def floor_of(metric: str) -> str:
    """What a blind guess scores in the mean."""
    return f"{metric}_floor"


def under(metric: str, forgery: Forgery) -> str:
    """A proxy's score of a generation that was tampered with."""
    return f"{metric}_{forgery}"
