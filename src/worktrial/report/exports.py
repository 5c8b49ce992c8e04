"""Findings in the formats of others: a table of estimates, a summary for a pull request, JSON.

The same findings give the same bytes.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from worktrial.evidence.findings import Findings
from worktrial.report.markdown import pull_request

Value = str | float | int | None
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("trial", pa.string(), nullable=False),
        pa.field("metric", pa.string(), nullable=False),
        pa.field("worker", pa.string(), nullable=False),
        pa.field("minus_worker", pa.string()),
        pa.field("gap", pa.string()),
        pa.field("axis", pa.string()),
        pa.field("arm", pa.string()),
        pa.field("minus_arm", pa.string()),
        pa.field("step", pa.int64()),
        pa.field("value", pa.float64()),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("level", pa.float64()),
        pa.field("band_low", pa.float64()),
        pa.field("band_high", pa.float64()),
        pa.field("method", pa.string()),
        pa.field("items", pa.int64()),
        pa.field("clusters", pa.int64()),
        pa.field("why", pa.string()),
        pa.field("evidence", pa.string()),
        pa.field("endpoint", pa.string()),
        pa.field("p_value", pa.float64()),
        pa.field("p_adjusted", pa.float64()),
    ]
)
"""The table of estimates: the fields of `Estimate` in their order, a row an estimate."""
_ACTS = tuple("=+-@\t\r\n＝＋－＠'")
"""What a text must not begin with in a spreadsheet, in any width, and the mark that prevents it."""


def estimates_csv(findings: Findings) -> bytes:
    """Write the table of estimates as CSV by RFC 4180, in UTF-8.

    What is missing is empty; numbers stand in full. A text that begins with `=`, `+`, `-`, `@`,
    a tab or a line end may be a formula to a spreadsheet: it gets a `'` before it, and so does
    one that begins with `'`, so that taking one away gives every text back.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(SCHEMA.names)
    writer.writerows([_inert(value) for value in row] for row in _rows(findings))
    return out.getvalue().encode()


def _inert(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_ACTS) else value


def estimates_parquet(findings: Findings) -> bytes:
    """Write the table of estimates as Parquet, its types by `SCHEMA`."""
    rows = [dict(zip(SCHEMA.names, row, strict=True)) for row in _rows(findings)]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), out, compression="zstd")
    return out.getvalue()


def _rows(findings: Findings) -> Iterator[list[Value]]:
    for estimate in findings.estimates:
        yield [_encodable(getattr(estimate, name)) for name in SCHEMA.names]


def _encodable(value: Value) -> Value:
    """A text as `findings.json` holds it: UTF-8 has no lone surrogates."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


EXPORTS: Mapping[str, Callable[[Findings], bytes]] = {
    ".csv": estimates_csv,
    ".parquet": estimates_parquet,
    ".md": lambda findings: pull_request(findings).encode(),
    ".json": lambda findings: findings.text().encode(errors="replace"),
}
"""What findings are written as, by the ending of a file."""
