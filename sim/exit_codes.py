"""Exit codes of the program."""

from typing import Final

LIMIT_BROKEN: Final = 1
"""A limit does not hold and --check was asked for, or a self-check failed."""
BAD_INPUT: Final = 2
"""The command or a file is wrong, or something cannot be read or written."""
FAULT: Final = 70
"""A fault of the program itself (EX_SOFTWARE of <sysexits.h>)."""
INTERRUPTED: Final = 130
"""Ended by Ctrl-C, or by a request to end."""
