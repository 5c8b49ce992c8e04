"""Gates: a policy held against the findings of a run."""
