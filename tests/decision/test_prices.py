"""Prices from a file: what they come to, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from worktrial.decision import Price, read_prices
from worktrial.errors import ConfigError


def test_prices_are_of_a_million_tokens() -> None:
    assert Price(input=2, output=10).of(1_000_000, 100_000, 0) == 3
    # What came out of the cache costs as much as any other input, if nothing else is said.
    assert Price(input=2, output=10).of(0, 0, 500_000) == 1
    assert Price(input=2, output=10, cached=0.5).of(0, 0, 500_000) == 0.25
    assert Price(input=2, output=10, cached=0).of(0, 0, 500_000) == 0
    assert Price(input=0, output=0).of(10, 10, 10) == 0


@pytest.mark.parametrize(
    "text",
    [
        "openai/gpt-9: {input: 1.25, output: 10, cached: 0.125}\nlocal/x: {input: 0, output: 0}\n",
        '{"openai/gpt-9": {"input": 1.25, "output": 10, "cached": 0.125}, '
        '"local/x": {"input": 0, "output": 0}}',
    ],
)
def test_they_are_read_from_yaml_and_json(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    assert read_prices(file) == {
        "openai/gpt-9": Price(input=1.25, output=10, cached=0.125),
        "local/x": Price(input=0, output=0),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a/b: {input: -1, output: 2}", "`a/b.input` Input should be greater than or equal to 0; "
         "got -1"),
        ("a/b: {input: 1}", "`a/b.output` Field required"),
        ("a/b: {input: 1, output: .inf}", "`a/b.output` Input should be a finite number; got inf"),
        ("a/b: {input: 1, output: .nan}", "`a/b.output` Input should be"),
        ("a/b: {input: dear, output: 2}", "`a/b.input` Input should be a valid number; got 'dear'"),
        ("a/b: {input: yes, output: 2}", "`a/b.input` Input should be a valid number; got True"),
        ("a/b: {input: 1, output: 2, in: 3}", "`a/b.in` Extra inputs are not permitted; got 3"),
        ("a/b: 3", "`a/b` Input should be a valid dictionary"),
        ("- a/b", "Input should be a valid dictionary; got ['a/b']"),
        ("", "Input should be a valid dictionary; got None"),
        ("a/b: {input: 1, output: 2}\na/b: {input: 3, output: 4}", "line 2: 'a/b' stands there "
         "twice; keep one"),
        ("a/b: {input: 1", "is not plain YAML: line "),
        ("a/b: &x {input: 1, output: 2}\nc/d: *x", "anchors and aliases are not taken"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_prices(file)
    assert str(refused.value).startswith(f"`--prices` {file}")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"`--prices` .*none\.yaml cannot be read: No such file"):
        read_prices(tmp_path / "none.yaml")
    (tmp_path / "p.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is not UTF-8 text; save it as UTF-8"):
        read_prices(tmp_path / "p.yaml")
