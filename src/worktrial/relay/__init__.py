"""The horizon gap: a document handed through a relay of edits, each undone by the next leg."""
