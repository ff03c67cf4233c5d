"""Prints lines of a log that explain a failure, fit for a message: printable, short, and without secrets.

Usage: quote.py job|command|tail LOG [COUNT]

job      make's innermost error and the last line of the program that failed
command  the errors of the last command in startup_detail.log, as pip, cargo, rustup, apt and curl print them
tail     the last COUNT lines

Prints nothing where the log has no such line.
"""

import re
import sys
from typing import Iterator, List, Optional, Tuple

from redact import redact

TAIL_BYTES = 256 << 10
# Bounds the time that redaction takes for a line.
LINE_CHARACTERS = 1000
QUOTE_CHARACTERS = 300
# A private key has fewer lines: one of its lines is recognised by those before.
CONTEXT_LINES = 80
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
        print(redact("\n".join(lines[-int(count):])))
        return 0
    found = explain_job(lines) if kind == "job" else explain_command(lines)
    if found:
        print(found)
    return 0


def read_lines(log: str) -> Iterator[str]:
    with open(log, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - TAIL_BYTES, 0))
        data = file.read(TAIL_BYTES)
    for line in data.decode("utf-8", "replace").replace("\r", "\n").rstrip("\n").split("\n"):
        yield printable(cut(line)).rstrip()


def cut(line: str) -> str:
    """At most LINE_CHARACTERS, in whole words: half of a secret would not be recognised as one."""
    if len(line) <= LINE_CHARACTERS:
        return line
    whole, space, _ = line[:LINE_CHARACTERS].rpartition(" ")
    return f"{whole}{space}…"


def printable(text: str) -> str:
    plain = COLOUR.sub("", text)
    return "".join(letter for letter in plain if letter == "\t" or letter.isprintable())


def quoted(lines: List[str], number: int) -> str:
    """The line without secrets, short. Secrets are removed before it is cut."""
    context = redact("\n".join(lines[max(number - CONTEXT_LINES, 0):number + 1]))
    line = context.rpartition("\n")[2].strip()
    return line if len(line) <= QUOTE_CHARACTERS else line[:QUOTE_CHARACTERS - 1] + "…"


def explain_job(lines: List[str]) -> Optional[str]:
    error, before = find_job_error(lines)
    if error is None:
        return None
    after = f". The line before: {quoted(lines, before)}" if before is not None else ""
    return quoted(lines, error) + after


def find_job_error(lines: List[str]) -> Tuple[Optional[int], Optional[int]]:
    """The numbers of make's innermost error and of the last line before make's own; None where there is none."""
    errors = [number for number, line in enumerate(lines) if MAKE_ERROR.match(line)]
    if not errors:
        return None, None
    error = innermost(lines, errors)
    return error, last_output(lines, error) if RECIPE_ERROR.search(lines[error]) else None


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


def last_output(lines: List[str], end: int) -> Optional[int]:
    return next((number for number in reversed(range(end)) if lines[number] and not MAKE.match(lines[number])), None)


def explain_command(lines: List[str]) -> Optional[str]:
    start = max((number for number, line in enumerate(lines) if COMMAND.match(line)), default=-1) + 1
    output = lines[start:]
    errors = [number for number, line in enumerate(output) if ERROR.match(line)]
    special = [number for number in errors if not GENERAL.search(output[number])]
    of_make, _ = find_job_error(output)
    if of_make is not None and not special:
        return explain_job(output)
    if of_make is not None:
        chosen = [special[0], of_make]
    else:
        chosen = [*special[:1], *special[-1:]] or errors[:1] or [last_output(output, len(output))]
    return "; ".join(dict.fromkeys(quoted(output, number) for number in chosen if number is not None)) or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
