"""Memory hygiene: what a worker keeps, and whether it is still true."""

from collections.abc import Iterator

from worktrial.conduct.events import Claim, ModelCall, ToolCall, Trajectory
from worktrial.conduct.metric import Measure, Metric, not_measurable, rate
from worktrial.conduct.metrics.counting import calls_with, kept, without_roles
from worktrial.conduct.metrics.facts import Timeline, folded
from worktrial.conduct.metrics.remembering import (
    Entry,
    Memory,
    lines,
    memory_of,
    timeline_of,
)
from worktrial.conduct.metrics.using import argument_text, last_said, rare_strings, used_after

NO_MEMORY = "nothing was written to a memory"
NO_ENTRY = "the memory held no entry"
NOTHING_SUPERSEDED = "no fact is known to have been superseded"


def stale_entries(trajectory: Trajectory) -> Measure:
    """Share of memory entries that at some checkpoint held what was no longer true."""
    memory = memory_of(trajectory)
    if memory is None:
        return _no_memory(trajectory)
    timeline = timeline_of(trajectory, memory)
    judged = [e for e in memory.entries if trajectory.known.facts or e.line.name]
    stale = [e for e in judged if _is_stale(e, memory, timeline)]
    nothing = NO_ENTRY if not memory.entries else "no facts are known and no entry has a name"
    return _of_entries(stale, judged, nothing)


def unsourced_entries(trajectory: Trajectory) -> Measure:
    """Share of memory entries of which nothing occurs in what was read before."""
    memory = memory_of(trajectory)
    if memory is None:
        return _no_memory(trajectory)
    rare = [(e, frozenset(rare_strings(e.line.text))) for e in memory.entries]
    source = _first_in_sources(trajectory, frozenset(s for _, each in rare for s in each))
    end = len(trajectory.events)
    judged = [(e, each) for e, each in rare if each]
    unsourced = [e for e, each in judged if all(source.get(s, end) >= e.written for s in each)]
    return _of_entries(
        unsourced, [e for e, _ in judged], "no entry has a string that could be found again"
    )


def duplicate_entries(trajectory: Trajectory) -> Measure:
    """Share of memory entries that say what another one held at the same time says."""
    memory = memory_of(trajectory)
    if memory is None:
        return _no_memory(trajectory)
    alike: dict[str, int] = {}
    duplicates = []
    for entry in sorted(memory.entries, key=lambda each: each.written):
        text = entry.line.text
        together = min(entry.until, alike.get(text, -1))
        if memory.held(entry.written, together):
            duplicates.append(entry)
        alike[text] = max(entry.until, alike.get(text, -1))
    return _of_entries(duplicates, memory.entries, NO_ENTRY)


def retrieval_precision(trajectory: Trajectory) -> Measure:
    """Share of the entries that reads of the memory brought back which were used later."""
    reads = calls_with(trajectory, "memory_read")
    if not reads:
        return not_measurable(without_roles(trajectory) or "no memory was read")
    last = last_said(trajectory, leaving_out=("memory_write",))
    used, of, unused = 0, 0, []
    for place, call in reads:
        texts = [x.text for x in lines(call.result) if any(True for _ in rare_strings(x.text))]
        good = sum(used_after(text, place, last) for text in texts)
        used, of = used + good, of + len(texts)
        unused += [place] if good < len(texts) else []
    return kept(unused, used, of, nothing="no entry came back that could be known again")


def obsolete_uses(trajectory: Trajectory) -> Measure:
    """Share of mutations and claims that rely on what was no longer true."""
    timeline = timeline_of(trajectory, memory_of(trajectory))
    since = timeline.first_superseded()
    if since is None:
        return not_measurable(NOTHING_SUPERSEDED)
    why = without_roles(trajectory) if trajectory.tool_calls() else None
    if why:
        return not_measurable(why)
    texts = [(place, text) for place, text in _statements(trajectory) if place > since]
    places = tuple(p for p, t in texts if timeline.obsolete(folded(t), timeline.epoch(p)))
    return rate(places, len(texts), nothing="nothing was changed or claimed after that")


def _statements(trajectory: Trajectory) -> Iterator[tuple[int, str]]:
    """What the worker put into the world: values written, and claims."""
    for place, event in enumerate(trajectory.events):
        if isinstance(event, Claim):
            yield place, event.text
        elif isinstance(event, ToolCall) and _leaves_something(event):
            yield place, argument_text(event.arguments) if event.value is None else event.value


def _leaves_something(call: ToolCall) -> bool:
    """Taking an old value away is no use of it."""
    return "mutation" in call.roles and call.error is None and call.change != "remove"


def _no_memory(trajectory: Trajectory) -> Measure:
    return not_measurable(without_roles(trajectory) or NO_MEMORY)


def _of_entries(bad: list[Entry], judged: list[Entry] | tuple[Entry, ...], nothing: str) -> Measure:
    if not judged:
        return not_measurable(nothing)
    places = tuple(sorted({entry.written for entry in bad}))
    return Measure(len(bad) / len(judged), count=len(bad), of=len(judged), places=places)


def _is_stale(entry: Entry, memory: Memory, timeline: Timeline) -> bool:
    epochs = sorted({timeline.epoch(c) for c in memory.held(entry.written, entry.until)})
    return any(timeline.obsolete(entry.line.text, epoch) for epoch in epochs)


def _first_in_sources(trajectory: Trajectory, wanted: frozenset[str]) -> dict[str, int]:
    """By rare string, the first place at which something that the worker did not write has it."""
    found: dict[str, int] = {}
    own = set[str]()
    for place, text, remembered in _sources(trajectory):
        strings = wanted.intersection(rare_strings(text))
        if remembered == "memory_write":
            own |= strings - found.keys()
            continue
        for each in strings - own if remembered else strings:
            found.setdefault(each, place)
    return found


def _sources(trajectory: Trajectory) -> Iterator[tuple[int, str, str]]:
    """Texts in order, and whether a text is a write to the memory or read from it."""
    seen = set[str]()
    for place, event in enumerate(trajectory.events):
        if isinstance(event, ModelCall):
            new = [piece for piece in event.supplied if piece.key not in seen]
            seen.update(piece.key for piece in new)
            yield from ((place, p.text, "") for p in new if _from_outside(p.role, p.source))
        elif isinstance(event, ToolCall):
            yield from _source(place, event)


def _from_outside(role: str, source: int | None) -> bool:
    return role != "assistant" and source is None


def _source(place: int, call: ToolCall) -> Iterator[tuple[int, str, str]]:
    if "memory_write" in call.roles:
        yield place, call.value or "", "memory_write"
    elif "memory_read" in call.roles:
        yield place, call.result, "memory_read"
    elif "mutation" not in call.roles or call.error is not None:
        yield place, call.result, ""


_FIELD = "Gu (2026), arXiv:2605.26112, which names it without a formula; this project's formula"
METRICS = (
    Metric(
        "stale_entries", "memory", "Stale entries", "share", "lower", "proposed",
        "entries that at a checkpoint hold a superseded value and not the current one / entries",
        _FIELD, stale_entries,
    ),
    Metric(
        "unsourced_entries", "memory", "Unsourced entries", "share", "lower", "proposed",
        "entries none of whose rare strings occurs in anything read before / entries with one",
        _FIELD, unsourced_entries,
    ),
    Metric(
        "duplicate_entries", "memory", "Duplicate entries", "share", "lower", "proposed",
        "entries whose text an earlier entry holds at the same checkpoint / entries",
        _FIELD, duplicate_entries,
    ),
    Metric(
        "retrieval_precision", "memory", "Retrieval precision", "share", "higher", "proposed",
        "entries read back of which a rare string is used later / entries read back with one",
        "precision of retrieval: Manning et al. (2008), ch. 8, with use in place of relevance",
        retrieval_precision,
    ),
    Metric(
        "obsolete_uses", "memory", "Obsolete uses", "share", "lower", "proposed",
        "mutations and claims that hold a superseded value and not the current one"
        " / mutations and claims after a fact was superseded",
        _FIELD, obsolete_uses,
    ),
)  # fmt: skip
