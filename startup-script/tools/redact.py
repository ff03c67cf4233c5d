"""Copies standard input without what looks like a secret, for lines of a log that are quoted elsewhere.

The same shapes as in shared/redact.ts; a test holds the one against the other.
"""

import re
import sys
from typing import List

SECRET = re.compile("|".join([
    r"https://hooks\.slack\.com/[^\s\"'<>\\]+",
    r"\bxox[abeprs]-[\w-]{10,}",
    r"\bya29\.[\w.-]{10,}",
    r"\bAIza[\w-]{30,}",
    r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*",
    r"\bgh[opsu]_\w{20,}",
    r"\bAKIA[A-Z0-9]{16}\b",
]), re.ASCII)
ASSIGNED = re.compile(
    r"\b([\w-]*(?:password|passwd|secret|token|api[_-]?key)[\w-]*\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|\S+)",
    re.ASCII | re.IGNORECASE)

KEY_MARK = "PRIVATE KEY-----"
KEY_BEGIN = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
KEY_END = re.compile(r"^.*-----END [A-Z ]*PRIVATE KEY-----")
WHOLE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----")
# A line of a key: base64 alone, at the end of a longer line, or a header such as `Proc-Type: 4,ENCRYPTED`.
KEY_LINE = re.compile(r"^\s*[A-Za-z0-9+/=]*\s*\Z|[A-Za-z0-9+/=]{32,}\s*\Z|^[A-Z][\w-]+: ", re.ASCII)

REDACTED = "[redacted]"


def redact(text: str) -> str:
    return ASSIGNED.sub(rf"\1{REDACTED}", redact_keys(SECRET.sub(REDACTED, text)))


def redact_keys(text: str) -> str:
    """Private keys over several lines, even where the text begins or ends within one."""
    if KEY_MARK not in text:
        return text
    kept: List[str] = []
    is_inside = False
    for whole in text.split("\n"):
        line = WHOLE_KEY.sub(REDACTED, whole)
        begin = KEY_BEGIN.search(line)
        if KEY_END.search(line):
            # Its beginning was cut off: the lines before belong to it.
            while not is_inside and kept and KEY_LINE.search(kept[-1]):
                kept.pop()
            if not is_inside:
                kept.append(REDACTED)
            is_inside = False
        elif begin:
            kept.append(line[:begin.start()] + REDACTED)
            is_inside = True
        elif not is_inside or not KEY_LINE.search(line):
            kept.append(line)
            is_inside = False
    return "\n".join(kept)


if __name__ == "__main__":
    sys.stdout.write(redact(sys.stdin.read()))
