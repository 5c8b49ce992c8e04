"""The instrument against known truth: every claim of every estimator, simulated and held to it."""
