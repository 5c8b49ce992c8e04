"""The summary for a pull request: short, right, and nothing that others wrote acts in it."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from report import audits, factory
from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Claim, Estimate, Findings, OutcomeCount
from worktrial.report.markdown import pull_request
from worktrial.report.words import one_line

OURS = {
    "h2", "h3", "p", "blockquote", "strong", "table", "thead", "tbody", "tr", "th", "td", "code"
}  # fmt: skip
ACTS = re.compile(
    r"""@\w | \#\d | GH-\d | \w@\w | https?:/ | www\. | :[\w+-]+: | \b[0-9a-f]{7,40}\b
    | [$<>&`|\\~^] | \]\( | !\[ | \w/\w""",
    re.VERBOSE | re.IGNORECASE,
)
"""What GitHub makes more of than text, where it does not stand in code."""
HOSTILE = (
    *factory.HOSTILE,
    "a | b || c \\| d \\\\| e \\",
    "` `` ``` `a`|`b",
    "@someone, see #12, GH-34, org/repo#5 and org/repo@deadbeef",
    "![x](https://evil.example/x.png) [y](javascript:alert(1)) <https://evil.example>",
    "www.evil.example me@evil.example :tada: $x$ [^1] ~~gone~~ **loud** __low__ ==mark==",
    "deadbeef 0123456789abcdef0123456789abcdef01234567 x-deadbeef",
    "line\n\n# heading\n- list\n| a | b |\n|---|---|\n",
    "",
    " ",
)
NAMES = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="`|\\@#<>[]()!*_~$&:/.-x1a \n", max_size=60),
    st.sampled_from(HOSTILE),
).filter(lambda name: name != EVERYONE)


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def inline(text: str) -> list[Token]:
    return [child for token in tokens(text) for child in token.children or ()]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, heads and all."""
    cells = [b.content for a, b in pairwise(tokens(text)) if a.type in ("td_open", "th_open")]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    # No text of others holds a bar, so every bar is a border, whatever a renderer makes of `\\|`.
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    found = [row for row in found if set(row) != {"---"}]
    assert [cell for row in found for cell in row] == cells
    return found


def assert_inert(text: str) -> None:
    found = [t for t in (*tokens(text), *inline(text)) if t.type != "softbreak"]
    assert {token.tag for token in found} - {""} <= OURS
    assert not [t for t in found if t.type.startswith(("html", "link", "image"))]
    plain = "\n".join(t.content for t in inline(text) if t.type == "text")
    assert not ACTS.search(plain.replace("[!CAUTION]", ""))
    assert len(text) < 60_000


def findings(text: str) -> Findings:
    """A run in which everything that others can name is called so."""
    known = factory.findings({text: 0.02, "reference/oracle": 0.0})
    unsound = Claim(id="i", text=text, estimates=(), verdict="missed", evidence_class="instrument")
    outcome = OutcomeCount(worker=text, trial="relay", arm=text, outcome=text, count=1)
    run = known.run.model_copy(update={"course": text, "versions": {text: text}})
    claim = Claim(id=text, text=text, estimates=(), verdict="met")
    return known.model_copy(
        update={
            "run": run,
            "claims": (unsound, *known.claims, claim),
            "outcomes": (*known.outcomes, outcome),
        }
    )


@given(NAMES)
def test_no_text_of_others_acts(text: str) -> None:
    written = pull_request(findings(text))
    assert_inert(written)
    # Heads, three claims of the worker and one more; heads and two workers with one gap.
    assert [len(row) for row in rows(written)] == [3] * 5 + [2] * 3


@pytest.mark.parametrize("text", HOSTILE)
def test_no_known_attack_acts(text: str) -> None:
    assert_inert(pull_request(findings(text)))


@given(NAMES)
@example("plain words (p = .99); at most 5 points, 98% of 1,234.")
def test_a_text_is_still_to_be_read(text: str) -> None:
    """What stands in the cell is the text, but for what would act."""
    said = Claim(id="c", text=text, estimates=(), verdict="met")
    known = factory.findings({}).model_copy(update={"claims": (said,)})
    cell = rows(pull_request(known))[1][1]
    shown = "".join(t.content for t in inline(cell)) if cell else ""
    expected = one_line(text, 240)
    for character, written in (("|", r"\x7c"), ("`", r"\x60")):
        shown = shown.replace(written, character)
        expected = expected.replace(written, character)
    # Ticks around a word are what code is written with: they go.
    assert shown.replace("`", "") == expected.replace("`", "") or not expected.strip("`")


def test_words_stay_words_and_names_stand_as_code() -> None:
    said = Claim(
        id="c", text="a/b: at most 5 points (p = .99), by `format` and F1", estimates=(),
        verdict="met",
    )  # fmt: skip
    text = pull_request(factory.findings({}).model_copy(update={"claims": (said,)}))
    assert "| met | `a/b`: at most 5 points (p = .99), by `format` and `F1` | – |" in text


def test_two_workers_and_one_trial_take_few_lines() -> None:
    text = pull_request(factory.findings({"a/one": 0.01, "a/two": 0.08}))
    assert text.count("\n") <= 60
    assert text.startswith(
        f"## Work trial: pocket, seed 7, protocol `{factory.manifest().sha256[:12]}`\n"
    )
    assert "report.html" in text.splitlines()[-1]
    # .99² − .99¹⁰ = .9801 − .9044 = .0757, with the factory's −.04 and +.03; .92² − .92¹⁰ = .4120.
    assert ["`a/one`", "8 [4, 11]"] in rows(text)
    assert ["`a/two`", "41 [37, 44]"] in rows(text)
    assert "### Gaps in points, with 95 % intervals" in text
    # .92² = .8464 is the last that keeps .80; .98 it never keeps.
    assert (
        "| cannot tell | `a/two` keeps at least 80% of a document over 10 legs | 2 legs |" in text
    )
    assert "152 outcomes: 140 ok, 8 noop, 4 protocol. Faults that are none of" in text


def test_claims_stand_by_verdict_and_sound_instruments_in_a_line() -> None:
    text = pull_request(factory.findings())
    verdicts = [row[0] for row in rows(text) if row[0] in ("missed", "cannot tell", "met")]
    assert verdicts == ["cannot tell"] * 4 + ["met"] * 2
    assert "### Claims: 4 cannot tell, 2 met" in text
    assert "The instrument is sound: 1 of 1 checks are met." in text
    assert "CAUTION" not in text


def test_an_unsound_instrument_comes_before_every_number() -> None:
    found = audits.findings()
    broken = found.model_copy(update={"claims": (*found.claims, audits.instrument("cannot-tell"))})
    text = pull_request(broken)
    assert text.index("> [!CAUTION]") < text.index("### Claims")
    assert "> Cannot tell: " in text
    none = found.model_copy(update={"claims": ()})
    assert "there is no check of it" in pull_request(none)
    assert "Nothing is claimed." in pull_request(none)


def test_what_is_left_out_is_counted() -> None:
    many = factory.findings({f"a/{n:03}": 0.5 for n in range(70)})
    text = pull_request(many)
    # Three claims a worker, of which 30 are shown; of 70 workers 20.
    assert "Left out here and told in the report: 180 more claims, 180 cannot tell." in text
    assert "Left out here and told in the report: 50 more workers." in text
    assert len([row for row in rows(text) if row[0] == "cannot tell"]) == 30


def test_the_worst_run_still_fits_a_comment() -> None:
    ugly = "| ` \\ @ \x1b\ud800" * 100
    worst = findings(ugly)
    claims = [Claim(id=str(n), text=ugly, estimates=(), verdict="missed") for n in range(500)]
    failed = [each.model_copy(update={"evidence_class": "instrument"}) for each in claims]
    huge = {"value": -1e300, "low": -1e306, "high": 1e306}
    where = {
        "horizon": ("relay", "fidelity"),
        "protocol": ("relay", "fidelity"),
        "specification": ("search", "f1"),
        "memorisation": ("memorisation", "accuracy"),
        "instruction": ("ablate", "score"),
        "trace": ("reasoning", "solved"),
    }
    estimates = [
        gap(name, trial, metric, worker=f"{n}{ugly}", **huge)
        for n in range(100)
        for name, (trial, metric) in where.items()
    ]
    outcomes = [
        OutcomeCount(worker="w", trial="relay", arm="a", outcome=f"{n}{ugly}", count=10**12)
        for n in range(100)
    ]
    text = pull_request(
        worst.model_copy(
            update={
                "claims": (*failed, *claims),
                "estimates": tuple(estimates),
                "outcomes": tuple(outcomes),
            }
        )
    )
    assert_inert(text)
    assert text.count("Left out") == 2
    assert "> 497 more checks are not met." in text
    assert "92 more kinds" in text


def gap(name: str, trial: str, metric: str, value: float | None, **more: object) -> Estimate:
    fields = {"trial": trial, "metric": metric, "worker": "w", "gap": name, "value": value, **more}
    return Estimate.model_validate({"id": str(fields), **fields})


def test_each_gap_is_found_where_it_is() -> None:
    estimates = (
        gap("horizon", "relay", "fidelity", 0.01),
        gap("specification", "search", "f1", 0.02),
        gap("dimension", "office", "ready", 0.99, step=60),
        gap("dimension", "office", "ready", 0.03, step=70),
        gap("conduct", "search", "clean_success", 0.98, arm="simulated"),
        gap("conduct", "relay", "clean_success", 0.97, arm="tools"),
        gap("conduct", "office", "clean_success", 0.96, arm="faulty"),
        gap("conduct", "office", "clean_success", 0.04, arm="native"),
        gap("protocol", "relay", "fidelity", 0.01, minus_arm="tools"),
        gap("protocol", "relay", "fidelity", -0.05, minus_arm="rewrite-2"),
        gap("protocol", "relay", "variance_share", 0.95, arm="item"),
        gap("memorisation", "memorisation", "accuracy", 0.06),
        gap("instruction", "ablate", "score", None, why="one item"),
        gap("trace", "reasoning", "solved", 0.08, low=0.07, high=0.09, level=0.9),
        gap("retrieval", "search", "f1", 0.94),
    )
    text = pull_request(factory.findings({}).model_copy(update={"estimates": estimates}))
    head, row = rows(text)[-2:]
    assert head == [
        "worker", "horizon", "specification", "dimension", "conduct", "protocol", "memorisation",
        "instruction", "trace",
    ]  # fmt: skip
    # Of the protocols the one that differs most.
    assert row == ["`w`", "1", "2", "3", "4", "−5 (largest of 2)", "6", "–", "8 [7, 9]"]
    assert "with 90 % intervals" in text
    assert "– has no value; the report says why." in text


def test_the_same_findings_give_the_same_text() -> None:
    assert pull_request(factory.findings()) == pull_request(factory.findings())
