"""Tools of unrelated services, which crowd a worker's list: harmless, and true to their text.

Each line of the tables is a tool: verb, what it does, arguments, answer. An argument is a text,
`:int` a number, `:a|b` a choice, `?` may be left out. In an answer `{place}` repeats an argument,
`<1-30>` draws a number and `<clear|cloudy>` a word.
"""
# ruff: noqa: E501 - a tool a line

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, create_model

from worktrial.office.tool import Takes
from worktrial.randomness import stream

_SERVICES: Mapping[str, str] = {
    "weather": """
forecast | Forecast for a place on a day. | place day | {place}, {day}: <4-29> °C, <clear|cloudy|rain>.
now | The weather at a place at this moment. | place unit:celsius|fahrenheit? | {place}: <4-29> degrees, wind <2-40> km/h.
warnings | Warnings in force for a region. | region | No warnings are in force for {region}.
sun | Sunrise and sunset at a place. | place | {place}: sunrise 06:<10-59>, sunset 19:<10-59>.
rain | Chance of rain at a place in the next hours. | place hours:int | {place}, next {hours} hours: <0-95> % chance of rain.
pollen | Pollen count at a place. | place | Pollen at {place}: <low|moderate|high>.
""",
    "translate": """
text | Translate a text into another language. | text language:german|french|spanish | The service for {language} is offline; no translation.
detect | Detect the language of a text. | text | Most likely <English|Dutch|Danish>, confidence .<60-99>.
languages | List the languages that can be translated. | | german, french, spanish
glossary | Look up a term in a glossary. | term | No glossary entry for {term}.
spell | Check the spelling of a text. | text | <0-3> possible misspellings.
speak | Read a text aloud on the speaker. | text voice:low|high? | Played on the speaker.
""",
    "stock": """
quote | Last price of a listed share. | symbol | {symbol}: <12-480>.<10-99>
history | Prices of a share over the last days. | symbol days:int | {symbol}, {days} days: low <12-90>, high <91-480>.
watch | Put a share on the watch list. | symbol | {symbol} is on the watch list.
indices | Level of an index. | index | {index}: <4000-19000> points.
dividends | Next dividend of a share. | symbol | {symbol}: next dividend .<10-99> a share.
search | Find the symbol of a listed firm. | firm | Nothing is listed under {firm}.
""",
    "git": """
log | Last commits of a branch. | repository branch? count:int? | <a1|b7|c3>f<1000-9999> Tidy the build
status | State of the working tree of a repository. | repository | {repository}: nothing to commit, working tree clean
diff | Compare two revisions. | repository old new | {old}..{new}: <1-9> files changed
branches | List the branches of a repository. | repository | main, next
blame | Who last changed a line of source code. | repository path line:int | {path}:{line} commit <1000-9999>f
tags | List the tags of a repository. | repository | v1.<0-9>, v1.<10-19>
""",
    "maps": """
route | A route between two places. | start goal by:car|bicycle|foot? | {start} to {goal}: <2-300> km.
distance | Distance between two places. | start goal | {start} to {goal}: <2-300> km as the crow flies.
nearby | Places of a kind near a point. | point kind | Nearest {kind}: <120-900> m from {point}.
geocode | Coordinates of a place. | place | {place}: <40-59>.<1000-9999>, <1-19>.<1000-9999>
traffic | Traffic on a road. | road | {road}: <flowing|slow|standing>.
transit | Next departures at a stop. | stop | {stop}: line <1-30> in <1-15> minutes.
""",
    "music": """
play | Play a song on the speaker. | song artist? | Playing {song}.
pause | Pause the music. | | Paused.
search | Find songs by words. | words | <1-40> songs match {words}.
playlist | Make an empty playlist. | title | Playlist {title} made.
volume | Set the volume of the speaker. | percent:int | Volume is {percent} %.
lyrics | Words of a song. | song | No lyrics are stored for {song}.
""",
    "home": """
light | Set a lamp's brightness. | lamp percent:int | {lamp} is at {percent} %.
heating | Set a thermostat. | thermostat degrees:int | {thermostat} is set to {degrees} °C.
lock | State of a door's lock. | door | {door}: <locked|open>.
camera | What a camera saw last. | camera | {camera}: no movement for <3-90> minutes.
blinds | Move the blinds of a window. | window position:open|half|closed | Blinds of {window}: {position}.
power | Power drawn at a socket. | socket | {socket}: <0-1800> W.
""",
    "news": """
headlines | Headlines on a topic. | topic | <Council opens new bridge|Museum extends hours|Record apple harvest>
search | Find articles by words. | words days:int? | <0-60> articles mention {words}.
sources | List the papers that are read. | | The Courier, The Gazette
follow | Follow a topic. | topic | You follow {topic}.
trending | Topics that are read the most. | country? | <gardening|cycling|astronomy>
digest | Length of today's digest. | | Today's digest has <6-20> articles.
""",
    "recipes": """
find | Find recipes with an ingredient. | ingredient | <Soup|Pie|Salad> with {ingredient}
show | Show a recipe. | dish | {dish}: <20-90> minutes, <3-9> ingredients.
scale | Scale a recipe to a number of guests. | dish guests:int | {dish} for {guests}: amounts times {guests}.
substitute | What can replace an ingredient. | ingredient | For {ingredient}: <yoghurt|oats|lentils>.
calories | Energy of a dish. | dish | {dish}: <180-900> kcal a portion.
season | What is in season. | month | {month}: <leeks|pears|asparagus>.
""",
    "flight": """
status | State of a flight. | flight | {flight}: <on time|delayed|boarding>.
search | Flights between two airports. | origin goal day | {origin} to {goal}, {day}: <1-9> flights.
gate | Gate of a flight. | flight | {flight}: gate <A|B|C><1-40>.
baggage | Baggage allowance of an airline. | airline | {airline}: <8-23> kg.
airport | Code of a city's airport. | city | No code is known for {city}.
lounge | Lounges of an airport. | airport | {airport}: <0-4> lounges.
""",
    "sport": """
scores | Last result of a team. | team | {team}: <0-4> : <0-4>
table | Place of a team in its league. | team | {team}: place <1-18>.
fixtures | Next match of a team. | team | {team} plays next in <2-9> days.
player | Appearances of a player. | player | {player}: <3-200> appearances.
tickets | Whether tickets for a match are left. | match | {match}: <sold out|tickets left>.
records | Best time over a distance. | metres:int | Best time over {metres} m: <10-59> s.
""",
    "fitness": """
steps | Steps on a day. | day | {day}: <2000-14000> steps.
log | Note a workout. | activity minutes:int | {activity}, {minutes} minutes, noted.
goal | Set a goal of steps. | steps:int | Goal: {steps} steps a day.
sleep | Hours slept in a night. | day | Night to {day}: <5-9> hours.
heart | Resting pulse. | | <48-74> beats a minute.
plan | A training plan. | aim weeks:int | Plan for {aim}: {weeks} weeks, <2-5> runs a week.
""",
    "photo": """
search | Find photographs by words. | words | <0-80> photographs show {words}.
albums | List the albums. | | Summer, Garden, Mountains
resize | Resize a photograph. | photo width:int | {photo} is {width} pixels wide.
rotate | Rotate a photograph. | photo direction:left|right | {photo} was turned {direction}.
caption | Describe a photograph. | photo | {photo}: a <lake|street|tree> at <noon|dusk>.
usage | Space that photographs take. | | <2-60> GB in use.
""",
    "video": """
search | Find videos by words. | words | <1-90> videos match {words}.
captions | Captions of a video. | video language? | {video} has no captions.
chapters | Chapters of a video. | video | {video}: <2-12> chapters.
length | Length of a video. | video | {video}: <1-59>:<10-59>
queue | Queue a video to be watched. | video | {video} is queued.
channel | Videos of a channel. | channel | {channel}: <4-400> videos.
""",
    "currency": """
convert | Convert an amount between two currencies. | amount:int source target | {amount} {source} at <1-2>.<10-99> {target} each.
rate | Rate between two currencies. | source target | 1 {source} = <0-2>.<10-99> {target}
list | List the currencies that are quoted. | | EUR, USD, GBP, JPY, CHF
history | Range of a rate over the last days. | source target days:int | {source}/{target}, {days} days: between .<60-79> and .<80-99>.
alert | Watch a rate. | source target | {source}/{target} is watched.
round | Smallest coin of a currency. | currency | {currency}: .0<1-5>
""",
    "dictionary": """
define | Define a word. | word | {word}: no definition is stored.
synonyms | Words of the same meaning. | word | No synonyms are stored for {word}.
rhymes | Words that rhyme. | word | <0-30> rhymes with {word}.
origin | Where a word comes from. | word | {word}: of <Latin|Norse|Greek> origin.
random | A word of the day. | | <lantern|meander|thicket>
plural | Plural of a word. | word | No irregular plural of {word} is known.
""",
    "parcel": """
track | Where a parcel is. | number | {number}: <in transit|at the depot|delivered>.
rates | Price of sending a parcel. | grams:int country | {grams} g to {country}: <4-40> EUR.
pickup | Times at which parcels are picked up. | street | {street}: <8-11>:00 and <14-17>:00.
lockers | Parcel lockers near a place. | place | <0-6> lockers near {place}.
customs | Customs rate of goods. | goods | {goods}: <0-19> %.
label | Size of a label. | format:small|large | {format}: <10-15> × <15-20> cm.
""",
    "game": """
dice | Throw dice. | sides:int | <1-6> (die with {sides} sides)
coin | Toss a coin. | | <heads|tails>
chess | Name of an opening in chess. | moves | {moves}: <Open Game|Closed Game|Flank Opening>
sudoku | Draw a sudoku. | level:easy|hard | Sudoku {level}-<100-999> drawn.
trivia | A trivia question. | topic | {topic}: in which century did it begin?
scoreboard | Best score in a game. | game | {game}: <120-9800> points.
""",
    "garden": """
water | Water a bed. | bed minutes:int | {bed} is watered for {minutes} minutes.
moisture | Moisture of a bed's soil. | bed | {bed}: <10-80> %.
plant | How to care for a plant. | plant | {plant}: <sun|half shade>, water every <2-9> days.
frost | Whether frost is expected. | | <No frost is expected|Light frost is expected>.
pests | Pests of a plant. | plant | {plant}: <aphids|snails|none known>.
harvest | When a plant is harvested. | plant | {plant}: in <6-20> weeks.
""",
    "library": """
search | Find books by title or author. | words | <0-30> books match {words}.
loan | Until when a book is lent. | title | {title}: <on the shelf|on loan>.
hours | Opening hours of a branch. | branch | {branch}: <8-10>:00 to <17-20>:00.
reserve | Reserve a book. | title branch | {title} is reserved at {branch}.
review | Readers' rating of a book. | title | {title}: <2-5> of 5.
similar | Books like a given one. | title | <0-12> books are like {title}.
""",
}  # fmt: skip
_DRAW = re.compile(r"\{(\w+)\}|<(?:(\d+)-(\d+)|([^<>]+))>")
LARGEST_CROWD = 120
_LITERAL: Any = Literal
LONGEST_TEXT, LARGEST_NUMBER = 300, 1_000_000


class Unrelated(NamedTuple):
    """A tool that has nothing to do with the office: its arguments, and what it answers."""

    name: str
    text: str
    takes: type[Takes]
    answer: str

    def run(self, taken: Takes, draw: int) -> str:
        """Answer: the same arguments get the same answer."""
        given = taken.model_dump()
        rng = stream(draw, "crowd", self.name, taken.model_dump_json())

        def drawn(found: re.Match[str]) -> str:
            argument, least, most, words = found.groups()
            if argument:
                return str(given[argument])
            return (
                rng.choice(words.split("|")) if words else str(rng.randint(int(least), int(most)))
            )

        return _DRAW.sub(drawn, self.answer)


@cache
def unrelated_tools() -> tuple[Unrelated, ...]:
    """Every tool of the tables."""
    return tuple(
        tool for service, lines in _SERVICES.items() for tool in _tools(service, lines.strip())
    )


@cache
def crowd(size: int, draw: int) -> tuple[Unrelated, ...]:
    """So many of them, drawn."""
    return tuple(stream(draw, "crowd").sample(unrelated_tools(), size))


def _tools(service: str, lines: str) -> Iterator[Unrelated]:
    for line in lines.splitlines():
        verb, text, arguments, answer = (part.strip() for part in line.split(" |"))
        name = f"{service}_{verb}"
        fields: dict[str, Any] = dict(map(_argument, arguments.split()))
        takes = create_model(name, __base__=Takes, **fields)
        yield Unrelated(name, text, takes, answer)


def _argument(word: str) -> tuple[str, Any]:
    """An argument as pydantic takes it: its type, and `...` or a default."""
    name, _, kind = word.rstrip("?").partition(":")
    of: Any
    default: Any
    if kind == "int":
        of, default = Annotated[int, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)], 1
    elif kind:
        of, default = _LITERAL[tuple(kind.split("|"))], kind.split("|")[0]
    else:
        of, default = Annotated[str, Field(max_length=LONGEST_TEXT)], ""
    return name, (of, default if word.endswith("?") else ...)
