"""Time as records have it."""

from datetime import datetime, timezone


def now_utc(timespec: str = "seconds") -> str:
    """RFC 3339, UTC."""
    return datetime.now(timezone.utc).isoformat(timespec=timespec).replace("+00:00", "Z")
