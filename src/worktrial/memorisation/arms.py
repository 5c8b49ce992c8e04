"""The two arms: items as published, and fresh texts of the same form."""

PUBLISHED = "published"
"""Each item as it stands in its file; what a benchmark measures."""
FRESH = "fresh"
"""Variants of the items, and controls: texts that the model cannot have met."""
ARMS = (PUBLISHED, FRESH)
