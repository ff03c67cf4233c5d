"""Requests to Google Cloud as the VM's service account, tried again while the fault may pass."""

import http.client
import os
import random
import time
from typing import Callable, Dict, Iterable, Iterator, Optional, TypeVar

from token_source import TokenSource
from wire import PASSING, Answer, Body, CloudError, Sink, describe, exchange, short

LONGEST_PAUSE_SECONDS = 32.0
TOKEN = TokenSource()
T = TypeVar("T")


def retry_seconds() -> float:
    """How long a request is tried again before it counts as failed."""
    return float(os.environ.get("VICINITY_RETRY_SECONDS", "300"))


def pauses() -> Iterator[float]:
    """Exponential backoff with jitter, in seconds."""
    pause = 0.5
    while True:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


class Outage:
    """Since when every request of this program has failed.

    Patience is counted from there: otherwise a thousand files would each wait for their own deadline.
    """

    def __init__(self) -> None:
        self.began = float("inf")

    def note(self, succeeded: bool) -> None:
        self.began = float("inf") if succeeded else min(self.began, time.monotonic())


OUTAGE = Outage()


def request(method: str, url: str, *, headers: Optional[Dict[str, str]] = None, body: Body = None,
            accept: Iterable[int] = (200,), seconds: Optional[float] = None,
            sink: Optional[Sink] = None) -> Answer:
    """An authorised request, repeated until its status is in `accept`. Raises CloudError where it fails for
    good, or after `seconds` (unless told: after retry_seconds() of an outage).
    """
    begun, accepted = time.monotonic(), set(accept)
    for pause in pauses():
        try:
            answer = exchange(method, url, {**TOKEN.header(), **(headers or {})}, body, sink)
            passing = answer.status in PASSING
            OUTAGE.note(succeeded=not passing)
            if answer.status in accepted:
                return answer
            error = CloudError(answer.status, describe(method, url, answer))
            if not passing:
                raise error
            if answer.status == 401:
                TOKEN.forget()
        except (OSError, http.client.HTTPException) as cause:
            OUTAGE.note(succeeded=False)
            error = CloudError(0, f"{method} {short(url)}: {type(cause).__name__}: {cause}")
        end = min(begun, OUTAGE.began) + retry_seconds() if seconds is None else begun + seconds
        if time.monotonic() + pause > end:
            raise error
        time.sleep(pause)
    raise AssertionError("unreachable: pauses() does not end")


def persist(step: Callable[[], T], progress: Callable[[], int]) -> T:
    """Calls `step` until it returns. Passing faults end it once retry_seconds() went by without progress."""
    reached, end, waits = progress(), time.monotonic() + retry_seconds(), pauses()
    while True:
        try:
            return step()
        except CloudError as error:
            if progress() != reached:
                reached, end, waits = progress(), time.monotonic() + retry_seconds(), pauses()
            pause = next(waits)
            if not error.passing or time.monotonic() + pause > end:
                raise
            time.sleep(pause)
