"""The audit as an Inspect task: texts cut off and continued, questions answered, texts read."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import (
    CachePolicy,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import LimitExceededError

from worktrial import steps
from worktrial.errors import ConfigError, WorktrialError
from worktrial.evidence.usage import usage_of_output
from worktrial.memorisation.access import access_of, as_bare_text, token_logprobs
from worktrial.memorisation.arms import ARMS, PUBLISHED
from worktrial.memorisation.courses import AuditCourse, custom_course
from worktrial.memorisation.draw import Probed, Probes, drawn, packed, probed_from, set_name
from worktrial.memorisation.extract import measured_of
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.keys import Key, at_hand
from worktrial.memorisation.likelihood import TokenLogprobs
from worktrial.memorisation.measured import ACCURACY, REGISTERED
from worktrial.memorisation.probes import CANARY, canary_probe, probes_of, read_of, texts_of
from worktrial.memorisation.transcript import MOST_CHARACTERS, Said, Tokens, Transcript
from worktrial.memorisation.whole import Canary, Shard, body
from worktrial.randomness import derive
from worktrial.trial import Audit
from worktrial.workers.agents import SEEDS
from worktrial.workers.halves import whole

TASK_VERSION = 1
SOURCE = "worktrial/memorisation"
_DIGITS = 4
"""Decimals of log-probabilities that are kept."""


@task
def memorisation(
    file: str = "",
    fields: dict[str, str] | None = None,
    controls: str = "",
    released: str = "",
    name: str = "",
    course: str = "pocket",
    seed: int = 7,
    items: int | None = None,
    arm: str = PUBLISHED,
    resumable: bool = False,
) -> Task:
    """Hold a benchmark's items against fresh texts of the same form: were they met before?

    Args:
        file: JSONL, CSV or Parquet, a registered Inspect task, or a hub's data set.
        fields: Columns of it by what they hold: question, answer, options, id, date.
        controls: A file of items that the model cannot have met.
        released: ISO date from which an item is newer than the model, and so a control.
        name: Of the published set, as an instruction names it; the file's own by default.
        course: How much is asked: pocket, standard or full.
        seed: Decides the choice of items, their variants and the seeds of the calls.
        items: The most items, instead of the course's.
        arm: published or fresh.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    if arm not in ARMS:
        raise ConfigError(f"`arm` must be one of {', '.join(ARMS)}; got {arm!r}")
    audit = Audit(
        items=file,
        fields=fields or {},
        controls=Path(controls) if controls else None,
        released=released or None,
        name=name or None,
    )
    plan = {
        "course": custom_course(course, items=items).model_dump(mode="json"),
        "name": set_name(audit),
        "seed": seed,
    }
    found = drawn(audit, course, seed=seed, items=items)
    samples = [_sample(probed, arm, plan) for probed in probed_under(found, arm)]
    return Task(
        dataset=MemoryDataset(samples, name="memorisation"),
        solver=probing(resumable=resumable),
        scorer=[audit_accuracy(), audit_verbatim()],
        version=TASK_VERSION,
        metadata={"notes": [asdict(note) for note in found.notes]},
    )


def probed_under(found: Probes, arm: str) -> list[Probed]:
    """What there is a sample of under an arm."""
    if arm == PUBLISHED:
        return [one for one in found.all if not isinstance(one, AuditItem) or _audited(one)]
    return [item for item in found.items if item.variants or not _audited(item)]


def _audited(item: AuditItem) -> bool:
    return item.role == "audited"


def _sample(probed: Probed, arm: str, plan: dict[str, Any]) -> Sample:
    return Sample(
        id=probed.id,
        input=_shown(probed),
        metadata={
            "item": packed(probed),
            "arm": arm,
            "plan": plan,
            "cluster": probed.id,
        },
    )


def _shown(probed: Probed) -> str:
    """What a viewer of the log shows as the sample's input."""
    if isinstance(probed, AuditItem):
        return body(probed)
    return probed.shown if isinstance(probed, Canary) else "\n\n".join(probed.texts)


@solver
def probing(resumable: bool = False) -> Solver:
    """Make all calls about one item at once, and read its texts where that can be done."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        await _Sitting(state, resumable).hold()
        return state

    return solve


class _Sitting:
    """All probes of one sample."""

    def __init__(self, state: TaskState, resumable: bool) -> None:
        self.probed = probed_from(state.metadata)
        self.arm: str = state.metadata["arm"]
        self.course = AuditCourse.model_validate(state.metadata["plan"]["course"])
        self.name: str = state.metadata["plan"]["name"]
        self.seed: int = state.metadata["plan"]["seed"]
        self.replicate = state.epoch
        self.resumable = resumable
        self.model = get_model()
        self.access = access_of(self.model)
        self.kept = Transcript(raw=self.access.raw, chat=self.access.chat)

    async def hold(self) -> None:
        """Ask and read, and keep what came of it."""
        await self._ask_all(self._keys())
        await self._read()
        self.kept.keep()

    async def _ask_all(self, keys: Sequence[Key]) -> None:
        """Every call at the same time; without the spans of Inspect's `collect`, which cost."""
        try:
            async with anyio.create_task_group() as group:
                for key in keys:
                    self.kept.said.setdefault(key.operation, {})[key.probe.name] = Said()
                    group.start_soon(self._ask, key)
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    def _keys(self) -> list[Key]:
        """Every call, and what it is about."""
        if isinstance(self.probed, Canary):
            probe = canary_probe(self.probed, self.access)
            return [Key(self.probed, CANARY, None, probe, self.seed)]
        if isinstance(self.probed, Shard):
            return []
        return [
            Key(self.probed, operation, text, probe, self.seed)
            for operation, text in texts_of(self.probed, self.arm, self.course.variants).items()
            for probe in probes_of(
                text, course=self.course, name=self.name, seed=self.seed, access=self.access
            )
        ]

    async def _ask(self, key: Key) -> None:
        """One call; the boundary at which faults are told."""
        at_hand.set(key)
        try:
            output = await self._generate(key)
            said = _said(output)
            self._count(output)
        except LimitExceededError:
            raise
        except Exception as error:
            said = Said(fault=repr(error))
            transcript().info({key.operation: key.probe.name, "fault": said.fault}, source=SOURCE)
        self.kept.said[key.operation][key.probe.name] = said
        steps.count(1)

    def _count(self, output: ModelOutput) -> None:
        for name, value in usage_of_output(output).items():
            self.kept.used[name] = self.kept.used.get(name, 0.0) + value

    async def _generate(self, key: Key) -> ModelOutput:
        probe, of = key.probe, (key.item.id, key.operation, key.probe.name)
        seed = derive(self.seed, "memorisation", *of, self.replicate) % SEEDS
        config = GenerateConfig(
            max_tokens=probe.tokens,
            temperature=probe.temperature,
            seed=seed,
            **(as_bare_text(self.model) if probe.raw else {}),
        )
        scopes = dict(zip(("item", "text", "probe"), of, strict=True))
        scopes |= {"arm": self.arm, "replicate": str(self.replicate)}
        kept = CachePolicy(expiry=None, scopes=scopes) if self.resumable else False
        message = ChatMessageUser(content=probe.prompt)
        return await self.model.generate([message], config=config, cache=kept)

    async def _read(self) -> None:
        """Log-probabilities of every text, or of a shard in several orders."""
        texts = self._to_read()
        if not self.access.logprobs or not texts:
            return
        kept = self.kept
        try:
            read = await token_logprobs(self.model, list(texts.values()))
        except LimitExceededError:
            raise
        except Exception as error:
            kept.unread, kept.lost = repr(error), not isinstance(error, WorktrialError)
            transcript().info({"unread": kept.unread}, source=SOURCE)
            return
        if isinstance(self.probed, Shard):
            kept.orders = [round(float(of.logprob.sum()), _DIGITS) for of in read]
        else:
            kept.tokens = {n: _tokens(of) for n, of in zip(texts, read, strict=True)}

    def _to_read(self) -> dict[str, str]:
        if isinstance(self.probed, Shard):
            return {str(n): text for n, text in enumerate(self.probed.orders(self.course.shuffles))}
        texts = read_of(self.probed, self.arm) if isinstance(self.probed, AuditItem) else {}
        return {name: body(text) for name, text in texts.items()}


def _said(output: ModelOutput) -> Said:
    """What a call came to; a provider's own error message is nothing that a model wrote."""
    text = "" if output.error else whole(output.completion[:MOST_CHARACTERS])
    return Said(text=text, stop=output.stop_reason)


def _tokens(read: TokenLogprobs) -> Tokens:
    told = (read.logprob, read.mean, read.deviation)
    logprob, *more = (None if of is None else [round(float(v), _DIGITS) for v in of] for of in told)
    return Tokens(logprob=logprob or [], mean=more[0], deviation=more[1])


@scorer(metrics=[mean(), stderr()])
def audit_accuracy() -> Scorer:
    """Of an item's texts, the share answered rightly; the run's evidence has every measure."""
    return _score_of(ACCURACY)


@scorer(metrics=[mean(), stderr()])
def audit_verbatim() -> Scorer:
    """Of what was cut off at 60 %, the share in the longest run that was written again."""
    return _score_of(REGISTERED["chat"])


def _score_of(metric: str) -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        probed = probed_from(state.metadata)
        kept, seed = Transcript.kept(), state.metadata["plan"]["seed"]
        rows = measured_of(probed, state.metadata["arm"], kept, seed=seed)
        found = [r.value for r in rows if r.metric == metric and r.value is not None]
        if not found:
            return Score.unscored(explanation=f"{metric} could not be measured")
        return Score(value=sum(found) / len(found), explanation=f"of {len(found)} texts")

    return score
