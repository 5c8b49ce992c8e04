"""Signs: what the files of a domain begin with, where their extension is not theirs alone.

A sign is looked for near the beginning of a file. Of domains that share an extension, only those
whose sign is there try the file, and one that has no sign.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

HEAD = 1 << 14
"""How many characters of a file are looked at."""
_SIGNS: Mapping[str, str] = {
    "aviation": r"(?m)^\(?[A-Z]\d{4}/\d\d NOTAM[NRC]",
    "docker": r"(?im)\A(?:\s*(?:#.*|ARG\s.*)?\n)*FROM\s+\S+",
    "earncall": r"(?m)^\*\*[^*\n]{2,60}\*\* \[\d\d:\d\d:\d\d\]:",
    "fiction": r"(?m)^#{1,3} Chapter \w",
    "foodmenu": r"(?m)^- .*\*\*.+\*\*.*\d+[.,]\d\d",
    "geodata": r'"type"\s*:\s*"Feature(?:Collection)?"',
    "geotrack": r"<gpx[\s>]",
    "jobboard": r"(?ms)^Ref: .*?^Title: ",
    "landmarks": r"<kml[\s>]",
    "makefile": r"(?m)^(?:\.PHONY\s*:|[\w./%$(){}-]+(?: [\w./%-]+)*\s*:(?!=).*\n\t)|\A#!.*\bmake\b",
    "playlist": r"<playlist\b[^>]*xspf",
    "python": r"\A#!.*\bpython",
    "recipe": r"(?im)^#{1,3} (?:Ingredients|Method|Directions)\b",
    "robotics": r"<robot[\s>]",
    "satellite": r"(?m)^1 \d{5}[A-Z ]",
    "slides": r"(?ms)\A(?:---\n.*?^---$)?+(?:.*?^---$){2}",
    "starcatalog": r"<VOTABLE[\s>]",
    "transit": r"\A(?:\w+,)*(?:stop|route|trip|service|agency|shape|fare)_(?:id|name)\b",
    "vector": r"<svg[\s>]",
    "weather": r"(?m)^(?:METAR|SPECI|TAF) ",
}  # fmt: skip
_MOSTLY: Mapping[str, str] = {
    "settings": r"\s*(?:\[[^\n]*\]\s*$|[\w\"'$.@/?+~*%\[\] -]{1,80}?(?:\s*=|:\s|:$))",
}  # fmt: skip
"""What most lines of such files are like; blank ones and comments are left out."""
_LEAST_ALIKE = 2
_ASIDE = re.compile(r"\s*(?:[\])},]*\s*$|[#;]|//)")
_PROGRAM = re.compile(r"[;{(,]\s*$")
_NAMES: Mapping[str, str] = {
    "docker": r"Dockerfile", "makefile": r"(?:GNU)?[Mm]akefile",
    "markdown": r"(?i).*\.(?:md|markdown|mdown)",
    "settings": r"(?i).*\.(?:ini|cfg|conf|toml|properties|desktop|service|socket|timer)",
}  # fmt: skip
"""Names that a kind of file has by custom."""


def signed(domain: str, name: str, text: str) -> bool:
    """Whether a file begins as those of a domain do, or is called so.

    Args:
        domain: Its name.
        name: The file's.
        text: What is in it.
    """
    named = re.fullmatch(_NAMES.get(domain, r"(?!)"), PurePosixPath(name).name) is not None
    if domain in _MOSTLY:
        return _mostly(re.compile(_MOSTLY[domain]), text[:HEAD], named=named)
    sign = _SIGNS.get(domain)
    return named or (sign is not None and re.search(sign, text[:HEAD]) is not None)


def _mostly(like: re.Pattern[str], text: str, *, named: bool) -> bool:
    """Whether two lines in three are alike, those aside that go on; nine in ten of any name."""
    lines = [line for line in text.splitlines() if not _ASIDE.match(line)]
    if named:
        found = [like.match(line) is not None for line in lines]
        counted = [one for one, line in zip(found, lines, strict=True) if one or line[0] > " "]
        return sum(counted) >= max(_LEAST_ALIKE, 2 / 3 * len(counted))
    alike = sum(like.match(line) is not None and not _PROGRAM.search(line) for line in lines)
    return alike >= max(_LEAST_ALIKE, 0.9 * len(lines)) and not text.startswith("#!")


def has_sign(domain: str) -> bool:
    """Whether there is a sign of a domain's files."""
    return domain in _SIGNS or domain in _MOSTLY or domain in _NAMES
