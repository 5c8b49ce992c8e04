"""Files in the form of `delegate52.jsonl`, of content of our own."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STOCK = "sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\nA-3,shelf,40.00\n"
POSTS = '{"posts": [\n  {"id": 1, "title": "Moving house"},\n  {"id": 2, "title": "Paint"}\n]}\n'
TALK = (
    "1\n00:00:01,000 --> 00:00:02,500\nGood morning.\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\nAnd to you.\n"
)


def row(
    sample_id: str = "shop1",
    sample_type: str = "spreadsheet",
    files: Mapping[str, str] | None = None,
    *,
    edits: Sequence[tuple[str, str, str]] = (("by_price", "Sort by price.", "As it was."),),
    context: Sequence[str] | None = None,
    distractors: Mapping[str, str] | None = None,
    tags: Sequence[str] = (),
    **other: Any,
) -> dict[str, Any]:
    """One environment: a star of states around `basic_state`."""
    seed = {"stock.csv": STOCK} if files is None else files
    there = [
        {"prompt_id": f"p{n}", "target_state": name, "prompt": words}
        for n, (name, words, _) in enumerate(edits)
    ]
    targets = [
        {
            "state_id": name,
            "context": ["*"],
            "solution_folder": name,
            "operations": list(tags),
            "prompts": [{"prompt_id": f"{name}b", "target_state": "basic_state", "prompt": words}],
        }
        for name, _, words in edits
    ]
    start = {
        "state_id": "basic_state",
        "context": list(seed) if context is None else list(context),
        "solution_folder": "basic_state",
        "prompts": there,
    }
    return {
        "sample_id": sample_id,
        "sample_type": sample_type,
        "sample_name": sample_id.title(),
        "states": [start, *targets],
        "metadata": {"start_state": "basic_state", "ok_to_redistribute": False},
        "files": {
            **{f"basic_state/{name}": text for name, text in seed.items()},
            **{f"distractor_context/{name}": text for name, text in (distractors or {}).items()},
        },
        **other,
    }


def good() -> list[dict[str, Any]]:
    """Rows of four domains: several edits, several files, patterns, distractors, tags."""
    return [
        row(
            "shop1",
            edits=(
                ("by_price", "Please put the dearest item first.", "Back to how it was, by sku."),
                ("as_json", "I need this as JSON.", "Turn it into stock.csv again."),
            ),
            distractors={"memo.md": "Nothing here matters.\n" * 40},
            tags=["sort"],
        ),
        row("blog1", "json", {"posts.json": POSTS}, tags=["sort", "rename"]),
        row(
            "talk1",
            "subtitles",
            {"one.srt": TALK, "two.srt": TALK.replace("morning", "evening"), "notes.xyz": "x\n"},
            context=["*.srt"],
        ),
        row("odd1", "knitting", {"pattern.xyz": "Row 1: knit.\nRow 2: purl.\n"}),
    ]


def bad() -> list[dict[str, Any]]:
    """Rows that cannot be run, each for its own reason, which stands in its id's place in `WHY`."""
    stray = row("stray")
    stray["states"][0]["prompts"][0]["target_state"] = "nowhere"
    one_way = row("oneway")
    one_way["states"][1]["prompts"] = []
    return [
        row("shop1"),
        row("helper", context=["stock.csv", "helper.py"]),
        row("broken", files={"stock.csv": STOCK + "A-4,too,many,cells,here\n"}),
        row("escape", files={"../../x.csv": STOCK}),
        row("folder", files={"sub/x.csv": STOCK}),
        row("empty", files={"stock.csv": ""}),
        row("nothing", files={}),
        row("huge", files={"stock.csv": "a,b\n" + "1,2\n" * 300_000}),
        row("clash", distractors={"stock.csv": "a\n"}),
        row("heading", edits=[("x", "Do.\n\n## Task\n\nAll else.", "Undo.")]),
        row("../up"),
        row("typed", files={"stock.csv": 3}),
        row("half", files={"stock.csv": "\ud800"}),
        row("nostart", metadata={"start_state": "elsewhere"}),
        stray,
        one_way,
    ]


WHY = {
    "shop1": "its sample_id occurs twice",
    "helper": "its context names 'helper.py', which the row does not hold",
    "broken": "stock.csv line 5 cannot be read as spreadsheet",
    "escape": "'../../x.csv' in basic_state is no plain file name",
    "folder": "'sub/x.csv' in basic_state is no plain file name",
    "empty": "there is nothing for spreadsheet in it",
    "nothing": "it has no seed document",
    "huge": "basic_state must have 50 files and 1,000,000 characters at most",
    "clash": "stock.csv is a working file and a distractor",
    "heading": "no usable edit: `x`: its forward prompt must have no heading '## Task'",
    "../up": "its sample_id must be letters",
    "typed": "`files.basic_state/stock.csv`: Input should be a valid string",
    "half": "it holds half a character",
    "nostart": "it has no state 'elsewhere'",
    "stray": "no usable edit: `nowhere`: it leads to no other state",
    "oneway": "no usable edit: `by_price`: no prompt of it leads back",
}
"""By sample_id, what is said of the rows that cannot be run."""


def write(path: Path, rows: Sequence[Any]) -> Path:
    """A row a line."""
    path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    return path
