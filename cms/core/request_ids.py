"""Names of single requests: in the log, in answers and in problems, to find one by the other."""

import os
import time
from itertools import count
from typing import Final

_TURN: Final = 1 << 24
_numbers = count()
_own = ""


def new_request_id() -> str:
    """24 hex digits laid out as an ObjectId's: seconds, what is this process's own, a count.

    Made here since bson asks the kernel at each one whether the process has forked; here the fork
    tells.
    """
    return f"{int(time.time()):08x}{_own}{next(_numbers) % _TURN:06x}"


def _begin() -> None:
    global _own  # noqa: PLW0603 - a process's
    _own = os.urandom(5).hex()


_begin()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin)
