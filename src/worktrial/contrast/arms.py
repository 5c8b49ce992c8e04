"""The two arms of a contrast, and what is measured under them."""

PROXY, WORK = "proxy", "work"
ARMS = (PROXY, WORK)
TRIAL = GAP = "contrast"
SCORE = "score"
RAW = "raw_score"
"""A mean score on a scale of its own, which is no share of anything."""
OK, LOST, UNJUDGED = "ok", "infrastructure", "judge_fault"
MARGIN = 0.05
"""A difference in score that does not matter."""
MAPPING = "the scores' own scorer, which nothing here checks"
BY_ID, BY_NOTHING = "id", "none"
"""How `--pair` says that items are the same by their own id, or are not the same."""
