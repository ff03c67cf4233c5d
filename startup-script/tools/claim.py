"""Takes the attempt: creates its claim object, once. Usage: claim.py BUCKET ATTEMPT_PREFIX BOOT_ID INSTANCE

Exit status 0: this boot holds the claim. 3: somebody else does, and standard output says who. 1: this cannot be
determined.
"""

import json
import sys

from clock import now_utc
from objects import Bucket
from wire import CloudError


def main(bucket: str, prefix: str, boot_id: str, instance: str) -> int:
    store = Bucket(bucket)
    name = f"{prefix}/claim.json"
    now = now_utc("milliseconds")
    claim = {"by": "vm", "bootId": boot_id, "instance": instance, "claimedAt": now}
    try:
        if store.create(name, json.dumps(claim).encode()):
            return 0
        held = json.loads(store.read(name) or b"{}")
    except (CloudError, ValueError) as error:
        print(error)
        return 1
    # A lost reply looks like a lost race: the claim may be this boot's own.
    if held.get("by") == "vm" and held.get("bootId") == boot_id:
        return 0
    print(holder(held))
    return 3


def holder(claim: dict) -> str:
    if claim.get("revoked"):
        return f"revoked by the control plane at {claim.get('at')}: {claim.get('reason')}"
    return f"taken by boot {claim.get('bootId')} of {claim.get('instance')} at {claim.get('claimedAt')}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
