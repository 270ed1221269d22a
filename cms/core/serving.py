"""The parent of `cms serve`: starts MongoDB and the web server, keeps both alive, ends both.

It stays small (no Litestar, no Beanie, no driver) and has one thread, so that it may fork and
so that its children, who watch that thread, end when it does.
"""

import contextlib
import errno
import importlib
import mmap
import multiprocessing
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Final

from cms.core.mongod import Mongod, MongodRefused
from cms.core.processes import STOPS, die_with_parent, heed_stops, log, stops_held_back

DRAIN: Final = 7  # seconds that requests in flight may take once the end is asked for
END: Final = 10.0  # seconds until everything is gone
LONG_LIFE: Final = 30.0  # a child that lived this long is started again at once
LONGEST_PAUSE: Final = 30.0
PORT_PATIENCE: Final = 3.0  # the workers of a parent that was killed may still be letting go
BACKLOG: Final = 1024
TICK: Final = 5.0
SHORT_TICK: Final = 0.05

_fork = multiprocessing.get_context("fork")


def serve(
    *,
    app: str,
    host: str,
    port: int,
    workers: int,
    environ: Mapping[str, str],
    data_dir: Path | None,
    prepare: Callable[[str], None] | None = None,
    ready: Callable[[], None] | None = None,
) -> int:
    """Serve the ASGI factory `app` until told to stop; the exit code.

    `environ` goes to the workers and names the user's own MongoDB; with a `data_dir` it is the
    embedded one. `prepare` runs to its end in a process of its own before the first request, while
    a worker imports the application, and says no with `SystemExit("why")`. `ready` is called here,
    once, when the first worker serves.
    """
    supervisor = _Supervisor(app=app, workers=workers, environ=dict(environ))
    _on_stop(_leave)
    try:
        supervisor.start(host, port, data_dir, prepare)
        return supervisor.watch(ready)
    except (MongodRefused, _Refused) as refusal:
        if str(refusal):
            print(f"cms: {refusal}", file=sys.stderr)  # noqa: T201 - for the person who started it
        return 1
    except _Told:
        return 0
    finally:
        supervisor.end()


class _Refused(Exception):
    pass


class _Told(BaseException):
    """Told to stop while starting."""


class _Kept:
    """A child that is started again when it ends: at once, or later and later if it goes on."""

    def __init__(
        self,
        name: str,
        start: Callable[[], None],
        poll: Callable[[], int | None],
        why: Callable[[], str],
    ) -> None:
        self._name, self._start, self._poll, self._why = name, start, poll, why
        self._born = time.monotonic()
        self._pause = 0.0
        self._due: float | None = None

    @property
    def is_down(self) -> bool:
        return self._due is not None

    def tend(self) -> None:
        now = time.monotonic()
        if self._due is None:
            if self._poll() is None:
                return
            self._pause = self._longer() if now - self._born < LONG_LIFE else 0.0
            self._due = now + self._pause
            log(
                "error", f"{self._name} ended, starting it again", why=self._why(), wait=self._pause
            )
        if now >= self._due:
            try:
                self._start()
            except (MongodRefused, OSError) as error:
                self._pause = self._longer()
                self._due = now + self._pause
                log("error", f"{self._name} did not start", why=str(error), wait=self._pause)
            else:
                self._born, self._due = now, None

    def _longer(self) -> float:
        return min(max(0.25, self._pause * 2), LONGEST_PAUSE)


class _Supervisor:
    def __init__(self, *, app: str, workers: int, environ: dict[str, str]) -> None:
        self._app, self._workers, self._environ = app, workers, environ
        self._mongod: Mongod | None = None
        self._listener: socket.socket | None = None
        self._web: ForkProcess | None = None
        self._served = mmap.mmap(-1, 1)  # shared with the workers, who set it
        self._prepared = mmap.mmap(-1, 1)  # and who wait for this one
        self._told = False

    def start(
        self, host: str, port: int, data_dir: Path | None, prepare: Callable[[str], None] | None
    ) -> None:
        if data_dir is not None:
            self._mongod = Mongod(data_dir, purpose="serve")
        self._listener = _bound(host, port)
        if self._mongod:
            self._mongod.start()
            self._environ |= {"CMS_MONGODB_URL": self._mongod.url, "CMS_EMBEDDED": "1"}
        self._start_web()
        if prepare:
            self._prepare(prepare)
        try:
            self._listener.listen(BACKLOG)
        except OSError as error:
            raise _cannot_listen(host, port, error) from error
        self._prepared[0] = 1

    def _prepare(self, prepare: Callable[[str], None]) -> None:
        """In a process of its own, whose imports leave with it."""
        url = self._environ["CMS_MONGODB_URL"]
        child = _fork.Process(target=self._in_child, args=(partial(prepare, url),))
        with stops_held_back():
            child.start()
        try:
            child.join()
        except BaseException:
            child.kill()
            child.join()
            raise
        if child.exitcode:
            # Python has printed what it raised; a signal leaves no word.
            raise _Refused("" if child.exitcode > 0 else f"killed by signal {-child.exitcode}")

    def watch(self, ready: Callable[[], None] | None) -> int:
        """Keep both alive until told to stop."""
        with _waking(self._tell) as alarm:
            kept = [_Kept("the web server", self._start_web, self._poll_web, self._why_web)]
            if self._mongod:
                kept.append(
                    _Kept("MongoDB", self._mongod.restart, self._mongod.poll, self._mongod.why)
                )
            announced = False
            while not self._told:
                if self._served[0] and not announced:
                    announced = True
                    if ready:
                        ready()
                if not self._served[0] and (self._poll_web() or 0) > 0:
                    raise _Refused("the web server could not start, for the reason above")
                for child in kept:
                    child.tend()
                if self._mongod:
                    self._mongod.tend_log()
                quiet = announced and not any(child.is_down for child in kept)
                select.select([alarm], [], [], TICK if quiet else SHORT_TICK)
                with contextlib.suppress(BlockingIOError):
                    os.read(alarm, 4096)
        return 0

    def end(self) -> None:
        """The web server first, so that requests in flight still find their database."""
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        deadline = time.monotonic() + END
        if self._listener:
            self._listener.close()
        if self._web:
            self._web.terminate()
            self._web.join(DRAIN + 0.5)
            if self._web.exitcode is None:
                self._web.kill()
                self._web.join()
        if self._mongod:
            self._mongod.stop(patience=max(deadline - time.monotonic(), 2))

    def _tell(self) -> None:
        self._told = True

    def _start_web(self) -> None:
        self._web = _fork.Process(target=self._in_child, args=(self._run_web,))
        with stops_held_back():
            self._web.start()

    def _poll_web(self) -> int | None:
        return self._web.exitcode if self._web else None

    def _why_web(self) -> str:
        code = self._poll_web() or 0
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    def _in_child(self, work: Callable[[], None]) -> None:
        die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        heed_stops()
        if self._mongod:
            self._mongod.disown()
        os.setsid()  # Ctrl-C and hangups are for the parent, which ends things in order
        os.environ.update(self._environ)
        work()

    def _run_web(self) -> None:
        web = importlib.import_module("cms.core.web")  # here, so that the parent stays small
        web.run(
            app=self._app,
            listener=self._listener,
            backlog=BACKLOG,
            workers=self._workers,
            drain=DRAIN,
            served=self._served,
            prepared=self._prepared,
        )


@contextlib.contextmanager
def _waking(tell: Callable[[], None]) -> Iterator[int]:
    """A descriptor that can be read when a child ended or someone tells us to stop."""
    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _on_stop(tell)
    try:
        yield readable
    finally:
        signal.set_wakeup_fd(-1)
        os.close(readable)
        os.close(writable)


def _on_stop(act: Callable[[], None]) -> None:
    for number in STOPS:
        if signal.getsignal(number) != signal.SIG_IGN:  # `nohup` says that a hangup is not for us
            signal.signal(number, lambda *_: act())


def _leave() -> None:
    raise _Told


def _bound(host: str, port: int) -> socket.socket:
    """The socket that all workers share, held here so that none who waits is lost with a worker."""
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        try:
            return _bound_once(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise _cannot_listen(host, port, error) from error
            time.sleep(0.1)


def _bound_once(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except BaseException:
        listener.close()
        raise
    return listener


def _cannot_listen(host: str, port: int, error: OSError) -> _Refused:
    if error.errno == errno.EADDRINUSE:
        return _Refused(f"port {port} of {host} is taken: stop what listens there, or set CMS_PORT")
    return _Refused(f"cannot listen on {host}:{port} ({error.strerror}): set CMS_HOST and CMS_PORT")
