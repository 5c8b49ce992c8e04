"""Spreadsheets as CSV: purchase orders with suppliers, prices and states."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.jsontext import JSON
from worktrial.documents.records import RecordEdits, record_verbs
from worktrial.documents.table import CSV, ROW, TSV
from worktrial.documents.unit import Document, Files, Unit

LIST = "[]"
VERBS = record_verbs(ROW, one="row", many="rows", a_field="column")


def to_json(document: Document, *, file: str, target: str) -> Document:
    """Turn a table into a JSON array of objects."""
    rows = [replace(u, kind=LIST) for u in document.files.get(file, ()) if u.kind == ROW]
    return document.replacing(file, None).replacing(target, rows)


def to_csv(document: Document, *, file: str, target: str, names: Sequence[str]) -> Document:
    """Turn a JSON array of objects into a table with these columns."""
    rows = [replace(u, kind=ROW) for u in document.files.get(file, ()) if u.kind == LIST]
    header = Unit(programs.HEADER, text="\t".join(names), structural=True)
    return document.replacing(file, None).replacing(target, [header, *rows])


TO_JSON = Verb(
    "Convert {file} to a JSON array in {target}: an object for every row, a key for every "
    "column, numbers as numbers. Then remove {file}.",
    to_json,
)
TO_CSV = Verb(
    "Convert the JSON array in {file} to CSV in {target} with the columns {*names}. "
    "Then remove {file}.",
    to_csv,
)

EDITS = RecordEdits(
    VERBS,
    kind=ROW,
    key="order",
    sortable=("date", "supplier", "unit_price", "quantity"),
    scalable={"unit_price": "100", "quantity": "12"},
    category="status",
    removable=("buyer", "item", "supplier"),
    renames={"order": "po_number", "date": "ordered_on", "supplier": "vendor", "buyer": "owner"},
    recodes={"open": "O", "shipped": "S", "billed": "B"},
    extension=".csv",
)


def convert(document: Document, _: Random) -> Edit | None:
    """CSV to JSON and back."""
    if len(document.files) != 1:
        return None
    ((file, units),) = document.files.items()
    names = next((u.text.split("\t") for u in units if u.kind == programs.HEADER), [])
    target = f"{file.rpartition('.')[0]}.json"
    return edit(
        "convert",
        "convert",
        [TO_JSON(file=file, target=target)],
        [TO_CSV(file=target, target=file, names=names)],
    )


republish = compose("republish", EDITS.recode, EDITS.scale, convert)


# --- any table ---------------------------------------------------------------------------------

_MOST_VALUES = 6
_MOST_RENAMED = 4


def _told(document: Document) -> RecordEdits:
    """What the columns of a table are good for, as its rows show."""
    rows = [u for u in document.units() if u.kind == ROW]
    header = next((u.text.split("\t") for u in document.units() if u.kind == programs.HEADER), [])
    names = [n for n in header if sayable(n) and n and all(n in row.fields for row in rows)]
    values = {n: [row.fields[n] for row in rows] for n in names}
    apart = [n for n in names if len(set(values[n])) == len(rows) and "" not in values[n]]
    texts = [n for n in names if all(isinstance(v, str) for v in values[n])]
    few = [n for n in texts if 2 <= len(set(values[n])) <= min(_MOST_VALUES, len(rows) // 2)]
    category = next((n for n in few if sayable(*values[n]) and "" not in values[n]), "")
    codes = dict.fromkeys(values.get(category, ()))
    numbers = [n for n in names if all(isinstance(v, Decimal) for v in values[n])]
    return RecordEdits(
        VERBS,
        kind=ROW,
        key=apart[0] if apart else "",
        sortable=[n for n in names if len(set(values[n])) > 1],
        scalable=dict.fromkeys(numbers, "100"),
        category=category,
        removable=[n for n in names if n not in apart[:1]],
        renames={n: new for n in names[:_MOST_RENAMED] if (new := _restyled(n)) not in header},
        recodes={str(old): f"{str(old)[:1].upper()}{at}" for at, old in enumerate(codes, 1)},
    )


def _restyled(name: str) -> str:
    """The name of a column in another style."""
    return name.replace("_", " ").title() if "_" in name or name.islower() else name.lower()


def _of_any(name: str) -> Planner:
    def plan(document: Document, rng: Random) -> Edit | None:
        planned: Edit | None = getattr(_told(document), name)(document, rng)
        return planned

    return plan


_PLAIN = tuple(map(_of_any, ("sort", "scale", "rename", "recode", "split", "extract")))
SORT, SCALE, RENAME, RECODE, SPLIT, EXTRACT = _PLAIN
OWN_PLANNERS: Sequence[Planner] = (
    *_PLAIN,
    compose("republish", SCALE, SORT, convert),
    compose("hand_over", RENAME, SORT),
)


class Spreadsheet(Domain):
    """Rows of typed cells under one header."""

    name = "spreadsheet"
    category = "records"
    formats: ClassVar = {".csv": CSV, ".tsv": TSV, ".tab": TSV, ".json": JSON}
    verbs: ClassVar[Sequence[Verb]] = (*VERBS.all(), TO_JSON, TO_CSV)
    planners: ClassVar[Sequence[Planner]] = (*EDITS.planners(), convert, republish)
    own_planners: ClassVar[Sequence[Planner]] = OWN_PLANNERS
    floor = 0.1

    def generate(self, rng: Random, size: int) -> Files:
        """Purchase orders."""
        rows = [_order(rng, code) for code in content.codes(rng, "PO", max(3, round(size / 34)))]
        header = Unit(programs.HEADER, text="\t".join(rows[0].fields))
        return {"orders.csv": CSV.render([header, *rows])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Every cell quoted; Windows line ends; no last line end."""
        rows = list(csv.reader(io.StringIO(text)))
        quoted = io.StringIO()
        csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows(rows)
        return [quoted.getvalue(), text.replace("\n", "\r\n"), text.rstrip("\n")]

    def distractors(self, rng: Random, size: int) -> Files:
        """A stock list and a memo."""
        rows = [_stock(rng, code) for code in content.codes(rng, "SKU", max(3, size // 40))]
        return {"stock.csv": CSV.render(rows), "notes.md": content.memo(rng, size // 2)}


def _order(rng: Random, code: str) -> Unit:
    fields: Mapping[str, str | Decimal] = {
        "order": code,
        "date": content.day(rng).isoformat(),
        "supplier": content.firm(rng),
        "item": rng.choice(content.GOODS),
        "quantity": Decimal(rng.randint(1, 400)),
        "unit_price": content.amount(rng),
        "status": rng.choice(("open", "shipped", "billed")),
        "buyer": rng.choice(content.LAST_NAMES),
    }
    return Unit(ROW, fields)


def _stock(rng: Random, code: str) -> Unit:
    shelf = f"{rng.choice('ABCDEF')}{rng.randint(1, 40)}"
    item = rng.choice(content.GOODS)
    return Unit(
        ROW, {"sku": code, "item": item, "on_hand": Decimal(rng.randint(0, 900)), "shelf": shelf}
    )


DOMAIN = Spreadsheet()
