"""The same words in another order: members of enumerations, parts of a list, whole sentences.

What may change places is found by form alone, and only where both places are of one kind, so that
a text stays as well-formed as it was. The orders of all places are drawn at random and apart, the
published ones among them: were the published order drawn at random too, a text and its variants
could not be told apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from random import Random

from worktrial.memorisation.items import AuditItem, Text

Span = tuple[int, int]
_TRIES = 60
"""Draws in vain until no more orders are looked for."""
_ORDERED = re.compile(
    r"\b(?:respective(?:ly)?|first(?:ly)?|second(?:ly)?|third(?:ly)?|last(?:ly)?|order(?:ed)?|"
    r"former|latter|then|next|before|after|previous|following|above|below|sequence|alphabetical|"
    r"between|from|left|right|rank(?:ed)?|sort(?:ed)?|list(?:ed)?)\b",
    re.IGNORECASE,
)
"""Where a question with an answer says any of this, the order of what it names may matter."""


def shared_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that are members of enumerations in more than one text of a set.

    An enumeration with two of them stays as it is, as `terms and conditions`: in which order they
    are published is known by the other texts, without any model.
    """
    found = Counter(word for text in texts for word in set(_words_of_all(text)))
    return frozenset(word for word, count in found.items() if count > 1)


def _words_of_all(text: str) -> Iterator[str]:
    for spans in enumerations(text):
        yield from _words_of(text, spans)


def _words_of(text: str, spans: Sequence[Span]) -> list[str]:
    return [word for start, end in spans for word in text[start:end].lower().split()]


def vary(
    item: AuditItem, count: int, rng: Random, shared: frozenset[str] = frozenset()
) -> tuple[Text, ...] | str:
    """The item with enumerations and sentences in other orders; the answer is the same.

    Args:
        item: As published.
        count: How many variants at most.
        rng: What they are drawn from.
        shared: Words that other texts of the set enumerate too.

    Returns:
        Variants that differ from the item and each other, or why there are none.
    """
    if item.answer is not None and _ORDERED.search(item.question):
        return "its answer may depend on an order"
    found: dict[str, None] = {}
    in_vain = 0
    while len(found) < count and in_vain < _TRIES:
        in_vain += 1
        changed = reordered(item.question, rng, shared, sentences=item.answer is None)
        if changed != item.question and changed not in found:
            found[changed] = None
            in_vain = 0
    texts = (Text(question=q, answer=item.answer, options=item.options) for q in found)
    return tuple(texts) or "no enumeration or sentences that may change places"


def reordered(
    text: str, rng: Random, shared: frozenset[str] = frozenset(), *, sentences: bool = True
) -> str:
    """A text with everything that may change places in a random order.

    Args:
        text: Any prose.
        rng: What the orders are drawn from.
        shared: Words that other texts of the set enumerate too.
        sentences: Whether whole sentences may move too.
    """
    for spans in reversed(enumerations(text)):
        if len(shared.intersection(_words_of(text, spans))) <= 1:
            text = _shuffled(text, spans, rng)
    for spans in reversed(parts_of_lists(text)):
        text = _shuffled(text, spans, rng)
    return _shuffled(text, passages(text), rng) if sentences else text


def _shuffled(text: str, spans: Sequence[Span], rng: Random) -> str:
    parts = [text[start:end] for start, end in spans]
    rng.shuffle(parts)
    for (start, end), part in reversed(list(zip(spans, parts, strict=True))):
        text = text[:start] + part + text[end:]
    return text


# Members of enumerations.

_CLAUSE = re.compile(r"[^.;:?!()\[\]\"“”|*]+")
_JOINT = re.compile(r",\s+(?:and/or|and|or)\s+|\s+(?:and/or|and|or)\s+|,\s+")
_WORD = re.compile(r"[^\s,]+")
_CONTENT = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*['’]?")
_LONGEST_MEMBER = 4
_PAIR = 2


def enumerations(text: str) -> list[list[Span]]:
    """Members of every enumeration, as they stand; none overlaps another."""
    found: list[list[Span]] = []
    for clause in _CLAUSE.finditer(text):
        for run, comma in _runs(text, clause.span()):
            members = _members(text, run, comma)
            if members and (not found or members[0][0] >= found[-1][-1][1]):
                found.append(members)
    return found


def _runs(text: str, clause: Span) -> Iterator[tuple[list[Span], bool]]:
    """Stretches of a clause with commas between and a conjunction before the last.

    And whether a comma stands before the conjunction too.
    """
    run: list[Span] = []
    start = clause[0]
    for joint in _JOINT.finditer(text, *clause):
        run.append((start, joint.start()))
        start = joint.end()
        if joint[0].strip() != ",":
            following = _JOINT.search(text, start, clause[1])
            yield [*run, (start, following.start() if following else clause[1])], "," in joint[0]
            run = []


def _members(text: str, run: Sequence[Span], comma: bool) -> list[Span]:
    """What of a run may change places: its members if they are of one kind, else nothing.

    Those in the middle are bounded by commas; of the first only the last word is known to be its
    own, of the last the first word.
    """
    words = [list(_WORD.finditer(text, *span)) for span in run]
    if not all(words):
        return []
    first = len(run) - 2
    while first and len(words[first]) == 1:
        first -= 1
    spans = [words[first][-1].span(), *(one[0].span() for one in words[first + 1 :])]
    around = words[first][-2:-1], words[-1][1:2]
    if len(spans) > _PAIR or not comma:
        if _one_kind(text, spans, *around):
            return spans
        if len(spans) > _PAIR and _one_kind(text, spans[:-1], around[0], []):
            return spans[:-1]
    if len(run) == _PAIR and not comma:
        return _same_head(text, words[0], words[1])
    return _bounded(text, run)


def _bounded(text: str, run: Sequence[Span]) -> list[Span]:
    """The last members with commas on both sides, if there are several."""
    found: list[Span] = []
    for start, end in reversed(run[1:-1]):
        if not _is_member(text[start:end]):
            break
        found.insert(0, (start, end))
    return found if len(found) > 1 else []


def _is_member(phrase: str) -> bool:
    """Whether a few words between commas are a member, and no aside or clause of their own."""
    words = phrase.split()
    ends = {words[0].lower(), words[-1].lower()} if words else _CLAUSAL
    return len(words) <= _LONGEST_MEMBER and not set(words) & _CLAUSAL and not ends & _FUNCTION


def _same_head(
    text: str, before: Sequence[re.Match[str]], after: Sequence[re.Match[str]]
) -> list[Span]:
    """Of `source code and object code`, the words before what is the same."""
    if min(len(before), len(after)) < _PAIR or before[-1][0] != after[1][0]:
        return []
    spans = [before[-2].span(), after[0].span()]
    return spans if all(_is_content(text[a:b]) for a, b in spans) else []


def _one_kind(
    text: str,
    spans: Sequence[Span],
    before: Sequence[re.Match[str]],
    after: Sequence[re.Match[str]],
) -> bool:
    """Whether these words are of one kind, and what stands around them fits each."""
    words = [text[start:end] for start, end in spans]
    left = before[0][0].lower() if before else ""
    right = after[0][0] if after else ""
    if len(set(words)) < len(words) or not all(map(_is_content, words)):
        return False
    if left in ("a", "an") and len({word[0].lower() in "aeiou" for word in words}) > 1:
        return False
    if len({word.istitle() for word in words}) > 1 or words[0].lower() == left:
        return False
    kinds = set.intersection(*(_kinds(word) for word in words))
    if left in _SINGULAR and len({"plural" in _kinds(word) for word in words}) > 1:
        return False
    if left in _BEFORE_NOUNS:
        kinds -= {"verb"}
    if left in _BEFORE_VERBS:
        kinds -= {"noun", "plural"}
    if _is_content(right) and right.lower() not in _VERBS:
        kinds -= {"noun", "plural"}
    return bool(kinds)


def _is_content(word: str) -> bool:
    return word.lower() not in _FUNCTION and bool(_CONTENT.fullmatch(word))


def _kinds(word: str) -> set[str]:
    """What a word may be by its ending, and by whether it is a word that we know."""
    low = word.lower()
    for ending, kinds in _ENDINGS:
        if len(low) > _SHORTEST_STEM and re.search(ending, low):
            return {*kinds, "verb"} if low in _VERBS else set(kinds)
    if low in _VERBS:
        return {"verb", "noun"} if low in _VERBS_AND_NOUNS else {"verb"}
    return {"adjective"} if low in _ADJECTIVES else {"noun"}


# Parts of a lettered list.

_LABEL = re.compile(r"(?<![\w(])\(?(?P<label>[a-h]|i{1,3}|iv|vi{0,3}|[1-9])\)\s+")
_BETWEEN = re.compile(r"\s*[;,.]?\s*(?:and/or|and|or)?\s*$")
_SERIES = ("a b c d e f g h".split(), "i ii iii iv v vi vii viii".split(), list("123456789"))


def parts_of_lists(text: str) -> list[list[Span]]:
    """What stands behind the labels of every list within a sentence, without what joins them."""
    found: list[list[Span]] = []
    labels = list(_LABEL.finditer(text))
    while labels:
        length = max(_length(labels, series) for series in _SERIES)
        taken, labels = labels[: length or 1], labels[length or 1 :]
        spans = [_part(text, one.end(), other.start()) for one, other in pairwise(taken)]
        stop = labels[0].start() if labels else len(text)
        spans.append(_part(text, taken[-1].end(), _end(text, taken[-1].end(), stop)))
        if len(spans) > 1 and all(a < b and not _SENTENCE.search(text, a, b) for a, b in spans):
            found.append(spans)
    return found


def _length(labels: Sequence[re.Match[str]], series: Sequence[str]) -> int:
    """How many labels follow a series from its start."""
    pairs = zip(labels, series, strict=False)
    return next(
        (n for n, (label, name) in enumerate(pairs) if label["label"] != name),
        min(len(labels), len(series)),
    )


def _end(text: str, start: int, stop: int) -> int:
    """Where the last part ends: with its sentence or before a semicolon."""
    found = re.compile(r"[.;](?=\s|$)").search(text, start, stop)
    return found.start() if found else stop


def _part(text: str, start: int, stop: int) -> Span:
    joint = _BETWEEN.search(text, start, stop)
    return start, joint.start() if joint else stop


# Sentences.

_SENTENCE = re.compile(r"(?<=[.?!])(?<!\b[A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z\"“(])")
_FEWEST_WORDS = 4


def passages(text: str) -> list[Span]:
    """Sentences that may change places, each with those after it that speak of it."""
    bounds = [0, *(m.end() for m in _SENTENCE.finditer(text)), len(text)]
    gaps = {m.end(): m.start() for m in _SENTENCE.finditer(text)}
    blocks: list[Span] = []
    for start, end in pairwise(bounds):
        span = (start, gaps.get(end, end))
        if blocks and _leans(text, blocks[-1], span):
            blocks[-1] = (blocks[-1][0], span[1])
        else:
            blocks.append(span)
    return [span for span in blocks if _is_free(text[span[0] : span[1]])]


def _leans(text: str, before: Span, span: Span) -> bool:
    """Whether a sentence speaks of the one before."""
    words = re.findall(r"[\w'’-]+", text[span[0] : span[1]].lower())[:3]
    starts = text[span[0]] in '("“' or text[before[1] - 1] in ":,"
    return starts or not words or words[0] in _LEANING or " ".join(words[:2]) in _LEANING_PAIRS


def _is_free(sentence: str) -> bool:
    """Whether a passage is whole, and no heading or numbered part of something."""
    return (
        sentence[-1] in ".?!"
        and len(sentence.split()) >= _FEWEST_WORDS
        and bool(re.match(r"[A-Z][\w'’-]*\s", sentence))
    )


# Words by which the form of English is known.
# ruff: noqa: SIM905 - word lists read better as text

_FUNCTION = frozenset(
    "a about above after against all also although an and another any are around as at be "
    "because been before being below between both but by can cannot could did do does down "
    "during each either else even every few for from had has he her here hereby herein "
    "hereof his how however i if in into is it its itself just least less many may me might "
    "more most much must my neither no none nor not of off on once one only onto or other "
    "others otherwise our out over own per same shall she should since so some such than that "
    "the their theirs them themselves then there thereby therefore therein thereof these they "
    "this those though through thus to too under unless until up upon us very was we were what "
    "whatever when where whether which while who whom whose why will with within without would "
    "yes yet you your yours two three provided including regardless notwithstanding subject "
    "according respect solely merely".split()
)
_CLAUSAL = frozenset(
    "if when where which that who whose unless provided however but because although though "
    "while including such whether is are was were be been has had will shall may must can would "
    "should as e.g. i.e. etc. namely even solely not then therefore thus otherwise".split()
)
_BEFORE_NOUNS = frozenset(
    "the a an any this that these those such each all its their your his her our no some every of "
    "in for with from by under on other same".split()
)
_SINGULAR = frozenset("a an this that each every one another".split())
_BEFORE_VERBS = frozenset("to not may must can will shall should would could you we they".split())
_VERBS = frozenset(
    "accept access acquire add affix agree alter allow apply assert assign assume attach avoid "
    "begin breach build buy carry cause change charge choose claim combine comply construe "
    "control convey copy cover create deliver deny develop disclaim display distribute download "
    "enable enforce ensure enter execute exercise export extend fail file follow forbid give "
    "grant hold import impose include incorporate indemnify infringe initiate inspect install "
    "interpret keep lease lend license limit link list lose maintain make mark merge modify "
    "move obtain offer operate own patent perform permit place post preserve prevent produce "
    "prohibit propagate protect prove provide publish read receive recover redistribute refer "
    "release relicense remove rent repair replace represent reproduce require restrict retain "
    "reveal review run save search sell send share show sign state stop store sublicense submit "
    "sue support surrender survive take teach terminate test transfer translate transmit "
    "understand update upload use verify view violate void waive warrant write study improve "
    "adapt invoke eat drink wash cook bake paint draw sing clean walk ride drive visit count "
    "weigh measure open close have".split()
)
_VERBS_AND_NOUNS = frozenset(
    "access change charge claim control copy cover display export file grant hold import lease "
    "license limit link list mark offer patent place post rent repair release review run search "
    "share state store support test transfer update use view study drink paint walk ride visit "
    "count measure".split()
)
_ADJECTIVES = frozenset(
    "common typical free new old own whole full clear complete direct indirect express implied "
    "explicit implicit verbatim modified original derivative covered later prior separate "
    "single similar proper public private fair good bad open closed large small big long short "
    "high low early late certain necessary sufficient gross net real true false irrevocable "
    "perpetual worldwide red blue green yellow black white brown pink purple gray".split()
)
_ENDINGS: Sequence[tuple[str, tuple[str, ...]]] = (
    (r"['’]$", ("possessive",)),
    (r"(?:tion|sion|ment|ness|ity|ance|ence|ship|ure|age|ism|dom)$", ("noun",)),
    (r"[^sui]s$", ("noun", "plural")),
    (r"ing$", ("ing",)),
    (r"(?:[^e]|re)ed$", ("ed", "adjective")),
    (r"ly$", ("ly",)),
    (r"(?:ive|al|able|ible|ous|ic|ary|ful|less)$", ("adjective",)),
    (r"(?:ent|ant)$", ("adjective", "noun")),
    (r"(?:ate|ify|ise|ize)$", ("verb",)),
)
_SHORTEST_STEM = 4
_LEANING = frozenset(
    "if when unless this these those that it its he she they them their his her such however "
    "therefore thus hence but and or so then also otherwise instead moreover furthermore "
    "nevertheless accordingly consequently additionally similarly likewise both neither here "
    "there finally next second third afterwards meanwhile still yet for".split()
)
_LEANING_PAIRS = frozenset(("in this", "in that", "in such", "for this", "for example", "to do"))
