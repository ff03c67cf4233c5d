"""Messages on the console, with a copy in SERIAL_LOG. A console that is gone, or a full disk, stops no helper."""

import os


def say(text: str) -> None:
    line = f"[vicinity] {' '.join(text.splitlines())}\n".encode("utf-8", "backslashreplace")
    for write in (append_to_copy, write_to_console):
        try:
            write(line)
        except OSError:
            pass  # The other one goes on.


def write_to_console(line: bytes) -> None:
    os.write(1, line)


def append_to_copy(line: bytes) -> None:
    with open(os.environ.get("SERIAL_LOG", os.devnull), "ab", buffering=0) as copy:
        copy.write(line)
