"""Numbers with bounds, by arithmetic on arrays that knows nothing of models or documents.

Every estimator takes scores with NaN for what is missing, and returns a frozen value with its
bounds, or with the reason why it has none. Clusters (documents, in the relay) are the unit of
independence throughout; anything random takes a seed.
"""

from worktrial.estimate.agreement import (
    Agreement,
    Corrected,
    judge_agreement,
    prediction_powered_mean,
)
from worktrial.estimate.chances import (
    Chances,
    Flip,
    Flips,
    p_best,
    p_flip,
    p_non_dominated,
    rank_flips,
)
from worktrial.estimate.components import (
    ProtocolNoise,
    VarianceComponents,
    protocol_noise,
    variance_shares,
)
from worktrial.estimate.crossed import crossed_mean, crossed_p_value, crossed_ratio
from worktrial.estimate.curves import Curve, fidelity_curve
from worktrial.estimate.delegation import SafeLength, safe_delegation_length
from worktrial.estimate.discrimination import (
    Added,
    Discrimination,
    added_odds,
    compare_roc_areas,
    rank_correlation,
    roc_area,
)
from worktrial.estimate.hazards import hazard_ratio
from worktrial.estimate.intervals import Interval, mean_interval, unpaired_difference
from worktrial.estimate.multiplicity import Adjusted, holm
from worktrial.estimate.paired import (
    DifferenceCurve,
    Equivalence,
    Verdict,
    bridged_difference,
    difference_curve,
    difference_p_value,
    equivalence,
    mean_count,
    paired_difference,
)
from worktrial.estimate.preferences import Preferences, bradley_terry
from worktrial.estimate.ranks import (
    Contenders,
    Ranks,
    model_confidence_set,
    rank_agreement,
    rank_intervals,
)
from worktrial.estimate.ratios import cost_per_success, ratio_interval, ratio_of_means
from worktrial.estimate.reliability import pass_at_k, pass_hat_k
from worktrial.estimate.sequential import Decision, LookResult, Looks, conclude, decide
from worktrial.estimate.settling import settled_from
from worktrial.estimate.shape import Shape, Trend, decline_shape, decline_trend
from worktrial.estimate.stated import (
    Normal,
    Proportion,
    Stated,
    StatedRanks,
    stated_agreement,
    stated_ranks,
)
from worktrial.estimate.survival import EventTimes, event_times
from worktrial.estimate.vectors import (
    AxisFlips,
    axis_agreement,
    axis_flips,
    best_by_weights,
    efficient_probability,
    pareto_probability,
)

__all__ = [
    "Added",
    "Adjusted",
    "Agreement",
    "AxisFlips",
    "Chances",
    "Contenders",
    "Corrected",
    "Curve",
    "Decision",
    "DifferenceCurve",
    "Discrimination",
    "Equivalence",
    "EventTimes",
    "Flip",
    "Flips",
    "Interval",
    "LookResult",
    "Looks",
    "Normal",
    "Preferences",
    "Proportion",
    "ProtocolNoise",
    "Ranks",
    "SafeLength",
    "Shape",
    "Stated",
    "StatedRanks",
    "Trend",
    "VarianceComponents",
    "Verdict",
    "added_odds",
    "axis_agreement",
    "axis_flips",
    "best_by_weights",
    "bradley_terry",
    "bridged_difference",
    "compare_roc_areas",
    "conclude",
    "cost_per_success",
    "crossed_mean",
    "crossed_p_value",
    "crossed_ratio",
    "decide",
    "decline_shape",
    "decline_trend",
    "difference_curve",
    "difference_p_value",
    "efficient_probability",
    "equivalence",
    "event_times",
    "fidelity_curve",
    "hazard_ratio",
    "holm",
    "judge_agreement",
    "mean_count",
    "mean_interval",
    "model_confidence_set",
    "p_best",
    "p_flip",
    "p_non_dominated",
    "paired_difference",
    "pareto_probability",
    "pass_at_k",
    "pass_hat_k",
    "prediction_powered_mean",
    "protocol_noise",
    "rank_agreement",
    "rank_correlation",
    "rank_flips",
    "rank_intervals",
    "ratio_interval",
    "ratio_of_means",
    "roc_area",
    "safe_delegation_length",
    "settled_from",
    "stated_agreement",
    "stated_ranks",
    "unpaired_difference",
    "variance_shares",
]
