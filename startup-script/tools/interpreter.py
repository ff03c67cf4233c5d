"""Prints the path of the interpreter itself, for `python3` may be a wrapper that is slow and changes PATH.

Fails if it is too old.
"""

import sys

print(sys.executable)
sys.exit(sys.version_info < (3, 9))
