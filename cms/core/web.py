"""The web server below `cms serve`: Granian on a socket it is given, its workers ending with it."""

import gc
import importlib
import mmap
import multiprocessing
import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, Final, cast

from granian._granian import SocketHolder
from granian._internal import load_target
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

from cms.core.processes import die_with_parent, heed_stops, stops_held_back

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

BACKPRESSURE: Final = 512  # connections that one worker takes; more wait in the backlog
SHORT_LIFE: Final = 5.0
TICK: Final = 0.01
LOGGING: Final[dict[str, Any]] = {
    "formatters": {"line": {"()": "cms.core.processes.LogFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
}


def run(
    *,
    app: str,
    listener: socket.socket,
    backlog: int,
    workers: int,
    drain: int,
    served: mmap.mmap,
    prepared: mmap.mmap,
) -> None:
    """Serve until SIGTERM, from when the shared byte `prepared` is set.

    The shared byte `served` is set when a worker first takes requests.
    """
    # A forked worker shares the pages of this process: 25 MB less for two than with `spawn`.
    multiprocessing.set_start_method("fork", force=True)
    host, port = listener.getsockname()[:2]
    server = _Server(
        app,
        host,
        port,
        interface=Interfaces.ASGI,
        workers=workers,
        runtime_mode=RuntimeModes.mt,
        runtime_threads=1,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        backlog=backlog,
        backpressure=BACKPRESSURE,
        log_dictconfig=LOGGING,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=drain,
        factory=True,
    )
    server.listener = listener
    server.served = served
    server.serve(target_loader=partial(_load, served=served, prepared=prepared))


class _Server(MPServer):
    listener: socket.socket
    served: mmap.mmap

    def _init_shared_socket(self) -> None:
        """Take the parent's socket, the way Granian itself shares one on macOS.

        Granian on Linux lets each worker listen (SO_REUSEPORT): what waits in the queue of a worker
        that ends is reset, and a second server on the same port starts without a word.
        """
        holder: Any = SocketHolder  # its stub forgets the arguments
        number = self.listener.fileno()
        vars(self).update(
            _ssp=None,
            _sso=self.listener,
            _sfd=number,
            _shd=holder(number, False, self.backlog),
        )

    def _spawn_worker(self, *args: Any, **options: Any) -> WorkerProcess:
        worker = super()._spawn_worker(*args, **options)
        vars(worker).update(start=stops_held_back()(worker.start))
        return worker

    def _respawn_workers(self, workers: list[int], *rest: Any, **options: Any) -> None:
        if not self.served[0]:  # it never came up: the parent says so instead of trying for ever
            shutdown: Callable[[int], None] = self.shutdown
            shutdown(1)
        # Granian notices only one worker that keeps ending, not two that take turns.
        if any(time.monotonic() - self.wrks[index].birth < SHORT_LIFE for index in workers):
            time.sleep(1)
        super()._respawn_workers(workers, *rest, **options)


def _load(target: str, *, served: mmap.mmap, prepared: mmap.mmap) -> App:
    """In the worker, before anything else of it runs."""
    die_with_parent()
    heed_stops()  # until Granian sets its own handlers
    importlib.import_module(target.partition(":")[0])  # most of a start, so it begins at once
    while not prepared[0]:
        time.sleep(TICK)
    app = cast("App", load_target(target, factory=True))

    async def lifespan(scope: Message, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                # What a start leaves stays: no collection has to walk over it again and again.
                gc.collect()
                gc.freeze()
                served[0] = 1

        await app(scope, receive, watched)

    def announced(scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        return (lifespan if scope["type"] == "lifespan" else app)(scope, receive, send)

    return announced
