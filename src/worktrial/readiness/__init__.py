"""Readiness: success alone against five axes, at one mock office."""
