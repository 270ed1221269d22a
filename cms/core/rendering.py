"""Rendering off the event loop, in processes that no text can keep at work for longer than 2 s.

Markdown is slow enough to hold up every reader (150 ms for 100 KiB) and some texts take minutes,
in which no thread can be stopped: even short ones go to a process. `anyio.to_process` is close,
but it runs the parent's `__main__` again in each worker (under our own command, the whole CMS),
ties its workers to one event loop, and leaves a busy one behind when the parent is killed.
"""

import atexit
import json
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import IO, Any, cast

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from cms.core import markdown
from cms.core.inspecting import Piece
from cms.core.markdown import Heading, Rendered, TooDeep, TooLarge, Unrenderable
from cms.core.render_worker import INSPECT, READY, RENDER, receive, send

BUDGET_SECONDS = 2.0
# A busy machine lets an honest text wait for its turn: the budget is of work, this of time, and an
# answer leaves within 5 s.
PATIENCE_SECONDS = 4.0
START_SECONDS = 20.0
# Two, so that one hostile text doesn't stop the other author; not more, the readers need the rest.
MAX_WORKERS = 2

_START = """
import sys
sys.path[:] = sys.argv[1:]
from cms.core.render_worker import main
main()
"""
_REFUSALS = {refusal.__name__: refusal for refusal in (TooDeep, TooLarge)}


class RenderTimeout(Unrenderable):
    """Took BUDGET_SECONDS of work, or PATIENCE_SECONDS in all; its process was killed."""


class RenderCrashed(Unrenderable):
    """Took its process down: out of memory, or worse."""


async def render(source: str) -> Rendered:
    """As `markdown.render`, within the budget; refuses with an `Unrenderable`."""
    markdown.refuse_oversize(source)
    rendered = await _done(RENDER, source)
    return Rendered(**(rendered | {"toc": tuple(map(_heading, rendered["toc"]))}))


async def inspect(source: str) -> list[Piece]:
    """As `inspecting.inspect`, within the budget; refuses with an `Unrenderable`."""
    markdown.refuse_oversize(source)
    return [Piece(**piece) for piece in await _done(INSPECT, source)]


async def _done(work: bytes, source: str) -> Any:
    message = work + source.encode("utf-8", "surrogatepass")
    answer = json.loads(await to_thread.run_sync(_ask, message, limiter=_limiter()))
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](answer["detail"])
    return answer["done"]


def close() -> None:
    """Let the idle workers go. Rendering afterwards starts new ones."""
    with suppress(IndexError):
        while True:
            _idle.pop().dismiss()


def _limiter() -> CapacityLimiter:
    try:
        return _limiters.get()
    except LookupError:
        limiter = CapacityLimiter(MAX_WORKERS)
        _limiters.set(limiter)
        return limiter


def _heading(node: dict[str, Any]) -> Heading:
    return Heading(**(node | {"children": tuple(map(_heading, node["children"]))}))


class _Worker:
    def __init__(self) -> None:
        # The child may import exactly what we may, wherever we were started. Python closes every
        # other descriptor, so the end of its input is ours alone to keep open.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-P", "-c", _START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._questions = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self.has_served = False
        if self._exchange(None, START_SECONDS, START_SECONDS) != READY:
            self.dismiss()
            raise RuntimeError("The rendering process does not start; its error output says why.")

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, source: bytes) -> bytes | None:
        """Its answer, or None if it broke over the question."""
        started = time.monotonic()
        answer = self._exchange(source, BUDGET_SECONDS, PATIENCE_SECONDS)
        if answer is None:
            self.dismiss()
            if time.monotonic() - started >= BUDGET_SECONDS:
                raise RenderTimeout(
                    f"The text took longer than {BUDGET_SECONDS:g} s to render and was given up."
                )
        self.has_served = True
        return answer

    def _exchange(self, message: bytes | None, budget: float, patience: float) -> bytes | None:
        # Reading and writing end at once when the process does.
        is_over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(is_over, budget, patience), daemon=True)
        watch.start()
        try:
            if message is not None:
                send(self._questions, message)
            return receive(self._answers)
        except BrokenPipeError:
            return None
        finally:
            is_over.set()

    def _watch(self, is_over: threading.Event, budget: float, patience: float) -> None:
        until = time.monotonic() + patience
        before = _worked(self._process.pid)
        left = budget
        while left > 0 and not is_over.wait(left):
            left = min(budget - (_worked(self._process.pid) - before), until - time.monotonic())
        if not is_over.is_set():
            self._process.kill()

    def dismiss(self) -> None:
        self._process.kill()
        for stream in (self._questions, self._answers):
            with suppress(OSError):
                stream.close()
        self._process.wait()


def _worked(pid: int) -> float:
    """How long a process was at work, in seconds; where the system does not tell, the time."""
    if sys.platform == "linux":
        with suppress(OSError):  # it ended
            return time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid(3) of a process
    return time.monotonic()


def _ask(source: bytes) -> bytes:
    """Blocks for at most the time to start a worker and the budget."""
    worker = _hire()
    answer = worker.ask(source)
    if answer is None and worker.has_served:
        # It was as good as dead before: retired, or picked by the kernel to free memory.
        worker = _Worker()
        answer = worker.ask(source)
    if answer is None:
        raise RenderCrashed("The text could not be rendered: it took its process down.")
    _idle.append(worker)
    return answer


def _hire() -> _Worker:
    while True:
        try:
            worker = _idle.pop()
        except IndexError:
            return _Worker()
        if worker.is_alive:
            return worker
        worker.dismiss()


_idle: deque[_Worker] = deque()
_limiters: RunVar[CapacityLimiter] = RunVar("cms.core.rendering")
atexit.register(close)
