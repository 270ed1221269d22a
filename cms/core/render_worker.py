"""The process that renders: Markdown in on its standard input, JSON out on its output.

It knows only `cms.core.markdown` and `inspecting`, so it starts fast, and it dies by itself: at
the end of its input when the parent is gone, and by an alarm when a text holds it longer than the
parent would have waited. (`PR_SET_PDEATHSIG` would follow the thread that started us, one of
a pool.)
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from typing import IO, Any

from cms.core import inspecting, markdown

if sys.platform != "win32":
    import resource

READY = b"ready"
# The first byte of a message: what to do with the text behind it.
RENDER, INSPECT = b"R", b"I"
SIZE_BYTES = 4
BUSY_SECONDS = 4.0
# An idle worker keeps memory that a small server has better uses for.
IDLE_SECONDS = 600.0
MEMORY_BYTES = 1024 * 1024 * 1024


def main() -> None:
    requests = sys.stdin.buffer
    # Whatever prints must not print into an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _set_limits()
    try:
        _die_in(IDLE_SECONDS)
        send(answers, READY)
        while (source := receive(requests)) is not None:
            _die_in(BUSY_SECONDS)
            send(answers, _answer(source))
            _die_in(IDLE_SECONDS)
    except BrokenPipeError:
        # The parent left in the middle. Leave as well, without flushing to nobody.
        os._exit(1)


def send(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(SIZE_BYTES) + message)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None when the other side is gone."""
    header = stream.read(SIZE_BYTES)
    size = int.from_bytes(header)
    message = stream.read(size)
    return message if len(header) == SIZE_BYTES and len(message) == size else None


def _answer(message: bytes) -> bytes:
    work, source = message[:1], message[1:].decode("utf-8", "surrogatepass")
    done: Any
    try:
        if work == INSPECT:
            done = [asdict(piece) for piece in inspecting.inspect(source)]
        else:
            done = asdict(markdown.render(source))
    except markdown.Unrenderable as refusal:
        return json.dumps({"refused": type(refusal).__name__, "detail": str(refusal)}).encode()
    return json.dumps({"done": done}).encode()


def _set_limits() -> None:
    # Control-C reaches the whole terminal; the parent decides what to do about it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        # What the thread that started us blocks or ignores, we inherited: the alarm must get in.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _die_in(seconds: float) -> None:
    # No handler: the signal's own action ends the process, even inside C code that never returns.
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
