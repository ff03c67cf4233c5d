"""Uploads this system's own logs, as outputs.py does with the job's outputs; the reserved names are theirs.

Usage: logs.py BUCKET PREFIX ROOT LEDGER NAME…
"""

import sys

from outputs import main

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:], reserved=()))
