"""The last well-formed answer out of hostile text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from worktrial.reasoning.answers import answer_of

SCALARS = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
).filter(lambda value: value is not None)
LISTS = VALUES.filter(lambda value: isinstance(value, list | dict))
UNTAGGED = st.text(max_size=200).filter(lambda text: "<" not in text)
UNBRACKETED = st.text(max_size=200).filter(lambda text: not set(text) & set("<[{"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<Answer>{"1-ACROSS": "AVA"}</Answer>', {"1-ACROSS": "AVA"}),
        ("so <answer>\n[[1, 2], [2, 1]]\n</ANSWER>.", [[1, 2], [2, 1]]),
        ('<Mapping>{"X": "T"}</Mapping>', {"X": "T"}),
        ("<Answer>[['T', '#', \"it's\"]]</Answer>", [["T", "#", "it's"]]),
        ("<Answer>{1: 'A', 2: ('B', None, True)}</Answer>", {"1": "A", "2": ["B", None, True]}),
        ('<Answer>```json\n{"a": 1}\n```</Answer>', {"a": 1}),
        ('<Answer>Here it is:\n```python\n{"a": 1}\n``` as asked</Answer>', {"a": 1}),
        ('<Answer>`{"a": 1}`</Answer>', {"a": 1}),
        ('<Answer>{"a": 1}</Answer> <Answer>{"a": 2}</Answer>', {"a": 2}),
        ('<Answer>{"a": 1}</Answer> <Answer>{"a": 2</Answer>', {"a": 1}),
        ('<Answer>{"a": 1}</Answer> <Answer>{"a": 2}', {"a": 1}),
        ('<Answer>{"a": 1}</Answer> {"a": 2}', {"a": 1}),
        ('in <Answer> and </Answer> tags: <Answer>{"a": 1}</Answer>', {"a": 1}),
        ('<Answer><Answer>{"a": 1}</Answer></Answer>', {"a": 1}),
        ('<Answer>{"a": 1}</Answer><Mapping>{"a": 2}</Mapping>', {"a": 2}),
        ('<Answer>{"a": 1, "a": 2}</Answer>', {"a": 2}),
        ("<Answer>42</Answer>", 42),
        ('<Answer>"7/2"</Answer>', "7/2"),
        ('It is {"a": 1}, not {"a": 2}.', {"a": 2}),
        ('It is [note: {"a": [1, "]"]}] (see [).', {"a": [1, "]"]}),
        ("The grid is [[1, 2], [3, 4]] and [[1, 2], [3,", [[1, 2], [3, 4]]),
        ("It's the dog's {'a': 'b'}", {"a": "b"}),
        (r"\frac{3}{4} and {x} and [1, 2) but [1]", [1]),
        ('<Answer>{"a": 1}', {"a": 1}),
    ],
)
def test_the_last_well_formed_answer_counts(text: str, found: JsonValue) -> None:
    assert answer_of(text) == found


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "null",
        "NaN",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "[1e999]",
        "[" + "9" * 5000 + "]",
        "[٣]",
        "['٣', ٣]",
        "__import__('os')",
        "[__import__('os')]",
        "[1].append(2)",
        "['a' * 9]",
        "[9**9]",
        "[1-1-1]",
        "[" + "1-" * 40_000 + "1]",
        "[" + "-" * 40_000 + "1]",
        "{1, 2}",
        "[b'a']",
        "[f'{1}']",
        "[1+2j]",
        "{(1, 2): 3}",
        "{None: 3}",
        r'["\ud800"]',
        '["' + "x" * 100_001 + '"]',
        "[" * 10_000 + "]" * 10_000,
        "[" * 10_000,
        "(" * 10_000 + ")" * 10_000,
        "{'a':" * 10_000 + "1" + "}" * 10_000,
        "[" * 22 + "]" * 22,
        "[" * 22 + "'a'" + "]" * 22,
        "```",
        "``````",
        "seven",
    ],
    ids=lambda inside: repr(inside[:20]),
)
def test_what_is_no_plain_value_is_no_answer(inside: str) -> None:
    assert answer_of(f"<Answer>{inside}</Answer>") is None
    assert answer_of(f'<Answer>{{"a": 1}}</Answer><Answer>{inside}</Answer>') == {"a": 1}


@pytest.mark.parametrize(
    "text", ["", "nothing", "<Answer>", "</Answer>", "</Answer>{<Answer>", "[", "]", '["', "['\\"]
)
def test_without_an_answer_there_is_none(text: str) -> None:
    assert answer_of(text) is None


@given(UNTAGGED, VALUES, UNTAGGED)
def test_an_answer_in_tags_is_read_back_whatever_stands_around(
    before: str, value: JsonValue, after: str
) -> None:
    text = f"{before}<Answer>{json.dumps(value)}</Answer>"
    assert answer_of(text) == value
    assert answer_of(text + after) == value


@given(UNBRACKETED, LISTS, UNBRACKETED)
def test_a_bare_list_or_object_is_read_back(before: str, value: JsonValue, after: str) -> None:
    assert answer_of(f"{before} {json.dumps(value)} {after}") == value


@given(LISTS)
def test_what_python_writes_is_read_as_what_json_writes(value: JsonValue) -> None:
    assert answer_of(f"<Answer>{value!r}</Answer>") == json.loads(json.dumps(value))


@given(st.text(alphabet="<>/Answer[]{}()'\"\\,: 1\n`", max_size=300))
def test_no_text_raises(text: str) -> None:
    json.dumps(answer_of(text))


GOOD = '<Answer>{"a": 1}</Answer>'
PARTS = [
    "<Answer>",
    "</Answer>",
    "<Answer></Answer>",
    "<Answer>[</Answer>",
    "<",
    "[",
    "]",
    '["',
    "['",
    "['\\",
    "{'a':",
    "[1,",
    "x",
    " ",
    "`",
    "<Answer>" + "[" * 99_000 + "</Answer>",
    "<Answer>['" + "\\'" * 49_000 + "</Answer>",
    "<Answer>[" + "1-" * 49_000 + "]</Answer>",
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: repr(part[:20]))
def test_ten_megabytes_are_read_in_time(part: str) -> None:
    junk = part * (10_000_000 // len(part))
    assert answer_of(junk) is None
    assert answer_of(f"{junk}<Answer>x</Answer>{GOOD}") == {"a": 1}
