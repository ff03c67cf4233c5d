"""Prints lines of a log that explain a failure, fit for a message: printable, short, and without secrets.

Usage: quote.py job|command|tail LOG [COUNT]

job      make's innermost error and the last line of the program that failed
command  the errors of the last command in startup_detail.log, as pip, cargo, rustup, apt and curl print them
tail     the last COUNT lines

Prints nothing where the log has no such line.
"""

import re
import sys
from typing import Iterator, List, Optional

from redact import redact

TAIL_BYTES = 256 << 10
LINE_CHARACTERS = 2000
QUOTE_CHARACTERS = 300
COLOUR = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")

MAKE = re.compile(r"make(?:\[(\d+)\])?: ")
MAKE_ERROR = re.compile(r"make(?:\[(\d+)\])?: \*\*\* (?!Waiting for unfinished jobs)")
# `[Makefile:3: all] Error 2`: a recipe failed, and what it ran has said why.
RECIPE_ERROR = re.compile(r"\*\*\* \[")

# run_logged writes the command's line before its output.
COMMAND = re.compile(r"\$ ")
ERROR = re.compile(r"\s*(?:E: |curl: \(|(?:\S+: )?(?:fatal )?error(?:\[\w+\])?: |\S{0,200}:\d+: (?:fatal )?error: )",
                   re.IGNORECASE)
# Errors that only repeat that there was one.
GENERAL = re.compile(r"subprocess-exited-with-error|Failed building wheel|Failed to build|could not compile|"
                     r"metadata-generation-failed|aborting due to")


def main(kind: str, log: str, count: str = "0") -> int:
    lines = list(read_lines(log))
    if kind == "tail":
        quoted = lines[-int(count):]
    else:
        found = explain_job(lines) if kind == "job" else explain_command(lines)
        quoted = [found] if found else []
    print(redact("\n".join(quoted)), end="\n" if quoted else "")
    return 0


def read_lines(log: str) -> Iterator[str]:
    with open(log, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - TAIL_BYTES, 0))
        data = file.read(TAIL_BYTES)
    for line in data.decode("utf-8", "replace").replace("\r", "\n").rstrip("\n").split("\n"):
        yield printable(line[:LINE_CHARACTERS]).rstrip()


def printable(text: str) -> str:
    plain = COLOUR.sub("", text)
    return "".join(letter for letter in plain if letter == "\t" or letter.isprintable())


def short(line: str) -> str:
    line = line.strip()
    return line if len(line) <= QUOTE_CHARACTERS else line[:QUOTE_CHARACTERS - 1] + "…"


def explain_job(lines: List[str]) -> Optional[str]:
    errors = [number for number, line in enumerate(lines) if MAKE_ERROR.match(line)]
    if not errors:
        return None
    number = innermost(lines, errors)
    error = short(lines[number])
    before = last_output(lines, number) if RECIPE_ERROR.search(error) else None
    return f"{error}. The line before: {short(before)}" if before else error


def innermost(lines: List[str], errors: List[int]) -> int:
    """From the last error up, through those of the makes that it ran: nothing but make's own lines lies between."""
    number = errors.pop()
    while errors and level(lines[errors[-1]]) > level(lines[number]) \
            and all(MAKE.match(line) for line in lines[errors[-1]:number]):
        number = errors.pop()
    return number


def level(line: str) -> int:
    found = MAKE.match(line)
    return int(found[1] or 0) if found else 0


def last_output(lines: List[str], number: int) -> Optional[str]:
    return next((line for line in reversed(lines[:number]) if line.strip() and not MAKE.match(line)), None)


def explain_command(lines: List[str]) -> Optional[str]:
    starts = [number for number, line in enumerate(lines) if COMMAND.match(line)]
    output = lines[starts[-1] + 1:] if starts else lines
    errors = [line for line in output if ERROR.match(line)]
    special = [line for line in errors if not GENERAL.search(line)]
    of_make = explain_job(output)
    quoted = [short(line) for line in (special or errors)[:1]]
    if of_make and not special:
        return of_make
    if of_make:
        quoted.append(short(of_make.split(". The line before: ")[0]))
    elif len(special) > 1:
        quoted.append(short(special[-1]))
    if not quoted:
        last = next((line for line in reversed(output) if line.strip()), None)
        quoted = [short(last)] if last else []
    return "; ".join(dict.fromkeys(quoted)) or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
