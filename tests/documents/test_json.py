import json as plain_json

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.jsontext import FLAW, JSON
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

JSON_DOMAIN = domain("json")
CATALOGUE = """{
  "currency": "EUR",
  "products": [
    {"sku": "A1", "category": "st", "price": 12.50, "supplier": {"name": "Calder", "city": "Jena"}},
    {"sku": "A2", "category": "sa", "price": 3.00, "supplier": {"name": "Lumen", "city": "Leeds"}},
    {"sku": "A3", "category": "st", "price": 0.75, "supplier": {"name": "Calder", "city": "Jena"}}
  ],
  "sites": [
    {"site": "W1"}
  ]
}
"""
LINES = CATALOGUE.splitlines(keepends=True)


def parsed(text: str) -> Document:
    return JSON_DOMAIN.parse({"c.json": text})


def carried_out(instruction: str, text: str = CATALOGUE) -> dict[str, str]:
    program = JSON_DOMAIN.read(instruction)
    assert program is not None
    return JSON_DOMAIN.render(program(parsed(text)))


def test_normalising_keeps_each_supplier_once_in_order_of_first_appearance() -> None:
    instruction = (
        "Take the nested object `supplier` out of every entry of the list `products` and into a "
        "new top-level list `suppliers`, which has each different object once, in order of first "
        "appearance, with an additional key `id` that counts from 1; in its place the entry gets a "
        "key `supplier_id` with that number."
    )
    value = plain_json.loads(carried_out(instruction)["c.json"])
    assert value["suppliers"] == [
        {"id": 1, "city": "Jena", "name": "Calder"},
        {"id": 2, "city": "Leeds", "name": "Lumen"},
    ]
    assert [p["supplier_id"] for p in value["products"]] == [1, 2, 1]
    assert all("supplier" not in p for p in value["products"])
    assert value["sites"] == [{"site": "W1"}]


def test_regrouping_makes_one_list_for_every_category() -> None:
    instruction = (
        "Replace the list `products` by an object `by_category` that holds one list for every "
        "value of `category`, under that value as its key and in the present order; the entries no "
        "longer have `category` themselves."
    )
    value = plain_json.loads(carried_out(instruction)["c.json"])
    assert "products" not in value
    assert {k: [p["sku"] for p in v] for k, v in value["by_category"].items()} == {
        "st": ["A1", "A3"],
        "sa": ["A2"],
    }


def test_a_list_moves_out_into_a_table_with_dotted_columns() -> None:
    instruction = (
        "Move the list `sites` of `c.json` out into a CSV file `sites.csv` with the columns "
        "`site`, one row for each object in the same order; a dot in a column name leads into a "
        "nested object. Take the key `sites` out of `c.json`."
    )
    files = carried_out(instruction)
    assert files["sites.csv"] == "site\nW1\n"
    assert files["c.json"] == "".join(LINES[:6]) + "  ]\n}\n"


def test_yaml_says_the_same_units_as_the_json_it_was_made_from() -> None:
    instruction = (
        "Convert `c.json` to YAML in `c.yaml`: the same keys and values, numbers as numbers, no "
        "anchors or aliases. Then remove `c.json`."
    )
    text = carried_out(instruction)["c.yaml"]
    assert text.startswith("currency: EUR\nproducts:\n  - sku: A1\n    category: st\n")
    between = JSON_DOMAIN.parse({"c.json": CATALOGUE}).files["c.json"]
    assert JSON_DOMAIN.parse({"c.yaml": text}).files["c.yaml"] == between
    flow = text.replace("category: st", "'category': \"st\"  # where it stands")
    assert JSON_DOMAIN.parse({"c.yaml": flow}).files["c.yaml"] == between


@pytest.mark.parametrize(
    "text",
    ["yes", "12", "1e3", "null", "", "- x", "a: b", "#", "ünï", "tab\tbell\x07", "😀", "a\nb"],
)
def test_text_stays_text_through_yaml(text: str) -> None:
    units = JSON.parse(plain_json.dumps({"k": text, text: ["x", text]}))
    written = JSON_DOMAIN.render(Document({"c.yaml": tuple(units)}))
    assert JSON_DOMAIN.parse(written).files["c.yaml"] == tuple(units)


@pytest.mark.parametrize(
    ("broken", "share"),
    [
        (CATALOGUE.replace('"A1", ', '"A1" '), 0.9),  # a comma too few
        (CATALOGUE.replace('"A1", ', '"A1",, '), 0.9),  # a comma too many
        (CATALOGUE.replace("  ],\n", ""), 0.9),  # a list that is never closed
        (CATALOGUE.replace('    {"sku": "A2"', '    "sku": "A2"'), 0.9),  # nor an object opened
        (CATALOGUE.replace('"Leeds"}},', '"Leeds",'), 0.9),  # nor two closed
        (CATALOGUE.replace('"Leeds"', '"Leeds'), 0.7),  # nor a string
        (CATALOGUE + "I hope this helps!\n", 0.8),  # chatter
        ("".join(LINES[:5]), 0.55),  # cut off: two of six units are gone
    ],
)
def test_one_broken_place_keeps_the_rest_but_is_never_lossless(broken: str, share: float) -> None:
    result = likeness(parsed(CATALOGUE), parsed(broken))
    assert share <= result.value < 1
    assert not result.lossless


def test_a_stray_comma_leaves_a_flaw_and_nothing_else() -> None:
    whole, mended = JSON.parse(CATALOGUE), JSON.parse(CATALOGUE.replace("}},\n", "}},,\n"))
    assert mended == [*whole, FLAW]


def test_numbers_are_exact_and_text_is_not_a_number() -> None:
    whole = parsed('{"a": 0.1000000000000000055, "b": 1}')
    assert likeness(whole, parsed('{"b": 1.0, "a": 0.10000000000000000550}')).lossless
    for other in ('{"a": 0.1, "b": 1}', '{"a": 0.1000000000000000055, "b": "1"}'):
        assert not likeness(whole, parsed(other)).lossless
    assert not likeness(whole, parsed('{"a": 0.1000000000000000055, "b": true}')).lossless


def test_any_nesting_and_any_key_is_written_back() -> None:
    text = '{"a.b": {"": [], "x[]": {}}, "l": [[], [1, [2]], {}, {"m": [{"n": null}]}], "\\\\.": 0}'
    units = JSON.parse(text)
    assert plain_json.loads(JSON.render(units)) == plain_json.loads(text)
    assert JSON.parse(JSON.render(units)) == units


@pytest.mark.parametrize(
    "text", ["[" * 50_000, '{"a":' * 20_000, '"\\' * 50_000, '{"a":1,' * 20_000, "9" * 100_000]
)
def test_long_hostile_text_is_read_and_written(text: str) -> None:
    """In anything but linear time or with unbounded recursion this would not come back."""
    units = JSON.parse(text)
    assert units
    JSON.render(units)


def test_aliases_are_not_expanded() -> None:
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 12))
    units = JSON_DOMAIN.parse({"bomb.yaml": f"l0: &l0 [x]\n{levels}"}).files["bomb.yaml"]
    assert len(units) < 150
