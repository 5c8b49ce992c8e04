"""Damaged text for every reader: it must neither crash, nor hang, nor fill the memory."""
