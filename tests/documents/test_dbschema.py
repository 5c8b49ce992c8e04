import sqlite3
from contextlib import closing
from decimal import Decimal
from random import Random

import pytest
import sqlglot
from sqlglot import exp

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

DBSCHEMA = domain("dbschema")
SCHEMA = """\
-- made by hand
CREATE TABLE orders (
    order_id integer PRIMARY KEY, -- the number
    customer_id INTEGER NOT NULL REFERENCES customers (customer_id) ON DELETE set null,
    amount numeric(10,2) DEFAULT 0 CHECK (amount >= 0 OR note = 'amount'), -- it's net
    UNIQUE (customer_id, amount)
) TABLESPACE fast;

CREATE INDEX orders_amount_idx ON orders (amount);
"""


def read(text: str = SCHEMA) -> Document:
    return DBSCHEMA.parse({"schema.sql": text})


def done(instruction: str, document: Document) -> str:
    program = DBSCHEMA.read(instruction)
    assert program is not None
    return DBSCHEMA.render(program(document))["schema.sql"]


def test_a_column_has_a_field_for_every_clause() -> None:
    units = read().files["schema.sql"]
    kinds = ["remark", "table", "column", "column", "column", "constraint", "index"]
    assert [u.kind for u in units] == kinds
    assert units[1].text == "TABLESPACE fast"
    assert units[3].fields == {
        "table": "orders",
        "name": "customer_id",
        "type": "integer",
        "not_null": True,
        "references": "customers(customer_id)",
        "on_delete": "SET NULL",
    }
    assert units[4].fields["type"] == "numeric(10, 2)"
    assert units[4].fields["default"] == Decimal(0)
    assert units[4].fields["comment"] == "it's net"
    assert units[5].fields["unique"] == "customer_id, amount"


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = DBSCHEMA.generate(Random(seed), 800).values()
    theirs = [
        (create.this.this.name, column.name, column.kind is not None, len(column.constraints))
        for create in sqlglot.parse(text, read="postgres")
        if isinstance(create, exp.Create) and create.kind == "TABLE"
        for column in create.find_all(exp.ColumnDef)
    ]
    clauses = ("primary_key", "not_null", "default", "references")
    mine = [
        (
            u.fields["table"],
            u.fields["name"],
            "type" in u.fields,
            sum(c in u.fields for c in clauses),
        )
        for u in DBSCHEMA.parse({"schema.sql": text}).units()
        if u.kind == "column"
    ]
    assert theirs == mine


@pytest.mark.parametrize("seed", range(5))
def test_a_fresh_schema_is_sound(seed: int) -> None:
    (text,) = DBSCHEMA.generate(Random(seed), 2000).values()
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(text)
    columns = [u.fields for u in DBSCHEMA.parse({"schema.sql": text}).units() if u.kind == "column"]
    keys = {f"{c['table']}({c['name']})": c["type"] for c in columns if "primary_key" in c}
    seen: set[object] = set()
    for column in columns:
        seen |= {f"{column['table']}({column['name']})"}
        if "references" in column:
            assert column["references"] in seen
            assert column["type"] == keys[str(column["references"])]


def test_a_bracket_too_many_costs_its_column_alone() -> None:
    broken = read(SCHEMA.replace("numeric(10", "numeric((10"))
    assert [u.kind for u in broken.units()] == [u.kind for u in read().units()]
    assert likeness(read(), broken).value > 0.7, "one of 6.4 units"
    without = read(SCHEMA.replace(") TABLESPACE fast;\n", ""))
    assert [u.kind for u in without.units()] == [u.kind for u in read().units()]


def test_a_renaming_reaches_keys_and_checks_but_no_strings_and_no_index_names() -> None:
    text = done(
        "Rename these tables and columns wherever they are named, also in keys, checks, "
        "references, indexes and `COMMENT` statements; names of indexes and constraints stay: "
        "`amount` → `c_amount`, `orders` → `t_orders`.",
        read(),
    )
    assert "CHECK (c_amount >= 0 OR note = 'amount')" in text
    assert "UNIQUE (customer_id, c_amount)" in text
    assert "CREATE INDEX orders_amount_idx ON t_orders (c_amount);" in text


def test_foreign_keys_after_the_tables() -> None:
    text = done(
        "Take `REFERENCES`, with `ON DELETE` and `ON UPDATE`, out of the columns of `schema.sql`. "
        "Add each at the end of the file instead, in their order, as `ALTER TABLE … ADD CONSTRAINT "
        "… FOREIGN KEY (…) REFERENCES …`, named like `orders_customer_id_fkey`: table, column, "
        "`fkey`.",
        read(),
    )
    assert "    customer_id integer NOT NULL,\n" in text
    assert text.endswith(
        "ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) "
        "REFERENCES customers(customer_id) ON DELETE SET NULL;\n"
    )


def test_comments_as_statements() -> None:
    text = done(
        "Turn the comments behind the columns of `schema.sql` into `COMMENT ON COLUMN … IS '…'` "
        "statements at the end of the file, in their order.",
        read(),
    )
    assert "COMMENT ON COLUMN orders.amount IS 'it''s net';\n" in text
    assert "--" not in text.replace("-- made by hand", "")


def test_a_primary_key_below_its_column() -> None:
    text = done(
        "Where a column is marked `PRIMARY KEY`, take that out and write a line `PRIMARY KEY (…)` "
        "with the column's name directly below the column.",
        read(),
    )
    assert "    order_id integer, -- the number\n    PRIMARY KEY (order_id),\n" in text


REAL = """\
BEGIN;
CREATE TABLE big AS SELECT count(*) AS n FROM orders;
CREATE TABLE IF NOT EXISTS shop.parts (
    id bigint PRIMARY KEY,
    ratio float DEFAULT 1e-5,
    low integer NOT NULL DEFAULT -1,
    tags text[] DEFAULT ARRAY['a', 'b'],
    note text DEFAULT E'\\n'
);
CREATE FUNCTION f() RETURNS trigger AS $body$
BEGIN
    NEW.x = 1; -- as ever
    RETURN NEW;
END;
$body$ LANGUAGE plpgsql;
COMMIT;
"""


def test_what_is_written_of_a_file_by_hand_means_the_same_to_a_library_of_the_format() -> None:
    document = read(REAL)
    assert not any(u.kind == "opaque" for u in document.units())
    columns = {u.fields["name"]: u.fields for u in document.units() if u.kind == "column"}
    assert columns["low"]["default"] == Decimal(-1)
    assert columns["tags"]["type"] == "text[]"
    written = DBSCHEMA.render(document)["schema.sql"]
    assert likeness(document, read(written)).lossless
    assert sqlglot.parse(written, read="postgres") == sqlglot.parse(REAL, read="postgres")


def test_names_in_square_brackets_and_keys_of_other_dialects() -> None:
    text = "CREATE TABLE [dbo].[Items] (\n    [Item Id] int,\n    KEY by_Code (Code)\n);\n"
    head, column, key = read(text).files["schema.sql"]
    assert head.fields["table"] == "[dbo].[Items]"
    assert column.fields["name"] == "[Item Id]"
    assert (key.kind, key.text) == ("constraint", "KEY by_Code(Code)")


def test_a_clause_with_a_name_of_its_own_stays_whole() -> None:
    named = "NOT NULL CONSTRAINT fk REFERENCES customers(id) ON DELETE CASCADE"
    document = read(f"CREATE TABLE a (\n    b int {named}\n);\n")
    _, column = document.files["schema.sql"]
    assert column.text == named.removeprefix("NOT NULL ")
    names = [edit.name for edit in DBSCHEMA.plan(document, Random(0))]
    assert "foreign_keys" not in names, "the reference would be overlooked"


def test_what_is_opened_but_never_closed_is_read_in_time() -> None:
    assert read("/* " * 20_000 + "$a$ " * 10_000).files["schema.sql"]


def test_columns_of_a_table_that_lost_its_first_line_are_columns_still() -> None:
    broken = read(SCHEMA.replace("CREATE TABLE orders (\n", "").replace(" TABLESPACE fast", ""))
    kinds = ["remark", "column", "column", "column", "constraint", "index"]
    assert [u.kind for u in broken.units()] == kinds
    assert not any("table" in u.fields for u in broken.units() if u.kind == "column")
    assert likeness(broken, read(DBSCHEMA.render(broken)["schema.sql"])).lossless
