"""Families of office tasks: each writes as many tasks as there are scenes."""

from collections.abc import Mapping

from worktrial.readiness.families import (
    arrivals,
    correspondence,
    desk,
    journeys,
    lookups,
    meetings,
    pages,
    requests,
)
from worktrial.readiness.families.parts import Family

__all__ = ["FAMILIES", "Family"]

_THEMES = (correspondence, meetings, journeys, requests, arrivals, desk, pages, lookups)
FAMILIES: Mapping[str, Family] = {one.name: one for theme in _THEMES for one in theme.FAMILIES}
"""Every family by name."""
