"""JUnit XML, as continuous-integration servers read it: one test case a gate or a claim."""

import re
from xml.etree import ElementTree

from worktrial.gate.verdicts import Check, GateReport, Result

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even escaped: controls, surrogates, two non-characters."""


def junit(report: GateReport, suite: str = "worktrial.gate") -> str:
    """Write a report as JUnit XML, each case under the name of its suite and kind.

    `missed` is a failure; `skipped` is skipped. `cannot-tell` is an error, as the exit code 3
    says; where the policy lets it pass it is skipped, where it lets it fail a failure.
    """
    cases = [_case(result, report, suite) for result in report.results]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "skipped": str(sum(case.find("skipped") is not None for case in cases)),
        "time": "0",
    }
    root = ElementTree.Element("testsuites", {"name": suite.replace(".", " "), **counts})
    ElementTree.SubElement(root, "testsuite", {"name": suite, **counts}).extend(cases)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(result: Result, report: GateReport, suite: str) -> ElementTree.Element:
    name, kind = _clean(result.name), _clean(result.kind)
    case = ElementTree.Element(
        "testcase", {"classname": f"{suite}.{kind}", "name": name, "time": "0"}
    )
    outcome = _outcome(result, report)
    if outcome is not None:
        said = {"message": _clean(f"{result.asks}: {result.verdict}"), "type": result.verdict}
        body = ElementTree.SubElement(case, outcome, said)
        body.text = _clean("\n".join(map(line, result.checks)) or result.why or "")
    else:
        out = ElementTree.SubElement(case, "system-out")
        out.text = _clean("\n".join(map(line, result.checks)))
    return case


def _outcome(result: Result, report: GateReport) -> str | None:
    match result.verdict:
        case "met":
            return None
        case "missed":
            return "failure"
        case "skipped":
            return "skipped"
        case "cannot-tell":
            return {None: "error", "pass": "skipped", "fail": "failure"}[report.cannot_tell]


def line(check: Check) -> str:
    """A check in one line of plain words and full numbers."""
    number = "" if check.value is None else f" {check.value:.4g}"
    if check.low is not None and check.high is not None:
        number += f" [{check.low:.4g}, {check.high:.4g}]"
    of = "" if check.clusters is None else f", {check.clusters} clusters"
    more = [part for part in (check.why, check.settles and f"settled by {check.settles}") if part]
    return f"{check.verdict}: {check.subject}{number}{of}" + "".join(f"; {part}" for part in more)


def _clean(text: str) -> str:
    """Text that XML can hold; ElementTree escapes the rest."""
    return _NOT_XML.sub("", text)
