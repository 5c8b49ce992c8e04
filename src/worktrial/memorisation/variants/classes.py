"""Words that may stand for one another in a problem, by class. Every list is our own."""

# ruff: noqa: SIM905 - long word lists read better as text

from collections.abc import Mapping

from worktrial.documents.content import CITIES

WOMEN = (
    "Abby Ada Agnes Alice Alma Amanda Amy Ana Andrea Angela Anita Ann Anna Anne Annie Audrey "
    "Ava Barbara Bella Beth Betty Bianca Brenda Bridget Camila Carla Carmen Carol Caroline "
    "Cathy Chloe Christina Cindy Claire Clara Cora Dana Daria Debbie Deborah Diana Donna Dora "
    "Doris Edith Elena Elise Eliza Elizabeth Ella Ellen Elsa Emily Emma Erica Erin Esther Eva "
    "Evelyn Fatima Fiona Flora Frida Gemma Gina Gloria Greta Hannah Helen Ida Ines Irene Isabel "
    "Jane Janet Jasmine Jenna Jennifer Jenny Jessica Jill Joan Joanna Josie Joyce Judith Judy "
    "Julia Julie Karen Kate Katie Kayla Kelly Kim Kylie Laura Lauren Leah Leila Lena Linda Lisa "
    "Lola Lucia Lucy Lydia Maggie Mandy Margaret Maria Marie Marissa Martha Mary Maya Megan "
    "Melissa Mia Michelle Mila Molly Monica Nadia Nancy Naomi Natalie Nina Nora Olga Olivia "
    "Paige Paula Polly Priya Rachel Rebecca Rita Rosa Ruth Sally Samantha Sandra Sara Sarah "
    "Selma Sofia Sonia Sophia Stella Stephanie Susan Suzanne Tamara Tanya Tara Teresa Tina "
    "Ursula Valerie Vanessa Vera Veronica Victoria Wanda Wendy Yasmin Yolanda Zoe Carly Janice "
    "Lorraine Marcy Tracy Meredith Mabel Amara Zofia Tomoko Joana Hana"
).split()
MEN = (
    "Aaron Adam Alan Albert Alex Alexander Alfred Andrew Andy Anthony Anton Antonio Arnold "
    "Arthur Barry Ben Benjamin Bernard Bill Billy Bob Bobby Brad Brandon Brian Bruce Bryan "
    "Caleb Calvin Carl Carlos Charles Charlie Chris Christopher Colin Connor Craig Cyrus Daniel "
    "Darren Dave David Dennis Derek Diego Donald Doug Dylan Earl Eddie Edgar Edward Eli Emil "
    "Eric Ethan Eugene Evan Felix Fernando Frank Fred Gabriel Gary George Gerald Glen Gordon "
    "Greg Gustav Hank Harold Harry Hassan Hector Henry Howard Hugo Ian Ibrahim Isaac Ivan Jack "
    "Jacob Jake James Jared Jason Jeff Jeremy Jerry Jim Jimmy Joe Joel John Johnny Jonas "
    "Jonathan Jose Joseph Josh Joshua Juan Julian Justin Karl Keith Ken Kenneth Kevin Kofi Kyle "
    "Larry Lars Leo Leon Leonard Liam Logan Louis Lucas Luis Luke Marco Marcus Mario Martin "
    "Marvin Mason Mateo Matt Matthew Michael Miguel Mike Mitchell Nathan Neil Nicholas Nick "
    "Noah Norman Oliver Omar Oscar Oskar Owen Patrick Paul Pedro Peter Phil Philip Quentin "
    "Ralph Randy Raul Ray Raymond Ricardo Richard Rick Robert Roger Ron Ronald Ross Roy Ruben "
    "Russell Ryan Sam Samir Samuel Scott Sean Sebastian Simon Stanley Stefan Stephen Steve "
    "Steven Stuart Ted Terry Theo Thomas Tim Timothy Toby Todd Tom Tommy Tony Travis Trevor "
    "Tyler Victor Viktor Vincent Walter Warren Wayne Wesley William Xavier Yusuf Zach"
).split()
SURNAMES = (
    "Adams Anderson Bennett Campbell Carter Clark Collins Cox Davis Edwards Evans Garcia Gomez "
    "Graham Griffin Harris Hayes Henderson Hughes Jackson Jenkins Johnson Jones Kelly Lewis "
    "Lopez Martinez Miller Mitchell Moore Morgan Morris Murphy Nelson Parker Patel Perez "
    "Peterson Phillips Powell Richardson Rivera Roberts Robinson Rodriguez Rogers Sanchez "
    "Sanders Scott Simmons Smith Stewart Taylor Thomas Thompson Torres Turner Watson Williams "
    "Wilson Wright"
).split()
_MORE_CITIES = (
    "Atlanta Austin Barcelona Berlin Boston Brussels Chicago Cleveland Dallas Denver Detroit "
    "Dublin Geneva Hamburg Houston Lisbon London Madrid Melbourne Miami Milan Montreal Munich "
    "Nairobi Oslo Paris Philadelphia Phoenix Portland Prague Rome Seattle Stockholm Sydney "
    "Tokyo Toronto Vienna Warsaw Zurich"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LONG_MONTHS = "January July August October December".split()
"""Without March and May, which are other words too, and February, which is of no one length."""
SHORT_MONTHS = "April June September November".split()
_NOUNS: Mapping[str, str] = {
    "fruit": "apple apricot avocado banana cherry coconut grape grapefruit guava kiwi lemon mango "
    "melon nectarine papaya peach pear pineapple plum pomegranate quince raspberry strawberry "
    "tangerine tomato watermelon",
    "animal": "alpaca cat chicken cow deer dog donkey eagle elephant emu goat goose hamster "
    "hen horse lamb llama monkey ostrich otter owl parrot pig pigeon pony puppy "
    "rabbit rooster kitten turtle",
    "thing": "album badge balloon bead book bracelet button candle crayon cup envelope eraser "
    "folder hat jar kite ladder lamp magazine magnet marble medal mug necklace notebook ornament "
    "pencil pillow postcard poster puzzle ribbon scarf seashell spoon sticker towel toy umbrella "
    "vase",
    "baked": "bagel biscuit brownie bun cake cookie croissant cupcake doughnut eclair muffin "
    "pancake pastry pie pretzel scone tart waffle",
    "flower": "aster azalea begonia crocus daffodil dahlia daisy geranium iris lily orchid pansy "
    "peony petunia primrose sunflower tulip",
    "colour": "beige black blue brown gray green indigo pink purple red teal white yellow",
}
_IRREGULAR = {
    "calf": "calves",
    "goose": "geese",
    "deer": "deer",
    "ox": "oxen",
    "tomato": "tomatoes",
}
_VOWELS = "aeiou"


def plural(noun: str) -> str:
    """More than one of it."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def _classes() -> dict[str, list[str]]:
    found = {
        "woman": WOMEN,
        "man": MEN,
        "surname": [name for name in SURNAMES if name not in {*WOMEN, *MEN}],
        "city": sorted({*CITIES, *_MORE_CITIES}),
        "day": DAYS,
        "long month": LONG_MONTHS,
        "short month": SHORT_MONTHS,
    }
    for kind, text in _NOUNS.items():
        for initial in ("vowel", "consonant"):
            words = [w for w in text.split() if (w[0] in _VOWELS) == (initial == "vowel")]
            found[f"{kind}, {initial}"] = words
    return found


CLASSES: Mapping[str, list[str]] = _classes()
"""Words by class; nouns in the singular, apart by the article that they take."""
NOUNS = frozenset(name for name in CLASSES if "," in name)
CLASS_OF: Mapping[str, str] = {
    word: kind for kind in reversed(list(CLASSES)) for word in CLASSES[kind]
}
PLURALS: Mapping[str, str] = {plural(w): w for kind in NOUNS for w in CLASSES[kind]}
"""Singulars by plural."""
