"""Hands jobs to processes of their own that touch pictures, and takes back what they make.

The server itself never decodes a picture. A process serves one job: what a hostile file does to
it goes with it, and so does its memory.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar

from cms.core.ending import end
from cms.core.render_worker import SIZE_BYTES
from cms.media.cards import Card
from cms.media.plan import Spec

Row = dict[str, Any]
TAKE_SECONDS: Final = 20
VARY_SECONDS: Final = 180
# Two uploads at once; variants come one after the other, by a lease.
MAX_AT_ONCE: Final = 2
_START: Final = """
import sys
sys.path[:] = sys.argv[1:]
from cms.media.worker import main
main()
"""
# All it gets of an environment: no secret of ours, and no reader of odd formats.
_ENVIRON: Final = {
    "VIPS_BLOCK_UNTRUSTED": "1",
    "VIPS_CONCURRENCY": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONUTF8": "1",
}


class JobRefused(Exception):
    """The job was looked at and refused: code, and a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class JobBroke(Exception):
    """The process went before it was done: memory, time, or somebody ended it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture as it is kept, and what is told of it."""

    data: bytes
    mime: str
    width: int
    height: int
    frames: int
    thumbhash: str
    dominant_color: str


@dataclass(frozen=True, slots=True)
class Done:
    """One variant; `data` is empty and `failed` says why where it could not be made."""

    spec: Spec
    width: int = 0
    height: int = 0
    data: bytes = b""
    failed: str | None = None


async def take(data: bytes, mime: str) -> Kept:
    """Check and re-encode one picture.

    Raises:
        JobRefused: it is damaged, or more than is taken.
        JobBroke: it took its process down.
    """
    job = {"do": "take", "mime": mime, "seconds": TAKE_SECONDS}
    async with _limiter(), aclosing(run(job, data)) as outputs:
        async for told, made in outputs:
            return Kept(data=made, **told)
    raise JobBroke("nothing came back")


async def vary(
    data: bytes, mime: str, frames: int, specs: Sequence[Spec]
) -> AsyncGenerator[Done, None]:
    """Make the variants, each given back as soon as it is there.

    Raises:
        JobRefused, JobBroke: see `take`; what came before is good.
    """
    job = {
        "do": "vary",
        "mime": mime,
        "frames": frames,
        "seconds": VARY_SECONDS,
        "specs": [asdict(spec) for spec in specs],
    }
    by_name = {spec.name: spec for spec in specs}
    async with aclosing(run(job, data)) as outputs:
        async for told, made in outputs:
            yield Done(by_name[told.pop("spec")], data=made, **told)


async def draw(card: Card) -> bytes:
    """The picture of a link as PNG.

    Raises:
        JobRefused, JobBroke: see `take`.
    """
    job = {"do": "card", "card": asdict(card), "seconds": TAKE_SECONDS}
    async with _limiter(), aclosing(run(job, b"")) as outputs:
        async for _, made in outputs:
            return made
    raise JobBroke("nothing came back")


async def run(job: Mapping[str, Any], data: bytes) -> AsyncGenerator[tuple[Row, bytes], None]:
    """Whatever the worker's job gives back, one after the other, until it is done.

    Raises:
        JobRefused, JobBroke: see `take`.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _START, *sys.path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=_ENVIRON,
    )
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - asked for above
    feeding = asyncio.create_task(_feed(process.stdin, [json.dumps(job).encode(), data]))
    try:
        # The worker's own clock ends it; this one is for a worker that lost its clock.
        async with asyncio.timeout(job["seconds"] + 10):
            while True:
                told = json.loads(await _receive(process.stdout))
                if "refused" in told:
                    raise JobRefused(told["refused"], told["detail"])
                if "done" in told:
                    return
                yield told, await _receive(process.stdout)
    except (asyncio.IncompleteReadError, TimeoutError):
        raise JobBroke("the process ended before it was done") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await end([feeding])
        await process.wait()


async def _feed(stream: asyncio.StreamWriter, messages: Sequence[bytes]) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended over the job
        for message in messages:
            stream.write(len(message).to_bytes(SIZE_BYTES) + message)
        await stream.drain()
        stream.close()


async def _receive(stream: asyncio.StreamReader) -> bytes:
    size = int.from_bytes(await stream.readexactly(SIZE_BYTES))
    return await stream.readexactly(size)


def _limiter() -> CapacityLimiter:
    try:
        return _limiters.get()
    except LookupError:
        limiter = CapacityLimiter(MAX_AT_ONCE)
        _limiters.set(limiter)
        return limiter


_limiters: RunVar[CapacityLimiter] = RunVar("cms.media.processing")
