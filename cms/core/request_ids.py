"""Names of single requests: in the log, in answers and in problems, to find one by the other."""

import os
from itertools import count

_numbers = count()
_own = ""


def new_request_id() -> str:
    """24 hex digits: sixteen that are this process's own, and a count.

    Random ones for each would be a system call for each; what is named here is no secret.
    """
    return f"{_own}{next(_numbers):08x}"


def _begin() -> None:
    global _own  # noqa: PLW0603 - a process's
    _own = os.urandom(8).hex()


_begin()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin)
