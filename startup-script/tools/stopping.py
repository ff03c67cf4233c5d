"""Sends SIGTERM to the startup script as soon as the system shuts down.

The script itself would notice too late: systemd ends Google's script runner first and the script last, when the
network may be gone. Without systemd (macOS, a VM in process mode), the script gets its own SIGTERM, and this ends.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

POLL_SECONDS = 2
ANSWER_SECONDS = 30
# systemctl(1), is-system-running
UP = {"initializing", "starting", "running", "degraded", "maintenance"}


def main() -> int:
    parent = os.getppid()
    if not shutil.which("systemctl"):
        return 0
    while os.getppid() == parent:
        state = system_state()
        if state == "stopping":
            os.kill(parent, signal.SIGTERM)
        if state not in UP:
            return 0
        time.sleep(POLL_SECONDS)
    return 0


def system_state() -> str:
    try:
        answer = subprocess.run(["systemctl", "is-system-running"], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, timeout=ANSWER_SECONDS, text=True, check=False)
    except subprocess.TimeoutExpired:
        return "running"  # The machine is overloaded, not stopping.
    return answer.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
