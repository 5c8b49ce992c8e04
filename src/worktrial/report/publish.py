"""From evidence to findings and a page, in the run's folder."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from worktrial.comparison.public import AtWork, compare_public
from worktrial.decision import Price, read_prices, with_decision
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, FinishedLog, RunFolder, Source
from worktrial.evidence.findings import Estimate, Failure, Findings, RunFacts
from worktrial.evidence.folder import write_whole
from worktrial.evidence.totals import count_runs
from worktrial.instruction.extract import TRIAL as ABLATE
from worktrial.memorisation.measured import TRIAL as MEMORISATION
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Endpoint, Registration, registered
from worktrial.readiness.arms import ARMS
from worktrial.readiness.findings import axis_scores, weighed_findings
from worktrial.readiness.stories import ItemStory
from worktrial.readiness.stories import stories as item_stories
from worktrial.reasoning.measured import CREDIT, SOLVED
from worktrial.reasoning.measured import TRIAL as REASONING
from worktrial.reasoning.stories import PuzzleStory
from worktrial.reasoning.stories import stories as puzzle_stories
from worktrial.reference import on_trial
from worktrial.relay.legs import LegStory, stories
from worktrial.report.ablated import ablated
from worktrial.report.audited import audited
from worktrial.report.contrasts import Ablated
from worktrial.report.evaluator import Kept
from worktrial.report.generations import MOST_GENERATIONS
from worktrial.report.items import Observed
from worktrial.report.leaderboard import Leaderboard, matched, read_leaderboard
from worktrial.report.memorisation_page import Audited
from worktrial.report.office import ToldItem
from worktrial.report.page import render
from worktrial.report.public import MEASURES, public_page
from worktrial.report.standing import Brought, read_weights
from worktrial.report.viewer import Viewer
from worktrial.running.extraction import logs_of, trials_of
from worktrial.running.looks import diary_of, looks_findings
from worktrial.search.arms import WORK
from worktrial.search.stories import ConversationStory
from worktrial.search.stories import stories as conversation_stories
from worktrial.trial import AnyTrial, Found

_RELAYS_SHOWN = 12
_CONVERSATIONS_SHOWN = 8
_ITEMS_SHOWN = 2
"""Of each worker under each arm of an office."""
_OFFICE = "office"


def publish(
    folder: RunFolder, brought: Brought | None = None, *, viewer: Viewer | None = None
) -> Findings:
    """Write `findings.json` and `report.html` from a run's evidence.

    Args:
        folder: The run's folder.
        brought: What a user brought: a leaderboard, weights, prices.
        viewer: Inspect's viewer beside the page, if samples are to lead there.

    Raises:
        EvidenceError: If the evidence, the protocol or a log cannot be read.
    """
    brought = brought or Brought()
    evidence = Evidence(folder.evidence)
    manifest = Manifest.read(folder.protocol)
    logs = logs_of(folder, manifest)
    registration = Registration.read(folder.path)
    facts = _facts(manifest, [log for each in logs.values() for log in each], registration)
    endpoints = registration.endpoints if registration and facts.registered else ()
    looked = looks_findings(folder)
    found = _found(manifest, evidence, endpoints, looked_at=any(looked))
    findings = with_decision(
        _joined(facts, found).with_first(*looked),
        trials_of(manifest),
        evidence,
        manifest.measurement,
        brought.prices,
    )
    added = [*_weighed(manifest, evidence, brought), *_public(manifest, evidence, brought)]
    findings = findings.model_copy(update={"estimates": (*findings.estimates, *added)})
    write_whole(folder.findings, findings.text())
    page = render(
        findings,
        manifest,
        _stories(manifest, logs.get("relay", []), evidence, findings.failures),
        _conversations(logs.get("search", []), evidence, findings.failures),
        items=_items(logs.get(_OFFICE, []), evidence, findings.failures),
        public=public_page(findings, brought.leaderboard) if brought.leaderboard else None,
        audited=_audited(manifest, logs, evidence),
        written=_generations(logs.get(REASONING, []), evidence, findings.failures),
        ablated=_ablated(manifest, logs, evidence),
        observed=_observed(manifest, evidence),
        viewer=viewer,
        kept=Kept(count_runs(evidence), registration, diary_of(folder)),
    )
    write_whole(folder.report, page)
    return findings


def _observed(manifest: Manifest, evidence: Evidence) -> dict[str, Observed]:
    """By trial, what every item of everyone scored, and where each lies at work."""
    found = {}
    for trial in trials_of(manifest):
        mine, measured = evidence.of(trial.name), manifest.measurement[trial.name]
        panel = trial.panel(mine, measured, mine.workers())
        if panel is not None:
            arm = panel.work if panel.work in measured.arms else measured.primary
            found[trial.name] = Observed(panel, _sources(mine.under(arm)))
    return found


def _sources(evidence: Evidence) -> dict[tuple[str, str], Source]:
    """Where each worker's items lie, of several replicates the first."""
    rows = evidence.query(
        "select worker, item, arg_min(log, replicate), arg_min(sample, replicate), min(replicate) "
        "from evidence group by worker, item"
    )
    return {(worker, item): Source(*at) for worker, item, *at in rows}


def _audited(
    manifest: Manifest, logs: Mapping[str, Sequence[FinishedLog]], evidence: Evidence
) -> Audited | None:
    """What is shown of an audit's items, if there was one."""
    measured = manifest.measurement.get(MEMORISATION)
    return audited(logs[MEMORISATION], evidence, measured) if measured else None


def _ablated(
    manifest: Manifest, logs: Mapping[str, Sequence[FinishedLog]], evidence: Evidence
) -> Ablated | None:
    """What is shown of an ablation's items, if there was one."""
    measured = manifest.measurement.get(ABLATE)
    return ablated(logs[ABLATE], evidence, measured) if measured else None


def bring(
    folder: RunFolder,
    *,
    leaderboard: Path | None = None,
    weights: Path | None = None,
    prices: Path | None = None,
) -> Brought:
    """Read what a user brings to a run's report.

    Args:
        folder: The run's folder.
        leaderboard: A file of public scores.
        weights: A file of weights.
        prices: A file of what tokens cost, by worker.

    Raises:
        ConfigError: If a file is not as it must be, the run has nothing to hold it against, or no
            worker of it has a price.
        EvidenceError: If the protocol cannot be read.
    """
    manifest = Manifest.read(folder.protocol)
    trials = manifest.measurement
    if weights is not None and _OFFICE not in trials:
        raise ConfigError(
            f"`--weights` is about the axes of an office; this run has {', '.join(trials)}; leave "
            "it out"
        )
    if leaderboard is not None and not any(measure.trial in trials for measure in MEASURES):
        raise ConfigError(
            f"`--leaderboard` is held against ranks at work; this run has {', '.join(trials)}, "
            "which has none; leave it out"
        )
    return Brought(
        leaderboard=read_leaderboard(leaderboard) if leaderboard else None,
        weights=read_weights(weights) if weights else {},
        prices=_priced(prices, list(manifest.worker)) if prices else {},
    )


def _weighed(manifest: Manifest, evidence: Evidence, brought: Brought) -> list[Estimate]:
    """Who is best by a user's weights, if there are any."""
    if not brought.weights:
        return []
    return weighed_findings(evidence.of(_OFFICE), manifest.measurement[_OFFICE], brought.weights)


def _public(manifest: Manifest, evidence: Evidence, brought: Brought) -> list[Estimate]:
    """Ranks in public and at work, trial by trial, if there is a leaderboard."""
    if brought.leaderboard is None:
        return []
    ranked = {measure.trial for measure in MEASURES}
    return [
        estimate
        for trial in trials_of(manifest)
        if trial.name in ranked
        for estimate in _beside(trial, manifest, evidence.of(trial.name), brought.leaderboard)
    ]


def _beside(
    trial: AnyTrial, manifest: Manifest, evidence: Evidence, leaderboard: Leaderboard
) -> Iterator[Estimate]:
    """One trial's workers beside each benchmark."""
    workers = on_trial(evidence.workers())
    works = list(_works(trial, manifest, evidence, workers)) if workers else []
    for benchmark, scores in leaderboard.benchmarks.items():
        models = matched(workers, list(scores))
        public = {worker: scores[model] for worker, model in models.items()}
        yield from compare_public(benchmark, public, works)


def _works(
    trial: AnyTrial, manifest: Manifest, evidence: Evidence, workers: Sequence[str]
) -> Iterator[AtWork]:
    """The work arm of a trial's panel, where it was run, and the axes of an office."""
    measured = manifest.measurement[trial.name]
    panel = trial.panel(evidence, measured, workers)
    if panel is not None:
        yield AtWork.under(panel)
    if trial.name == _OFFICE:
        for axis, scores in axis_scores(evidence, measured, workers).items():
            yield AtWork(_OFFICE, tuple(workers), scores, axis=axis)


def _priced(path: Path, workers: Sequence[str]) -> Mapping[str, Price]:
    """Prices, of which one is of a worker of the run: else a name is written otherwise."""
    found = read_prices(path)
    if not set(found) & set(workers):
        raise ConfigError(
            f"`--prices` must name a worker of this run, {', '.join(workers)}; got "
            f"{', '.join(found) or 'none'}; write the names alike"
        )
    return found


def _found(
    manifest: Manifest, evidence: Evidence, endpoints: Sequence[Endpoint], *, looked_at: bool
) -> list[Found]:
    return [
        trial.findings(
            evidence.of(trial.name),
            manifest.measurement[trial.name],
            instrument=manifest.incidental.get("instrument", {}).get(trial.name, {}),
            endpoints=[e for e in endpoints if e.trial == trial.name],
            looked_at=looked_at,
        )
        for trial in trials_of(manifest)
    ]


def _joined(facts: RunFacts, found: Sequence[Found]) -> Findings:
    """Everything that was found, what the instruments' checks say first."""
    claims = [claim for each in found for claim in each.claims]
    return Findings(
        run=facts,
        estimates=tuple(e for each in found for e in each.estimates),
        claims=tuple(sorted(claims, key=lambda claim: claim.evidence_class != "instrument")),
        outcomes=tuple(o for each in found for o in each.outcomes),
        cost=tuple(c for each in found for c in each.cost),
    )


def _facts(
    manifest: Manifest, logs: list[FinishedLog], registration: Registration | None
) -> RunFacts:
    started = min((log.started for log in logs if log.started), default=None)
    return RunFacts(
        seed=next(iter(manifest.measurement.values())).seed,
        course=manifest.incidental["course"],
        protocol_sha256=manifest.sha256,
        versions=manifest.incidental["versions"],
        registered=registered(registration, started),
        started=started,
        finished=max((log.completed for log in logs if log.completed), default=None),
    )


def _failed(failures: Sequence[Failure], log: FinishedLog) -> list[tuple[str, int]]:
    """The failures that lie in a log and are to be told: their samples and replicates."""
    return [(f.sample, f.replicate) for f in failures if Path(f.log).name == log.path.name]


def _stories(
    manifest: Manifest,
    logs: list[FinishedLog],
    evidence: Evidence,
    failures: Sequence[Failure],
) -> dict[str, dict[str, list[LegStory]]]:
    """The worst relays of each worker under the primary arm, leg by leg."""
    if "relay" not in manifest.measurement:
        return {}
    primary = manifest.measurement["relay"].primary
    worst = evidence.of("relay").under(primary)
    shown = {}
    for log in logs:
        if log.arm != primary:
            continue
        rows = worst.query(
            "select sample from evidence where worker = ? and metric = 'fidelity' "
            "group by sample order by arg_min(value, -step), sample limit ?",
            [log.worker, _RELAYS_SHOWN],
        )
        wanted = {sample for sample, _ in _failed(failures, log)}
        shown[log.worker] = stories(log.path, {*wanted, *(sample for (sample,) in rows)})
    return shown


def _conversations(
    logs: list[FinishedLog], evidence: Evidence, failures: Sequence[Failure]
) -> dict[str, list[ConversationStory]]:
    """The worst conversations of each worker where things had to be asked for."""
    shown = {}
    worst = evidence.of("search").under(WORK.name)
    for log in logs:
        if log.arm != WORK.name:
            continue
        rows = worst.query(
            "select sample from evidence where worker = ? and metric = 'f1' and step = 0 "
            "order by value, sample limit ?",
            [log.worker, _CONVERSATIONS_SHOWN],
        )
        order = [sample for sample, *_ in (*_failed(failures, log), *rows)]
        found = {story.name: story for story in conversation_stories(log.path, set(order))}
        shown[log.worker] = [found[sample] for sample in dict.fromkeys(order) if sample in found]
    return shown


def _items(
    logs: list[FinishedLog], evidence: Evidence, failures: Sequence[Failure]
) -> dict[str, list[ToldItem]]:
    """The worst items of each worker under each arm of an office, in order of the arms."""
    shown: dict[str, list[ToldItem]] = {}
    for log in sorted(logs, key=lambda log: list(ARMS).index(log.arm)):
        under = evidence.of(_OFFICE).under(log.arm)
        rows = under.query(
            "select sample, min(value) from evidence where worker = ? and metric = 'success' "
            "group by sample order by min(value), sample limit ?",
            [log.worker, _ITEMS_SHOWN],
        )
        order = [sample for sample, _ in (*_failed(failures, log), *rows)]
        found = sorted(item_stories(log.path, set(order)), key=lambda s: order.index(s.sample))
        for story in found:
            shown.setdefault(log.worker, []).append(_told(under, log.worker, story))
    return shown


def _told(evidence: Evidence, worker: str, story: ItemStory) -> ToldItem:
    rows = evidence.query(
        "select metric, value, outcome from evidence where worker = ? and sample = ? "
        "and replicate = ? order by metric",
        [worker, story.sample, story.replicate],
    )
    outcome = next((outcome for _, _, outcome in rows if outcome), "")
    return ToldItem(story, outcome, {metric: value for metric, value, _ in rows})


def _generations(
    logs: list[FinishedLog], evidence: Evidence, failures: Sequence[Failure]
) -> dict[str, list[PuzzleStory]]:
    """Of each worker those about puzzles that are not solved first, credited most before others."""
    shown = {}
    worst = evidence.of(REASONING)
    for log in logs:
        rows = worst.query(
            "select sample, replicate, any_value(value) filter (where metric = ?) as solved, "
            "any_value(value) filter (where metric = ?) as credit from evidence where worker = ? "
            "group by all order by solved nulls last, credit desc nulls last, sample, replicate "
            "limit ?",
            [SOLVED, CREDIT, log.worker, MOST_GENERATIONS],
        )
        chosen = [(sample, replicate) for sample, replicate, *_ in (*_failed(failures, log), *rows)]
        order = list(dict.fromkeys(chosen))
        found = {(s.puzzle.id, s.replicate): s for s in puzzle_stories(log.path, set(order))}
        shown[log.worker] = [found[key] for key in order if key in found]
    return shown
