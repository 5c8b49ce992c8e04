"""Games of chess, in PGN.

A unit is a game, identified by its tag GameId: its tags are fields, its moves with their numbers,
comments and result are running text. Ratings are numbers, all other tags are text.

What counts is every tag, every move and number, every word of a comment, and the order of games.
The order of tags, line breaks, the space around moves and comments, and whether a comment stands
in braces or after a semicolon mean nothing.

Known limits: moves are compared as text and not checked, so illegal games are read all the same.
All the moves of a game count for as much as two tags. A tag after a blank line begins a game. What
is no tag in a game's head is part of its text; a game without tags is text alone. Edits of moves
leave alone a game that they cannot read from the usual start, and comments are not taken out where
there are variations.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache, partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.chessboard import Board, Move
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Kind, Planner, Step, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

GAME, KEY = "game", "GameId"
_RATINGS = ("WhiteElo", "BlackElo")
_WRAP = textwrap.TextWrapper(79, break_long_words=False, break_on_hyphens=False)
_TAGLIKE = re.compile(r"\[[A-Za-z]\w{0,60}\s")
_TAG = re.compile(r'\[([A-Za-z]\w{0,60})\s+"((?:[^"\\]|\\.)*)"\s*\]')
_TOKEN = re.compile(r"\{[^{}]*\}|;[^\n]*|[^\s{;]+|\{")
_NUMBERED = re.compile(r"(\d{1,4}\.{1,3})([^.].*)", re.DOTALL)
_NO_MOVE = re.compile(r"[{;(\[].*|\)+|\d{1,4}\.{1,3}|\$\d{1,3}|1-0|0-1|1/2-1/2|\*", re.DOTALL)


class Pgn(Format):
    """Tags a line each, a blank line, and the moves."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a game."""
        return [_game(head, moves) for head, moves in _games(text)]

    def render(self, units: Sequence[Unit]) -> str:
        """Moves in lines of less than 80 characters."""
        return "".join(f"{_written(unit)}\n" for unit in units)


PGN = Pgn()


def _games(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """The lines of every game's head, and those of its moves."""
    head: list[str] = []
    moves: list[str] = []
    blank = False
    for line in map(str.strip, text.removeprefix("\ufeff").splitlines()):
        tag = _TAGLIKE.match(line)
        if tag and (moves or (head and blank)):
            yield head, moves
            head, moves = [], []
        if line:
            (head if tag else moves).append(line)
        blank = not line
    if head or moves:
        yield head, moves


def _game(head: list[str], moves: list[str]) -> Unit:
    fields: dict[str, Value] = {}
    loose = []
    for line in head:
        tag = _TAG.fullmatch(line)
        if tag is None or tag[1] in fields:
            loose.append(line)
            continue
        value = re.sub(r"\\(.)", r"\1", tag[2])
        fields[tag[1]] = table.typed(value) if tag[1] in _RATINGS else value
    if not fields:
        return opaque("\n".join((*loose, *moves)))
    text = " ".join((*loose, *_tokens("\n".join(moves))))
    return Unit(GAME, fields, key=KEY, text=text)


def _tokens(text: str) -> list[str]:
    """Moves, their numbers, comments in braces, results, and whatever else there is."""
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0] == ";" and not {"{", "}"} & set(token):
            tokens.append(_braced(" ".join(token[1:].split())))
        elif token[0] in ";{":
            tokens.append(" ".join(token.split()))
        elif numbered := _NUMBERED.fullmatch(token):
            tokens += numbered.groups()
        else:
            tokens.append(token)
    return tokens


def _braced(comment: str) -> str:
    return f"{{{comment}}}"


def _written(unit: Unit) -> str:
    if unit.kind != GAME:
        return f"{unit.layout or unit.text}\n"
    tags = (f'[{n} "{_escaped(table.written(v))}"]\n' for n, v in unit.fields.items())
    # What looks like a tag may not come to stand at the beginning of a line.
    moves = unit.text if _TAGLIKE.search(unit.text) else _WRAP.fill(unit.text)
    return "\n".join(("".join(tags), *filter(None, [moves]), ""))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


# --- edits of moves ----------------------------------------------------------------------------

MoveReader = Callable[[Board, str], Move]
MoveWriter = Callable[[Board, Move], str]


def _each_text(document: Document, change: Callable[[str], str]) -> Document:
    return programs.each(
        document, GAME, lambda u: replace(u, text=change(u.text), layout=None) if u.text else u
    )


def notate(document: Document, *, read: MoveReader, old: MoveWriter, new: MoveWriter) -> Document:
    """Write moves in another notation; a game that the old one does not fit stays."""
    return _each_text(document, lambda text: _notated(text, read, old, new))


@lru_cache(maxsize=4096)
def _notated(text: str, read: MoveReader, old: MoveWriter, new: MoveWriter) -> str:
    """Kept for a while: a game is played through anew for every plan and every leg."""
    board, tokens = Board(), _tokens(text)
    for at, token in enumerate(tokens):
        if _NO_MOVE.fullmatch(token):
            continue
        try:
            move = read(board, token)
        except ValueError:
            return text
        if old(board, move) != token:
            return text
        tokens[at] = new(board, move)
        board.push(move)
    return " ".join(tokens)


def spell(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Write the pieces by other signs, in moves alone."""
    signs = str.maketrans(dict(legend))

    def spelled(text: str) -> str:
        return " ".join(t if _NO_MOVE.fullmatch(t) else t.translate(signs) for t in _tokens(text))

    return _each_text(document, spelled)


def take_comments(document: Document, *, key: str, target: str) -> Document:
    """Move comments to a table, by game and half-move."""
    rows: list[dict[str, Value]] = []

    def bare(unit: Unit) -> Unit:
        if key not in unit.fields:
            return unit
        kept, ply = [], 0
        for token in _tokens(unit.text):
            if token[0] == "{" and token[-1] == "}":
                cells = {key: unit.fields[key], "ply": str(ply), "comment": token[1:-1]}
                rows.append({n: table.typed(table.written(v)) for n, v in cells.items()})
                continue
            kept.append(token)
            ply += not _NO_MOVE.fullmatch(token)
        return replace(unit, text=" ".join(kept), layout=None)

    rest = programs.each(document, GAME, bare)
    header = Unit(programs.HEADER, text=f"{key}\tply\tcomment", structural=True)
    return rest.replacing(target, [header, *(Unit(table.ROW, row) for row in rows)])


def give_comments(document: Document, *, key: str, target: str) -> Document:
    """Put comments back behind their half-moves."""
    cells = [
        [table.written(u.fields.get(n)) for n in (key, "ply", "comment")]
        for u in document.files.get(target, ())
        if "comment" in u.fields
    ]
    known = {(name, ply): comment for name, ply, comment in cells}

    def commented(unit: Unit) -> Unit:
        name, ply, out = table.written(unit.fields.get(key)), 0, list[str]()
        waiting = known.get((name, "0"))
        for token in _tokens(unit.text):
            if waiting is not None and token[0] != "$":
                out.append(_braced(waiting))
                waiting = None
            out.append(token)
            if not _NO_MOVE.fullmatch(token):
                ply += 1
                waiting = known.get((name, str(ply)))
        out += [] if waiting is None else [_braced(waiting)]
        return replace(unit, text=" ".join(out), layout=None)

    return programs.each(document.replacing(target, None), GAME, commented)


UCI = Verb(
    "Write the moves of all games in UCI notation instead of SAN: the squares a piece leaves and "
    "reaches, as in `g1f3`, castling as the king's move, as in `e1g1`, a promotion with the small "
    "letter of the new piece, as in `e7e8q`. Move numbers, comments and results stay.",
    partial(notate, read=Board.read_san, old=Board.san, new=Board.uci),
)
SAN = Verb(
    "Write the moves of all games in SAN instead of UCI notation, as in `Nf3`, `exd5`, `O-O` or "
    "`e8=Q`, with `+` for check, `#` for mate, and as much of the square a piece leaves as it "
    "takes to tell moves apart. Move numbers, comments and results stay.",
    partial(notate, read=Board.read_uci, old=Board.uci, new=Board.san),
)
SPELL = Verb(
    "In the moves (not in comments and tags), write the pieces as follows, all at once: "
    "{**legend}.",
    spell,
)
TAKE_COMMENTS = Verb(
    "Move the comments in braces out of the games into a CSV table {target} with the columns "
    "{key}, `ply` and `comment`, a row a comment in their order: `ply` says how many half-moves "
    "of the game stand before it. The comment is without braces.",
    take_comments,
)
GIVE_COMMENTS = Verb(
    "Put the comments of the CSV table {target} in braces into the games: by {key}, right after "
    "the half-move (and its `$` sign, if any) that `ply` counts. Then remove {target}.",
    give_comments,
)


# --- edits of tags -----------------------------------------------------------------------------


def _tagged(document: Document, change: Callable[[str, str], Mapping[str, str]]) -> Document:
    """Put other tags where a tag stands."""

    def changed(unit: Unit) -> Unit:
        fields: dict[str, Value] = {}
        for name, value in unit.fields.items():
            fields |= change(name, value) if isinstance(value, str) else {name: value}
        return programs.with_fields(unit, fields)

    return programs.each(document, GAME, changed)


def turn(document: Document, *, mark: str, joined: str) -> Document:
    """Turn the two parts of players' names around."""

    def turned(name: str, value: str) -> dict[str, str]:
        parts = value.split(mark)
        is_name = name in ("White", "Black") and len(parts) == 2
        return {name: joined.join(reversed(parts)) if is_name else value}

    return _tagged(document, turned)


def part_rounds(document: Document) -> Document:
    """Round and board in tags of their own."""

    def parted(name: str, value: str) -> dict[str, str]:
        number, dot, board = value.partition(".")
        return {name: number, "Board": board} if name == "Round" and dot else {name: value}

    return _tagged(document, parted)


def join_rounds(document: Document) -> Document:
    """Round and board in one tag."""

    def joined(unit: Unit) -> Unit:
        number, board = unit.fields.get("Round"), unit.fields.get("Board")
        if not isinstance(number, str) or not isinstance(board, str):
            return unit
        fields = {n: v for n, v in unit.fields.items() if n != "Board"}
        return programs.with_fields(unit, {**fields, "Round": f"{number}.{board}"})

    return programs.each(document, GAME, joined)


FIRST_LAST = Verb(
    "In the tags `White` and `Black`, write the given name first and without a comma: "
    "`Nils Weber` instead of `Weber, Nils`.",
    partial(turn, mark=", ", joined=" "),
)
LAST_FIRST = Verb(
    "In the tags `White` and `Black`, write the family name first, with a comma: `Weber, Nils` "
    "instead of `Nils Weber`.",
    partial(turn, mark=" ", joined=", "),
)
PART_ROUNDS = Verb(
    "Where the tag `Round` is a round and a board, such as `3.2`, leave only the round in it and "
    "put the board into a tag `Board`.",
    part_rounds,
)
JOIN_ROUNDS = Verb(
    "Put the tag `Board` into the tag `Round`, after a dot: `3` and `2` give `3.2`.", join_rounds
)
GAMES = keyed_verbs(
    GAME,
    one="game",
    many="games",
    a_field="tag",
    key=KEY,
    readers=dict.fromkeys(_RATINGS, table.typed),
)
EDITS = KeyedEdits(
    GAMES,
    kind=GAME,
    keys=(KEY,),
    sortable=("White", "Black", "ECO", "Date"),
    shiftable=dict.fromkeys(_RATINGS, ("50", "-80")),
    category="Event",
    removable=("ECO", *_RATINGS),
    extension=".pgn",
    plural="games",
)


def uci(document: Document, _: Random) -> Edit | None:
    """Moves as chess programs exchange them."""
    return _both_ways("uci", "convert", document, UCI(), SAN())


_SIGNS: Sequence[str] = ("KDTLS", "RDTFC", "RDTAC", "♔♕♖♗♘")
"""King, queen, rook, bishop and knight: German, French, Spanish, and in figures."""


def signs(document: Document, rng: Random) -> Edit | None:
    """Pieces in another language, or as figures."""
    pairs = zip("KQRBN", rng.choice(_SIGNS), strict=True)
    legend = {old: new for old, new in pairs if old != new}
    back = SPELL(legend=programs.inverse(legend))
    return _both_ways("signs", "substitute", document, SPELL(legend=legend), back)


def comments(document: Document, _: Random) -> Edit | None:
    """Comments in a table, where there are no variations."""
    said = {"key": KEY, "target": "comments.csv"}
    texts = [u.text for u in EDITS.records(document)]
    fits = any("{" in text for text in texts) and not any("(" in text for text in texts)
    if not fits or EDITS.key(document) is None or said["target"] in document.files:
        return None
    there, back = TAKE_COMMENTS(**said), GIVE_COMMENTS(**said)
    return _both_ways("comments", "extract", document, there, back)


def names(document: Document, _: Random) -> Edit | None:
    """Players by their given names."""
    return _both_ways("names", "normalise", document, FIRST_LAST(), LAST_FIRST())


def boards(document: Document, _: Random) -> Edit | None:
    """Boards in a tag of their own."""
    return _both_ways("boards", "normalise", document, PART_ROUNDS(), JOIN_ROUNDS())


def _both_ways(name: str, kind: Kind, document: Document, there: Step, back: Step) -> Edit | None:
    """An edit, if it does something to the document, all of which can be read back."""
    between = there.program(document)
    if between == document or back.program(between) != document:
        return None
    return edit(name, kind, [there], [back])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), uci, signs, comments, names, boards,
    compose("bulletin", signs, names, EDITS.sort),
    compose("engine", uci, boards, EDITS.extract),
    compose("archive", names, boards, EDITS.split),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_BOOK = {
    "C60": "e4 e5 Nf3 Nc6 Bb5", "C50": "e4 e5 Nf3 Nc6 Bc4", "B20": "e4 c5", "B01": "e4 d5",
    "B90": "e4 c5 Nf3 d6 d4 cxd4 Nxd4 Nf6 Nc3 a6", "C00": "e4 e6 d4 d5", "B12": "e4 c6 d4 d5",
    "D06": "d4 d5 c4", "D10": "d4 d5 c4 c6", "E60": "d4 Nf6 c4 g6", "E20": "d4 Nf6 c4 e6 Nc3 Bb4",
    "A10": "c4", "A04": "Nf3", "C30": "e4 e5 f4", "A80": "d4 f5", "B07": "e4 d6 d4 Nf6",
}  # fmt: skip
"""How some openings begin."""
_KINDS = ("Open", "Masters", "Rapid", "Team Cup", "Memorial", "Club Final", "League")
_REMARKS = (
    "a quiet move with a sharp point", "only here does {name} leave the book", "too slow",
    "{name} had {n} minutes left", "better was to castle", "the engine prefers the exchange",
    "after {n} minutes of thought", "this loses a tempo", "{name} offered a draw, refused",
    "played before, in a game of {name}", "the {n} spectators held their breath",
)  # fmt: skip


def _fresh_game(rng: Random, name: str, where: tuple[str, str], moves: int) -> Unit:
    eco = rng.choice(list(_BOOK))
    board, text = _play(rng, _BOOK[eco].split(), moves)
    result = board.result()
    result = rng.choice(("1-0", "0-1", "1/2-1/2")) if result == "*" else result
    players = rng.sample(content.LAST_NAMES, 2)
    fields: dict[str, Value] = {
        "Event": where[0],
        "Site": where[1],
        "Date": content.day(rng).strftime("%Y.%m.%d"),
        "Round": f"{rng.randint(1, 11)}.{rng.randint(1, 30)}",
        "White": f"{players[0]}, {rng.choice(content.FIRST_NAMES)}",
        "Black": f"{players[1]}, {rng.choice(content.FIRST_NAMES)}",
        "Result": result,
        **{rating: Decimal(rng.randint(1300, 2600)) for rating in _RATINGS},
        "ECO": eco,
        KEY: name,
    }
    return Unit(GAME, fields, text=f"{text} {result}")


def _play(rng: Random, book: Sequence[str], moves: int) -> tuple[Board, str]:
    """An opening, and then any legal moves, with a liking for captures."""
    board, words = Board(), []
    while board.plies < 2 * moves and (legal := board.moves()):
        at = board.plies
        move = board.read_san(book[at]) if at < len(book) else _chosen(rng, board, legal)
        words += [f"{board.number}."] if board.turn else []
        words.append(board.san(move))
        board.push(move)
        if board.turn and rng.random() < 1 / 9:
            words.append(_braced(_remark(rng)))
    return board, " ".join(words)


def _chosen(rng: Random, board: Board, legal: Sequence[Move]) -> Move:
    captures = [move for move in legal if board.captures(move)]
    return rng.choice(captures if captures and rng.random() < 0.4 else legal)


def _remark(rng: Random) -> str:
    return rng.choice(_REMARKS).format(name=rng.choice(content.LAST_NAMES), n=rng.randint(2, 90))


class Chess(Domain):
    """Games of chess."""

    name = "chess"
    category = "everyday"
    formats: ClassVar = {".pgn": PGN, ".csv": table.CSV}
    clips: ClassVar = {GAME: 0.7}
    verbs: ClassVar[Sequence[Verb]] = (
        GAMES.note, GAMES.restore, GAMES.ascending, GAMES.descending, GAMES.add, GAMES.subtract,
        GAMES.split, GAMES.merge, GAMES.take, GAMES.give, UCI, SAN, SPELL, TAKE_COMMENTS,
        GIVE_COMMENTS, FIRST_LAST, LAST_FIRST, PART_ROUNDS, JOIN_ROUNDS,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Games of a few tournaments, some with comments."""
        count = max(4, round(size / 170))
        moves = max(4, round((size * 3.5 / count - 205) / 15.5))
        cities = content.distinct(rng, content.CITIES, 3)
        places = [(f"{city} {rng.choice(_KINDS)}", city) for city in cities]
        games = [
            _fresh_game(
                rng, name, places[at % 3], rng.randint(moves - moves // 3, moves + moves // 3)
            )
            for at, name in enumerate(content.codes(rng, "G", count))
        ]
        return {"games.pgn": PGN.render(games)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; numbers close to their moves; a move a line; comments to line ends."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(\d\.) (?=\w)", r"\1", text),
            re.sub(r"(?m) (\d+\.)(?=$| )", r"\n\1", text),
            re.sub(r"\{([^{}]*)\}", lambda c: f"; {' '.join(c[1].split())}\n", f"\n{text}"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of members and notes of the club."""
        rows = [
            {
                "member": code,
                "name": content.person(rng),
                "joined": str(content.day(rng, year=2019)),
            }
            for code in content.codes(rng, "M", max(3, size // 20))
        ]
        members = table.CSV.render([Unit(table.ROW, row) for row in rows])
        return {"members.csv": members, "club_meeting.md": content.memo(rng, size // 2)}


DOMAIN = Chess()
