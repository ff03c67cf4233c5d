"""Runs one command in a session of its own, with a deadline. Usage: run.py SECONDS LOG COMMAND [ARG …]

Output is appended to LOG as it is. The command's processes all end when it ends, when the deadline passes
(exit status 124), when this program gets SIGTERM (143), or when the program that started this one is gone:
a killed script must not leave a job behind. Otherwise the exit status is the command's, 128 + N where
signal N ended it.
"""

import os
import select
import signal
import subprocess
import sys
import time

GRACE_SECONDS = 10
PARENT_CHECK_SECONDS = 1.0
TIMED_OUT, NOT_FOUND, STOPPED = 124, 127, 143


def main(seconds: str, log: str, *command: str) -> int:
    parent = os.getppid()
    wake = wake_on_signals()
    # The script's own process group may be killed as a whole: this program must live on to end the job.
    if os.getpgrp() != os.getpid():
        os.setsid()
    with open(log, "ab", buffering=0) as output:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                       start_new_session=True)
        except OSError as error:
            output.write(f"{command[0]}: {error.strerror}\n".encode())
            return NOT_FOUND
    deadline = time.monotonic() + float(seconds)
    while process.poll() is None:
        if os.getppid() != parent or stopped:
            end(process)
            return STOPPED
        left = deadline - time.monotonic()
        if left <= 0:
            end(process)
            return TIMED_OUT
        select.select([wake], [], [], min(left, PARENT_CHECK_SECONDS))
        drain(wake)
    kill_group(process, signal.SIGKILL)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


stopped = False


def wake_on_signals() -> int:
    """A pipe that becomes readable at each signal, so that waiting costs nothing and ends at once."""
    reader, writer = os.pipe()
    for end_of_pipe in (reader, writer):
        os.set_blocking(end_of_pipe, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, note_stop)
    # bash ignores them in the background; the command must not.
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    return reader


def note_stop(*_: object) -> None:
    global stopped
    stopped = True


def drain(reader: int) -> None:
    try:
        os.read(reader, 4096)
    except BlockingIOError:
        pass


def end(process: "subprocess.Popen[bytes]") -> None:
    kill_group(process, signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    kill_group(process, signal.SIGKILL)
    process.wait()


def kill_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
