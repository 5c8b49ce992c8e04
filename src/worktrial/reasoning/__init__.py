"""The trace gap: puzzles with one answer, scored by it, and by what was written on the way."""
