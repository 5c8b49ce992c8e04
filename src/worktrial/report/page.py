"""The report: one self-contained page that runs no script and loads nothing."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from worktrial.conduct.clean import CLAUSES
from worktrial.contrast.arms import TRIAL as CONTRAST
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.instruction.extract import TRIAL as ABLATE
from worktrial.memorisation.measured import TRIAL as MEMORISATION
from worktrial.protocol import Manifest
from worktrial.reasoning.measured import TRIAL as REASONING
from worktrial.reference import is_reference
from worktrial.report.acceptance import AcceptanceReading
from worktrial.report.changes import change_tables
from worktrial.report.charts import anatomy_chart, gap_chart
from worktrial.report.conditions import variant_tables
from worktrial.report.conduct import ConductReading
from worktrial.report.contrast_page import ContrastPage
from worktrial.report.contrasts import Ablated
from worktrial.report.conversations import Conversations
from worktrial.report.decision_page import DecisionPage
from worktrial.report.drawing import Links
from worktrial.report.drilldown import Stories, evidence
from worktrial.report.evaluator import EvaluatorPage, Kept
from worktrial.report.generations import Generations
from worktrial.report.instruction_page import AblatePage
from worktrial.report.items import Items, Observed, item_links
from worktrial.report.memorisation_page import Audited, MemorisationPage
from worktrial.report.office import OfficePage, Told
from worktrial.report.places import Places, place
from worktrial.report.public import PublicPage
from worktrial.report.readiness import IN_SHORT
from worktrial.report.reading import Reading
from worktrial.report.reasoning_page import ReasoningPage
from worktrial.report.specification import SearchPage
from worktrial.report.tables import Tables
from worktrial.report.viewer import Viewer
from worktrial.report.words import (
    VERDICTS,
    claim_text,
    condition,
    figure,
    known,
    sentence,
    share,
)
from worktrial.running.budget import stopped_text
from worktrial.visible import visible


def render(
    findings: Findings,
    manifest: Manifest,
    stories: Stories,
    told: Conversations | None = None,
    *,
    items: Told | None = None,
    public: PublicPage | None = None,
    audited: Audited | None = None,
    written: Generations | None = None,
    ablated: Ablated | None = None,
    observed: Mapping[str, Observed] | None = None,
    viewer: Viewer | None = None,
    kept: Kept | None = None,
) -> str:
    """Write the report of a run.

    Args:
        findings: What was found; whatever is missing in it is left out or shown as missing.
        manifest: The run's protocol.
        stories: The relays of each worker, by sample id.
        told: The conversations of each worker that are to be shown.
        items: The items of the office of each worker that are to be shown.
        public: Ranks in public and at work, where a leaderboard was brought.
        audited: What is to be shown of an audit's items.
        written: The generations about puzzles of each worker that are to be shown.
        ablated: What is to be shown of an ablation's items.
        observed: By trial, what every item scored.
        viewer: Inspect's viewer beside the page, if samples are to lead there.
        kept: What the run's folder keeps beside its findings: samples lost, registration, looks.

    Returns:
        HTML that needs nothing else. The same arguments give the same bytes.
    """
    reading, links = Reading(findings), item_links(observed or {})
    shown = evidence(reading, stories)
    measured = manifest.measurement
    search = SearchPage(findings, told or {}, links) if "search" in measured else None
    office = OfficePage(findings, items or {}, links) if "office" in measured else None
    audit = None
    if MEMORISATION in measured:
        audit = MemorisationPage(findings, audited or Audited(), links)
    puzzles = _puzzles(findings, manifest, written or {}, links)
    ablation = AblatePage(findings, ablated or Ablated(), links) if ABLATE in measured else None
    contrast = ContrastPage(findings, manifest, links) if CONTRAST in measured else None
    opened = {
        "relay": shown.values(),
        "search": search.evidence if search else (),
        "office": office.evidence if office else (),
        MEMORISATION: audit.evidence if audit else (),
        REASONING: puzzles.evidence if puzzles else (),
        ABLATE: ablation.evidence if ablation else (),
    }
    anchors = {(trial, each.name): each.anchor for trial, of in opened.items() for each in of}
    conduct = ConductReading(findings, anchors)
    places = Places({t: [(each.name, each.sources) for each in of] for t, of in opened.items()})
    items_of = Items(observed or {}, places.find, viewer)
    decision = DecisionPage(findings, links, places.find, anchors)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            css=style(),
            run=findings.run,
            manifest=manifest,
            trials=", ".join(manifest.measurement),
            decision=decision,
            items=items_of,
            relay="relay" in manifest.measurement,
            search=search,
            office=office,
            audit=audit,
            puzzles=puzzles,
            ablation=ablation,
            contrast=contrast,
            public=public,
            acceptance=AcceptanceReading(findings),
            conduct=conduct if conduct.tables() else None,
            clauses=CLAUSES,
            anchors=anchors,
            reading=reading,
            tables=Tables(reading, {worker: found.anchor for worker, found in shown.items()}),
            charts=_charts(reading, links) if "relay" in manifest.measurement else [],
            evaluator=EvaluatorPage(findings, manifest, kept),
            variants=variant_tables(findings),
            changes=change_tables(findings),
            evidence=shown,
            viewer=viewer,
        )
    )


def _puzzles(
    findings: Findings, manifest: Manifest, written: Generations, links: Links
) -> ReasoningPage | None:
    """What is shown of a reasoning trial, if there was one."""
    measured = manifest.measurement.get(REASONING)
    if measured is None:
        return None
    judge = str((measured.judge or {}).get("judge", ""))
    return ReasoningPage(findings, written, judge, links)


def style() -> Markup:
    """The style of every page."""
    return Markup((files(__package__) / "templates" / "style.css").read_text("utf-8"))  # noqa: S704


def _charts(reading: Reading, links: Links) -> list[Markup]:
    return [chart(reading, links) for chart in (gap_chart, anatomy_chart)]


@cache
def environment() -> Environment:
    """Templates in which every text is made visible first and then escaped."""
    environment = Environment(
        loader=PackageLoader("worktrial.report"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        is_reference=is_reference, sentence=_sentence, rests_on=_rests_on, verdicts=VERDICTS
    )
    environment.filters.update(
        stopped_text=stopped_text,
        share=share,
        known=known,
        claimed=claim_text,
        unbroken=_unbroken,
        place=place,
    )
    return environment


def _shown(value: Any) -> Any:
    return visible(value) if type(value) is str else value


def _sentence(reading: Reading, worker: str) -> str:
    """What a relay says of a worker."""
    return _unbroken(sentence(reading, worker))


def _unbroken(text: str) -> str:
    """A text whose intervals stay on one line."""
    return re.sub(r"(?<=\d), (?=[−\d.])", ",\N{NO-BREAK SPACE}", text)


def _rests_on(reading: Reading, claim: Claim) -> list[tuple[str, str, tuple[str, str]]]:
    """Each estimate of a claim: what it is, its number, its trial and worker."""
    known = {e.id: e for e in reading.findings.estimates}
    found = [known[name] for name in claim.estimates if name in known]
    return [(_name(e), figure(e), (e.trial, e.worker)) for e in found]


def _name(estimate: Estimate) -> str:
    if estimate.gap:
        return f"{estimate.gap} gap"
    if estimate.metric == "axis":
        return next(words for axis, words in IN_SHORT.items() if axis == estimate.axis)
    if estimate.trial == REASONING:
        return f"{estimate.arm} difference" if estimate.minus_worker else estimate.metric
    less = " difference" if estimate.minus_worker else ""
    return f"{estimate.metric.replace('_', ' ')}{less} {condition(estimate.arm)}".strip()
