"""Common English words in small letters."""

import re
from functools import cache


@cache
def words() -> tuple[str, ...]:
    """Three to eight letters from a to z, the most frequent first.

    Frequencies are those of wordfreq (Speer 2022, doi:10.5281/zenodo.7199437). Names, abbreviations
    and what could offend are left out, as far as they are known.
    """
    from wordfreq import top_n_list

    return tuple(
        word
        for word in top_n_list("en", _MOST)
        if re.fullmatch("[a-z]{3,8}", word) and word not in _LEFT_OUT
    )


_MOST = 2600
"""Of the frequent words; beyond are more names than a list can hold."""
_LEFT_OUT = frozenset(
    """
    alex ben bob charles chris daniel david don frank george harry henry jack jackson james jim
    joe john johnson jones kim lee louis martin mary max michael mike nick obama paul peter ray
    richard robert ryan sam scott smith steve taylor thomas tom tony trump william williams

    africa african america american angeles asia asian boston brazil britain british canada
    canadian chicago china chinese england english europe european florida france french german
    germany india indian iran ireland israel italian italy japan japanese jersey jewish korea
    london los mexico muslim ohio pacific paris russia russian san scotland scottish spain
    spanish texas usa virginia wales york

    april august december february friday january july june monday november october saturday
    sunday thursday tuesday

    christ facebook google jesus twitter youtube

    dont etc gonna gotta http iii inc kinda lol mrs non via wanna

    ass bitch damn dick fuck fucked fucking gay hell sex sexual shit stupid suicide violence
    """.split()
)
