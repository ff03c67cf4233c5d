"""The access token of the VM's service account, from the metadata server."""

import os
import threading
import time
from typing import Dict

from wire import CloudError, exchange

HOST = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
URL = f"http://{HOST}/computeMetadata/v1/instance/service-accounts/default/token"
EARLY_SECONDS = 60


class TokenSource:
    """Asks for a token when one is needed, and anew shortly before it expires."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value = ""
        self._expires = 0.0

    def header(self) -> Dict[str, str]:
        with self._lock:
            if time.monotonic() > self._expires:
                self._read()
            return {"Authorization": "Bearer " + self._value} if self._value else {}

    def forget(self) -> None:
        """The token was refused."""
        self._expires = 0.0

    def _read(self) -> None:
        answer = exchange("GET", URL, {"Metadata-Flavor": "Google"}, None)
        if answer.status == 404 and "STORAGE_EMULATOR_HOST" in os.environ:
            self._expires = float("inf")  # Emulators take anonymous calls.
            return
        if answer.status == 404:
            raise CloudError(404, "the VM has no service account: attach one while it is stopped")
        if answer.status != 200:
            raise ConnectionError(f"the metadata server answered {answer.status} to the token request")
        token = answer.json()
        self._value = token["access_token"]
        self._expires = time.monotonic() + max(token["expires_in"] - EARLY_SECONDS, 5)
