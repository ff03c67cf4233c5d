"""Remembers what the outputs of a step were made from.

The record is build/<step>.json: {"inputs": "<sha256>", "outputs": {"<path>": "<sha256>"}, "warnings": ["…"]}.
Its warnings are said again when the step is skipped: the outputs are no better than when they were made.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Optional

BUILD = Path("build")
CODE = Path(__file__).parent


def inputs_fingerprint(inputs: Iterable[Path], values: Sequence[object]) -> str:
    """Over the bytes of the inputs (files, or all files of directories), the values and the code."""
    digest = hashlib.sha256(json.dumps(values).encode())
    for path in sorted(CODE.rglob("*.py")):
        digest.update(f"\n{path.relative_to(CODE)} {_sha256(path)}".encode())
    for path in _files(inputs):
        digest.update(f"\n{path} {_sha256(path)}".encode())
    return digest.hexdigest()


def recall(step: str, fingerprint: str) -> Optional[list[str]]:
    """The warnings of the step's last run, if it had this fingerprint and left what is there now."""
    if not _record(step).exists():
        return None
    known = json.loads(_record(step).read_text(encoding="utf-8"))
    unchanged = all(
        Path(path).is_file() and _sha256(Path(path)) == sha256 for path, sha256 in known["outputs"].items()
    )
    return known["warnings"] if known["inputs"] == fingerprint and unchanged else None


def remember(step: str, fingerprint: str, outputs: Iterable[Path], warnings: Sequence[str]) -> None:
    """Records a finished step; called last, so that a broken-off step is run again."""
    hashes = {str(path): _sha256(path) for path in outputs}
    record = {"inputs": fingerprint, "outputs": hashes, "warnings": warnings}
    BUILD.mkdir(exist_ok=True)
    _record(step).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def forget(step: str) -> None:
    """Drops the record; called before the step's outputs are touched."""
    if _record(step).exists():
        _record(step).unlink()


def _record(step: str) -> Path:
    return BUILD / f"{step}.json"


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
