"""Copies standard input without anything that looks like a secret, for log lines that are quoted elsewhere.

Does the same as shared/redact.ts; a test compares them. It takes linear time on any text: every scan moves forward only, or back over
characters that no other scan goes back over. A regular expression here is one class of characters, matched at one position: a failed
match of a longer one would start again at the next character.
"""

import re
import sys
from typing import Iterator, List, NamedTuple, Optional, Tuple

NAME = re.compile(r"[\w-]*", re.ASCII)
WORD = re.compile(r"\w*", re.ASCII)
TOKEN = re.compile(r"[\w.-]*", re.ASCII)
CAPITAL_OR_DIGIT = re.compile(r"[A-Z0-9]*")
CAPITAL_OR_BLANK = re.compile(r"[A-Z ]*")
SPACE = re.compile(r"[ \t\n\r\f\v]*")
NO_SPACE = re.compile(r"[^ \t\n\r\f\v]*")
NO_NAME = re.compile(r"[^\w-]*", re.ASCII)
NO_NEWLINE = re.compile(r"[^\n]*")
URL = re.compile(r"""[^ \t\n\r\f\v"'<>\\]*""")
NO_QUOTE = {'"': re.compile(r'[^"]*'), "'": re.compile(r"[^']*")}
BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
SPACES = frozenset(" \t\n\r\f\v")

WEBHOOK = "https://hooks.slack.com/"
SECRET_NAMES = ("password", "passwd", "secret", "token", "apikey", "api_key", "api-key")
KEY_BEGIN, KEY_END, KEY_LABEL, KEY_CLOSING = "-----BEGIN ", "-----END ", "PRIVATE KEY", "-----"
# Fewer base64 characters at the end of a line may be a word.
LEAST_BODY = 32

REDACTED = "[redacted]"

Span = Tuple[int, int]


class Marker(NamedTuple):
    start: int
    end: int
    is_begin: bool


def redact(text: str) -> str:
    for find in (token_spans, private_key_spans, assigned_spans):
        text = replace_spans(text, list(find(text)))
    return text


def replace_spans(text: str, spans: List[Span]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        parts += [text[end:start], REDACTED]
        end = stop
    return "".join(parts) + text[end:]


def run_end(characters: "re.Pattern[str]", text: str, start: int, end: Optional[int] = None) -> int:
    found = characters.match(text, start, len(text) if end is None else end)
    return found.end() if found else start


def run_start(characters: frozenset, text: str, end: int, start: int) -> int:
    while end > start and text[end - 1] in characters:
        end -= 1
    return end


def token_spans(text: str) -> Iterator[Span]:
    """Tokens that are known by their own form: Slack webhooks and tokens, Google, GitHub and AWS keys, signed tokens (JWT)."""
    at = 0
    while at < len(text):
        if text.startswith(WEBHOOK, at):
            path = at + len(WEBHOOK)
            end = run_end(URL, text, path)
            if end > path:
                yield at, end
                at = end
                continue
        end = run_end(NAME, text, at)
        if end == at:
            at = run_end(NO_NAME, text, at)
        while at < end:
            # Past the dashes, to the next beginning of a word.
            if text[at] == "-":
                at += 1
                continue
            word = run_end(WORD, text, at, end)
            token = token_end(text, at, word, end)
            if token:
                yield at, token
            at = token or word


def token_end(text: str, at: int, word: int, end: int) -> Optional[int]:
    """End of a token that begins at `at`; `word` is where the word ends, and `end` where the run of words and dashes does."""
    head = text[at:at + 5]
    if head[:3] == "xox" and head[3:4] in set("abeprs") and head[4:] == "-":
        return end if end - (at + 5) >= 10 else None
    if head[:4] == "AIza":
        return end if end - (at + 4) >= 30 else None
    if head[:2] == "gh" and head[2:3] in set("opsu") and head[3:4] == "_":
        return word if word - (at + 4) >= 20 else None
    if head[:4] == "AKIA":
        return word if word == at + 20 and run_end(CAPITAL_OR_DIGIT, text, at + 4, word) == word else None
    if head == "ya29.":
        token = run_end(TOKEN, text, at + 5)
        return token if token - (at + 5) >= 10 else None
    if head[:3] == "eyJ" and end - (at + 3) >= 10:
        return signed_token_end(text, end)
    return None


def signed_token_end(text: str, header: int) -> Optional[int]:
    """Header, payload and signature of a signed token are joined by dots; `header` is where the header ends."""
    payload = run_end(NAME, text, header + 1) if text.startswith(".", header) else header
    if payload - (header + 1) < 10 or not text.startswith(".", payload):
        return None
    return run_end(NAME, text, payload + 1)


def assigned_spans(text: str) -> Iterator[Span]:
    """Values that are assigned to a name such as `DB_PASSWORD`: one word, or text in quotes."""
    at = run_end(NO_NAME, text, 0)
    while at < len(text):
        name = at
        at = run_end(NAME, text, name)
        lower = text[name:at].lower()
        value = value_after(text, at) if any(each in lower for each in SECRET_NAMES) else None
        if value:
            yield value
            at = value[1]
        at = run_end(NO_NAME, text, at)


def value_after(text: str, name_end: int) -> Optional[Span]:
    separator = run_end(SPACE, text, name_end)
    if not text.startswith(("=", ":"), separator):
        return None
    start = run_end(SPACE, text, separator + 1)
    no_quote = NO_QUOTE.get(text[start:start + 1])
    end = run_end(no_quote, text, start + 1) if no_quote else len(text)
    if end < len(text):
        return start, end + 1
    end = run_end(NO_SPACE, text, start)
    return (start, end) if end > start else None


def private_key_spans(text: str) -> Iterator[Span]:
    """Private keys in PEM form, also where the text begins or ends within one."""
    markers = list(find_markers(text))
    covered = 0
    for index, marker in enumerate(markers):
        if marker.start < covered:
            continue
        following = markers[index + 1] if index + 1 < len(markers) else None
        span = key_from(text, marker, following) if marker.is_begin else key_up_to(text, marker, covered)
        yield span
        covered = span[1]


def find_markers(text: str) -> Iterator[Marker]:
    """`-----BEGIN RSA PRIVATE KEY-----` and its counterpart, in order."""
    for word in re.finditer("(?=-----(BEGIN|END) )", text):
        start, is_begin = word.start(), word[1] == "BEGIN"
        label = start + len(KEY_BEGIN if is_begin else KEY_END)
        end = run_end(CAPITAL_OR_BLANK, text, label)
        is_key = end - label >= len(KEY_LABEL) and text.startswith(KEY_LABEL, end - len(KEY_LABEL))
        if is_key and text.startswith(KEY_CLOSING, end):
            yield Marker(start, end + len(KEY_CLOSING), is_begin)


def key_from(text: str, begin: Marker, following: Optional[Marker]) -> Span:
    """A key from its beginning: to its end on the same line, or over the lines that look like its body."""
    closing = following if following and not following.is_begin else None
    end = run_end(NO_NEWLINE, text, begin.end, following.end if following else None)
    if closing and end == closing.end:
        return begin.start, end
    end = run_end(NO_NEWLINE, text, end)
    while end < len(text):
        line_end = run_end(NO_NEWLINE, text, end + 1)
        is_last = closing is not None and closing.start < line_end
        if not is_last and not is_key_line(text, end + 1, line_end):
            break
        end = line_end
        if is_last:
            break
    return begin.start, end


def key_up_to(text: str, closing: Marker, covered: int) -> Span:
    """A key whose beginning was cut off: its last line, and the lines before it that look like its body."""
    start = line_start(text, closing.start, covered)
    while start > covered:
        line = line_start(text, start - 1, covered)
        if not is_key_line(text, line, start - 1):
            break
        start = line
    return start, run_end(NO_NEWLINE, text, closing.end)


def line_start(text: str, end: int, covered: int) -> int:
    return max(text.rfind("\n", covered, end) + 1, covered)


def is_key_line(text: str, start: int, end: int) -> bool:
    """A line of a key: base64 alone, base64 at the end of a longer line, or a header such as `Proc-Type: 4,ENCRYPTED`."""
    first = run_end(SPACE, text, start, end)
    last = run_start(SPACES, text, end, first)
    body = run_start(BASE64, text, last, first)
    if body == first or last - body >= LEAST_BODY:
        return True
    name = run_end(NAME, text, start, end)
    return text[start:start + 1].isascii() and text[start:start + 1].isupper() and name - start >= 2 \
        and text.startswith(": ", name)


if __name__ == "__main__":
    sys.stdout.write(redact(sys.stdin.read()))
