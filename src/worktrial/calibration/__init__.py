"""The instrument against known truth: every claim that an estimator makes, simulated and held to it."""
