from decimal import Decimal
from random import Random

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

SUBTITLES = domain("subtitles")
FILM = """\
1
00:00:59,500 --> 00:01:01,000
MARA: Who is there?
Answer me.

2
00:01:02,040 --> 00:01:03,000
1984

3
00:01:04,000 --> 00:01:09,001
JO: Only the wind.
"""


def read(text: str = FILM) -> Document:
    return SUBTITLES.parse({"film.srt": text})


def alike(one: Document, other: Document) -> float:
    return likeness(one, other, clips=SUBTITLES.clips).value


def done(instruction: str, document: Document) -> dict[str, str]:
    program = SUBTITLES.read(instruction)
    assert program is not None
    return SUBTITLES.render(program(document))


def test_a_cue_has_times_in_milliseconds_and_its_speaker_apart() -> None:
    first, second, _ = read().files["film.srt"]
    assert first.fields == {"start": 59_500, "end": 61_000, "speaker": "MARA"}
    assert first.text.split("\n") == ["Who is there? ", " Answer me."]
    assert (second.text, "speaker" in second.fields) == ("1984", False)


def test_webvtt_as_asked() -> None:
    edit = next(e for e in SUBTITLES.plan(read(), Random(0)) if e.name == "webvtt")
    (text,) = done(edit.forward.instruction, read()).values()
    assert text.startswith(
        "WEBVTT\n\n00:00:59.500 --> 00:01:01.000\n<v MARA>Who is there?\nAnswer me.\n\n"
    )


def test_reels_count_time_from_where_they_begin() -> None:
    edit = next(e for e in SUBTITLES.plan(read(), Random(0)) if e.name == "reels")
    files = done(edit.forward.instruction, read())
    assert files["film_reel1.srt"].startswith("1\n00:00:59,500 --> 00:01:01,000\nMARA")
    last = list(files.values())[-1]
    assert last.startswith(("1\n00:00:00,040", "1\n00:00:00,000"))


def test_a_frame_rate_conversion_and_its_opposite_are_exact_on_every_millisecond() -> None:
    document = SUBTITLES.parse(
        {
            "f.srt": "".join(
                f"1\n00:00:0{t // 1000},{t % 1000:03} --> 01:00:00,000\n\n" for t in range(3000)
            )
        }
    )
    for edit in (e for s in range(9) for e in SUBTITLES.plan(document, Random(s))):
        if edit.name == "frame_rate":
            there = SUBTITLES.parse(SUBTITLES.render(edit.forward(document)))
            assert there != document
            assert edit.backward(there) == document


def test_one_wrong_digit_in_a_time_costs() -> None:
    wrong = likeness(read(), read(FILM.replace("09,001", "09,002")), clips=SUBTITLES.clips)
    assert 0.8 < wrong.value < 1
    assert not wrong.lossless


def test_a_lost_blank_line_costs_nothing_and_a_lost_timing_line_one_cue() -> None:
    assert alike(read(), read(FILM.replace("\n\n2\n", "\n2\n"))) == 1
    assert alike(read(), read(FILM.replace("00:01:02,040 --> 00:01:03,000\n", ""))) > 0.5


def test_cue_numbers_and_the_kind_of_decimal_mark_mean_nothing() -> None:
    other = FILM.replace("\n3\n", "\n17\n").replace(",", ".")
    assert likeness(read(), read(other), clips=SUBTITLES.clips).lossless


def test_times_left_at_the_wrong_frame_rate_are_far_from_right() -> None:
    def slower(time: object) -> Decimal:
        return Decimal(round(Decimal(str(time)) * 25 / 24))

    program = SUBTITLES.read(
        "Convert the timing from `25` to `24` frames per second: multiply every start and every "
        "end, in milliseconds, by `25/24` and round to the nearest whole millisecond, halves up."
    )
    assert program is not None
    slow = program(read())
    assert [u.fields["start"] for u in slow.units()] == [
        slower(u.fields["start"]) for u in read().units()
    ]
    assert alike(read(), slow) < 0.4
