"""Structured logs: JSON for machines, readable on a terminal, the request's id in each line."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, Final

import structlog
from structlog.typing import EventDict

log = structlog.get_logger("cms.access")
# Whether `configure` chose JSON: then a request's line is written without structlog's detours.
_is_plain = False
# Requests wait for each other a moment: their lines cost less one behind the other than between
# two answers.
AT_ONCE: Final = 64
MOMENT_SECONDS: Final = 0.01
# So many lines fit into 4 KiB, which a pipe takes whole: those of two workers don't run together.
IN_ONE_PIECE: Final = 16
# Method, path, status, how many seconds it took, client, its id, and when it was answered, by
# `time.perf_counter`.
Request = tuple[str, str, int, float, str, str, float]
_requests: Final[list[Request]] = []
# Without local variables: among them stand passwords and tokens.
_traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configure(log_format: str = "auto", level: int = logging.INFO) -> None:
    """Route structlog and the standard library's loggers to stderr in one format."""
    global _is_plain  # noqa: PLW0603 - logging is a whole process's
    readable = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    _is_plain = not readable and level <= logging.INFO
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if readable
        else structlog.processors.JSONRenderer()
    )
    finish = [_printable if readable else structlog.processors.ExceptionRenderer(_traceback)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *finish,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # PyMongo reports each retry of a lost connection on its own; readiness says it once.
    logging.getLogger("pymongo").setLevel(logging.ERROR)


def access(request: Request) -> None:
    """One line for one request; written by hand, since structlog takes longer than the answer.

    It goes out within `MOMENT_SECONDS`, or with `flush`. The request's id comes unquoted: the edge
    lets none in that would need it.
    """
    if not _is_plain:
        method, path, status, took, client, *_ = request
        ms = round(took * 1000, 1)
        log.info("request", method=method, path=path, status=status, ms=ms, client=client)
        return
    _requests.append(request)
    waiting = len(_requests)
    if waiting >= AT_ONCE:
        flush()
    elif waiting == 1:
        try:
            asyncio.get_running_loop().call_later(MOMENT_SECONDS, flush)
        except RuntimeError:  # nobody runs a loop, so nothing comes after this
            flush()


def flush() -> None:
    """Write the lines of the requests that wait."""
    lines = list(_written(_requests))
    _requests.clear()
    with suppress(OSError):  # nobody reads it any more: that must not end an answer
        for start in range(0, len(lines), IN_ONE_PIECE):
            text = "".join(lines[start : start + IN_ONE_PIECE])
            os.write(sys.stderr.fileno(), text.encode())


def _written(requests: Iterable[Request]) -> Iterator[str]:
    # For these alone: a path may be any text.
    parts: dict[tuple[str, str, int, str], tuple[str, str]] = {}
    began, second, shown = time.time() - time.perf_counter(), -1, ""
    for method, path, status, took, client, request_id, ended in requests:
        words = method, path, status, client
        if words not in parts:
            parts[words] = _parts(*words)
        head, tail = parts[words]
        at = began + ended
        if (whole := int(at)) != second:
            second, shown = whole, datetime.fromtimestamp(whole, UTC).isoformat()[:19]
        micros = int((at - whole) * 1_000_000)
        yield f'{head}{took * 1000:.1f}{tail}{request_id}","at":"{shown}.{micros:06d}Z"}}\n'


def _parts(method: str, path: str, status: int, client: str) -> tuple[str, str]:
    """What a line says before how long it took, and behind that up to the request's id."""
    words = f'"method":{_quoted(method)},"path":{_quoted(path)},"status":{status}'
    head = f'{{"level":"info","event":"request",{words},"ms":'
    return head, f',"client":{_quoted(client)},"request_id":"'


def _printable(_: Any, __: str, event: EventDict) -> EventDict:
    """A terminal obeys control characters, and the path of a request may hold any."""
    return {
        name: value.encode("unicode_escape").decode()
        if isinstance(value, str) and name != "exception" and not value.isprintable()
        else value
        for name, value in event.items()
    }
