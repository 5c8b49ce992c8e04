"""The rules of chess: legal moves from the usual start, and moves in SAN and UCI notation."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

FILES, RANKS = "abcdefgh", "12345678"
_SIZE = 8
_STRAIGHT = ((1, 0), (-1, 0), (0, 1), (0, -1))
_OBLIQUE = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_JUMPS = ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1))
_STEPS = {
    "N": _JUMPS, "B": _OBLIQUE, "R": _STRAIGHT,
    "Q": (*_STRAIGHT, *_OBLIQUE), "K": (*_STRAIGHT, *_OBLIQUE),
}  # fmt: skip
_KINGS, _PROMOTED = {True: 4, False: 60}, "QRBN"
_CORNERS = {0: "Q", 7: "K", 56: "q", 63: "k"}
"""The right to castle that goes when something leaves or reaches a corner."""


class Move(NamedTuple):
    """From a square to a square, 0 for a1 to 63 for h8; the piece that a pawn becomes, if any."""

    start: int
    end: int
    promotion: str = ""


def square(number: int) -> str:
    """A square's name, such as `e4`."""
    return FILES[number % _SIZE] + RANKS[number // _SIZE]


@cache
def _rays(piece: str, start: int) -> tuple[tuple[int, ...], ...]:
    """The squares that a piece reaches on an empty board, direction by direction."""
    far = 1 if piece in "NK" else _SIZE - 1
    found = (tuple(_ray(start, across, up, far)) for across, up in _STEPS[piece])
    return tuple(ray for ray in found if ray)


def _ray(start: int, across: int, up: int, far: int) -> Iterator[int]:
    file, rank = start % _SIZE, start // _SIZE
    for _ in range(far):
        file, rank = file + across, rank + up
        if not (0 <= file < _SIZE and 0 <= rank < _SIZE):
            return
        yield rank * _SIZE + file


class Board:
    """A game as far as it has gone: pieces (capitals are white), whose turn, what may still be."""

    def __init__(self) -> None:
        back = "RNBQKBNR"
        self.pieces: list[str] = [*back, *"P" * 8, *" " * 32, *"p" * 8, *back.lower()]
        self.turn = True
        self.plies = 0
        self._castling = set("KQkq")
        self._passed: int | None = None
        self._legal: list[Move] | None = None

    @property
    def number(self) -> int:
        """Of the move, which both sides share."""
        return self.plies // 2 + 1

    # --- moves ---------------------------------------------------------------------------------

    def moves(self) -> list[Move]:
        """All legal moves."""
        if self._legal is None:
            self._legal = self._found()
        return self._legal

    def _found(self) -> list[Move]:
        king = self.pieces.index("K" if self.turn else "k")
        checked = self._attacked(king, by=not self.turn)
        lines = {to for ray in _rays("Q", king) for to in ray}
        return [
            move
            for move in self._reachable()
            if not (checked or move.start == king or move.start in lines or self._passes(move))
            or self._is_safe(move)
        ] + ([] if checked else list(self._castlings(king)))

    def captures(self, move: Move) -> bool:
        """Whether a move takes a piece."""
        return self.pieces[move.end] != " " or self._passes(move)

    def push(self, move: Move) -> None:
        """Play a legal move."""
        piece = self.pieces[move.start]
        double = piece in "Pp" and abs(move.end - move.start) == 2 * _SIZE
        self._put(move)
        self._passed = (move.start + move.end) // 2 if double else None
        self._castling -= {_CORNERS.get(move.start, ""), _CORNERS.get(move.end, "")}
        if piece in "Kk":
            self._castling -= set("KQ" if self.turn else "kq")
        self.turn = not self.turn
        self.plies += 1
        self._legal = None

    def result(self) -> str:
        """What the game has come to, `*` while it can go on."""
        if self.moves():
            return "*"
        if not self._checked():
            return "1/2-1/2"
        return "0-1" if self.turn else "1-0"

    def _own(self, piece: str) -> bool:
        return piece.isupper() if self.turn else piece.islower()

    def _reachable(self) -> Iterator[Move]:
        """Moves as pieces go, whether the king is then attacked or not; without castling."""
        for start, piece in enumerate(self.pieces):
            if not self._own(piece):
                continue
            if piece in "Pp":
                yield from self._pawn(start)
                continue
            for ray in _rays(piece.upper(), start):
                for end in ray:
                    if not self._own(self.pieces[end]):
                        yield Move(start, end)
                    if self.pieces[end] != " ":
                        break

    def _pawn(self, start: int) -> Iterator[Move]:
        up = _SIZE if self.turn else -_SIZE
        ends = []
        if self.pieces[start + up] == " ":
            ends.append(start + up)
            first = start // _SIZE == (1 if self.turn else 6)
            ends += [start + 2 * up] if first and self.pieces[start + 2 * up] == " " else []
        for end in (start + up - 1, start + up + 1):
            beside = abs(end % _SIZE - start % _SIZE) == 1
            taken = beside and self.pieces[end] != " " and not self._own(self.pieces[end])
            ends += [end] if taken or (beside and end == self._passed) else []
        for end in ends:
            last = end // _SIZE in (0, 7)
            yield from (Move(start, end, p) for p in _PROMOTED) if last else (Move(start, end),)

    def _passes(self, move: Move) -> bool:
        """Whether a pawn takes another in passing."""
        return move.end == self._passed and self.pieces[move.start] in "Pp"

    def _castlings(self, king: int) -> Iterator[Move]:
        """Castling, where the king is not in check now."""
        home = _KINGS[self.turn]
        for right, between, path in (("K", (1, 2), (1, 2)), ("Q", (-1, -2, -3), (-1, -2))):
            if king != home or (right if self.turn else right.lower()) not in self._castling:
                continue
            free = all(self.pieces[home + by] == " " for by in between)
            if free and not any(self._attacked(home + by, by=not self.turn) for by in path):
                yield Move(home, home + path[-1])

    def _is_safe(self, move: Move) -> bool:
        """Whether a move does not leave the own king attacked."""
        before = self.pieces
        self.pieces = list(before)
        self._put(move)
        safe = not self._checked()
        self.pieces = before
        return safe

    def _put(self, move: Move) -> None:
        """Set the pieces as after a move."""
        piece, pieces = self.pieces[move.start], self.pieces
        if self._passes(move):
            pieces[move.end + (-_SIZE if self.turn else _SIZE)] = " "
        if piece in "Kk" and abs(move.end - move.start) == 2:
            rook = move.end + (1 if move.end > move.start else -2)
            pieces[(move.start + move.end) // 2], pieces[rook] = pieces[rook], " "
        promoted = move.promotion if self.turn else move.promotion.lower()
        pieces[move.end], pieces[move.start] = promoted or piece, " "

    def _checked(self) -> bool:
        king = self.pieces.index("K" if self.turn else "k")
        return self._attacked(king, by=not self.turn)

    def _attacked(self, target: int, *, by: bool) -> bool:
        """Whether a side (white if true) attacks a square."""
        for lines, pieces in (("R", "RQ"), ("B", "BQ"), ("N", "N"), ("K", "K")):
            for ray in _rays(lines, target):
                hit = next((p for s in ray if (p := self.pieces[s]) != " "), " ")
                if hit.upper() in pieces and hit.isupper() == by:
                    return True
        down = -_SIZE if by else _SIZE
        pawn = "P" if by else "p"
        around = (target + down - 1, target + down + 1)
        return any(
            0 <= s < _SIZE * _SIZE
            and abs(s % _SIZE - target % _SIZE) == 1
            and self.pieces[s] == pawn
            for s in around
        )

    # --- notations -----------------------------------------------------------------------------

    def san(self, move: Move) -> str:
        """A legal move as people write it."""
        return self._bare(move, self.moves()) + self._mark(move)

    def uci(self, move: Move) -> str:
        """A move as programs exchange it."""
        return square(move.start) + square(move.end) + move.promotion.lower()

    def read_san(self, text: str) -> Move:
        """The legal move of these words.

        Raises:
            ValueError: If there is none.
        """
        legal = self.moves()
        bare = text.rstrip("+#")
        return _only([move for move in legal if self._fits(move, bare, legal)], text)

    def read_uci(self, text: str) -> Move:
        """The legal move of these squares.

        Raises:
            ValueError: If there is none.
        """
        return _only([move for move in self.moves() if self.uci(move) == text], text)

    def _fits(self, move: Move, bare: str, legal: list[Move]) -> bool:
        told = square(move.end) in bare or bare[:1] == "O"
        return told and self._bare(move, legal) == bare

    def _bare(self, move: Move, legal: list[Move]) -> str:
        """A move without the mark of check or mate."""
        piece = self.pieces[move.start].upper()
        if piece == "K" and abs(move.end - move.start) == 2:
            return "O-O" if move.end > move.start else "O-O-O"
        takes = "x" if self.captures(move) else ""
        if piece == "P":
            start = FILES[move.start % _SIZE] if takes else ""
            becomes = f"={move.promotion}" if move.promotion else ""
            return start + takes + square(move.end) + becomes
        return piece + self._apart(move, legal) + takes + square(move.end)

    def _apart(self, move: Move, legal: list[Move]) -> str:
        """As much of the square a piece leaves as tells it from others that could go there."""
        piece, name = self.pieces[move.start], square(move.start)
        others = [
            square(m.start)
            for m in legal
            if m.end == move.end and m.start != move.start and self.pieces[m.start] == piece
        ]
        if not others:
            return ""
        if all(other[0] != name[0] for other in others):
            return name[0]
        return name if any(other[1] == name[1] for other in others) else name[1]

    def _mark(self, move: Move) -> str:
        after = Board()
        after.pieces, after.turn, after.plies = list(self.pieces), self.turn, self.plies
        after._castling, after._passed = set(self._castling), self._passed
        after.push(move)
        if not after._checked():
            return ""
        return "+" if after.moves() else "#"


def _only(found: list[Move], text: str) -> Move:
    if len(found) != 1:
        raise ValueError(f"{text!r} is no legal move here")
    return found[0]
