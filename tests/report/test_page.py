"""The page as text: what it says, what it leaves out, and what it lets nobody smuggle in."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from html.parser import HTMLParser

import pytest

from report import factory
from worktrial.evidence.findings import Claim, Findings
from worktrial.relay.legs import LegStory
from worktrial.report import diffs, render
from worktrial.report.diffs import compare, cut
from worktrial.report.drilldown import evidence
from worktrial.report.reading import Reading
from worktrial.report.words import points, sentence, share, visible


@pytest.fixture(scope="module")
def page() -> str:
    return render(factory.findings(), factory.manifest(), factory.stories())


class Elements(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name))]


def _with(text: str) -> dict[str, dict[str, list[LegStory]]]:
    told = factory.stories(relays=1)
    return {
        worker: {sample: [factory.with_output(leg, text) for leg in legs]}
        for worker, relays in told.items()
        for sample, legs in relays.items()
    }


def test_same_findings_give_the_same_bytes(page: str) -> None:
    again = render(factory.findings(), factory.manifest(), factory.stories())
    assert again.encode() == page.encode()


def test_sections_come_in_their_order(page: str) -> None:
    first = "workers gap anatomy"
    assert re.findall(r'<h2 id="([\w-]+)"', page.partition('id="limits"')[2]) == [
        *first.split(),
        *factory.PAGE_TWO,
        "evidence",
    ]


def test_page_refers_to_nothing_outside_itself(page: str) -> None:
    elements = Elements(page)
    references = [v for name in ("src", "href", "action", "srcset") for v in elements.values(name)]
    assert all(reference.startswith(("#", "data:")) for reference in references)
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    assert not any(tag == "script" for tag, _ in elements.tags)


def test_every_link_leads_somewhere_and_every_id_is_unique(page: str) -> None:
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href[0] == "#"} <= set(ids)
    labels = " ".join(elements.values("aria-labelledby")).split()
    assert set(labels) <= set(ids)


def test_every_number_of_a_sentence_is_one_of_the_findings() -> None:
    findings = factory.findings()
    reading = Reading(findings)
    for worker in reading.workers:
        mine = [e for e in findings.estimates if e.worker == worker]
        values = [v for e in mine for v in (e.value, e.low, e.high) if v is not None]
        known = {unit(v) for v in values for unit in (share, points, "{:g}".format)}
        known |= {"98", str(factory.ROUND_TRIPS)}
        text = re.sub(r" \(.*?\)", "", sentence(reading, worker))
        assert set(re.findall(r"−?(?:\d*\.)?\d+", text)) <= known


@pytest.mark.parametrize("metric", ["fidelity", "safe_length", "missing", "dropped"])
def test_metric_that_is_not_there_is_said_to_be_missing(metric: str) -> None:
    known = factory.findings()
    rest = tuple(e for e in known.estimates if e.metric != metric)
    page = render(known.model_copy(update={"estimates": rest}), factory.manifest(), {})
    assert "not estimated in this run" in page


def test_empty_findings_still_make_a_page() -> None:
    empty = factory.findings({}).model_copy(update={"claims": ()})
    assert "No worker was on trial" in render(empty, factory.manifest(), {})


def test_more_workers_than_colours_are_all_drawn() -> None:
    workers = {f"lab/model-{i}": 0.01 * i for i in range(9)} | {"_hidden": 0.05}
    text = render(factory.findings(workers), factory.manifest(), {})
    assert all(text.count(f"{name}<") > 5 for name in workers)


def test_broken_instrument_is_said_before_anything_else() -> None:
    broken = Claim(
        id="instrument", text="no", estimates=(), verdict="missed", evidence_class="instrument"
    )
    known = factory.findings().model_copy(update={"claims": (broken,)})
    text = render(known, factory.manifest(), {})
    assert text.index("instrument is not sound") < text.index('id="workers"')


@pytest.mark.parametrize("hostile", factory.HOSTILE)
def test_hostile_output_is_text_and_nothing_else(page: str, hostile: str) -> None:
    text = render(factory.findings(), factory.manifest(), _with(hostile))
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]", text)
    tags = {tag for tag, _ in Elements(text).tags}
    assert tags <= {tag for tag, _ in Elements(page).tags}
    assert not any(name.startswith("on") for _, attrs in Elements(text).tags for name in attrs)


def test_hostile_names_are_text_in_charts_too() -> None:
    names = dict.fromkeys([*factory.HOSTILE, "$\\frac{1}{0}$", "模型"], 0.02)
    text = render(factory.findings(names), factory.manifest(), {})
    text.encode()
    assert not {tag for tag, _ in Elements(text).tags} & {"script", "img", "textarea"}


def test_line_of_ten_megabytes_is_cut_and_says_so() -> None:
    text = render(factory.findings(), factory.manifest(), _with("x" * 10_000_000))
    assert len(text) < 2_000_000
    assert "more characters" in text


@pytest.mark.parametrize("character", ["x", "\x00"])
def test_wide_texts_leave_room_for_fewer_legs(character: str) -> None:
    text = "\n".join([character * 400] * 60)
    told = factory.stories(relays=3)
    wide = {w: {s: [factory.with_output(leg, text) for leg in legs] for s, legs in of.items()}
            for w, of in told.items()}  # fmt: skip
    for relays in evidence(Reading(factory.findings()), wide).values():
        for relay in relays.relays:
            assert 1 <= len(relay.legs) < relay.legs_run == 10
            numbers = [int(leg.anchor.rpartition("l")[2]) for leg in relay.legs]
            assert numbers == sorted(numbers)
    page = render(factory.findings(), factory.manifest(), wide)
    assert "that did the most harm" in page
    assert len(page) < 2_000_000
    assert "that did the most harm" not in render(factory.findings(), factory.manifest(), told)


def test_long_text_says_how_much_is_left_out() -> None:
    # 100 lines of one character and 99 line ends; 3 lines and their 2 line ends are kept.
    assert cut("\n".join("x" * 100), lines=3) == "x\nx\nx\n… 97 more lines, 194 more characters"


def test_difference_marks_only_what_differs() -> None:
    (found,) = compare({"a.csv": "1,2,3\n4,5,6\n"}, {"a.csv": "1,2,3\n4,9,6\n"})
    changed = [line for line in found.lines if line.kind in ("del", "ins")]
    assert [(line.before, line.mark, line.after) for line in changed] == [
        ("4,", "5", ",6"),
        ("4,", "9", ",6"),
    ]


def test_difference_far_into_a_long_line_is_shown() -> None:
    left, right = (f"{'a' * 50_000}{middle}{'b' * 9_000}" for middle in "12")
    (found,) = compare({"a.json": left}, {"a.json": right})
    assert [line.mark for line in found.lines] == ["1", "2"]
    assert all(len(line.before + line.after) < 1_000 for line in found.lines)


def test_many_lines_that_repeat_are_compared() -> None:
    """In quadratic time this would not come back."""
    (found,) = compare({"a": "x\n" * 50_000 + "y"}, {"a": "z" + "x\ny\n" * 50_000})
    assert any(line.kind == "ins" for line in found.lines)


def test_files_beyond_a_few_are_named_and_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    lines = diffs._lines
    monkeypatch.setattr(diffs, "_lines", lambda a, b: compared.append(a) or lines(a, b))
    found = compare({}, {f"f{n}.csv": "x\n" for n in range(200)})
    assert len(compared) == 8
    assert [each.name for each in found[-2:]] == ["f7.csv (should not be there)",
                                                  "192 more files differ"]  # fmt: skip
    assert [line.before for line in found[-1].lines[-2:]] == ["f27.csv", "… and 172 more"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("y" * 10_000_000, "x" * 10_000_000),
        ("".join(f"{n}\n" for n in range(100_000)), "".join(f"{n}x\n" for n in range(100_000))),
    ],
    ids=["line", "lines"],
)
def test_what_is_compared_is_cut_before(
    left: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def matched(_: None, a: list[str], b: list[str]) -> SequenceMatcher[str]:
        seen.extend([a, b])
        return SequenceMatcher(None, a, b)

    monkeypatch.setattr(diffs, "SequenceMatcher", matched)
    (found,) = compare({"a": left}, {"a": right})
    assert len(seen) == 2
    assert max(map(len, seen)) <= 1_000
    assert max(sum(map(len, lines)) for lines in seen) <= 100_000
    assert len(found.lines) <= 50
    assert max(len(line.before + line.mark + line.after) for line in found.lines) < 1_000
    assert "were not compared here" in found.lines[-1].before


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1, "1"), (0.934, ".93"), (0.9996, ">.999"), (0.997, ".997"), (0.0004, "<.001"),
     (-0.03, "−.03"), (1.25, "1.25")],
)  # fmt: skip
def test_only_a_true_end_of_the_scale_is_written_as_one(value: float, written: str) -> None:
    assert share(value) == written


def test_visible_text_keeps_letters_of_every_script() -> None:
    assert visible("Grüße 模型 שלום\n\t") == "Grüße 模型 שלום\n\t"
    assert visible("a\u202eb\x1b\ud800") == "a\\u202eb\\x1b\\ud800"


def test_marks_that_are_heaped_on_a_letter_are_shown_as_such() -> None:
    kept = "z" + 6 * "\u0301"
    assert visible(kept + "\u0301\u0302") == kept + "\\u0301\\u0302"
    assert visible(f"{kept}a{kept}") == f"{kept}a{kept}", "each letter has its own"
    for written in ("שָׁלוֹם", "ที่นี่", "क्षि", "Tiê\u0301ng"):
        assert visible(written) == written


def test_relays_are_shown_worst_first() -> None:
    text = render(factory.findings(), factory.manifest(), factory.stories(relays=8))
    rows = re.findall(r'scope="row"><a href="#w1-r\d+">.*?</th><td>.*?</td><td>(.*?)</td>', text)
    assert len(rows) == 8
    assert rows == sorted(rows, key=float)


def test_dropped_relay_ends_at_nothing() -> None:
    (worker, relays) = next(iter(factory.stories(relays=1).items()))
    ((sample, legs),) = relays.items()
    text = render(
        _only(worker), factory.manifest(), {worker: {sample: [*legs[:2], factory.dropped(legs[2])]}}
    )
    assert "protocol at leg 3" in text
    assert "Nothing was handed on." in text


def _only(worker: str) -> Findings:
    return factory.findings({worker: 0.02})


def test_the_protocol_and_its_reference_workers_are_shown(page: str) -> None:
    assert factory.manifest().sha256 in page
    assert "version 1, behaviour 000000000000…" in page
    assert "Reference workers on this run" in page
