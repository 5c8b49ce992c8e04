"""What a text claims, by fixed phrases."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.conduct.claims import says_done, stated_confidence

DONE = [
    "All done.", "I have sent the mail to Ann.", "Task complete", "Done: 3 files.", "DONE",
    "It is done.", "I am done.", "Everything has been completed.", "I\u2019ve booked it.",
    "**Done!**",
    "The meeting has been scheduled.", "I have successfully updated both tickets.",
    "Successfully created x.py", "I could not find the file in A, so I used B. All done.",
    "I have completed the task. Note: I did not need to change the form.",
]  # fmt: skip
NOT_DONE = [
    "I could not find the room.", "I couldn\u2019t book the room.", "The task is not done.",
    "The task isn't finished yet.", "I was unable to book it, but the mail has been sent.",
    "I sent the mail. I could not book the room.", "I can't help with that.",
    "The tests failed to run.", "I did not finish the report.", "Partly: the form is still open.",
    "The report remains incomplete.",
]  # fmt: skip
NEITHER = [
    "The answer is 42.", "Is everything done?", "Once it is done, I will tell you.", "",
    "I'll be done soon.", "The mail will be sent tomorrow.", "Which room do you want?",
    "Let me check whether the mail has been sent.", "It cannot be undone.", "ANSWER: 5",
    "The form must be submitted.", "Nothing was left undone.", "Could you tell me the date?",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "done"),
    [(t, True) for t in DONE] + [(t, False) for t in NOT_DONE] + [(t, None) for t in NEITHER],
)
def test_clear_statements_count(text: str, done: bool | None) -> None:
    assert says_done(text) is done


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Confidence: 80%", 0.8), ("I am 80 % confident", 0.8), ("confidence: 0.8", 0.8),
        ("Confidence = .35", 0.35), ("**Confidence:** 95%", 0.95), ("confidence 8/10", 0.8),
        ("Confidence: 90/100", 0.9), ("I'm about 70% sure", 0.7), ("confidence: 1.0", 1.0),
        ("confidence level: 65 percent", 0.65), ("confidence: 10%. No: confidence: 20%", 0.2),
        ("Confidence: 80", None), ("confidence: 1", None), ("confidence: 120%", None),
        ("I am confident", None), ("80% of users", None), ("", None),
    ],
)  # fmt: skip
def test_stated_confidence(text: str, confidence: float | None) -> None:
    assert stated_confidence(text) == confidence


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert says_done(text) in (True, False, None)
    stated = stated_confidence(text)
    assert stated is None or 0 <= stated <= 1


@pytest.mark.parametrize("bit", ["I have ", "could not be ", " ", "confidence ", "task is ", "1"])
def test_long_texts_take_no_time(bit: str) -> None:
    began = time.process_time()
    says_done(bit * 200_000)
    stated_confidence(bit * 200_000)
    assert time.process_time() - began < 2
