"""Evidence of workers whose truth is known, and what is said of each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worktrial.evidence import Evidence, Observation
from worktrial.evidence.findings import Claim, Estimate
from worktrial.evidence.table import write_evidence
from worktrial.memorisation.findings import memorisation_findings
from worktrial.memorisation.panel import memorisation_panel, read_scores
from worktrial.memorisation.worker import flags
from worktrial.protocol import Measurement, Scorer
from worktrial.trial import Found

SOUND = {"oracle": 1.0, "null": 0.0, "reproduced": 1.0, "invented": 0.0}
VARIANTS = 5


@dataclass(frozen=True)
class Mind:
    """A worker's chance of a right answer, and its score, on items and on fresh texts."""

    right: tuple[float, float]
    verbatim: tuple[float, float]


MEMORISER = Mind((1.0, 0.2), (1.0, 0.1))
EXPOSED = Mind((1.0, 1.0), (1.0, 0.1))
HALF = Mind((0.5, 0.5), (0.1, 0.1))


def rows(
    worker: str, mind: Mind, items: int, *, controls: int = 0, refuses: bool = False
) -> Iterator[Observation]:
    rng = np.random.default_rng(items)

    def row(item: str, arm: str, operation: str, metric: str, value: float) -> Observation:
        outcome = "refusal" if refuses else "ok"
        return Observation(
            "memorisation", worker, item, item, "numbers", arm, 1, 0, operation, "chat", outcome,
            metric, None if refuses else float(value), "logs/a.eval", item,
        )  # fmt: skip

    def text(item: str, arm: str, operation: str) -> Iterator[Observation]:
        known = arm == "published"
        right, verbatim = (pair[0 if known else 1] for pair in (mind.right, mind.verbatim))
        yield row(item, arm, operation, "accuracy", rng.random() < right)
        noise = 0.05 * rng.random() * (verbatim < 1)
        for metric in ("verbatim_40", "verbatim_60", "rouge_60"):
            yield row(item, arm, operation, metric, verbatim + noise)

    for n in range(items):
        yield from text(f"item-{n:04}", "published", "published")
        for k in range(0 if controls else VARIANTS):
            yield from text(f"item-{n:04}", "fresh", f"variant-{k + 1}")
    for n in range(controls):
        yield from text(f"control-{n:04}", "fresh", "control")


def measurement(**settings: Any) -> Measurement:
    return Measurement(
        task_version=1,
        seed=7,
        course={},
        items={},
        arms={"published": "", "fresh": ""},
        primary="published",
        replicates=1,
        stop={},
        scorer=Scorer(version="1", sha256=""),
        settings={"rate": 0.1, "margin": 0.05, **settings},
    )


Audited = Callable[..., Found]


@pytest.fixture
def audited(tmp_path: Path) -> Audited:
    def audit(
        mind: Mind, items: int, instrument: Mapping[str, float] = SOUND, **more: Any
    ) -> Found:
        of_rows = {k: more.pop(k) for k in ("controls", "refuses") if k in more}
        path = tmp_path / "evidence.parquet"
        write_evidence(path, rows("m", mind, items, **of_rows))
        evidence = Evidence(path).of("memorisation")
        return memorisation_findings(
            evidence, measurement(**more), instrument={"published": instrument}
        )

    return audit


def claim(found: Found, name: str) -> Claim:
    return next(c for c in found.claims if c.id == f"memorisation/m/{name}")


def estimate(found: Found, metric: str, arm: str = "published") -> Estimate:
    return next(e for e in found.estimates if e.metric == metric and e.arm == arm and e.gap is None)


def gap(found: Found) -> Estimate:
    return next(e for e in found.estimates if e.gap == "memorisation")


def test_a_memoriser_is_inflated(audited: Audited) -> None:
    found = audited(MEMORISER, 40)
    assert claim(found, "verdict").text.startswith("inflated: ")
    assert [claim(found, n).verdict for n in ("exposure", "inflation", "verdict")] == ["met"] * 3
    assert (gap(found).arm, gap(found).minus_arm) == ("published", "fresh")
    assert (gap(found).low or 1) < 0.8 < (gap(found).high or 0)
    # Every item is above all its variants: mean rank 1, and each is flagged.
    assert estimate(found, "standing_verbatim_60").value == 1.0
    assert estimate(found, "exposure").value == 1.0


def test_who_would_know_anyway_is_exposed_but_not_inflated(audited: Audited) -> None:
    found = audited(EXPOSED, 100)
    assert claim(found, "verdict").text.startswith("exposed but not inflated: ")
    assert claim(found, "exposure").verdict == "met"
    assert claim(found, "inflation").verdict == "missed"


def test_few_items_that_all_are_right_leave_a_gap_open(audited: Audited) -> None:
    # 20 items without a difference: the one-sided bound is 1 - .05^(1/21) or more, above .05.
    found = audited(EXPOSED, 20)
    assert claim(found, "verdict").text.startswith("cannot tell: exposure is shown")


def test_half_right_everywhere_is_decided_by_size(audited: Audited) -> None:
    small, large = audited(HALF, 30), audited(HALF, 2500)
    assert claim(small, "verdict").text.startswith("cannot tell: no exposure is shown")
    # Independent texts: sqrt(.25 (1 + 1/5) / 30) = .1, times 2.49 (and Student's few more).
    assert claim(small, "verdict").detectable == pytest.approx(0.25, abs=0.05)
    assert claim(large, "verdict").text.startswith("no evidence: ")
    assert claim(large, "verdict").verdict == "missed"


def test_no_verdict_where_the_controls_are_broken(audited: Audited) -> None:
    blind = {"auc": 0.9, "low": 0.8, "high": 1.0, "broken": True, "why": "variants are longer"}
    found = audited(MEMORISER, 40, blind=blind)
    verdict = claim(found, "verdict")
    assert verdict.text == "cannot tell: the controls are broken: variants are longer"
    assert {c.verdict for c in found.claims[1:]} == {"cannot-tell"}
    assert found.claims[0].verdict == "missed"
    assert "variants are longer" in found.claims[0].text


def test_the_instrument_must_have_worked(audited: Audited) -> None:
    assert audited(HALF, 6).claims[0].verdict == "met"
    assert audited(HALF, 6, {**SOUND, "oracle": 0.5}).claims[0].verdict == "missed"


def test_ones_own_controls_stand_in_for_variants(audited: Audited) -> None:
    found = audited(MEMORISER, 60, controls=80)
    assert "MOVER" in (gap(found).method or "")
    assert claim(found, "verdict").text.startswith("inflated: ")
    assert estimate(found, "standing_verbatim_60").method == "mann-whitney"


def test_a_refusal_is_a_wrong_answer_and_no_continuation(audited: Audited) -> None:
    found = audited(HALF, 30, refuses=True)
    assert estimate(found, "accuracy").value == 0.0
    assert estimate(found, "verbatim_60").value is None
    assert estimate(found, "exposure").why
    assert claim(found, "verdict").text.startswith("cannot tell: exposure was not measured")
    assert [(c.outcome, c.count) for c in found.outcomes] == [("refusal", 150), ("refusal", 30)]


def test_effects_stand_side_by_side_each_with_a_reason_if_it_has_no_bounds(
    audited: Audited,
) -> None:
    rng = np.random.default_rng(1)
    ids = [f"item-{n:04}" for n in range(60)]

    def bits(share: float) -> str:
        return "".join("01"[int(rng.random() < share)] for _ in ids)

    models = {
        f"r{k}": {"published": bits(a), "fresh": bits(a)} for k, a in enumerate((0.2, 0.3, 0.5))
    }
    references = {"items": {"published": ids, "fresh": ids}, "models": models}
    found = audited(MEMORISER, 60, references=references)
    assert estimate(found, "effect_reference").value == pytest.approx(0.75, abs=0.2)
    assert estimate(found, "effect_unflagged").why  # all are flagged
    assert estimate(audited(MEMORISER, 60), "effect_reference").why


def test_every_id_is_there_once_and_nothing_is_called_clean(audited: Audited) -> None:
    for mind in (MEMORISER, EXPOSED, HALF):
        found = audited(mind, 30)
        ids = [e.id for e in found.estimates]
        assert len(ids) == len(set(ids))
        assert set(ids) >= {i for c in found.claims for i in c.estimates}
        said = " ".join([*(c.text for c in found.claims), *(e.why or "" for e in found.estimates)])
        assert "clean" not in said.lower()


def test_flags_and_panel_read_the_same_table(tmp_path: Path) -> None:
    path = tmp_path / "evidence.parquet"
    write_evidence(path, (*rows("a", MEMORISER, 30), *rows("b", HALF, 30)))
    evidence = Evidence(path)
    assert all(f.flagged and f.correct == 1.0 for f in flags(evidence, "a"))
    assert sum(f.flagged for f in flags(evidence, "b")) <= 3
    panel = memorisation_panel(evidence, ["a", "b"], "accuracy")
    assert panel.scores.shape == (2, 30, 2)
    assert panel.under_proxy[0].mean() == 1.0
    assert 0.1 < panel.under_work[0].mean() < 0.3


def _ordered(items: float, controls: float, many: int) -> Iterator[Observation]:
    """Loss of prose and its reorderings: by how much each kind stands above its own."""
    rng = np.random.default_rng(many)

    def row(name: str, arm: str, operation: str, value: float) -> Observation:
        return Observation(
            "memorisation", "m", name, name, "order", arm, 1, 0, operation, "logprobs", "ok",
            "loss", value, "logs/a.eval", name,
        )  # fmt: skip

    for kind, arm, own, above in (
        ("item", "published", "published", items),
        ("control", "fresh", "control", controls),
    ):
        for n in range(many):
            level = rng.normal(-3 if kind == "item" else -5)
            yield row(f"{kind}-{n}", arm, own, level + above + 0.1 * rng.normal())
            for k in range(VARIANTS):
                value = level + 0.1 * rng.normal()
                yield row(f"{kind}-{n}", "fresh", f"variant-{k + 1}", value)


@pytest.mark.parametrize(
    ("items", "controls", "found"),
    [(0.1, 0.1, False), (0.5, 0.1, True), (0.1, 0.5, False), (0.0, 0.0, False)],
)
def test_prose_is_held_against_prose_among_their_reorderings(
    tmp_path: Path, items: float, controls: float, found: bool
) -> None:
    # All items are likelier than all controls, which says nothing; what counts is how far each
    # stands above its own reorderings.
    write_evidence(path := tmp_path / "evidence.parquet", _ordered(items, controls, 40))
    said = memorisation_findings(
        Evidence(path).of("memorisation"), measurement(), instrument={"published": SOUND}
    )
    standing = estimate(said, "standing_loss")
    assert standing.method == "mann-whitney, above own reorderings"
    assert ((standing.p_value or 0) < 0.001) == found
    assert (claim(said, "exposure").verdict == "met") == found
    assert "above own reorderings" in (estimate(said, "exposure").method or "")


def test_too_few_controls_leave_reorderings_unjudged(tmp_path: Path) -> None:
    write_evidence(path := tmp_path / "evidence.parquet", _ordered(0.5, 0.1, 7))
    names = [f"item-{n}" for n in range(7)]
    read = read_scores(Evidence(path).of("memorisation"), "m", "loss", names)
    assert not read.relative
    assert np.isnan(read.variants).all()


def test_another_order_is_no_control_for_likelihood(tmp_path: Path) -> None:
    path = tmp_path / "evidence.parquet"

    def ordered(row: Observation) -> Observation:
        metric = {"verbatim_40": "loss", "verbatim_60": "verbatim_60"}.get(row.metric, row.metric)
        return row._replace(stratum="order", metric=metric)

    write_evidence(path, map(ordered, rows("m", EXPOSED, 10)))
    evidence = Evidence(path).of("memorisation")
    items = [f"item-{n:04}" for n in range(10)]
    likelihood, verbatim = (read_scores(evidence, "m", m, items) for m in ("loss", "verbatim_60"))
    assert np.isnan(likelihood.variants).all()
    assert likelihood.measured
    assert not likelihood.held
    assert all(flag.flagged for flag in flags(evidence, "m")), "by what was written"
    assert not np.isnan(verbatim.variants).any()
