"""Prints the sha256 of programs, a line of JSON each. Usage: executed.py NAME=FILE …"""

import json
import sys

from inputs import hash_of


def main(*programs: str) -> int:
    for program in programs:
        name, _, path = program.partition("=")
        print(json.dumps({"name": name, "sha256": hash_of(path)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
