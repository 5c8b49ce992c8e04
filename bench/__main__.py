"""`make bench [ARGS="likeness relay …"]`, by default all of `BENCHES`: one JSON object a line."""

import json
import sys
from importlib import import_module

BENCHES = (
    "likeness",
    "relay",
    "shards",
    "large",
    "search",
    "office",
    "conduct",
    "memorisation",
    "puzzles",
    "embedded",
    "report",
    "hostile",
    "growth",
    "sequential",
)


def main() -> None:
    """Run the benches named, or all."""
    for name in sys.argv[1:] or BENCHES:
        for row in import_module(f"bench.{name}").measure():
            print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
