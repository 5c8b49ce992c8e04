"""Numbers with bounds, by arithmetic on arrays that knows nothing of models or documents.

Every estimator takes scores with NaN for what is missing, and returns a frozen value with its
bounds, or with the reason why it has none. Clusters (documents, in the relay) are the unit of
independence throughout; anything random takes a seed.
"""

from worktrial.estimate.chances import Flip, p_flip
from worktrial.estimate.components import (
    ProtocolNoise,
    VarianceComponents,
    protocol_noise,
    variance_shares,
)
from worktrial.estimate.curves import Curve, fidelity_curve
from worktrial.estimate.delegation import SafeLength, safe_delegation_length
from worktrial.estimate.intervals import Interval, mean_interval
from worktrial.estimate.multiplicity import Adjusted, holm
from worktrial.estimate.paired import (
    DifferenceCurve,
    Equivalence,
    Verdict,
    bridged_difference,
    difference_curve,
    difference_p_value,
    equivalence,
    paired_difference,
    sign_flip_p_value,
)
from worktrial.estimate.ranks import model_confidence_set, rank_agreement, rank_intervals
from worktrial.estimate.ratios import ratio_interval
from worktrial.estimate.sequential import Decision, LookResult, Looks, conclude, decide
from worktrial.estimate.survival import EventTimes, event_times

__all__ = [
    "Adjusted",
    "Curve",
    "Decision",
    "DifferenceCurve",
    "Equivalence",
    "EventTimes",
    "Flip",
    "Interval",
    "LookResult",
    "Looks",
    "ProtocolNoise",
    "SafeLength",
    "VarianceComponents",
    "Verdict",
    "bridged_difference",
    "conclude",
    "decide",
    "difference_curve",
    "difference_p_value",
    "equivalence",
    "event_times",
    "fidelity_curve",
    "holm",
    "mean_interval",
    "model_confidence_set",
    "p_flip",
    "paired_difference",
    "protocol_noise",
    "rank_agreement",
    "rank_intervals",
    "ratio_interval",
    "safe_delegation_length",
    "sign_flip_p_value",
    "variance_shares",
]
