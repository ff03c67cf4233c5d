"""Fetches the source package and checks that its bytes have the hash in its name.

Usage: source.py BUCKET SHA256 FILE
"""

import sys

from objects import Bucket
from wire import CloudError


def main(bucket: str, sha256: str, path: str) -> int:
    name = f"src/{sha256}.tar.gz"
    try:
        found = Bucket(bucket).download(name, path)
    except CloudError as error:
        print(f"The source package gs://{bucket}/{name} cannot be fetched: {error}", file=sys.stderr)
        return 1
    if found != sha256:
        print(f"The source package gs://{bucket}/{name} is damaged: its sha256 is {found}. Push it again.",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
