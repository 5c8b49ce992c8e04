"""Fresh interchanges: orders or invoices between two firms."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.edifact.format import (
    ARTICLE,
    INTERCHANGE,
    LINE,
    MESSAGE,
    NUMBER,
    SUMMARY,
)
from worktrial.documents.unit import Unit, Value


class Trade:
    """What two firms have to do with each other: orders, or invoices."""

    def __init__(self, rng: Random, count: int) -> None:
        self.rng = rng
        self.invoices = rng.random() < 0.5
        self.articles = iter([article_number(n) for n in rng.sample(range(10**8), count)])
        self.parties = [article_number(rng.randrange(10**8)) for _ in range(3)]
        self.day = content.day(rng, days=300)
        self.usual = self._date()

    def units(self, count: int) -> Iterator[Unit]:
        """One interchange of messages with so many line items in all."""
        rng, number = self.rng, 0
        sent = f"{self.day:%y%m%d}:{rng.randint(7, 19):02}{rng.randint(0, 59):02}"
        sender, receiver = (f"{party}:14" for party in self.parties[:2])
        head = f"UNOC:3+{sender}+{receiver}+{sent}+{rng.randint(10_000, 99_999)}"
        yield Unit(INTERCHANGE, {"UNB": head}, structural=True)
        while count > 0:
            number += 1
            some = min(count, rng.randint(4, 9))
            some, count = (count, 0) if count - some < 3 else (some, count - some)
            yield from self._message(number, some)

    def _message(self, number: int, count: int) -> Iterator[Unit]:
        rng = self.rng
        kind, code = ("INVOIC", "380") if self.invoices else ("ORDERS", "220")
        buyer, supplier, delivery = self.parties
        fields: dict[str, Value] = {
            "UNH": f"{number}+{kind}:D:96A:UN",
            f"BGM+{code}": f"+{rng.choice('ABCDEFGH')}{rng.randint(1000, 99_999)}+9",
            "DTM+137": f"{self.day:%Y%m%d}:102",
            "NAD+BY": f"+{buyer}::9",
            "NAD+SU": f"+{supplier}::9",
            "NAD+SU/RFF+VA": f"DE{rng.randrange(10**8, 10**9)}",
            "CUX+2": f"{rng.choice(('EUR', 'SEK', 'PLN', 'CHF'))}:9",
        }
        if rng.random() < 0.4:
            fields["NAD+DP"] = f"+{delivery}::9"
        yield Unit(MESSAGE, fields, structural=True)
        items = [self._item(place) for place in range(1, count + 1)]
        yield from items
        yield Unit(SUMMARY, self._summary(items), structural=True)

    def _item(self, place: int) -> Unit:
        rng = self.rng
        counted, due = ("QTY+47", "DTM+35") if self.invoices else ("QTY+21", "DTM+2")
        quantity, price = Decimal(rng.randint(1, 300)), content.amount(rng, high=400)
        fields: dict[str, Value] = {
            NUMBER: Decimal(place),
            ARTICLE: next(self.articles),
            "PIA+5": f"+{rng.choice('KLMNPR')}{rng.randint(100, 9999)}:SA",
            "IMD+F": f"++:::{rng.choice(content.GOODS)}",
            counted: quantity,
            due: self.usual if rng.random() < 0.5 else self._date(),
        }
        amount: dict[str, Value] = {"MOA+203": quantity * price} if self.invoices else {}
        return Unit(LINE, {**fields, **amount, "PRI+AAA": price}, key=ARTICLE)

    def _summary(self, items: Sequence[Unit]) -> dict[str, Value]:
        fields: dict[str, Value] = {"UNS+S": "", "CNT+2": Decimal(len(items))}
        amounts = [v for u in items if isinstance(v := u.fields.get("MOA+203"), Decimal)]
        if amounts:
            total = sum(amounts, Decimal(0))
            tax = (total * 19 / 100).quantize(Decimal("0.01"))
            fields |= {"MOA+79": total, "MOA+77": total + tax}
            fields |= {"TAX+7": "+VAT+++:::19", "TAX+7/MOA+124": tax}
        return fields

    def _date(self) -> str:
        return f"{content.day(self.rng):%Y%m%d}:102"


def article_number(number: int) -> str:
    """A thirteen-digit number whose last digit checks the others."""
    digits = f"40{number:010}"
    check = -sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(digits)) % 10
    return f"{digits}{check}"
