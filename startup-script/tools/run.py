"""Runs one command in a session of its own, with a deadline. Usage: run.py SECONDS LOG LATE_MARK COMMAND [ARG …]

Output is appended to LOG as it is. All processes that the command has started end when it ends, when the deadline
passes (exit status 124), when this program gets SIGTERM (143), or when the program that started this one is gone: a
killed script must not leave a job behind. Otherwise the exit status is the command's, 128 + N where signal N ended
it. Since a command may exit with 124 by itself, the file LATE_MARK is created where the deadline ended it.

The command gets a pipe and not the file: a job that opens /dev/stderr, as many scripts do, would truncate the file,
or have no permission to open it.
"""

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from typing import BinaryIO, Callable, Dict

from family import Family, reap

GRACE_SECONDS = 10
PARENT_CHECK_SECONDS = 1.0
TIMED_OUT, NOT_FOUND, STOPPED = 124, 127, 143
# For the command: this program's own umask keeps its files from other users.
UMASK = 0o022
# The most that Linux gives without privileges.
PIPE_BYTES = 1 << 20
# fcntl.F_SETPIPE_SZ, which Python has since 3.10.
SET_PIPE_SIZE = 1031


def main(seconds: str, log: str, late_mark: str, *command: str) -> int:
    parent = os.getppid()
    wake = wake_on_signals()
    family = Family()
    # The script's process group may be killed as a whole: this program must live on to end the job.
    if os.getpgrp() != os.getpid():
        os.setsid()
    with open(log, "ab", buffering=0) as file:
        reader, writer = output_pipe()
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer,
                                       start_new_session=True, umask=UMASK)
        except OSError as error:
            file.write(f"{command[0]}: {error.strerror}\n".encode())
            return NOT_FOUND
        os.close(writer)
        job = Job(process, family, reader, file, wake)
        deadline = time.monotonic() + float(seconds)
        job.follow(deadline, lambda: stopped or os.getppid() != parent)
        if process.returncode is None:
            is_late = time.monotonic() >= deadline
            job.stop()
            if is_late:
                touch(late_mark)
            return TIMED_OUT if is_late else STOPPED
        job.end()
        return process.returncode if process.returncode >= 0 else 128 - process.returncode


def touch(path: str) -> None:
    with open(path, "w", encoding="utf-8"):
        pass


def output_pipe() -> "tuple[int, int]":
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    try:
        fcntl.fcntl(writer, SET_PIPE_SIZE, PIPE_BYTES)
        os.fchmod(writer, 0o622)  # The job's user opens /dev/stderr anew, and did not make the pipe.
    except OSError:
        pass  # This is not Linux.
    return reader, writer


class Job:
    """A process with its descendants, and its output on the way to the log."""

    def __init__(self, process: "subprocess.Popen[bytes]", family: Family, reader: int, log: BinaryIO, wake: int):
        self._process, self._family, self._reader, self._log, self._wake = process, family, reader, log, wake
        self._sources = [wake, reader]
        self._buffer = memoryview(bytearray(PIPE_BYTES))

    def follow(self, deadline: float, is_over: Callable[[], bool] = lambda: False) -> None:
        """Copies output until the process ends, the deadline passes, or it is over (checked once a second)."""
        noted = 0.0
        while self._is_running() and not is_over():
            left = deadline - time.monotonic()
            if left <= 0:
                break
            if time.monotonic() > noted + PARENT_CHECK_SECONDS:
                self._family.note()
                noted = time.monotonic()
            ready, _, _ = select.select(self._sources, [], [], min(left, PARENT_CHECK_SECONDS))
            if self._wake in ready:
                os.read(self._wake, 4096)
            if self._reader in ready:
                self.copy()

    def _is_running(self) -> bool:
        self._take(reap())
        return self._process.returncode is None

    def _take(self, ended: Dict[int, int]) -> None:
        """Orphans are waited for here too, so the process's own end is noted here and not by subprocess."""
        if self._process.pid in ended:
            self._process.returncode = ended[self._process.pid]

    def copy(self) -> None:
        """Copies what is there now: at most what a pipe holds, since a process left behind may write for ever."""
        try:
            data = self._buffer[:os.readv(self._reader, [self._buffer])]
        except BlockingIOError:
            return
        if not data:
            self._sources = [self._wake]  # Closed; the process may live on.
        try:
            while data:
                data = data[self._log.write(data):]
        except OSError:
            pass  # The disk is full. The job goes on, and finds out by itself.

    def stop(self) -> None:
        """Asks the process group to end, and then ends all there is."""
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            pass  # It has just ended, or changed its user.
        self.follow(time.monotonic() + GRACE_SECONDS)
        self.end()

    def end(self) -> None:
        """Ends the process and everything that it has started, and copies the last output."""
        self._take(self._family.end())
        self.copy()


stopped = False


def wake_on_signals() -> int:
    """Returns a pipe that becomes readable at each signal, so that waiting needs no polling."""
    reader, writer = os.pipe()
    for end_of_pipe in (reader, writer):
        os.set_blocking(end_of_pipe, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, note_stop)
    # bash makes background commands ignore them; the job must not.
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    return reader


def note_stop(*_: object) -> None:
    global stopped
    stopped = True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
