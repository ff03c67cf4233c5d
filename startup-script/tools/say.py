"""Messages on the console, which may be gone: that is no reason for a program beside the job to end."""

import os


def say(text: str) -> None:
    try:
        os.write(1, f"[vicinity] {text}\n".encode())
    except OSError:
        pass
