"""Samples the machine's load from /proc. Usage: telemetry.py SECONDS CSV PHASE_FILE SERIAL_LOG

Prints the lines that the pipeline's own tools parse (`[telemetry][cpu]`, `[telemetry][vmstat]`,
`[telemetry][mem]`) and adds a row to CSV; at SIGTERM a `[mem][summary]` line closes it. Memory is in KiB,
as vmstat and /proc/meminfo have it.
"""

import csv
import os
import signal
import sys
import threading
from typing import Dict, List, NamedTuple, TextIO

from clock import now_utc

HEADER = ("time phase usr sys wa idle irq soft steal runq blocked "
          "mem_total_kib mem_free_kib mem_available_kib swap_used_kib").split()


class Load(NamedTuple):
    """Cumulative CPU ticks (/proc/stat, first line), and the tasks that run or wait now."""

    ticks: List[int]
    running: int
    blocked: int


def read_load() -> Load:
    with open("/proc/stat", encoding="ascii") as file:
        rows = {name: rest for name, _, rest in (line.partition(" ") for line in file)}
    ticks = [int(value) for value in rows["cpu"].split()][:8]
    return Load(ticks, int(rows["procs_running"]) - 1, int(rows["procs_blocked"]))


def read_memory() -> Dict[str, int]:
    with open("/proc/meminfo", encoding="ascii") as file:
        return {line.split(":")[0]: int(line.split()[1]) for line in file}


def shares(before: Load, after: Load) -> Dict[str, float]:
    """Percent of all CPU time between two readings. Nice time counts as user time."""
    user, nice, system, idle, wait, irq, soft, steal = (b - a for a, b in zip(before.ticks, after.ticks))
    total = max(user + nice + system + idle + wait + irq + soft + steal, 1)
    parts = {"usr": user + nice, "sys": system, "wa": wait, "idle": idle,
             "irq": irq, "soft": soft, "steal": steal}
    return {name: 100 * max(part, 0) / total for name, part in parts.items()}


class Sampler:
    """Takes samples and reports them."""

    def __init__(self, interval: str, rows: TextIO, phase_file: str, serial_log: TextIO):
        self._interval = interval
        self._file, self._rows = rows, csv.writer(rows, lineterminator="\n")
        self._phase_file, self._serial_log = phase_file, serial_log
        self._last = read_load()
        self._available: List[int] = []
        self._write_row(HEADER)

    def sample(self) -> None:
        load, memory = read_load(), read_memory()
        cpu, self._last = shares(self._last, load), load
        now = now_utc()
        self._available.append(memory["MemAvailable"])
        when = f"interval={self._interval}s"
        parts = " ".join(f"{name}={value:.2f}%" for name, value in cpu.items())
        self.print(f"[telemetry][cpu] {when} t={now} cpu=all {parts}")
        self.print(f"[telemetry][vmstat] {when} runq={load.running} blocked={load.blocked} "
                   f"free={memory['MemFree']} idle={cpu['idle']:.0f}% wa={cpu['wa']:.0f}%")
        swap = memory["SwapTotal"] - memory["SwapFree"]
        self.print(f"[telemetry][mem] {when} t={now} total={memory['MemTotal']} free={memory['MemFree']} "
                   f"available={memory['MemAvailable']} swap={swap}")
        self._write_row([now, self._phase(), *(f"{value:.2f}" for value in cpu.values()),
                         load.running, load.blocked,
                         memory["MemTotal"], memory["MemFree"], memory["MemAvailable"], swap])

    def summary(self) -> None:
        total, least = read_memory()["MemTotal"], min(self._available)
        mean = sum(self._available) // len(self._available)
        self.print(f"[mem][summary] samples={len(self._available)} total={total} min_available={least} "
                   f"mean_available={mean} peak_used={total - least} "
                   f"peak_used_percent={100 * (total - least) // total}%")

    def print(self, line: str) -> None:
        for stream in (self._serial_log, sys.stdout):
            try:
                print(line, file=stream, flush=True)
            except OSError:
                pass  # The console may be lost; the copy and the CSV continue.

    def _phase(self) -> str:
        with open(self._phase_file, encoding="utf-8") as file:
            return file.read().split(" ")[0]

    def _write_row(self, row: List[object]) -> None:
        try:
            self._rows.writerow(row)
            self._file.flush()
        except OSError:
            pass  # The disk may be full; what follows may fit again.


def main(interval: str, csv_path: str, phase_file: str, serial_log: str) -> int:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    parent = os.getppid()
    with open(csv_path, "w", encoding="utf-8") as rows, open(serial_log, "a", encoding="utf-8") as copy:
        if not os.path.exists("/proc/stat"):
            print(f"[telemetry] unsupported on {os.uname().sysname}: there is no /proc", flush=True)
            rows.write(",".join(HEADER) + "\n")
            return 0
        sampler = Sampler(interval, rows, phase_file, copy)
        while not ended.wait(float(interval)) and os.getppid() == parent:
            sampler.sample()
        sampler.sample()
        sampler.summary()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
