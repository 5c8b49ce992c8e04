"""Which sentences of a message ask the person something, and which only say it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MOST_CHARACTERS = 20_000
"""So much of a message is read; what comes after is not."""


class Sentence(NamedTuple):
    """A piece of a message.

    Attributes:
        text: What it says.
        asks: Whether it asks the person something.
        about: The part of it that carries the question; the rest is said beside it.
    """

    text: str
    asks: bool
    about: str


class _Piece(NamedTuple):
    text: str
    entry: bool = False
    quoted: bool = False
    joined: bool = False


def sentences(message: str) -> tuple[Sentence, ...]:
    """Split a message into sentences and decide for each whether it asks the person something."""
    return _sentences(message[:MOST_CHARACTERS])


@lru_cache(maxsize=256)
def _sentences(message: str) -> tuple[Sentence, ...]:
    pieces = [piece for line in _lines(message) for piece in line]
    found: list[Sentence] = []
    leading = False
    for piece, alone in zip(pieces, _asking_alone(pieces), strict=True):
        listed = piece.entry and leading and not piece.quoted
        carried = piece.joined and found[-1].asks and not _I.match(piece.text)
        asks = alone or listed or carried
        found.append(Sentence(piece.text, asks, _carrying(piece.text) if asks else piece.text))
        if not piece.entry:
            leading = alone and piece.text.endswith((":", "?"))
    return tuple(found)


def _asking_alone(pieces: list[_Piece]) -> list[bool]:
    """Whether each piece asks by its own words; from the end, as what follows a question tells."""
    asking: list[bool] = []
    answer = ""
    for piece in reversed(pieces):
        asking.append(not piece.quoted and _asks(piece.text, answer))
        answer = "" if asking[-1] else piece.text
    return asking[::-1]


# --- splitting ---

_I = re.compile(r"i\b|i['’]|we\b|they\b|it\b", re.IGNORECASE)
_ENTRY = re.compile(r"\s*(?:>\s*)*(?:[-*•–‣◦]|\(?\d{1,3}[.)]|\(?[a-hA-H][.)])\s+")
_INLINE_ENTRY = re.compile(r"(?<=[\s,;:])\(?(?:\d|[a-h]|i{1,3})\)\s+")
_END = re.compile(
    r"(?<=[.!?;…。？！])[\"'”»)\]*_]*\s+|(?<=\?)(?=[A-ZÀ-Þ])|(?<=[。？！])(?=[^\s\"'”»)\]*_])|;\s*|\s*¿"
)
_NOT_AN_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|min|max|no|nr|vs|ca|incl|excl|resp|mr|ms|mrs|dr|prof|z\. ?b|"
    r"bzw|np|m\. ?in|ej|rev|cf|dept|est)\.|\b[a-z]\.)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”\n]{1,600}”|„[^“”\n]{1,600}[“”]|«[^»\n]{1,600}»|\"[^\"\n]{1,600}\"")
_OWN_QUESTION = re.compile(
    r"^\W*(?:here(?:'s|’s| is| are)\b[^.?!]{0,60}|(?:my |the |a |clarifying |first |"
    r"next )*question(?: \d+)?|q\d*)\W*$",
    re.IGNORECASE,
)


def _lines(message: str) -> Iterator[list[_Piece]]:
    for line in message.splitlines():
        marker = _ENTRY.match(line)
        text = line[marker.end() :] if marker else line
        parts = _INLINE_ENTRY.split(text)
        pieces = [p for n, part in enumerate(parts) for p in _pieces(part, bool(marker) or n > 0)]
        if pieces:
            yield pieces


def _pieces(text: str, entry: bool) -> list[_Piece]:
    """The sentences of a line; questions in quotation marks apart, as they are someone's words."""
    found: list[_Piece] = []
    done = 0
    for quote in _QUOTED.finditer(text):
        if "?" not in quote[0]:
            continue
        before = text[done : quote.start()]
        own = not _has_words(text[: quote.start()] + text[quote.end() :])
        own = own or bool(_OWN_QUESTION.search(before[:120]))
        found += _ended(before, entry)
        found += [piece._replace(quoted=not own) for piece in _ended(quote[0][1:-1], entry)]
        done = quote.end()
    return found + _ended(text[done:], entry)


def _ended(text: str, entry: bool) -> list[_Piece]:
    """Split after what ends a sentence, but not after abbreviations."""
    parts: list[_Piece] = []
    start, joined = 0, False
    for end in _END.finditer(text):
        if not _NOT_AN_END.search(text[max(0, end.start() - 8) : end.start()]):
            parts.append(_Piece(text[start : end.start()], entry, joined=joined))
            start, joined = end.end(), end[0].startswith(";")
    parts.append(_Piece(text[start:], entry, joined=joined))
    kept = [piece._replace(text=piece.text.strip(" \t*_>#|")) for piece in parts]
    kept = [piece for piece in kept if _has_words(piece.text)]
    return [kept[0]._replace(joined=False), *kept[1:]] if kept else []


def _has_words(text: str) -> bool:
    return any(c.isalnum() for c in text)


# --- asking ---


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_YOU = _words(
    "you", "your", "yours", "ye", "u", "du", "dir", "dich", "dein\\w*", "ihr\\w*", "ihnen", "sie",
    "vous", "votre", "vos", "tu", "te", "usted\\w*", "su", "sus", "pa[nń]\\w*", "ci", "tw\\w+",
    "tell me", "should i", "shall i", "shall we", "should we", "do we", "must i", "may i", "can i",
    "do i", "could i", "for us", "in mind",
)  # fmt: skip
_YOU_ZH = re.compile("[你您]")
_WISH = _words(
    "should", "must", "shall", "need\\w*", "required?", "ok", "okay", "fine", "acceptable",
    "enough", "matters?", "prefer\\w*", "allowed", "want\\w*", "mandatory", "essential",
    "important", "too", "have to", "has to", "would", "any", "suit\\w*", "deal ?breaker",
    "problem", "will", "expected", "muss", "soll\\w*", "doit", "debe", "powin\\w*", "ma być",
    "brauch\\w*",
)  # fmt: skip
_OWN_ANSWER = _words(
    "according to", "says?", "said", "gives?", "puts", "suggests?", "i'll", "i’ll", "i will",
    "i doubt", "doesn't", "doesn’t", "does not", "the answer", "reads", "yes", "no", "it does",
    "it is", "it was", "it's", "i don't know", "i can't tell", "wrote", "shows?", "states?",
    "nobody", "apparently", "it turns out", "not clear", "unclear", "i checked", "looking at",
    "i found", "discuss(?:es)?", "lists?", "mentions?", "tells", "i think", "i'd say",
    "hard to say", "never", "strange", "the page", "the text", "the site", "that's what", "must be",
)  # fmt: skip
_REPORTED = re.compile(
    r"^(?:(?:and|so|but|now|well|also|then)\b,?\s*)?(?:you (?:asked|ask|wanted|wondered|"
    r"may wonder|might|said|told|"
    r"know what)|would you believe|can you believe|did you know|do you know what|guess|"
    r"who knows|who would|"
    r"why\b|(?:people|readers|visitors|customers|everyone|many|some|they|"
    r"the \w+) (?:\w+ )?(?:asks?|asked|wonder|"
    r"wondered|wants? to know|wanted to know)|i (?:asked|wondered|asked myself)|"
    r"(?:their|his|her|its|the) (?:[\w-]+ ){1,4}?(?:asks?|asked|wants? to know|wanted to know|"
    r"wondered?)\b)",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"^(?!\W*(?:what|which|when|where|how|who)\b).*\b(?:(?:do you|would you|don't you|"
    r"did you) (?:want|like|need|also want|also like|prefer) (?:me )?(?:also )?to (?:know|hear|"
    r"see|check|read|look up|list|find out|open|copy|send|learn)|(?:shall|should|may|can|could) i "
    r"(?:also |just |now )?(?:look up|check|list|send|tell you|write|quote|mention|note|include|"
    r"find out|open|"
    r"read|copy|add|show|compare|ring|call|ask them|summari[sz]e|go through|explain|translate|"
    r"print|attach|"
    r"forward|save|mark|put)\b)",
    re.IGNORECASE,
)
_LEAD = (
    r"^(?:(?:and|so|but|or|also|then|now|ok|okay|hi|hello|hey|thanks|first|second|secondly|"
    r"firstly|next|finally|lastly|great|right|well|sorry|just|quick question|one more thing|"
    r"by the way|alternatively)\b[,:!.]?\s*){0,3}"
)
_INVERTED = (
    r"(?:is|are|am|was|were|do|does|did|can|could|would|will|should|shall|must|have|has|had|may|"
    r"might|need)"
    r"(?:n['’]t)? (?:i|you|we|it|he|she|they|there|the|this|that|these|those|an?|any|some\w*|"
    r"your|one|its|their|"
    r"his|her|no|only|\w+)\b"
)
_WH = (
    r"(?:(?:in|on|at|by|for|from|to|with|of|under|over|through|until|since|within|up to|after|"
    r"before|about|roughly) )?"
    r"(?:what|which|who|whom|whose|when|where|how)\b"
)
_AUX = (
    r"\b(?:is|are|was|were|do|does|did|can|could|would|will|should|shall|must|have|has|had|may|"
    r"need|'s|’s)\b"
)
_QUESTION_START = re.compile(
    rf"{_LEAD}(?:{_INVERTED}|{_WH}[^,]{{0,80}}?{_AUX}|any\b|what about|how about|how many|"
    rf"how much|how long|how soon)",
    re.IGNORECASE,
)
_POLITE = re.compile(
    rf"{_LEAD}(?:please )?(?:could|can|would|will|might) (?:you|i|we) (?:please |perhaps |also |"
    rf"maybe |kindly |at least |possibly |just )*"
    r"(?:ask|tell|say|share|specify|let|clarify|confirm|give|name|describe|indicate|explain|"
    r"provide|check|look|"
    r"remind|help|be able|mind|state|narrow|pick|choose|expand|elaborate)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:(?:please|kindly|pls|just),? (?:\w+ )?(?:tell|say|specify|state|share|indicate|"
    r"confirm|clarify|name|"
    r"describe|choose|pick|provide|give me|let me know|send me|advise|list|write|remind|add|"
    r"mention|answer|explain|fill)\b|(?:let|"
    r"tell|give) (?:me|us) (?:know|a (?:rough|few|hint|number|figure|date|range)|your|some|the|"
    r"what|which|whether|if|how|"
    r"who|when|where|also|an|please|more|about)\b|i(?:'d|’d| would| also| still|'ll|’ll| will|"
    r"'d also| would also)*(?: just| only| still| also)? "
    r"(?:need|like|want|love|have)(?: you)? (?:to|your|one more|two|three|a (?:few|couple|"
    r"question)|some|another|more)\b(?! (?:look|see|say|"
    r"check it|thank|point|help|add|mention|show|look|read|suggest|recommend|propose|be|work|go|"
    r"make|give|find|leave|keep))"
    r"|i(?:'m|’m| am) (?:still )?(?:missing|wondering|curious|unsure|not sure)\b|i (?:do not|"
    r"don['’]t|still don['’]t|still do not)(?: yet)? know\b|"
    r"i (?:was wondering|wonder)\b|it would (?:also |really )?(?:help|be (?:\w+ ){0,3}(?:useful|"
    r"good|helpful|great|nice|handy))\b|"
    r"(?:would|could) help (?:me )?(?:to know|if)|depends on (?:your|whether|how|what|which|"
    r"when|where|who)|"
    r"what i (?:still )?(?:need|lack|miss|want)\b|(?:my|a|one|two|three|some|few|further|more|"
    r"another|last|next|quick) (?:\w+ )?questions?(?: for you)?:?$|"
    r"could use your help|your (?:preference|preferences|requirements?|wishes|thoughts)\b)",
    re.IGNORECASE,
)
_STARTING_REQUEST = re.compile(
    rf"{_LEAD}(?:tell|say|specify|state|share|indicate|confirm|clarify|name|describe|choose|"
    rf"pick|provide|give|remind|let) (?:me|us|which|what|whether|"
    r"how|if|when|where|who|your|any|the)\b|^(?:sag|sagen|bitte|nennen|dites|dis|merci de|dime|"
    r"d[ií]game|indique|prosz[eę]|podaj|napisz|powiedz)\b",
    re.IGNORECASE,
)
_DECLINED = re.compile(
    r"\b(?:(?:no need|needn['’]t|need not|don['’]t (?:have|need) to|without|won['’]t|will not|"
    r"not going to|rather than) "
    r"(?:to |you )?(?:\w+ )?(?:tell|telling|ask|asking|let|say|saying|share|specify|know)|"
    r"before (?:asking|i ask)|you (?:told|said|"
    r"asked|wanted|mentioned)|as you (?:asked|said|told|wanted)|i (?:already )?know|have a look)\b",
    re.IGNORECASE,
)
_FOREIGN_START = re.compile(
    r"^(?:\W*)(?:und |et |y |i |a )?(?:welche\w*|wie|wann|wo|wer|was|ab wann|bis wann|seit wann|"
    r"sollen?|soll|muss|m[üu]ssen|darf|brauchen|haben|quel\w*|combien|quand|"
    r"où|qui|est-ce|avez|faut|cu[aá]l\w*|cu[aá]nt\w*|cu[aá]ndo|d[oó]nde|qui[eé]n|qu[eé]|desde|"
    r"necesita|jak\w*|ile|ilu|kiedy|gdzie|kto|czy|od kiedy)\b",
    re.IGNORECASE,
)


def _asks(text: str, answer: str) -> bool:
    """Whether a sentence asks the person, given the statement that follows it, if any."""
    if _OFFER.search(text):
        return False
    if "?" in text or "？" in text:
        return not _rhetorical(text, answer)
    if _DECLINED.search(text):
        return False
    if _POLITE.search(text) or _STARTING_REQUEST.search(text) or _REQUEST.search(text):
        return True
    open_ended = text[-1:] not in ".!:;…" and bool(text)
    return open_ended and bool(_QUESTION_START.search(text) or _FOREIGN_START.search(text))


def _rhetorical(text: str, answer: str) -> bool:
    """Whether a question is not put to the person: reported, or answered by what follows."""
    if _REPORTED.search(text):
        return True
    if _YOU.search(text) or _YOU_ZH.search(text) or not answer:
        return False
    return not _WISH.search(text) or bool(_OWN_ANSWER.search(answer))


_CLAUSE = re.compile(
    r"(?:,|;|:|\s[-–—]|\()\s*(?:(?:and|but|so|or|then|now|hence|therefore)\s+)?|\s(?:so|but)\s"
)
_FINITE = re.compile(
    r"^(?!if\b|should\b|when\b|for\b|as (?:to|for|regards)\b|regarding\b|about\b|on\b|"
    r"in\b).*?(?:\b(?:is|are|was|were|has|have|had|see|sees|seems?|says?|said|wants?|offers?|"
    r"found|"
    r"know|mean|got|drop|leaves?|left|can|will|need|needs|thanks|understand|take|looked|read|"
    r"there)\b|['’](?:s|re|ve|ll|m|d)\b)",
    re.IGNORECASE,
)


def _carrying(text: str) -> str:
    """The part of a sentence from where its question begins, if a statement comes before that."""
    if _starts_question(text):
        return text
    for cut in _CLAUSE.finditer(text):
        rest = text[cut.end() :]
        if _starts_question(rest) and _FINITE.search(text[: cut.start()]):
            return rest
    return text


def _starts_question(text: str) -> bool:
    head = text[:200]
    return bool(
        _QUESTION_START.search(head) or _POLITE.search(head) or _STARTING_REQUEST.search(head)
    )
