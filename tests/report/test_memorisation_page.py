"""The audit's part of a report: what it says, what it never says, and what it lets nobody do."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from report import audits, factory
from report.test_page import Elements
from worktrial.evidence.findings import Estimate, Findings
from worktrial.memorisation.measured import PREFIXES
from worktrial.report import render, summary
from worktrial.report.memorisation import MemorisationReading, said
from worktrial.report.memorisation_page import Audited
from worktrial.report.reconstructions import MOST_ITEMS, marked, reconstructions
from worktrial.report.text import WIDTH
from worktrial.report.words import number, points, share


@pytest.fixture(scope="module")
def found() -> Findings:
    return audits.findings()


@pytest.fixture(scope="module")
def page(found: Findings) -> str:
    return render(found, audits.manifest(), {}, audited=audits.audited())


def test_sections_come_in_their_order(page: str) -> None:
    names = ["memorisation", "effect", "reconstruction", "standing", "familiar", "audited"]
    assert re.findall(r'<h2 id="([\w-]+)"', page.partition('id="limits"')[2]) == [
        *names,
        *factory.PAGE_TWO,
        "reconstructions",
    ]


def test_every_link_leads_somewhere_and_every_id_is_unique(page: str) -> None:
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href[0] == "#"} <= set(ids)
    assert set(" ".join(elements.values("aria-labelledby")).split()) <= set(ids)


def test_the_same_audit_gives_the_same_bytes(found: Findings, page: str) -> None:
    again = render(found, audits.manifest(), {}, audited=audits.audited())
    assert again.encode() == page.encode()


@pytest.mark.parametrize("worker", audits.WORKERS)
def test_each_verdict_has_its_word_its_lines_and_what_could_have_been_seen(
    found: Findings, worker: str
) -> None:
    told = said(MemorisationReading(found), worker)
    assert told.word == audits.WORKERS[worker]
    lines = dict(told.lines)
    if told.word == "cannot tell":
        assert lines["Exposure"] == f"not measured: {audits.WHY}"
        assert audits.WHY in lines["Effect"]
        assert "not known" in lines["Detectable"]
    else:
        # .117 of the fixture, in points.
        assert "12 points too high would most likely have been seen" in lines["Detectable"]
        assert f"of {audits.ITEMS} items that have fresh texts" in lines["Exposure"]


def test_nobody_is_called_clean(page: str, found: Findings) -> None:
    assert "clean" not in (page + summary(found)).lower()


def test_every_number_of_a_sentence_is_one_of_the_findings(found: Findings) -> None:
    reading = MemorisationReading(found)
    for worker in reading.workers:
        mine = [e for e in found.estimates if e.worker == worker]
        values = [v for e in mine for v in (e.value, e.low, e.high, e.p_value) if v is not None]
        values += [c.detectable for c in found.claims if c.detectable is not None]
        known = {unit(v) for v in values for unit in (share, points)}
        known |= {f"{round(v * audits.ITEMS)}" for v in values} | {str(audits.ITEMS)}
        text = " ".join(text for _, text in said(reading, worker).lines)
        assert set(re.findall(r"[−<]?(?:\d*\.)?\d+", text)) <= known


def test_every_estimate_stands_on_the_page_with_its_interval(page: str, found: Findings) -> None:
    said = page.replace("\N{NO-BREAK SPACE}", " ")
    for estimate in found.estimates:
        if estimate.value is not None and estimate.metric != "exposure":
            assert any(text in said for text in _written(estimate)), estimate.id


def _written(estimate: Estimate) -> Iterator[str]:
    yield from (number(estimate, unit).replace("<", "&lt;") for unit in (share, points))


def test_every_p_stands_on_the_page(page: str, found: Findings) -> None:
    values = {e.p_value for e in found.estimates if e.p_value is not None}
    assert values
    assert all(f"<td>{share(p).replace('<', '&lt;')}</td>" in page for p in values)


def test_reconstruction_marks_eighty_percent_as_never_judged(page: str) -> None:
    table = page[page.index('id="reconstruction-table"') :]
    table = table[: table.index("</table>")]
    heads = re.findall(r'<th scope="colgroup" colspan="2"(.*?)>(.*?)</th>', table)
    assert [bool(marks) for marks, _ in heads] == [percent == 80 for percent in PREFIXES]
    assert "80\u00a0% shown: never judged" in heads[-1][1]
    # Four measures of each worker, published and fresh.
    assert table.count('<td class="unjudged">') == 4 * 2 * len(audits.WORKERS)


def test_missing_estimate_says_why(page: str) -> None:
    assert f"not measured: {audits.WHY}" in page
    assert "not measured: no results of reference workers" in page
    assert page.count("not measured: no results of ref") >= 2 * len(audits.WORKERS), "chart, table"


@pytest.mark.parametrize("metric", ["accuracy", "exposure", "standing_loss", "effect_unflagged"])
def test_metric_that_is_not_there_is_said_to_be_missing(found: Findings, metric: str) -> None:
    rest = tuple(e for e in found.estimates if e.metric != metric)
    text = render(found.model_copy(update={"estimates": rest}), audits.manifest(), {})
    assert metric == "standing_loss" or "not estimated in this run" in text
    assert ("rank by loss" in text) == (metric != "standing_loss")


def test_effect_beyond_what_accuracies_can_differ_does_not_stretch_the_chart(
    found: Findings,
) -> None:
    def wild(e: Estimate) -> Estimate:
        return e.model_copy(update={"value": 9.97}) if e.metric == "effect_unflagged" else e

    estimates = tuple(map(wild, found.estimates))
    text = render(found.model_copy(update={"estimates": estimates}), audits.manifest(), {})
    chart = text[text.index('id="effects-title"') :]
    chart = chart[: chart.index("</svg>")]
    assert chart.count("more than accuracies can differ") == len(audits.WORKERS)
    assert ">1000<" not in chart


def test_what_was_assumed_stands_beside_the_number(page: str) -> None:
    assert "not flagged, recall 0.5 assumed, bootstrap" in page
    assert "a share of .10 is expected to be flagged for nothing" in page


def test_other_probes_are_shown_where_there_are_any(found: Findings, page: str) -> None:
    asked = ("sampled_verbatim_60", "masked")
    rest = tuple(e for e in found.estimates if e.metric not in asked)
    without = render(found.model_copy(update={"estimates": rest}), audits.manifest(), {})
    assert "a masked wrong option, word by word" in page
    assert "others-table" not in without


def test_verdict_among_the_claims_names_whom_it_is_about(found: Findings, page: str) -> None:
    for worker, word in audits.WORKERS.items():
        assert f"{worker}: {word}: " in page
        assert worker.startswith("reference/") or f"{worker}: {word}: " in summary(found)


def test_statistic_that_decides_is_named_where_its_access_allows(page: str) -> None:
    table = page[page.index('id="standing-table"') :]
    rows = dict(
        re.findall(r'class="of">(.*?)</th><td>(.*?)</td>', table[: table.index("</table>")])
    )
    deciding = {name for name, access in rows.items() if "decides single items" in access}
    assert deciding == {"longest verbatim run, 60\u00a0% shown", "rank by loss"}


def test_broken_controls_are_said_before_anything_else(found: Findings) -> None:
    claims = (audits.instrument("missed"), *found.claims[1:])
    text = render(found.model_copy(update={"claims": claims}), audits.manifest(), {})
    assert text.index("instrument is not sound") < text.index('id="memorisation"')


def test_worst_item_comes_first_and_stands_beside_its_fresh_text() -> None:
    told = [*audits.told(items=5)][::-1]
    (worker,) = reconstructions(["a"], {"a": told}, {"a": audits.flags()})
    assert [item.name for item in worker.items] == [f"row-{n}" for n in range(5)]
    worst = worker.items[0]
    assert worst.fresh is not None
    assert (worst.fresh.title, worst.others) == ("variant 1, 60\u00a0% shown", 0)
    assert (worst.published.verbatim, worst.p, worst.flagged) == ("1", ".01", False)
    assert worker.items[1].flagged


def test_of_several_fresh_texts_the_one_most_written_is_shown() -> None:
    item, fresh = audits.told(items=1)
    more = replace(fresh, operation="variant-2", verbatim=0.4)
    (worker,) = reconstructions(["a"], {"a": [fresh, item, more]}, {})
    assert worker.items[0].fresh is not None
    assert worker.items[0].fresh.title.startswith("variant 2")
    assert (worker.items[0].others, worker.items[0].p) == (1, "–")


def test_item_without_variants_stands_beside_a_control() -> None:
    item, fresh = audits.told(items=1)
    control = replace(fresh, item="own-3", operation="control")
    (beside,) = reconstructions(["a"], {"a": [item, control]}, {})[0].items
    (alone,) = reconstructions(["a"], {"a": [item]}, {})[0].items
    assert beside.fresh is not None
    assert beside.fresh.title.startswith("control")
    assert alone.fresh is None


def test_only_so_many_items_are_shown() -> None:
    (worker,) = reconstructions(["a"], {"a": audits.told(items=50)}, {})
    assert len(worker.items) == MOST_ITEMS


def test_shared_run_is_marked_in_both() -> None:
    rest, wrote = marked("two  three four. Five", "I say: three four. Six")
    assert rest == ("two", "  three four.", " Five", 0)
    assert wrote == ("I say:", " three four.", " Six", 0)


def test_texts_without_spaces_are_compared_character_by_character() -> None:
    rest, wrote = marked("三つの箱に", "五つの箱を")
    assert (rest.shared, wrote.shared) == ("つの箱", "つの箱")


def test_nothing_in_common_marks_nothing() -> None:
    assert [text.shared for text in marked("a b", "")] == ["", ""]


def test_dots_of_a_chart_are_bounded_and_its_numbers_are_not() -> None:
    few, many = (
        render(
            audits.findings({"lab/a": "inflated"}),
            audits.manifest(),
            {},
            audited=Audited(flags={"lab/a": audits.flags(items)}, items=items),
        )
        for items in (100, 10_000)
    )
    assert len(many) < 400_000
    assert len(many) < 2 * len(few)
    # Every other of 10,000 items is flagged.
    assert "5,000" in many
    assert "4,900 more are in the evidence" in many
    assert re.search(r"A dot is up to \d+ items", many)


@pytest.mark.parametrize("hostile", factory.HOSTILE)
def test_hostile_texts_and_names_are_text_and_nothing_else(page: str, hostile: str) -> None:
    found = audits.findings({hostile: "inflated"})
    text = render(found, audits.manifest(), {}, audited=audits.audited([hostile], hostile * 3))
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]", text)
    tags = {tag for tag, _ in Elements(text).tags}
    assert tags <= {tag for tag, _ in Elements(page).tags}
    assert not any(key.startswith("on") for _, attrs in Elements(text).tags for key in attrs)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "x " * 500_000, "三" * 1_000_000])
def test_a_megabyte_of_text_is_cut_and_says_so(text: str) -> None:
    found = audits.findings({"lab/a": "inflated"})
    shown = render(found, audits.manifest(), {}, audited=audits.audited(["lab/a"], text))
    assert len(shown) < 300_000
    assert "more characters are in the log" in shown


def test_notes_that_nobody_kept_are_not_said_to_be_none(found: Findings, page: str) -> None:
    shown = audits.audited()
    unknown = render(found, audits.manifest(), {}, audited=replace(shown, notes=None))
    nothing = render(found, audits.manifest(), {}, audited=replace(shown, notes=()))
    assert "does not say what was wrong" in unknown
    assert "No row of the file had anything wrong" in nothing
    assert "3 rows have no answer: 4, 17, 90" in page
    assert "AUC .51 [.44, .58]: they cannot" in page
    assert "does not say whether its items can be told" in render(found, audits.manifest(), {})
    # 7 and 2 of the fixture's 120.
    assert "Of 9 of 120 items a program can make no fresh text" in page
    assert "<li>7: <bdi>no number in it</bdi></li>" in page


def test_empty_findings_still_make_a_page() -> None:
    empty = audits.findings({}).model_copy(update={"claims": ()})
    text = render(empty, audits.manifest(), {})
    assert "Nobody was audited" in text
    assert "No item has a p" in text


def test_the_terminal_shows_the_gap_and_the_verdict_in_width(found: Findings) -> None:
    text = summary(found)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(word in text for word in audits.WORKERS.values())
    # .22 with the fixture's −.083 and +.077.
    assert "22 [14, 30]" in text
    assert "61 of 120" in text
    assert f"    – memorisation gap: {audits.WHY}" in text
    assert "fidelity" not in text
    order = [text.index(f"\n{name}") for name in sorted(audits.WORKERS)]
    assert order == sorted(order)


def test_long_and_hostile_names_neither_break_lines_nor_reach_the_terminal() -> None:
    names = [f"{'long/' * 40}{i}\x1b[2J\u202e" for i in range(4)]
    text = summary(audits.findings(dict.fromkeys(names, "no evidence")))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


def test_an_audit_beside_a_relay_leaves_the_relay_as_it_was(found: Findings) -> None:
    relay, manifest = factory.findings(), audits.manifest()
    both = relay.model_copy(update={"estimates": (*found.estimates, *relay.estimates)})
    measured = {**factory.manifest().measurement, **manifest.measurement}
    page = render(both, manifest.model_copy(update={"measurement": measured}), {})
    assert {"gap", "memorisation"} <= set(
        re.findall(r'<h2 id="(\w+)"', page.partition('id="limits"')[2])
    )
    assert summary(both).count("fidelity") >= 2
