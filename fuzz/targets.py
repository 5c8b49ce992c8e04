"""Every reader of what a stranger wrote: a worker's answers, and the files that people bring.

A reader of files may refuse one, in one clear line. A reader of answers refuses nothing: whatever a
worker wrote is read as far as it goes.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, cast

from worktrial.documents.domain import DOMAINS, FALLBACKS, Domain, domain
from worktrial.documents.edits import Edit
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document, Files
from worktrial.errors import WorktrialError

_SIZES, _DOCUMENTS = (100, 250), 3
_LONGEST_LINE = 1000
"""Characters of a refusal; the command makes one line of it and shows what would not be seen."""


class Target(NamedTuple):
    """What is fuzzed.

    Attributes:
        name: Its own.
        seeds: Texts that are as they should be.
        read: Reads a text.
        refuses: Whether it may say in one line that it does not take it.
    """

    name: str
    seeds: Sequence[str]
    read: Callable[[str], object]
    refuses: bool = False

    def __call__(self, text: str) -> bool:
        """Read a text.

        Returns:
            Whether it was taken.

        Raises:
            AssertionError: If an answer was refused, or a file in no clear line.
        """
        try:
            self.read(text)
        except WorktrialError as error:
            self._judge(str(error))
            return False
        return True

    def _judge(self, said: str) -> None:
        assert self.refuses, f"it refused: {said}"
        assert 0 < len(said) <= _LONGEST_LINE, f"no clear line: {said[:200]!r}"


def target(name: str) -> Target:
    """The target of a name: `json.yaml` is the domain's reader of such files."""
    kind, _, extension = name.partition(".")
    found = _of_domain(kind, f".{extension}") if extension else OTHERS[name]()
    return found._replace(name=name)


@cache
def names() -> tuple[str, ...]:
    """Of every target: each domain by each extension of its files, then the other readers."""
    kinds = [f"{d}{e}" for d in (*DOMAINS, *FALLBACKS) for e in sorted(_texts(d))]
    return (*kinds, *OTHERS)


# --- domains -----------------------------------------------------------------------------------


@cache
def _documents(name: str) -> tuple[tuple[Files, Document, list[Edit]], ...]:
    chosen = domain(name)
    found = []
    for size in _SIZES:
        for seed in range(_DOCUMENTS):
            files = chosen.generate(Random(f"{name}{size}{seed}"), size)
            document = chosen.parse(files)
            found.append((files, document, chosen.plan(document, Random(seed))))
    return tuple(found)


@cache
def _texts(name: str) -> Mapping[str, list[str]]:
    """Fresh documents of a domain and what edits make of them, by extension."""
    texts: dict[str, list[str]] = {}
    for files, document, edits in _documents(name):
        edited = (domain(name).render(edit.forward(document)) for edit in edits)
        for written in (files, *edited):
            for file, text in written.items():
                among = texts.setdefault(Path(file).suffix.lower(), [])
                if text not in among and Path(file).suffix.lower() in domain(name).formats:
                    among.append(text)
    return {extension: found for extension, found in texts.items() if found}


def _of_domain(name: str, extension: str) -> Target:
    chosen = domain(name)

    def read(text: str) -> None:
        _live_through(chosen, {f"x{extension}": text}, Random(len(text)))

    return Target(f"{name}{extension}", _texts(name)[extension], read)


def _live_through(chosen: Domain, files: Files, rng: Random) -> None:
    """All that befalls a file in a relay: read, compared, edited, restored, edited as one's own."""
    document = chosen.parse(files)
    again = chosen.parse(chosen.render(document))
    _, whole, edits = rng.choice(_documents(chosen.name))
    value = likeness(again, whole, clips=chosen.clips).value
    assert 0 <= value <= 1, f"a likeness of {value}"
    edit = rng.choice(edits)
    chosen.render(edit.backward(chosen.parse(chosen.render(edit.forward(document)))))
    if not any(unit.kind == "opaque" for unit in document.units()):
        for own in chosen.plan(document, rng):
            chosen.render(own.forward(document))


# --- other readers -----------------------------------------------------------------------------


def _handed_over() -> Target:
    from worktrial.documents.blocks import apply_blocks, read_blocks
    from worktrial.documents.handover import Unusable, read_files, write_files

    files = {"a.txt": "one\ntwo\n``` \nthree\n", "b.csv": "n,m\n1,2\n"}
    block = "### a.txt\n<<<<<<< SEARCH\ntwo\n=======\n2\n>>>>>>> REPLACE\n"

    def read(text: str) -> None:
        read_files(text, names=files)
        read_files(text, names=["a.txt"])
        blocks = read_blocks(text, files)
        if not isinstance(blocks, Unusable):
            apply_blocks(blocks, files)

    return Target("handover", [write_files(files), block, f"{block}\n<<<<<<< DELETE\n"], read)


def _search_answers() -> Target:
    from worktrial.search.asking import NameIndex, hear
    from worktrial.search.items import custom_course, draw_items
    from worktrial.search.place import place_of

    (item, *_) = draw_items(custom_course("pocket", items=3), seed=7)
    place = place_of(item)
    said = "".join(f"- {t.head}: {t.relation}: {t.tail}\n" for t in item.goal)
    rows = "".join(f"| {t.head} | {t.tail} |\n" for t in item.goal)
    seeds = (
        f"FINAL ANSWER\n{said}",
        f"FINAL ANSWER\n| name | what |\n|---|---|\n{rows}",
        'FINAL ANSWER\n```json\n[{"name": "Alder", "price": 3, "made": {"in": "1999"}}]\n```\n',
        f"What is the budget? Must it be green?\n1) {item.admissible[0]} 2) Birch\n",
    )

    def read(text: str) -> None:
        claims = place.read(text, item)
        place.score(item, claims.triples, ())
        hear(text, item.about, NameIndex(item.admissible))

    return Target("search", seeds, read)


def _own_document() -> Target:
    """A file of one's own, under an extension that several domains have a claim to."""
    from worktrial.documents.choose import choose

    seeds = [text for name in ("json", "spreadsheet") for texts in _texts(name).values()
             for text in texts[:2]]  # fmt: skip

    def read(text: str) -> None:
        suffix = (".json", ".csv", ".md", ".yaml", ".svg")[len(text) % 5]
        choose(f"x{suffix}", text, lambda: Random(7))

    return Target("own", seeds, read, refuses=True)


def _bytes() -> Target:
    from worktrial.documents.reading import decoded

    def read(text: str) -> None:
        for encoding in ("utf-8", "utf-16", "cp1252"):
            decoded(text.encode(encoding, "replace"))

    return Target("bytes", ["Grüße\r\nnoch eine Zeile\n", "\ufeffone\ntwo\n"], read, refuses=True)


def _given(read: Callable[[Path], object], suffix: str) -> Callable[[str], object]:
    """A reader of files as one of texts."""
    path = Path(tempfile.mkdtemp(prefix="fuzz-"), f"brought{suffix}")

    def of_text(text: str) -> None:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        found = read(path)
        if isinstance(found, Iterator):
            for _ in found:
                pass

    return of_text


def _brought(function: str, suffix: str, *seeds: str) -> Callable[[], Target]:
    """A file that a person brings, read by a function `module:name`."""

    def made() -> Target:
        module, _, name = function.partition(":")
        return Target("", seeds, _given(_found(module, name), suffix), refuses=True)

    return made


def _answer(function: str, *seeds: str) -> Callable[[], Target]:
    """What a worker answered, read by a function `module:name`."""

    def made() -> Target:
        module, _, name = function.partition(":")
        return Target("", seeds, _found(module, name))

    return made


def _found(module: str, name: str) -> Callable[[Any], object]:
    return cast(Callable[[Any], object], attrgetter(name)(import_module(f"worktrial.{module}")))


def _contrast(suffix: str, *seeds: str) -> Callable[[], Target]:
    def read(path: Path) -> None:
        from worktrial.contrast.reading import read_brought
        from worktrial.trial import Contrast

        work = None if suffix == ".csv" else str(path)
        read_brought(Contrast(str(path), work, proxy_name="proxy", work_name="work"))

    return lambda: Target("", seeds, _given(read, suffix), refuses=True)


def _audited() -> Target:
    def read(path: Path) -> None:
        from worktrial.memorisation.reading import read_items
        from worktrial.trial import Audit

        read_items(Audit(str(path)), limit=None, seed=7)

    options = '{"question": "Which?", "options": ["a", "b"], "answer": "B", "id": "q2"}\n'
    return Target("", [_SUM, f"{_SUM}\n{options}"], _given(read, ".jsonl"), refuses=True)


_SUM = '{"id": "q1", "question": "What is 3 + 4?", "answer": "3 + 4 = <<3+4=7>>7\\n#### 7"}'
_TABLE = "worker,item,arm,score\n" + "".join(
    f"{worker},{item},{arm},{(item + len(worker)) % 2}\n"
    for worker in ("a", "bb") for item in range(4) for arm in ("proxy", "work")
)  # fmt: skip
_PROMPTFOO = (
    '{"evalId": "e", "results": {"version": 3, "prompts": [], "results": [{"provider": {"id": '
    '"p"}, "vars": {"a": 1}, "testIdx": 0, "promptIdx": 0, "success": true, "score": 1, "cost": 1, '
    '"response": {"output": "3", "tokenUsage": {"total": 3}}, "namedScores": {"x": 1}}]}}'
)
_DEEPEVAL = (
    '{"testCases": [{"name": "c", "input": "1 + 2", "success": true, "metricsData": [{"name": "m", '
    '"score": 1.0, "success": true, "threshold": 0.5}]}], "metricsScores": [], "testPassed": 1}'
)
_LM_EVAL = (
    '{"doc_id": 0, "doc": {"q": "1"}, "target": "1", "resps": [["1"]], "filtered_resps": ["1"], '
    '"filter": "none", "metrics": ["acc"], "doc_hash": "a", "acc": 1.0}\n'
)
_DELEGATED = (
    '{"sample_id": "s", "sample_type": "json", "states": [{"state_id": "0", "context": ["a.json"], '
    '"prompts": [{"target_state": "1", "prompt": "Sort it."}]}, {"state_id": "1", "prompts": '
    '[{"target_state": "0", "prompt": "Undo it."}]}], "files": {"a.json": "{}"}, "metadata": {}}\n'
)
_TASK = (
    '{"task_id": "t", "final_query": "Which?", "initial_query": "Something.", "user_persona": '
    '{"stages": [{"trigger": "asks", "line": "Green."}]}, "nodes": [{"node_id": "1", "node_name": '
    '"A"}], "triples": [{"head_id": "1", "relation": "is", "tail_id": "1"}]}'
)
_SHARD_REPORT = '{"version": "0", "kind": "counted", "calls": 3, "tokens": 4}'

OTHERS: Mapping[str, Callable[[], Target]] = {
    "handover": _handed_over,
    "search": _search_answers,
    "answers": _answer("reasoning.answers:answer_of", "<Answer>[1, {'a': 2}]</Answer>", "{} [1]"),
    "mark": _answer("reasoning.judge:read_mark", "MARK: 7/10", "**Mark**: 10"),
    "said": _answer("readiness.said:texts", '{"a": ["b", 1, {"c": null}]}'),
    "calls": _answer(
        "readiness.modes:read_calls", '{"tool": "mail_read", "arguments": {"a": 1}}\n'
    ),
    "arguments": _answer("office.calls:Given.logged", '{"to": "a@b.example", "n": [1, 2]}'),
    "form": _answer("instruction.form:answer_form", "ANSWER: (B)", "The answer is **B**.", "12"),
    "own": _own_document,
    "bytes": _bytes,
    "edits": _brought(
        "relay.own_edits:read_edits",
        ".yaml",
        "only: true\nedits:\n- name: a\n  forward: Sort.\n  backward: Undo.\n  files: '*.csv'\n",
    ),
    "rows": _brought("relay.environments:read_rows", ".jsonl", _DELEGATED),
    "tasks": _brought("search.tasks:read_tasks", ".jsonl", _TASK),
    "prices": _brought("decision.prices:read_prices", ".yaml", "a/b: {input: 1.25, output: 10}\n"),
    "policy": _brought(
        "gate.policy:read_policy",
        ".yaml",
        "gates:\n  keeps:\n    metric: fidelity\n    at_least: 0.9\n  sound: {claim: 'relay/*'}\n",
    ),
    "map": _brought(
        "conduct.mapping:ToolMap.read",
        ".yaml",
        "tools:\n- tool: [read_*]\n  roles: [read]\n  target: 'file:{path|name}'\n",
    ),
    "arms": _brought(
        "instruction.own:read_arms", ".yaml", "full-2: 'Say {input}'\nempty: '{input}'\n"
    ),
    "references": _brought(
        "memorisation.references:read_references",
        ".jsonl",
        '{"model": "m", "item": "q1", "correct": true, "role": "published"}\n',
    ),
    "labels": _brought(
        "acceptance.labels:read_labels",
        ".csv",
        "worker,item,accepted,minutes\na,1,yes,3\nb,1,no,\n",
    ),
    "weights": _brought("report.brought:read_weights", ".yaml", "privacy: 2\ntask_success: 1\n"),
    "items": _audited,
    "table": _contrast(".csv", _TABLE),
    "exports": _contrast(".json", _PROMPTFOO, _DEEPEVAL),
    "samples": _contrast(".jsonl", _LM_EVAL, _LM_EVAL + _LM_EVAL.replace(": 0,", ": 1,")),
}
