"""The instruction gap: the score with the true instruction, and what is left without it."""
