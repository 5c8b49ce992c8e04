"""Specification: a complete request in one turn against a vague one, elicited over turns."""
