"""Checks the run's metadata (in the environment) and prints it as NUL-separated NAME, VALUE pairs for bash.

Every problem goes to standard error, one a line, and the exit status is 2. These values reach make, a file path or a
URL: the control plane has checked them, and this checks them again.
"""

import json
import os
import re
import sys
from calendar import timegm
from time import strptime
from typing import Dict, Iterator, List, Tuple

NAME = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}"
PATH = r"(?![/~-])(?!(.*/)?\.\.(/|$))[A-Za-z0-9_@+,=. /\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff-]{1,500}"
COUNT = r"[1-9][0-9]{0,4}"
SHA256 = r"[0-9a-f]{64}"
PARAM_NAME = r"[A-Z][A-Z0-9_]{0,63}"
# make and shells give these a meaning; control characters would break lines.
PARAM_VALUE = r"[^\x00-\x1f\x7f-\x9f$`\\\"';&|<>(){}]*"
# As in shared/config/names.ts, which refuses them first.
RESERVED = {"BASH_ENV", "ENV", "HOME", "IFS", "LD_LIBRARY_PATH", "LD_PRELOAD", "MAKE", "MAKEFILES",
            "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PATH", "PYTHONPATH", "RUN_ID", "SHELL", "TARGET", "TMPDIR"}
PLAIN = {
    "TARGET": NAME,
    "THREADS": COUNT,
    "WORKERS": f"({COUNT})?",
    "TELEMETRY_INTERVAL": r"[1-9][0-9]{0,3}",
    "SRC_TARBALL": r"gs://[a-z0-9._-]+/src/[0-9a-f]{64}\.tar\.gz",
    "RESULTS_PREFIX": r"gs://[a-z0-9._-]+/results/[0-9a-z-]+",
}
DEFAULTS = {"THREADS": "1", "WORKERS": "", "TELEMETRY_INTERVAL": "5"}
HTTPS_URL = r"https://[A-Za-z0-9.-]+(:[0-9]+)?/[!-~]{1,2000}"
# A path within an archive.
PROGRAM = r"(?![/~-])(?!(.*/)?\.\.(/|$))[A-Za-z0-9_@+,=./-]{1,200}"
TOPIC = r"projects/[a-z0-9:.-]+/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,254}"


class Faults(Exception):
    """What is wrong with the metadata, one message each."""


def main() -> int:
    try:
        pairs = list(fields(dict(os.environ)))
    except Faults as faults:
        print("\n".join(faults.args[0]), file=sys.stderr)
        return 2
    sys.stdout.write("".join(f"{name}\0{value}\0" for name, value in pairs))
    return 0


def fields(metadata: Dict[str, str]) -> Iterator[Tuple[str, str]]:
    """NAME, VALUE pairs; lists come as repeated names. Raises Faults."""
    faults: List[str] = []
    plain = {name: metadata.get(name) or DEFAULTS.get(name, "") for name in PLAIN}
    for name, pattern in PLAIN.items():
        check(faults, name, plain[name], pattern)
    spec = parse(faults, metadata.get("RUN_SPEC", ""))
    same(faults, "RUN_SPEC.runId", spec.get("runId"), metadata.get("RUN_ID"))
    if metadata.get("VICINITY_ENGINE") == "batch":
        # One specification serves all shards: the wave object has what differs.
        shard = json.loads(metadata["VICINITY_SHARD_PARAMS"])
        spec = {**spec, "params": {**section(spec, "params"), **shard}}
    else:
        same(faults, "RUN_SPEC.attempt", str(spec.get("attempt")), metadata.get("ATTEMPT"))
    pairs = list(spec_fields(faults, spec))
    bucket = metadata.get("BUCKET")
    sha256 = str(section(spec, "source").get("sha256"))
    same(faults, "SRC_TARBALL", plain["SRC_TARBALL"], f"gs://{bucket}/src/{sha256}.tar.gz")
    same(faults, "RESULTS_PREFIX", plain["RESULTS_PREFIX"], f"gs://{bucket}/results/{metadata.get('RUN_ID')}")
    if faults:
        raise Faults(faults)
    yield from ((name, plain[name]) for name in plain if name not in ("SRC_TARBALL", "RESULTS_PREFIX"))
    yield from pairs
    if metadata.get("VICINITY_ENGINE") == "batch":
        # The same for every shard and attempt, so that a recipe that asks for the date makes the same bytes.
        requested = strptime(metadata["RUN_ID"][:15], "%Y%m%d-%H%M%S")
        yield "REQUESTED_EPOCH", str(timegm(requested))


def parse(faults: List[str], text: str) -> dict:
    try:
        spec = json.loads(text)
    except ValueError:
        spec = None
    if not isinstance(spec, dict):
        faults.append(f"RUN_SPEC is not a JSON object: {text[:80]!r}")
        return {}
    same(faults, "RUN_SPEC.version", spec.get("version"), 1)
    return spec


def spec_fields(faults: List[str], spec: dict) -> Iterator[Tuple[str, str]]:
    provision = section(spec, "provision")
    yield from one(faults, "SOURCE_SHA256", section(spec, "source").get("sha256"), SHA256)
    yield from one(faults, "FINISHED_TOPIC", spec.get("finishedTopic"), TOPIC)
    yield from one(faults, "MAX_SECONDS", spec.get("maxSeconds", 72000), r"[1-9][0-9]{0,7}")
    yield from one(faults, "HEARTBEAT_SECONDS", spec.get("heartbeatSeconds", 60), r"[1-9][0-9]{0,3}")
    yield from one(faults, "LOG_SECONDS", spec.get("logSeconds", 5), r"[1-9][0-9]{0,3}")
    yield from one(faults, "REQUIREMENTS", provision.get("pythonRequirements") or "", f"({PATH})?")
    yield from one(faults, "RUST", provision.get("rust") or "", r"(stable|\d+\.\d+(\.\d+)?)?")
    rustup = section(provision, "rustup")
    yield from one(faults, "RUSTUP_VERSION", rustup.get("version") or "", r"(\d+\.\d+\.\d+)?")
    yield from one(faults, "RUSTUP_SHA256", rustup.get("sha256") or "", f"({SHA256})?")
    yield from one(faults, "SCRIPT", provision.get("script") or "", f"({PATH})?")
    for file in listed(faults, "provision.files", provision.get("files")):
        yield from provided_file(faults, file)
    yield from one(faults, "RUN_AS", spec.get("runAs") or "user", "user|root")
    yield from one(faults, "NATIVE", provision.get("native") or "", f"({NAME})?")
    yield from one(faults, "PROGRESS", spec.get("progress") or "", r"[^\x00-\x1f\x7f]{0,500}")
    state = section(spec, "state")
    yield from one(faults, "CHECKPOINT_SECONDS", state.get("checkpointSeconds", 900), r"[1-9][0-9]{0,5}")
    for path in listed(faults, "state.paths", state.get("paths")):
        yield from one(faults, "STATE", path, PATH)
    for package in listed(faults, "provision.apt", provision.get("apt")):
        yield from one(faults, "APT", package, r"[a-z0-9][a-z0-9.+-]+")
    for path in listed(faults, "outputs", spec.get("outputs")):
        yield from one(faults, "OUTPUT", path, PATH)
    for name, value in section(spec, "params").items():
        yield from param(faults, name, value)


def provided_file(faults: List[str], file: object) -> Iterator[Tuple[str, str]]:
    """`SHA256 URL PROGRAM…`, of which none holds a space."""
    entry = file if isinstance(file, dict) else {}
    programs = listed(faults, "provision.files.programs", entry.get("programs"))
    check(faults, "provision.files.sha256", entry.get("sha256"), SHA256)
    check(faults, "provision.files.url", entry.get("url"), HTTPS_URL)
    for program in programs:
        check(faults, "provision.files.programs", program, PROGRAM)
    if not programs:
        faults.append(f"provision.files names no programs of {str(entry.get('url'))[:80]!r}")
    yield "FILE", " ".join(str(part) for part in (entry.get("sha256"), entry.get("url"), *programs))


def param(faults: List[str], name: str, value: object) -> Iterator[Tuple[str, str]]:
    """THREADS and WORKERS, given as parameters, take the place of the metadata values of these names."""
    if name in ("THREADS", "WORKERS"):
        yield from one(faults, name, value, COUNT)
        return
    check(faults, "the name of a parameter", name, PARAM_NAME)
    check(faults, f"parameter {name}", value, PARAM_VALUE)
    if name in RESERVED:
        faults.append(f"{name} is no parameter: it would change how make itself runs")
    yield "PARAM", f"{name}={value}"


def section(spec: dict, name: str) -> dict:
    value = spec.get(name)
    return value if isinstance(value, dict) else {}


def listed(faults: List[str], name: str, value: object) -> List[object]:
    if value is None or isinstance(value, list):
        return value or []
    faults.append(f"RUN_SPEC.{name} is not a list: {value!r}")
    return []


def one(faults: List[str], name: str, value: object, pattern: str) -> Iterator[Tuple[str, str]]:
    text = str(value) if isinstance(value, int) else value
    check(faults, name, text, pattern)
    yield name, str(text)


def check(faults: List[str], name: str, value: object, pattern: str) -> None:
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        faults.append(f"{name} is not allowed: {str(value)[:80]!r}")


def same(faults: List[str], name: str, value: object, wanted: object) -> None:
    if value != wanted:
        faults.append(f"{name} is {value!r} but must be {wanted!r}")


if __name__ == "__main__":
    sys.exit(main())
