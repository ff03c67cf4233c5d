"""Shows the job's log on the console, in short lines whatever the job prints.

Usage: console.py LOG SERIAL_LOG

Google's script runner breaks the pipe at a line of 64 KiB, so lines are folded to LINE_BYTES; a carriage
return, as in progress bars, ends a line; bytes that are not UTF-8 and control characters are shown as
\\xNN. Everything printed also goes to SERIAL_LOG. Runs until SIGTERM, then prints the rest of the log and ends.
"""

import codecs
import os
import re
import signal
import sys
import time
from typing import BinaryIO, Iterator, Optional

LINE_BYTES = 1000
POLL_SECONDS = 0.2
# Pieces that stay in the processor's cache, and below what malloc asks the kernel for each time.
READ_BYTES = 1 << 16
# A serial port is slow: a reader that is further behind than this skips to the end, and says so. build.log has
# everything.
MOST_BEHIND_BYTES = 8 << 20
SHOWN_BYTES = 1 << 18
DRAIN_SECONDS = 10
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_END = re.compile(r"\r\n|\n|\r")
VISIBLE = bytes(range(0x20, 0x7f)) + b"\t\n"
# Begins with two literals, which are searched for many times faster than a repetition.
EMPTY_LINES = re.compile(rb"\n\n+")


class Lines:
    """Turns bytes as they come into short printable lines, each with its end."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._rest = ""

    def feed(self, data: bytes, final: bool = False) -> bytes:
        plain = None if final else self._plain(data)
        if plain is None:
            return "".join(line + "\n" for line in self._any(data, final)).encode()
        return plain

    def _plain(self, data: bytes) -> Optional[bytes]:
        """Most output is plain already: short lines of ASCII. Then there is little to do, and it is done for
        all lines at once. None: they have to be looked at one by one."""
        begun = self._rest.encode()
        is_plain = is_visible(data) and is_visible(begun) and self._decoder.getstate() == (b"", 0)
        whole, end, rest = data.rpartition(b"\n")
        if not (is_plain and end and len(begun) < LINE_BYTES and len(rest) <= LINE_BYTES):
            return None
        lines = begun + whole + end
        if has_long_line(lines):
            return None
        self._rest = rest.decode()
        return EMPTY_LINES.sub(b"\n", lines).lstrip(b"\n")

    def _any(self, data: bytes, final: bool) -> Iterator[str]:
        text = self._rest + self._decoder.decode(data, final)
        # A carriage return at the end may be half of "\r\n".
        held = "\r" if text.endswith("\r") and not final else ""
        *whole, self._rest = LINE_END.split(text[: len(text) - len(held)])
        self._rest += held
        if final or len(self._rest) > LINE_BYTES:
            whole, self._rest = whole + [self._rest], ""
        for line in whole:
            yield from fold(printable(line))


def is_visible(data: bytes) -> bool:
    return not data.translate(None, VISIBLE)


def has_long_line(lines: bytes) -> bool:
    """Whether one of them, which end in a newline all, is longer than LINE_BYTES."""
    start = 0
    while start < len(lines):
        start = lines.rfind(b"\n", start, start + LINE_BYTES + 1) + 1
        if not start:
            return True
    return False


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
    """Standard output and its copy. If one fails (a lost console, a full disk), the other continues."""

    def __init__(self, copy: BinaryIO):
        self._copy = copy

    def print(self, data: bytes) -> None:
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
        log.seek(behind - SHOWN_BYTES, os.SEEK_CUR)
        console.print(f"[vicinity] {behind - SHOWN_BYTES} bytes of output are only in build.log\n".encode())


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
