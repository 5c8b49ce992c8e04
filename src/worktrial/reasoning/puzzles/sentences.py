"""Fresh sentences out of a closed list of words, all our own: nothing that could be quoted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

_DETERMINERS = "the his her our their this that each every one some another"
_CONJUNCTIONS = "while because before after until although whenever once"
_PREPOSITIONS = (
    "near beside behind under above across around inside outside beyond against along past toward "
    "opposite below over into onto from with without among between upon off"
)
_ADJECTIVES = (
    "old new tall small young quiet clever patient cheerful gentle proud honest lonely tired "
    "hungry merry lazy busy famous foreign ancient modern narrow heavy wooden copper silver "
    "golden crimson purple yellow green brown grey black white broken dusty hollow crooked rusty "
    "shiny simple splendid graceful curious peculiar ordinary enormous tiny massive slender "
    "sturdy fragile warm cold damp dry plain round square striped woollen velvet leather marble "
    "paper bitter sweet bright gloomy noisy silent sleepy nervous jolly humble noble clumsy brave "
    "timid polite careless distant local northern southern sunny misty windy frozen muddy sandy "
    "grassy mossy pretty odd slow quick strange secret spare steep sharp blunt bent thin wide "
    "flat angry eager early late loud soft hard light dark pale rich poor wise kind calm wild "
    "tame fresh stale crisp tender bold shy meek stern grim glad weary hasty handy lucky rapid "
    "fancy plump bulky chilly frosty cosy snug neat tidy messy sticky slimy greasy glossy furry "
    "hairy fluffy spiky thorny leafy woody rocky stony foggy rainy stormy cloudy shady dim vivid "
    "scarlet orange violet amber ivory blue pink red gold steel brass iron tin clay glass cotton "
    "linen silken woven knitted hidden stolen faded torn worn cracked sunken floating spinning "
    "singing sleeping smiling limping western eastern inner outer upper lower final second third "
    "double single empty full whole"
)
_NOUNS = (
    "baker farmer teacher sailor painter doctor driver gardener tailor miller weaver potter "
    "hunter pilot nurse clerk porter singer dancer writer editor printer plumber glazier cook "
    "guard judge uncle cousin sister brother mother father nephew niece widow stranger visitor "
    "merchant captain soldier knight queen king prince shepherd cat dog fox owl hen goat horse "
    "donkey rabbit beaver otter badger falcon raven pigeon sparrow heron tiger camel turtle "
    "lizard spider beetle lamp candle lantern ladder hammer basket bucket barrel bottle kettle "
    "teapot saucer plate spoon ladle mirror window door table bench chair carpet curtain pillow "
    "blanket letter parcel ticket ribbon button needle thimble ring coin medal statue drum flute "
    "violin trumpet piano bell clock compass map atlas book ledger pencil brush easel wagon cart "
    "sledge boat ferry canoe raft anchor kite ball garden orchard meadow forest valley harbour "
    "bridge river canal island village market castle tower chapel station tunnel attic cellar "
    "kitchen pantry stable barn mill forge bakery library museum theatre school apple cherry "
    "lemon melon carrot onion pumpkin cabbage cheese pudding biscuit sandwich pie cake loaf pot "
    "pan cup jug box bag hat cap coat boot glove scarf shirt tent rope sail oar net rod bow axe "
    "nail stone rock hill lake pond well path road lane gate wall roof shed yard field tree leaf "
    "seed rose tulip poppy daisy lily fern oak elm pine hare deer duck goose swan crow hawk bear "
    "wolf mule pony lamb pig cow bee ant moth frog toad newt crab aunt grocer butcher mason "
    "tanner cobbler saddler hatter joiner roofer barber banker lawyer actor poet monk abbot friar "
    "bishop mayor page squire scout ranger boatman cyclist swimmer runner walker climber juggler "
    "acrobat clown piper fiddler drummer girl boy lady baron earl count host guest tenant lodger "
    "lad cub kitten puppy calf foal colt mare bull ram ewe sheep mouse rat mole vole stoat "
    "weasel squirrel hedgehog lynx lion zebra monkey gorilla panda seal whale trout salmon perch "
    "carp eel squid robin wren finch thrush starling gull stork eagle vulture parrot peacock "
    "turkey rooster wasp hornet cricket locust snail worm slug plum pear peach grape fig date "
    "lime mango almond walnut hazel chestnut bean turnip radish leek lettuce tomato celery "
    "spinach cracker muffin waffle pancake noodle sausage omelette dish bowl tray fork knife jar "
    "mug flask pail tub sink stove oven fridge shelf cupboard drawer wardrobe sofa stool cradle "
    "mattress quilt towel apron jacket sandal slipper stocking mitten bonnet helmet crown sceptre "
    "shield spear sword arrow cannon collar leash saddle bridle stirrup plough rake spade shovel "
    "pick chisel plane drill wrench spanner pliers screw bolt hinge handle latch lock key chain "
    "wire cable lever pulley wheel axle engine motor pump pipe tap hose tank meter gauge scale "
    "ruler pen ink stamp card folder file parasol umbrella purse wallet trunk chest crate sack "
    "pouch tablet poster banner flag puzzle doll puppet rattle whistle harp cello banjo organ "
    "guitar bugle horn tune poem story fable novel diary essay report globe mural sketch cabin "
    "hut palace mansion cottage inn tavern hotel shop store bank court prison temple abbey "
    "convent shrine dome spire arch column stair porch terrace balcony lobby parlour study "
    "nursery cave cliff beach dune shore bay gulf strait brook creek marsh swamp moor heath "
    "prairie desert oasis glacier volcano peak ridge slope trail track street avenue corner fence "
    "hedge ditch trench dam dyke quay pier dock barge yacht tug liner tram bus truck van lorry "
    "bicycle scooter sleigh"
)
_VERBS = (
    "found carried painted mended polished followed admired watched measured borrowed returned "
    "sold bought hid lifted moved pushed pulled cleaned counted noticed sketched ignored praised "
    "guarded repaired forgot wanted missed dropped touched weighed wrapped saw kept lost left "
    "took drew passed met liked needed showed traded stored covered examined shook turned washed "
    "chased caught carved copied crossed defended drained emptied entered fetched filled filmed "
    "fixed flooded folded gathered guided handled heard held helped invented judged launched "
    "leased locked loved marked mapped named nudged obtained offered opened owned packed planted "
    "plucked poked posted pressed printed pitied raised reached recalled received refused removed "
    "rented rescued rinsed rolled rubbed scrubbed searched sent served shared shielded shut "
    "spotted squeezed steered stole studied swapped tested threw tied tipped traced tried tugged "
    "used valued visited warmed watered won"
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
"""Every word that a sentence can have, in capitals: three to eight letters each."""


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
