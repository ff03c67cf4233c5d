"""Requests to Google Cloud as the VM's service account, with retries of transient errors."""

import http.client
import time
from typing import Callable, Dict, Iterable, Iterator, Optional, TypeVar

from patience import pauses, retry_seconds
from token_source import TokenSource
from wire import PASSING, Answer, Body, CloudError, Sink, describe, exchange, short

TOKEN = TokenSource()
T = TypeVar("T")


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
    accepted = set(accept)
    waits = patience() if seconds is None else pauses(time.monotonic, end_in(seconds))
    while True:
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
        wait_or_raise(waits, error)


def persist(step: Callable[[], T], progress: Callable[[], int]) -> T:
    """Calls `step` until it returns. Passing faults end it once retry_seconds() went by without progress, or of an
    outage."""
    reached, waits = progress(), patience()
    while True:
        try:
            return step()
        except CloudError as error:
            if not error.passing:
                raise
            if progress() != reached:
                reached, waits = progress(), patience()
            wait_or_raise(waits, error)


def end_in(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: end


def patience() -> Iterator[float]:
    """Pauses between tries until retry_seconds() from now, or of an outage, are over."""
    begun = time.monotonic()
    return pauses(time.monotonic, lambda: min(begun, OUTAGE.began) + retry_seconds())


def wait_or_raise(waits: Iterator[float], error: CloudError) -> None:
    """Waits until the next try, or raises the error where there is to be none."""
    pause = next(waits, None)
    if pause is None:
        raise error
    time.sleep(pause)
