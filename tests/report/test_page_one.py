"""Page one: every number on it is one of the findings', and what it says follows from them."""

import re
from html import unescape

import numpy as np
import pytest

from report.whole import NAMES, whole
from worktrial.comparison.pairs import compare_pairs
from worktrial.comparison.panel import Panel
from worktrial.evidence.findings import Estimate, Findings
from worktrial.report import render
from worktrial.report.decision_words import sentence, standing
from worktrial.report.gaps import GAPS, Gaps
from worktrial.report.words import money, plain, points, share

pytestmark = pytest.mark.xdist_group("browser")
"""One process draws the pages."""

NUMBER = re.compile(r"[−$]?(?:\d[\d,]*)?\.?\d+")
TEXTS = ("70 %", "98 %", "90 %", "80 %", "F1 of .8 or more")
"""What stands on the page in words: thresholds by which things are named."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Findings, str]:
    made = whole(tmp_path_factory.mktemp("whole"))
    return made.findings, render(made.findings, made.manifest, **made.told)


def first(page: str) -> str:
    """The text of page one, without charts' own drawing."""
    part = page[page.index('<h2 id="decision"') : page.index('<h2 id="limits"')]
    named = re.findall(r'aria-label="([^"]*)"', part)
    drawn = re.sub(r"<svg.*?</svg>", " ", part, flags=re.DOTALL)
    # An element's end parts words; a name is no number.
    text = unescape(re.sub(r"<[^>]*>", " | ", drawn) + " | ".join(named))
    for name in (*NAMES, *TEXTS):
        text = text.replace(name, "")
    return text


def said(findings: Findings) -> set[str]:
    """Every number of the findings, in every way in which one is written."""
    texts = {str(n) for n in (*range(2, 101, 2), len(findings.claims))}  # legs
    texts |= {f"{e.step}" for e in findings.estimates if e.step is not None}
    for estimate in findings.estimates:
        texts |= _ways(estimate.value, estimate.low, estimate.high, estimate.band_low,
                       estimate.band_high, estimate.clusters)  # fmt: skip
        texts |= set(NUMBER.findall(estimate.why or ""))
    for claim in findings.claims:
        texts |= _ways(claim.threshold, claim.more_items, claim.more_tokens, claim.more_usd)
        texts |= set(NUMBER.findall(claim.text))
    for failure in findings.failures:
        texts |= _ways(failure.proxy, failure.work) | set(NUMBER.findall(failure.item))
    return texts


def _ways(*values: float | None) -> set[str]:
    known = [value for value in values if value is not None]
    sizes = [*known, *(-value for value in known)]
    ways = {write(v) for v in sizes for write in (share, points, plain, money, "{:.3g}".format)}
    return ways | {f"{v:,.0f}" for v in known}


def strange(findings: Findings, page: str) -> set[str]:
    known = said(findings)
    counted = {str(n) for n in range(200)} if "verdicts that" in page else set()
    return {n for n in NUMBER.findall(first(page)) if n not in known | counted}


def test_every_number_is_one_of_the_findings(found: tuple[Findings, str]) -> None:
    findings, page = found
    numbers = NUMBER.findall(first(page))
    assert len(numbers) > 300
    assert strange(findings, page) == set()


def test_a_number_that_is_none_of_them_is_noticed(found: tuple[Findings, str]) -> None:
    findings, page = found
    (one, *_) = re.findall(r"\.\d\d \[\.\d\d, \.\d\d\]", first(page))
    assert strange(findings, page.replace(one, ".1234 [.1, .2]")) >= {".1234"}


def gap(name: str, worker: str, value: float, low: float, high: float, **more: object) -> Estimate:
    row = next(each for each in GAPS if each.name == name)
    return Estimate.model_validate(
        {
            "id": f"{name}/{worker}", "trial": row.trial, "metric": row.metric, "worker": worker,
            "gap": name, "arm": row.arm or "proxy", "minus_arm": "work", "value": value,
            "low": low, "high": high, "step": row.step, **more,
        }
    )  # fmt: skip


def only(found: tuple[Findings, str], *estimates: Estimate) -> Gaps:
    nothing = {"claims": (), "outcomes": (), "cost": ()}
    return Gaps(found[0].model_copy(update={"estimates": estimates, **nothing}))


def test_a_sentence_tells_what_is_shown_and_what_is_not(found: tuple[Findings, str]) -> None:
    gaps = only(
        found,
        gap("horizon", "a", 0.14, 0.1, 0.18),
        gap("specification", "a", 0.01, -0.1, 0.12),
        gap("dimension", "a", 0.01, 0.002, 0.03),
    )
    assert sentence(gaps, "a") == (
        "It loses 14 points [10, 18] over the relay; 1 point [0.2, 3] of its success are items "
        "with an axis below 70 %. Cannot tell: specification."
    )
    assert sentence(only(found, gap("horizon", "a", 0.0, -0.1, 0.1)), "a") == (
        "No gap is shown. Cannot tell: horizon."
    )


def test_what_was_registered_is_no_second_gap(found: tuple[Findings, str]) -> None:
    mine = gap("horizon", "a", 0.14, 0.1, 0.18)
    declared = mine.model_copy(update={"id": "endpoint/x", "endpoint": "declared"})
    (row,) = only(found, declared, mine).rows
    measured = only(found, declared, mine).of(row, "a")
    assert measured is not None
    assert [e.id for e in measured.loss] == ["horizon/a"]


def test_two_stand_to_each_other_as_their_claim_says(found: tuple[Findings, str]) -> None:
    rng = np.random.default_rng(3)
    early = 0.95 + 0.01 * rng.random((2, 40))
    late = np.stack([0.8 + 0.05 * rng.random(40), 0.6 + 0.05 * rng.random(40)])
    panel = Panel(
        trial="relay", gap="horizon", metric="fidelity", proxy="legs-2", work="legs-10",
        in_words=("after the first round trip", "after leg 10"), workers=("a", "b"),
        items=tuple(map(str, range(40))), steps=(2, 10), scores=np.stack([early, late], axis=2),
    )  # fmt: skip
    compared = compare_pairs(panel, margin=0.03, seed=1, mapping="")
    mine = only(found, *compared.estimates, gap("horizon", "b", 0.3, 0.2, 0.4)).findings
    gaps = Gaps(mine.model_copy(update={"claims": compared.claims}))
    ends = r"\d+ points \[\d+, \d+\]"
    first, second = (standing(gaps, worker) for worker in ("a", "b"))
    at_first = r"\(level after the first round trip\)\."
    assert re.fullmatch(rf"Against b: {ends} ahead after leg 10 {at_first}", *first)
    assert re.fullmatch(rf"Against a: {ends} behind after leg 10 {at_first}", *second)


def test_every_mark_of_every_chart_leads_to_items(found: tuple[Findings, str]) -> None:
    _, page = found
    charts = re.findall(r"<svg role=.*?</svg>", page, re.DOTALL)
    assert len(charts) > 14
    for chart in charts:
        title = re.search(r"<title[^>]*>(.*?)</title>", chart)
        assert title is not None
        links = re.findall(r'<a href="#([^"]+)" aria-label="([^"]+)"', chart)
        assert links, title[1]
        assert all(f'id="{anchor}"' in page for anchor, _ in links), title[1]
        # Legends and axes are marks of nothing; what has a colour of a worker's is linked.
        assert all(": " in label or ", p about " in label for _, label in links), title[1]
