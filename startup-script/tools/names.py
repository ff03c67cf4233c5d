"""Names of objects that the bucket or this system cannot take, found before anything is sent.

Cloud Storage's rules: https://cloud.google.com/storage/docs/objects#naming
"""

from typing import Container, Optional

MAX_NAME_BYTES = 1024
# This system's own objects in results/<runId>/; as in shared/model/layout.ts.
RESERVED = {"build.log", "startup_detail.log", "serial.log", "telemetry.csv", "summary.json", "report.html",
            "startup_error.txt"}


def problem_with(prefix: str, name: str, reserved: Container[str]) -> Optional[str]:
    """Why the output `name` cannot be stored under the prefix; None where it can."""
    try:
        size = len(f"{prefix}/{name}".encode())
    except UnicodeEncodeError:
        return "its name is not valid UTF-8. Rename it."
    if size > MAX_NAME_BYTES:
        return f"object names have at most {MAX_NAME_BYTES} bytes, and this one has {size}. Shorten its path."
    if "\n" in name or "\r" in name:
        return "its name has a line break. Rename it."
    first = name.split("/")[0]
    if first in reserved:
        return f"{first}, at the top of the results, is one of Vicinity's own objects. Rename it."
    return None
