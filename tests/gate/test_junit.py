"""JUnit XML that a server reads back, whatever names hold."""

from typing import Literal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import factory
from worktrial.gate import Check, GateReport, Result, junit
from worktrial.gate.verdicts import Verdict

ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"classname", "name", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message", "type"},
    "system-out": set(),
}
"""The usual shape: every element and attribute that servers know, of which we write these."""
WITHIN = {
    "testsuites": ["testsuite"],
    "testsuite": ["testcase"],
    "testcase": ["failure", "error", "skipped", "system-out"],
}


def parsed(report: GateReport) -> ElementTree.Element:
    """Read it back and hold it against the shape."""
    root = ElementTree.fromstring(junit(report).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) == ATTRIBUTES[element.tag]
        assert all(child.tag in WITHIN.get(element.tag, []) for child in element)
    for case in root.iter("testcase"):
        assert len(case) == 1
    for holder in (root, root[0]):
        counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert int(holder.attrib["tests"]) == len(list(root.iter("testcase")))
        for name, tag in counted.items():
            assert int(holder.attrib[name]) == len(list(root.iter(tag)))
    return root


def told(*verdicts: Verdict, cannot_tell: Literal["pass", "fail"] | None = None) -> dict[str, str]:
    results = [
        Result(v, "metric", "asks", (Check("worker", v),) if v != "skipped" else ())
        for v in verdicts
    ]
    root = parsed(GateReport(results, cannot_tell))
    return {case.attrib["name"]: case[0].tag for case in root.iter("testcase")}


ALL: tuple[Verdict, ...] = ("met", "missed", "cannot-tell", "skipped")


def test_each_verdict_has_its_element() -> None:
    assert told(*ALL) == {
        "met": "system-out", "missed": "failure", "cannot-tell": "error", "skipped": "skipped",
    }  # fmt: skip


@pytest.mark.parametrize(("says", "tag"), [("pass", "skipped"), ("fail", "failure")])
def test_what_cannot_be_told_follows_the_policy(says: Literal["pass", "fail"], tag: str) -> None:
    assert told(*ALL, cannot_tell=says)["cannot-tell"] == tag


@pytest.mark.parametrize("text", factory.HOSTILE)
def test_hostile_names_stay_text(text: str) -> None:
    check = Check(text, "missed", why=text, settles=text)
    root = parsed(GateReport([Result(text, "metric", text, (check,), why=text)]))
    (case,) = root.iter("testcase")
    kept = "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    assert case.attrib["name"] == kept.replace("\n", " ")
    assert kept.replace("\x00", "") in str(case[0].text)


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_can_be_read_back(text: str) -> None:
    check = Check(text, "cannot-tell", why=text)
    parsed(GateReport([Result(text, "claim", text, (check,))]))


def test_the_body_names_number_interval_clusters_and_remedy() -> None:
    check = Check("me, legs-10", "cannot-tell", 0.93, 0.88, 0.96, 0.95, 12, "straddles", "more")
    root = parsed(GateReport([Result("keeps", "metric", "fidelity ≥ 0.9", (check,))]))
    (error,) = root.iter("error")
    assert error.text == (
        "cannot-tell: me, legs-10 0.93 [0.88, 0.96], 12 clusters; straddles; settled by more"
    )
    assert error.attrib["message"] == "fidelity ≥ 0.9: cannot-tell"
