"""The wire between a coordinator and its shards: what goes in comes out, all else is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from worktrial.errors import ConfigError
from worktrial.evidence.logs import Block
from worktrial.running.wire import (
    MOST_CHARACTERS,
    Counted,
    Report,
    Shard,
    Share,
    read_answer,
    read_shard,
)
from worktrial.trial import Ablation, Audit, Request

RUN = Path("/runs/one")


def a_shard(**changed: Any) -> Shard:
    request = Request(
        workers=["reference/oracle"],
        out=RUN,
        arms=["rewrite"],
        documents=Path("/own"),
        audit=Audit(items="items.csv", fields={"question": "q"}, references=Path("/r.json")),
        ablation=Ablation(task="a.py@b", args={"n": 3}),
        model_roles={"user": "mockllm/model"},
        model_args={"slots": 1},
        temperature=0.5,
    )
    fields = {
        "number": 3,
        "request": request,
        "trial": "relay",
        "arm": "rewrite",
        "worker": "reference/oracle",
        "items": ("json-000", "it[em]*"),
        "block": Block(1, 2),
        "share": Share(connections=5),
        "logs": RUN / "shards" / "0003-1",
        "generations": RUN / "generations",
    }
    return Shard.model_validate({**fields, **changed})


def said(**changed: Any) -> str:
    return json.dumps({**json.loads(a_shard().text()), **changed})


def test_a_shard_comes_out_as_it_went_in_on_one_line() -> None:
    text = a_shard().text()
    assert text.count("\n") == 1
    assert read_shard(text).text() == text
    again = read_shard(text)
    assert again.items == ("json-000", "it[em]*")
    assert again.block == Block(1, 2)
    assert again.request.documents == Path("/own")
    assert again.request.audit == a_shard().request.audit
    assert again.request.ablation is not None
    assert again.request.ablation.args == {"n": 3}


@pytest.mark.parametrize(
    "message",
    [
        Counted(done=3, never=1),
        Report(number=1, log="a.eval", done=4),
        Report(number=1, error="no such worker"),
    ],
)
def test_what_a_shard_says_comes_out_as_it_went_in(message: Counted | Report) -> None:
    assert read_answer(message.text()) == message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "one line of JSON"),
        ("not JSON", "one line of JSON"),
        ("[" * 100_000, "one line of JSON"),
        ("[]", "must be a JSON object; got list"),
        ("{}", "must be of worktrial"),
        (said(version="99.0"), "got '99.0'; install one version everywhere"),
        (said(version=["x" * 9_000]), "install one version everywhere"),
        (said(more=1), "more: Extra inputs"),
        (said(items=[]), "items: Tuple should have at least 1 item"),
        (said(block=[2, 2]), "block 2 of 2 is none"),
        (said(block=[0, 0]), "block 0 of 0 is none"),
        (said(share={"connections": 0}), "share.connections"),
        (said(logs="/elsewhere"), "must lie in the run's folder /runs/one"),
        (said(logs="/runs/one/../two"), "must lie in the run's folder /runs/one"),
        (said(generations="generations"), "must lie in the run's folder /runs/one"),
        (said(number=-1), "number"),
        (" " * (MOST_CHARACTERS + 1), "at most"),
    ],
)
def test_what_is_no_shard_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_shard(text)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"log": "../a.eval"}, "must be the name of a file"),
        ({"log": "/etc/passwd"}, "must be the name of a file"),
        ({"log": "..\\a.eval"}, "must be the name of a file"),
        ({"log": None}, "a log or an error"),
        ({"error": "both"}, "a log or an error"),
        ({"usage": {}}, "usage"),
        ({"kind": "shard"}, "kind"),
    ],
)
def test_a_report_that_cannot_be_is_refused(changed: dict[str, Any], why: str) -> None:
    report = json.loads(Report(number=1, log="a.eval").text())
    with pytest.raises(ConfigError, match=why):
        read_answer(json.dumps({**report, **changed}))
