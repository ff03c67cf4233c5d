"""Follows the job's log on the console: short lines, whatever the job prints.

Usage: console.py LOG SERIAL_LOG

Google's script runner breaks the pipe at a line of 64 KiB, so lines are folded to LINE_BYTES; a carriage
return, as in progress bars, ends a line; bytes that are not UTF-8 and control characters are shown as
\\xNN. Everything printed also goes to SERIAL_LOG. Runs until SIGTERM, then prints the rest of the log and
ends.
"""

import codecs
import os
import re
import signal
import sys
import time
from typing import BinaryIO, Iterator

LINE_BYTES = 1000
POLL_SECONDS = 0.2
READ_BYTES = 1 << 16
# A serial port is slow: a reader that is further behind than this skips, and says so. build.log has
# everything.
MOST_BEHIND_BYTES = 8 << 20
DRAIN_SECONDS = 10
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """Turns bytes as they come into short printable lines."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._rest = ""

    def feed(self, data: bytes, final: bool = False) -> Iterator[str]:
        text = self._rest + self._decoder.decode(data, final)
        # A carriage return at the end may be half of "\r\n".
        held = "\r" if text.endswith("\r") and not final else ""
        *whole, self._rest = LINE_END.split(text[: len(text) - len(held)])
        self._rest += held
        if final or len(self._rest) > LINE_BYTES:
            whole, self._rest = whole + [self._rest], ""
        for line in whole:
            yield from fold(printable(line))


def printable(line: str) -> str:
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", COLOUR.sub("", line))


def fold(line: str) -> Iterator[str]:
    """Pieces of at most LINE_BYTES bytes; none for an empty line."""
    while len(line.encode()) > LINE_BYTES:
        piece = line.encode()[:LINE_BYTES].decode("utf-8", "ignore")
        yield piece
        line = line[len(piece):]
    if line:
        yield line


class Console:
    """Standard output and its copy. Where one cannot be written to (the console is gone, the disk full), the other
    goes on."""

    def __init__(self, copy: BinaryIO):
        self._copy = copy

    def print(self, lines: Iterator[str]) -> None:
        data = "".join(line + "\n" for line in lines).encode()
        if not data:
            return
        for write in (self._copy.write, write_all):
            try:
                write(data)
            except OSError:
                pass


def write_all(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view[:READ_BYTES]):]


def follow(log: BinaryIO, console: Console) -> None:
    lines, parent, end = Lines(), os.getppid(), float("inf")
    while time.monotonic() < end:
        skip_what_is_late(log, console)
        data = log.read(READ_BYTES)
        console.print(lines.feed(data))
        if data:
            continue
        if ended or os.getppid() != parent:
            break
        time.sleep(POLL_SECONDS)
        if ended:
            end = min(end, time.monotonic() + DRAIN_SECONDS)
    console.print(lines.feed(b"", final=True))


def skip_what_is_late(log: BinaryIO, console: Console) -> None:
    behind = os.fstat(log.fileno()).st_size - log.tell()
    if behind > MOST_BEHIND_BYTES:
        log.seek(behind - READ_BYTES, os.SEEK_CUR)
        console.print(iter([f"[vicinity] {behind - READ_BYTES} bytes of output are only in build.log"]))


ended = False


def note_end(*_: object) -> None:
    global ended
    ended = True


def main(log: str, serial_log: str) -> int:
    signal.signal(signal.SIGTERM, note_end)
    with open(log, "rb", buffering=0) as source, open(serial_log, "ab", buffering=0) as copy:
        follow(source, Console(copy))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
