"""`make protocols`: draw the published protocols with this version, and write their cards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import worktrial
from worktrial.protocol import Manifest
from worktrial.protocol.published import FOLDER
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import Request


@dataclass(frozen=True)
class Published:
    """What is published under a name, and what nobody can read off its numbers.

    Attributes:
        trial: Which trial, in its standard course.
        claim: What a run under it supports.
        evidence: What is observed for that.
        limits: What a run under it does not show.
        tokens: What its steps cost, in words; `{steps}` is filled in.
    """

    trial: str
    claim: str
    evidence: str
    limits: Sequence[str]
    tokens: str


_PUBLIC = (
    "Its seed is public: a model that is trained on these items, or on others by the same "
    "generators, may do better here than at work. Take a seed of your own where that matters."
)
PROTOCOLS: Mapping[str, Published] = {
    "relay-standard": Published(
        "relay",
        "How much of a document is left when a worker is handed it again and again to edit it, "
        "and how much of that loss the first round trip hides (the horizon gap).",
        "Outcome: the document after every leg, compared with the original by a program.",
        (
            "Documents are fresh and synthetic, of 1,000 to 2,000 tokens, without distractors, in "
            "eight domains; nothing is shown of longer ones or of yours (`--documents`).",
            "Ten round trips; what is left after more is not measured.",
            "One hand-over, `rewrite`: a worker with tools or in an agent may do better.",
            "Some of its documents need `worktrial[documents]` to be read.",
            "Small differences take more than 48 documents: see `worktrial plan`.",
        ),
        "each leg reads and writes a document of 1,000 to 2,000 tokens: about {millions} million "
        "tokens read and as many written, attempts again not counted",
    ),
    "search-standard": Published(
        "search",
        "How much of what a worker finds for a complete request it still finds when the request "
        "is vague and has to be asked for (the specification gap).",
        "Outcome: the triples of the final answer, compared with those of the world by a program.",
        (
            "The world is closed and synthetic; nothing is shown of the open web.",
            "Users are simulated: they answer what they are asked, each in a style; no person was "
            "among them.",
            "A harness with other tools or another budget of turns is another protocol.",
        ),
        "a turn reads what was found so far; tokens depend on how much a worker opens",
    ),
    "office-standard": Published(
        "office",
        "How much of a worker's success at a mock office is left when privacy, retention, shifts "
        "of mode and the rest of the ecosystem count, too (the dimension gap).",
        "Outcome, process and risk, kept apart: the state of the office, the calls that led "
        "there, and what leaked to whom; all by program.",
        (
            "The office is a mock of synthetic people and records, without the noise of real ones.",
            "Some axes rest on fewer items than others; the report says on how many.",
            "Its usual arms alone; crowded, paged, limited and scoped offices are other arms "
            "(`--arm`). The arm `mcp` needs `worktrial[mcp]`.",
        ),
        "a turn reads the task and all calls so far; tokens depend on how many calls there are",
    ),
}


def manifest(name: str) -> Manifest:
    """The protocol as this version draws it."""
    request = _request(name)
    (arms,) = arms_of(request).values()
    trial = TRIALS[request.trials[0]]
    return Manifest(
        measurement={trial.name: trial.measurement(request, trial.draw(request), arms)},
        worker={},
        incidental={"course": request.course, "versions": {"worktrial": worktrial.__version__}},
    )


def _request(name: str) -> Request:
    trial = TRIALS[PROTOCOLS[name].trial]
    request = Request(workers=(), out=Path(name), trials=(trial.name,), course="standard")
    return replace(request, arms=tuple(trial.usual))


def card(name: str, drawn: Manifest) -> str:
    """The card of a protocol, as Markdown."""
    return "\n".join(_lines(name, drawn)) + "\n"


def _lines(name: str, drawn: Manifest) -> Iterator[str]:
    said, ((_, measured),) = PROTOCOLS[name], drawn.measurement.items()
    trial = TRIALS[said.trial]
    yield from (f"# {name}", "", f"**Claim.** {said.claim}", "", f"**Evidence.** {said.evidence}")
    yield ""
    yield (
        f"**Mapping.** {trial.mapping[:1].upper()}{trial.mapping[1:]}. A difference of "
        f"{trial.margin:g} does not matter."
    )
    yield from ("", "**Limits.**", "", *(f"- {limit}" for limit in (*said.limits, _PUBLIC)), "")
    yield f"**Cost.** {_cost(name, drawn)}"
    yield ""
    yield (
        f"**Protocol.** Seed {measured.seed}, {len(measured.items)} items, arms "
        f"{', '.join(measured.arms)} (primary: {measured.primary}), {measured.replicates} "
        f"replicate, written by worktrial {worktrial.__version__}. Fingerprint `{drawn.sha256}`."
    )


def _cost(name: str, drawn: Manifest) -> str:
    request, said = _request(name), PROTOCOLS[name]
    trial = TRIALS[said.trial]
    items = trial.draw(request)
    steps = sum(trial.most_steps(request, items, arm) for arm in request.arms)
    sizes = drawn.measurement[trial.name].course.get("size", (0, 0))
    millions = f"{steps * sum(sizes) / 2 / 1e6:.1f}"
    return (
        f"At most {steps:,} {trial.steps} a worker; {said.tokens.format(millions=millions)}. "
        "Known to the token after a run: `cost` in `findings.json`."
    )


def page() -> str:
    """All cards on one page of the reference."""
    head = (
        "# Published protocols\n\nWritten by `make protocols`. A run under one of them is asked "
        "for by its name; see\n[how to run a published protocol]"
        "(../how-to/protocols.md#how-to-run-a-published-protocol).\n"
    )
    cards = (path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md")))
    return "\n".join([head, *(f"#{text}" for text in cards)])


def write() -> None:
    """Write every protocol and its card into the package."""
    for name in PROTOCOLS:
        drawn = manifest(name)
        (FOLDER / f"{name}.json").write_text(drawn.text(), encoding="utf-8")
        (FOLDER / f"{name}.md").write_text(card(name, drawn), encoding="utf-8")


if __name__ == "__main__":
    write()
