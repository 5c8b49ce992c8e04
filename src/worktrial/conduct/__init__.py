"""Conduct: how a result was reached, from any Inspect log."""
