"""How numbers were found: which page of the methods and which estimator stand behind each.

One table knows it, by the method that an estimate names and, where one word stands for several
constructions, by its metric and by whether it is a difference.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

import worktrial
from worktrial.evidence.findings import Estimate
from worktrial.report.reading import unique


class Method(NamedTuple):
    """A construction behind numbers.

    Attributes:
        named: A pattern of the method that estimates name.
        page: Of the methods, without its ending; none for what needs no explanation.
        estimators: The public functions whose claims the calibration holds against truth.
        of: A pattern of the metrics, where the name alone does not tell.
        difference: Whether it is of differences, where the name alone does not tell.
    """

    named: str
    page: str | None
    estimators: Sequence[str] = ()
    of: str = ".*"
    difference: bool | None = None


_MEAN = r"gaffke|clopper-pearson"
_BESIDE = "decline_.*|.*half_life.*"
METHODS: Sequence[Method] = (
    Method("none", None),
    Method("arithmetic|range of means", "instruction"),
    Method("repeated .*", "sequential", ["decide"]),
    Method(".*, less the blind guess", "trace", ["mean_interval"]),
    Method("worked out of each puzzle|a frequency among other puzzles", "trace"),
    Method(".*; band: .*", "curves", ["fidelity_curve", "mean_interval"]),
    Method("largest leg.*", "delegation", ["fidelity_curve"]),
    Method(".*MOVER", "memorisation", ["mean_interval", "paired_difference"], of="effect_.*"),
    Method("unpaired, MOVER", "contrast", ["unpaired_difference"]),
    Method("counted", None),
    Method("jackknife, Wilson", "acceptance", ["roc_area"]),
    Method("jackknife-t", "acceptance", ["compare_roc_areas"]),
    Method("jackknife-t, Fisher", "acceptance", ["rank_correlation"]),
    Method("GEE, .*", "acceptance", ["added_odds"]),
    Method("bridged, MOVER", "paired", ["bridged_difference"]),
    Method("paired-t|sign-flip.*", "paired", ["paired_difference"]),
    Method(_MEAN, "memorisation", ["mean_interval"], of="standing_.*"),
    Method(_MEAN, "paired", ["difference_curve"], of=".*_curve"),
    Method(_MEAN, "paired", ["paired_difference"], difference=True),
    Method(_MEAN, "reliability", ["pass_hat_k"], of="pass_k"),
    Method(_MEAN, "intervals", ["mean_interval"]),
    Method("crossed t", "crossed", ["crossed_mean"]),
    Method("fieller", "ratios", ["cost_per_success"], of=".*_per_accepted"),
    Method("fieller", "ratios", ["ratio_of_means"]),
    Method("kaplan-meier", "survival", ["event_times"]),
    Method("cox.*", "survival", ["hazard_ratio"]),
    Method("tau-b.*", "ranks", ["rank_agreement"], of="rank_agreement"),
    Method("tau-b.*", "ranks", ["stated_agreement"], of="public_agreement"),
    Method("tau-b.*", "ranks", ["axis_agreement"]),
    Method("all pairwise.*", "ranks", ["stated_ranks"], of="public_rank"),
    Method("difference of two ranks.*", "ranks", ["stated_ranks", "rank_intervals"]),
    Method("all pairwise.*", "ranks", ["rank_intervals"]),
    Method("none surely better.*", "ranks", ["model_confidence_set"]),
    Method("cluster bootstrap", "ranks"),
    Method("cluster bootstrap; jobs accepted.*", "ratios"),
    Method("analysis of variance.*|over [0-9]+ protocols", "components"),
    Method("unseen bootstrap", "shape", ["decline_shape"], of=_BESIDE),
    Method("unseen bootstrap", "ratios", ["ratio_interval"]),
    Method("ppi.*", "agreement", ["prediction_powered_mean"]),
    Method("items resampled.*|by definition|bounds of cost.*", "readiness"),
    Method("conformal.*|cauchy.*|permutation within.*|normal, exact.*|all texts tie.*",
           "memorisation"),
    Method("mann-whitney.*|student over shards.*|not flagged.*|reference line.*", "memorisation"),
)  # fmt: skip
"""The first that fits stands behind an estimate."""

OF_TRIAL: Mapping[str, Sequence[str]] = {
    "relay": ["relay", "likeness"],
    "search": ["search"],
    "office": ["readiness"],
    "memorisation": ["memorisation"],
    "reasoning": ["trace"],
    "ablate": ["instruction"],
    "contrast": ["contrast"],
}
"""The pages that say what the metrics of a trial are."""


def method_of(estimate: Estimate) -> Method | None:
    """What stands behind an estimate; `None` where it names no method, or one that is unknown."""
    if estimate.method is None:
        return None
    compared = (estimate.gap, estimate.minus_worker, estimate.minus_arm)
    difference = any(each is not None for each in compared)
    fitting = (
        method
        for method in METHODS
        if re.fullmatch(method.named, estimate.method)
        and re.fullmatch(method.of, estimate.metric)
        and method.difference in (None, difference)
    )
    return next(fitting, None)


def estimators_of(estimates: Iterable[Estimate]) -> list[str]:
    """The estimators that stand behind estimates, each once, in order of name."""
    found: set[str] = set()
    for each in estimates:
        method = method_of(each)
        found.update(method.estimators if method else ())
        found.update(_TESTED if each.p_adjusted is not None else ())
    return sorted(found)


_TESTED = ("difference_p_value", "holm")
"""Behind an adjusted p-value."""


def pages_of(estimates: Iterable[Estimate], trials: Iterable[str]) -> list[str]:
    """The pages that a run rests on: of its trials, of its estimates, of what checks them."""
    names = {name for trial in trials for name in OF_TRIAL.get(trial, ())} | {"calibration"}
    for each in estimates:
        method = method_of(each)
        names.update([method.page] if method and method.page else ())
        names.update(["multiplicity"] if each.p_adjusted is not None else ())
        names.update(["conduct"] if each.gap == "conduct" else ())
    return sorted(names)


@dataclass(frozen=True, slots=True)
class MethodPage:
    """A page of the methods in the report.

    Attributes:
        name: The file's, without its ending.
        title: Its heading.
        body: The rest as HTML that is safe to show.
    """

    name: str
    title: str
    body: Markup

    @property
    def anchor(self) -> str:
        """Where it is in the report."""
        return anchor(self.name)


def anchor(name: str) -> str:
    """Where a page of the methods is in the report."""
    return f"method-{name}"


def method_pages(names: Iterable[str]) -> list[MethodPage]:
    """Read pages of the methods, in order of name; links to others than these are taken off."""
    wanted = sorted(set(names))
    return [_page(name, frozenset(wanted)) for name in wanted]


@cache
def _page(name: str, shown: frozenset[str]) -> MethodPage:
    text = _source(name)
    tokens = _MARKDOWN.parse(text)
    # The first heading names the page.
    title, rest = tokens[1].content, tokens[3:]
    for token in rest:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        if token.children:
            token.children = list(_at_home(token.children, shown))
    html = _MARKDOWN.renderer.render(rest, _MARKDOWN.options, {}).replace("<th></th>", "<td></td>")
    html = re.sub(r"<th(?=[ >])", '<th scope="col"', html)
    scrolls = f'<div class="scroll" role="group" aria-label="A table of: {title}" tabindex="0">'
    html = html.replace("<table>", f"{scrolls}<table>").replace("</table>", "</table></div>")
    return MethodPage(name, title, Markup(html))  # noqa: S704 - our own text, raw HTML is off


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def _at_home(tokens: Sequence[Token], shown: frozenset[str]) -> Iterable[Token]:
    """The same with links to pages that are shown, and the words alone of all others."""
    kept: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            name = Path(str(token.attrGet("href")).partition("#")[0]).stem
            kept.append(name in shown)
            token.attrSet("href", f"#{anchor(name)}")
        if token.type not in ("link_open", "link_close") or kept[-1]:
            yield token
        if token.type == "link_close":
            kept.pop()


def _source(name: str) -> str:
    """A page as it was written: in the package, or in the checkout that it is installed from."""
    packed = files(worktrial) / "methods"
    checkout = Path(worktrial.__file__).parents[2] / "docs" / "methods"
    folder = packed if packed.is_dir() else checkout
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def metrics_by_method(estimates: Iterable[Estimate]) -> dict[tuple[str, str | None], list[str]]:
    """By method and page, the metrics that rest on it, with their trials."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for each in estimates:
        method = method_of(each)
        key = (each.method or "none", method.page if method else None)
        found.setdefault(key, []).append(f"{each.trial} {each.metric.replace('_', ' ')}")
    return {key: unique(found[key]) for key in sorted(found, key=str)}
