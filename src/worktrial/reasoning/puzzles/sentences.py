"""Fresh sentences out of a closed list of words, all our own: nothing that could be quoted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

_DETERMINERS = "the his her our their this that each every one some another"
_CONJUNCTIONS = "while because before after until although whenever once"
_PREPOSITIONS = (
    "near beside behind under above across around inside outside beyond against along past "
    "toward opposite below"
)
_ADJECTIVES = (
    "old new tall small young quiet clever patient cheerful gentle proud honest lonely tired "
    "hungry merry lazy busy famous foreign ancient modern narrow heavy wooden copper silver "
    "golden crimson purple yellow green brown grey black white broken dusty hollow crooked "
    "rusty shiny simple splendid graceful curious peculiar ordinary enormous tiny massive "
    "slender sturdy fragile warm cold damp dry plain round square striped spotted woollen "
    "velvet leather marble paper bitter sweet bright gloomy noisy silent sleepy nervous jolly "
    "humble noble clumsy brave timid polite careless distant local northern southern sunny "
    "misty windy frozen muddy sandy grassy mossy pretty odd slow quick strange secret spare "
    "steep sharp blunt bent thin wide flat"
)
_NOUNS = (
    "baker farmer teacher sailor painter doctor driver gardener tailor miller weaver potter "
    "hunter pilot nurse clerk porter singer dancer writer editor printer plumber glazier cook "
    "guard judge uncle cousin sister brother mother father nephew niece widow stranger "
    "traveller visitor merchant captain soldier knight queen king prince shepherd carpenter cat "
    "dog fox owl hen goat horse donkey rabbit beaver otter badger falcon raven pigeon sparrow "
    "heron tiger camel turtle lizard spider beetle lamp candle lantern ladder hammer basket "
    "bucket barrel bottle kettle teapot saucer plate spoon ladle mirror window door table bench "
    "chair carpet curtain pillow blanket letter parcel ticket ribbon button needle thimble ring "
    "coin medal statue drum flute violin trumpet piano bell clock compass map atlas book ledger "
    "pencil brush easel wagon cart sledge boat ferry canoe raft anchor kite ball garden orchard "
    "meadow forest valley harbour bridge river canal island village market castle tower chapel "
    "station tunnel attic cellar kitchen pantry stable barn mill forge bakery library museum "
    "theatre school apple cherry lemon melon carrot onion pumpkin cabbage cheese pudding "
    "biscuit sandwich pie cake loaf pot pan cup jug box bag hat cap coat boot glove scarf shirt "
    "tent rope sail oar net rod bow axe nail stone rock hill lake pond well path road lane gate "
    "wall roof shed yard field tree leaf seed rose tulip poppy daisy lily fern oak elm pine "
    "hare deer duck goose swan crow hawk bear wolf mule pony lamb pig cow bee ant moth frog "
    "toad newt crab"
)
_VERBS = (
    "found carried painted mended polished followed admired watched measured borrowed returned "
    "sold bought hid lifted moved pushed pulled cleaned counted noticed described sketched "
    "ignored praised guarded repaired delivered collected forgot remembered wanted missed "
    "dropped touched weighed wrapped saw kept lost left took drew passed met liked needed "
    "showed traded stored covered examined inspected protected shook turned washed"
)
_SLOTS: Mapping[str, Sequence[str]] = {
    slot: words.upper().split()
    for slot, words in {
        "D": _DETERMINERS,
        "C": _CONJUNCTIONS,
        "P": _PREPOSITIONS,
        "A": _ADJECTIVES,
        "N": _NOUNS,
        "V": _VERBS,
    }.items()
}
_CLAUSE = "DNVDN"
_TAILS = ("PDN", "PDAN", "CDNVDN", "CDANVDN")

WORDS: tuple[str, ...] = tuple(sorted({word for words in _SLOTS.values() for word in words}))
"""Every word that a sentence can have, in capitals."""


def sentence(words: int, rng: Random) -> list[str]:
    """A sentence of so many words, five at least; only determiners come twice."""
    decks = {slot: rng.sample(of, len(of)) for slot, of in _SLOTS.items()}
    return [
        rng.choice(_SLOTS[slot]) if slot == "D" else decks[slot].pop()
        for slot in _skeleton(words, rng)
    ]


def decoys(
    words: Iterable[str], each: int, near: Callable[[str, str], float], rng: Random
) -> set[str]:
    """Other words of the same lengths.

    Args:
        words: Which they are to be mistaken for.
        each: How many for every word, as far as the list goes.
        near: How easily the first word is mistaken for the second; the nearest are taken.
        rng: Decides between those that are equally near.
    """
    real, found = dict.fromkeys(words), set[str]()
    for word in real:
        others = [o for o in WORDS if len(o) == len(word) and o not in real and o not in found]
        shuffled = rng.sample(others, len(others))
        found |= set(sorted(shuffled, key=lambda o: near(word, o), reverse=True)[:each])
    return found


def _skeleton(words: int, rng: Random) -> str:
    """A clause, and what can follow one, filled up with adjectives."""
    slots = _CLAUSE
    while words - len(slots) >= len(_TAILS[0]):
        slots += rng.choice([tail for tail in _TAILS if len(slots) + len(tail) <= words])
    bare = [n for n, slot in enumerate(slots) if slot == "N" and slots[n - 1] == "D"]
    for n in sorted(rng.sample(bare, words - len(slots)), reverse=True):
        slots = slots[:n] + "A" + slots[n:]
    return slots
