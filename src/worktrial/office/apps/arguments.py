"""The types of the tools' arguments."""

import re
from datetime import date, time
from typing import Annotated

from pydantic import AfterValidator, Field

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR = re.compile(r"[0-9]{2}:[0-9]{2}")


def _a_day(text: str) -> str:
    try:
        if _DAY.fullmatch(text):
            date.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise ValueError("must be a day, YYYY-MM-DD")


def _an_hour(text: str) -> str:
    try:
        if _HOUR.fullmatch(text):
            time.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise ValueError("must be a time, HH:MM")


def _or_empty(text: str) -> str:
    return text and _a_day(text)


def _hour_or_empty(text: str) -> str:
    return text and _an_hour(text)


Id = Annotated[str, Field(min_length=1, max_length=40)]
Short = Annotated[str, Field(max_length=40)]
Line = Annotated[str, Field(max_length=300)]
Filled = Annotated[str, Field(min_length=1, max_length=300)]
Text = Annotated[str, Field(max_length=20_000)]
Page = Annotated[int, Field(ge=1, le=100_000)]
Minutes = Annotated[int, Field(ge=1, le=1_440)]
Day = Annotated[str, Field(max_length=40, description="YYYY-MM-DD"), AfterValidator(_a_day)]
Hour = Annotated[str, Field(max_length=40, description="HH:MM"), AfterValidator(_an_hour)]
MaybeDay = Annotated[str, Field(max_length=40, description="YYYY-MM-DD"), AfterValidator(_or_empty)]
MaybeHour = Annotated[
    str, Field(max_length=40, description="HH:MM"), AfterValidator(_hour_or_empty)
]
