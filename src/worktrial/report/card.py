"""The evaluation card: what was evaluated with what, when, by whom simulated, and what for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from worktrial.evidence.findings import Cost, Findings
from worktrial.protocol import Manifest, Measurement
from worktrial.protocol.registration import Registration
from worktrial.reasoning.published import PUBLISHED
from worktrial.reference import is_reference
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, plain
from worktrial.running.trials import TRIALS

_HASH = 12
_AUDIT = "memorisation"


class Use(NamedTuple):
    """What a trial is for.

    Attributes:
        intended: The question that it answers.
        beyond: What must not be read into it.
        limit: What it cannot see.
    """

    intended: str
    beyond: str
    limit: str


USES: Mapping[str, Use] = {
    "relay": Use(
        "Whom to trust with a long series of edits to structured documents",
        "The quality of free writing; formats and edits that were not drawn",
        "Documents and edits are made by a program; likeness is not usefulness",
    ),
    "search": Use(
        "Whom to give requests that leave out what has to be asked for",
        "The open web; facts about real people and things",
        "The user is a state machine, and easier to talk to than people",
    ),
    "office": Use(
        "Whom to give routine tasks with tools, other people's data and rules",
        "A certificate of safety or privacy; other apps; months of work",
        "A leak said in other words than the records' is not found",
    ),
    "memorisation": Use(
        "Whether a score on these items may rest on having met them",
        "Proof of what a model was trained on; other items",
        "What was met and leaves no trace in what is written is not seen",
    ),
    "reasoning": Use(
        "Whether credit for a trace overstates what is solved",
        "Whether the trace is how the answer came about; other kinds of problem",
        "Only steps of a known form are checked",
    ),
    "ablate": Use(
        "How much of a task's score its instruction and form make",
        "Who is better at the task's subject; whether its scorer is right",
        "Arms change what is shown; a model may guess what was left out",
    ),
    "contrast": Use(
        "Whether a benchmark of one's own tells what one's own work will",
        "What causes the gap; who is better at other work",
        "Whether the scores are right: their scorers are others'",
    ),
}
"""By trial, for whoever reads a report; no run changes it."""


class Fact(NamedTuple):
    """One line of the card; a code is set as one."""

    name: str
    text: str
    code: bool = False


@dataclass(frozen=True)
class Card:
    """The evaluation card of a run.

    Attributes:
        findings: What was found.
        manifest: The run's protocol.
        registration: What was declared before the first call, if anything was.
    """

    findings: Findings
    manifest: Manifest
    registration: Registration | None = None

    def facts(self) -> list[Fact]:
        """The run as a whole."""
        run, beside = self.findings.run, self.manifest.incidental
        return [
            Fact("Evaluated", self._evaluated()),
            Fact("Simulated workers", _some(filter(is_reference, self.manifest.worker))),
            Fact("Trials", _some(self.manifest.measurement)),
            Fact("Course and seed", f"{run.course}, {run.seed}"),
            Fact("Begun and finished", _some(filter(None, (run.started, run.finished)), " to ")),
            Fact("Registered", self._registered()),
            Fact("Protocol", self.manifest.sha256, code=True),
            Fact("Software", _some(f"{name} {of}" for name, of in sorted(run.versions.items()))),
            Fact("Machine", _machine(beside)),
            Fact("Graded again", _graded(beside)),
            Fact("Met before?", self._met()),
            Fact("Cost in total", _total(self.findings.cost)),
        ]

    def _evaluated(self) -> str:
        names = [name for name in self.manifest.worker if not is_reference(name)]
        return ", ".join(names) or "nobody but simulated workers"

    def _registered(self) -> str:
        if self.registration is None:
            return "no: nothing was declared before the first call"
        when = self.registration.registered.isoformat(timespec="seconds")
        if not self.findings.run.registered:
            return f"{when}, which is not shown to be before the first call, so it does not count"
        return f"{when}, before the first call; declaration {self.registration.sha256[:_HASH]}…"

    def _met(self) -> str:
        """How likely it is that a worker has met the items, as far as the protocol tells."""
        told = [_data(trial, one) for trial, one in self.manifest.measurement.items()]
        fresh = sum(data.fresh for data in told)
        said = f"items of {fresh} of {len(told)} trials are fresh from the seed"
        audits = _AUDIT in self.manifest.measurement
        return f"{said}; {'an audit ran' if audits else 'no audit of others ran'}"

    def workers(self) -> Table:
        """Who was on trial."""
        rows = [
            Row(
                name,
                [Cell(pairs(worker.settings) or MISSING), Cell(worker.snapshot or MISSING)],
                is_reference(name),
            )
            for name, worker in sorted(self.manifest.worker.items())
        ]
        return Table("Who was on trial", ["worker", "settings", "model that answered"], rows)

    def trials(self) -> Table:
        """What each trial measured on, and who judged."""
        columns = ["items", "arms", "scored by", "simulated user", "data, and whether met before"]
        rows = [Row(trial, self._trial(trial, one)) for trial, one in self._measured()]
        return Table("With what it was measured", ["trial", *columns], rows)

    def _measured(self) -> Iterable[tuple[str, Measurement]]:
        return self.manifest.measurement.items()

    def _trial(self, trial: str, one: Measurement) -> list[Cell]:
        data = _data(trial, one)
        judge = f"judge: {_in_words(one.judge)}" if one.judge else "no judge"
        scored = TRIALS[trial].mapping if trial in TRIALS else f"scorer {one.scorer.version}"
        return [
            Cell(f"{len(one.items):,}", note=self._clusters(trial)),
            Cell(_times(len(one.arms), one.replicates), note=", ".join(one.arms)),
            Cell(scored, note=judge),
            Cell(_in_words(one.user) if one.user else "none"),
            Cell(data.origin, note=data.met),
        ]

    def _clusters(self, trial: str) -> str:
        mine = (e.clusters for e in self.findings.estimates if e.trial == trial)
        most = max((of for of in mine if of is not None), default=None)
        return "" if most is None else f"{most:,} independent units at most"

    def uses(self) -> Table:
        """What each trial is for, and what it is not."""
        rows = [
            Row(trial, [Cell(text) for text in USES[trial]])
            for trial in self.manifest.measurement
            if trial in USES
        ]
        columns = ["trial", "meant for", "not meant for", "cannot see"]
        return Table("What the numbers may be used for", columns, rows)


def _times(arms: int, replicates: int) -> str:
    return f"{arms}" if replicates == 1 else f"{arms}, {replicates} times each"


class _Data(NamedTuple):
    origin: str
    met: str
    fresh: bool = False


def _data(trial: str, one: Measurement) -> _Data:
    """Where the items of a trial are from."""
    known: Mapping[str, Any] = one.settings
    unaudited = "not known: no audit of these items is part of this trial"
    if trial == _AUDIT:
        return _Data(f"{known.get('name')}, {_short(known.get('items'))}",
                     "this is what the trial asks: see its verdicts")  # fmt: skip
    if trial == "contrast":
        return _Data(
            f"{known.get('proxy')} and {known.get('work')}: {known.get('source')}", unaudited
        )
    if trial == "ablate":
        version = f"{known.get('task')}, version {known.get('version')}"
        return _Data(f"a task of others: {version}, {_short(known.get('file'))}", unaudited)
    if known.get("delegate52"):
        return _Data(
            "rows of DELEGATE-52, by their hashes in protocol.json",
            "published: a worker may have met them, and no audit of them is part of this trial",
        )
    if known.get("documents"):
        return _Data("one's own documents, by their hashes in protocol.json", unaudited)
    if known.get("tasks"):
        return _Data(f"one's own tasks, {_short(known['tasks'])}", unaudited)
    if any(family in PUBLISHED for family in known.get("families", ())):
        return _Data("published puzzles, by their hashes in protocol.json", unaudited)
    return _Data(
        f"fresh from seed {one.seed}",
        "not published with this tool; who knows the seed can make them again",
        fresh=True,
    )


def _short(value: object) -> str:
    """A hash cut short, or what stands in its place."""
    text = str(value) if value else "no file"
    return f"SHA-256 {text[:_HASH]}…" if len(text) == 64 else text


def pairs(what: Mapping[str, object]) -> str:
    """What was set, in one line."""
    said = {name.replace("_", " "): value for name, value in what.items() if value is not None}
    return ", ".join(f"{name} {_listed(value)}" for name, value in said.items())


def _listed(value: object) -> str:
    if isinstance(value, str):
        return f"{value[:_HASH]}…" if len(value) == 64 else value
    return " and ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _in_words(what: Mapping[str, Any]) -> str:
    """The same without hashes, which the protocol has."""
    return pairs({name: of for name, of in what.items() if not name.endswith("sha256")})


def _some(names: Iterable[str], between: str = ", ") -> str:
    return between.join(names) or "none"


def _machine(beside: Mapping[str, Any]) -> str:
    kind, python = beside.get("machine"), beside.get("python")
    return _some(filter(None, (kind, f"Python {python}" if python else None)))


def _graded(beside: Mapping[str, Any]) -> str:
    times = len(beside.get("regraded", ()))
    return f"{times} times, see incidental.regraded in protocol.json" if times else "no"


def _total(cost: Iterable[Cost]) -> str:
    """Tokens, seconds and dollars of everyone on trial; what is not known is counted."""
    spent = list(cost)
    if not spent:
        return "not recorded"
    parts = [
        f"{plain(sum(getattr(c, field) or 0 for c in spent))} {name}"
        for field, name in (("tokens_in", "tokens in"), ("tokens_out", "out"), ("seconds", "s"))
    ]
    priced = [c.usd for c in spent if c.usd is not None]
    price = f"{sum(priced):,.4f} US dollars" if priced else "price unknown"
    unknown = len(spent) - len(priced)
    more = f" and {unknown} of {len(spent)} without a price" if priced and unknown else ""
    return f"{', '.join(parts)}; {price}{more}"
