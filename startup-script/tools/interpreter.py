"""Prints the path of the interpreter itself, because `python3` may be a slow wrapper that changes PATH.

Fails if it is too old.
"""

import sys

print(sys.executable)
sys.exit(sys.version_info < (3, 9))
