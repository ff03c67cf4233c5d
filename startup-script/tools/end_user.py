"""Ends all processes of a user. Usage: end_user.py UID

One kill(2) of -1 by the user reaches all of them at once, so a chain of forks cannot outrun it; it is repeated until
none is left. Exit status 1: some were left after END_SECONDS.
"""

import os
import signal
import sys
import time

from family import END_SECONDS, PAUSE_SECONDS, ZOMBIE


def main(uid: str) -> int:
    if not int(uid):
        raise ValueError("root's processes are not ended: that would be the whole machine")
    deadline = time.monotonic() + END_SECONDS
    while has_processes(uid):
        if time.monotonic() > deadline:
            return 1
        kill_all(int(uid))
        time.sleep(PAUSE_SECONDS)
    return 0


def kill_all(uid: int) -> None:
    """In a process of that user, which kill(2) spares. Others of the user may end it first: hence the loop above."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        os.setresuid(uid, uid, uid)
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass  # There are none.
    finally:
        os._exit(0)


def has_processes(uid: str) -> bool:
    return any(name.isdigit() and is_living(name, uid) for name in os.listdir("/proc"))


def is_living(pid: str, uid: str) -> bool:
    """By the real user ID of proc(5)'s status, which a process cannot hide."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            fields = dict(line.split(":", 1) for line in file)
    except OSError:
        return False  # It has ended.
    return fields["Uid"].split()[0] == uid and fields["State"].split()[0] != ZOMBIE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
