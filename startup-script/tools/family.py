"""All descendants of this program, also those in sessions of their own, and their end.

On Linux an orphan below this program becomes its child (PR_SET_CHILD_SUBREAPER, prctl(2)), so none gets away.
Elsewhere descendants are remembered whenever `note` is called, from what ps(1) lists: a process that loses its
parent between two calls is missed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import Dict, Iterator, Set, Tuple

PR_SET_CHILD_SUBREAPER = 36
END_SECONDS = 10.0
PAUSE_SECONDS = 0.01
PS = ["ps", "-axo", "pid=,ppid=,pgid=,stat=,lstart="]
# The state of a process that has ended and is waited for.
ZOMBIE = "Z"

# A process by its number and its start, since the kernel uses numbers again.
Process = Tuple[int, str]
# Number of the parent, of the process group, and start, by the number of the process.
Table = Dict[int, Tuple[int, int, str]]


class Family:
    """The descendants of this program. `end` waits for children itself: see `reap`."""

    def __init__(self, is_linux: bool = sys.platform == "linux"):
        self._read_table = table_of_proc if is_linux else table_of_ps
        self._adopts = is_linux and adopt_orphans()
        self._noted: Set[Process] = set()

    def note(self) -> None:
        """Remembers the descendants of this moment, where orphans are not adopted."""
        if not self._adopts:
            self._noted |= self._living(self._read_table())

    def end(self) -> Dict[int, int]:
        """Kills all descendants until none is left, or END_SECONDS are over. Returns what `reap` returned."""
        ended: Dict[int, int] = {}
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            table = self._read_table()
            living = self._living(table)
            # A group ends at once, while a chain of forks could outrun the killing of one process after another.
            for group in {table[pid][1] for pid, _ in living} - {os.getpgrp()}:
                kill(-group)
            for pid, _ in living:
                kill(pid)
            ended.update(reap())
            if not has_children() if self._adopts else not living:
                break
            time.sleep(PAUSE_SECONDS)
        return ended

    def _living(self, table: Table) -> Set[Process]:
        family = {pid for pid, (_, _, start) in table.items() if (pid, start) in self._noted}
        more = {os.getpid()} | family
        while more:
            family |= more
            more = {pid for pid, (parent, _, _) in table.items() if parent in family} - family
        return {(pid, table[pid][2]) for pid in family - {os.getpid()}}


def adopt_orphans() -> bool:
    return ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def has_children() -> bool:
    """Whether a child is left. Where orphans are adopted, this is the proof that no descendant is: a process that forks
    and exits can hide from a listing of processes, which is read one by one, but not from the kernel's own count."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def reap() -> Dict[int, int]:
    """Exit codes of the children that have ended, as subprocess has them, by process number."""
    ended: Dict[int, int] = {}
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended[found[0]] = os.waitstatus_to_exitcode(found[1])
    except ChildProcessError:
        pass  # There are no children.
    return ended


def kill(pid: int) -> None:
    """Kills a process, or the group -pid."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # It has ended, or changed its user by a program such as sudo.


def table_of_proc() -> Table:
    return dict(entries_of_proc())


def entries_of_proc() -> Iterator[Tuple[int, Tuple[int, int, str]]]:
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # proc(5): the command, in parentheses, may hold anything. state ppid pgrp …, and starttime is the 20th.
                fields = file.read().rpartition(b")")[2].decode("ascii").split()
        except OSError:
            continue  # It has ended.
        if fields[0] != ZOMBIE:
            yield int(name), (int(fields[1]), int(fields[2]), fields[19])


def table_of_ps() -> Table:
    with subprocess.Popen(PS, stdout=subprocess.PIPE, text=True) as ps:
        lines = [line.split(maxsplit=4) for line in ps.stdout or ()]
    return {int(pid): (int(parent), int(group), start) for pid, parent, group, state, start in lines
            if not state.startswith(ZOMBIE) and int(pid) != ps.pid}
