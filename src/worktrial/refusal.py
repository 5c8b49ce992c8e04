"""What declining reads like."""

import re

_REFUSAL = re.compile(
    r"\b(?:I(?:'m| am) (?:sorry|unable|not able)|I (?:can(?:no|')t|won't|will not|must decline)|"
    r"(?:can|could)(?:no|n')t (?:help|assist|comply|do that)|as an AI)\b",
    re.IGNORECASE,
)
_WITHIN = 400


def refuses(text: str) -> bool:
    """Whether a text declines, in its beginning."""
    return _REFUSAL.search(text[:_WITHIN]) is not None
