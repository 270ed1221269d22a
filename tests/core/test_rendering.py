import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms.core import markdown, render_worker, rendering
from cms.core.markdown import TooLarge, Unrenderable

ROOT = Path(__file__).parents[2]
# Quadratic inside the sanitiser's Rust, where no Python signal handler gets a turn.
HOSTILE = "<div>" * 50_000
GUARD_SECONDS = 30


@pytest.fixture(autouse=True)
def _no_worker_left_over() -> Iterator[None]:
    rendering.close()
    yield
    rendering.close()


async def test_rendering_in_a_process_gives_what_rendering_here_gives() -> None:
    source = "# Halo *Dunia*\n\n## Isi\n\nTeks [^1]\n\n```python\nx = 1\n```\n\n[^1]: Catatan.\n"
    assert await rendering.render(source) == markdown.render(source)


@pytest.mark.parametrize("source", ["", "\ud800", "\x00", "\ufeff", "日本語"])
async def test_any_string_crosses_to_the_process_and_back(source: str) -> None:
    assert await rendering.render(source) == markdown.render(source)


async def test_refusals_keep_their_type_and_their_sentence() -> None:
    with pytest.raises(TooLarge, match="bytes of HTML"):
        await rendering.render("- [x] a\n" * 10_000)
    with pytest.raises(markdown.TooDeep, match="too deeply"):
        await rendering.render(">" * 100_000)


async def test_an_oversize_text_is_refused_without_starting_a_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rendering, "_ask", _unreachable)
    with pytest.raises(TooLarge):
        await rendering.render("x" * (markdown.MAX_SOURCE_BYTES + 1))


def _unreachable(_source: bytes) -> bytes:
    raise AssertionError("a process was asked")


async def test_a_hostile_text_is_given_up_and_harms_nobody_else() -> None:
    hostile = asyncio.create_task(rendering.render(HOSTILE))
    await asyncio.sleep(0.5)
    turns = 0
    while not hostile.done():
        honest = await rendering.render("*Halo*")
        assert honest.html == "<p><em>Halo</em></p>\n"
        turns += 1
    # The loop kept turning and the second worker kept answering while the first was stuck.
    assert turns > 1
    with pytest.raises(rendering.RenderTimeout):
        await hostile


async def test_an_overrun_process_is_gone_and_replaced() -> None:
    await rendering.render("first")
    stuck = _pid_of_the_idle_worker()
    with pytest.raises(rendering.RenderTimeout):
        await rendering.render(HOSTILE)
    assert not _is_running(stuck)
    assert (await rendering.render("again")).html == "<p>again</p>\n"
    assert _pid_of_the_idle_worker() != stuck


async def _rendered_by_one_that_had_to_wait(text: str) -> markdown.Rendered:
    """Its process gets no turn for longer than the budget of work."""
    await rendering.render("first")
    pid = _pid_of_the_idle_worker()
    os.kill(pid, signal.SIGSTOP)
    try:
        asked = asyncio.create_task(rendering.render(text))
        await asyncio.sleep(rendering.BUDGET_SECONDS + 0.3)
    finally:
        os.kill(pid, signal.SIGCONT)
    return await asked


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere time and work are not told apart")
async def test_waiting_for_a_turn_is_no_work() -> None:
    assert (await _rendered_by_one_that_had_to_wait("# a")).html


async def test_control_by_time_alone_it_would_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "PATIENCE_SECONDS", rendering.BUDGET_SECONDS)
    with contextlib.suppress(ProcessLookupError), pytest.raises(rendering.RenderTimeout):
        await _rendered_by_one_that_had_to_wait("# a")


async def test_no_more_than_two_processes_work_at_once() -> None:
    await asyncio.gather(*(rendering.render("# a\n" * 2_000) for _ in range(8)))
    assert 1 <= len(rendering._idle) <= rendering.MAX_WORKERS


async def test_a_process_killed_while_idle_costs_nobody_a_text() -> None:
    await rendering.render("first")
    os.kill(_pid_of_the_idle_worker(), signal.SIGKILL)
    assert (await rendering.render("second")).html == "<p>second</p>\n"


async def test_a_process_found_dead_over_the_question_is_replaced_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await rendering.render("first")
    os.kill(_pid_of_the_idle_worker(), signal.SIGKILL)
    # It died after we looked.
    monkeypatch.setattr(rendering._Worker, "is_alive", True)
    assert (await rendering.render("second")).html == "<p>second</p>\n"


async def test_a_text_that_takes_its_process_down_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dying = "markdown.render = lambda source: os._exit(1)"
    script = f"import os; from cms.core import markdown; {dying}\nmain()"
    monkeypatch.setattr(rendering, "_START", rendering._START.replace("main()", script))
    with pytest.raises(rendering.RenderCrashed):
        await rendering.render("x")


async def test_a_process_that_cannot_start_is_our_fault_and_not_the_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rendering, "_START", "raise SystemExit(1)")
    with pytest.raises(RuntimeError, match="does not start"):
        await rendering.render("x")


def _nested_list(size: int) -> str:
    return "".join("  " * depth + "- a\n" for depth in range(int(size**0.5)))


def _wide_table(size: int) -> str:
    cells = size // 5
    return "|" * cells + "\n" + "|-" * cells + "\n" + "|" * cells


NASTY: dict[str, Callable[[int], str]] = {
    "brackets": lambda size: "[" * size,
    "closed brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "nested images": lambda size: "![" * (size // 6) + "a" + "](x)" * (size // 6),
    "backticks": lambda size: " ".join("`" * run for run in range(1, int((2 * size) ** 0.5))),
    "asterisks": lambda size: "***" * (size // 3),
    "crossed emphasis": lambda size: "*_*_a " * (size // 6),
    "quotes": lambda size: ">" * size,
    "lists in one line": lambda size: "- " * (size // 2),
    "nested list": _nested_list,
    "wide table": _wide_table,
    "long table": lambda size: "|a|b|\n|-|-|\n" + "|a|b|\n" * (size // 6),
    "nested elements": lambda size: "<div>" * (size // 5),
    "unclosed fences": lambda size: "```py\n" * (size // 6),
    "footnotes": lambda size: "[^a]" * (size // 4) + "\n\n[^a]: a",
}


@pytest.mark.parametrize("size", [20_000, 80_000])
@pytest.mark.parametrize("kind", NASTY)
async def test_a_nasty_text_is_rendered_or_clearly_refused(kind: str, size: int) -> None:
    async with asyncio.timeout(GUARD_SECONDS):
        with contextlib.suppress(Unrenderable):
            rendered = await rendering.render(NASTY[kind](size))
            assert len(rendered.html.encode()) <= markdown.MAX_HTML_BYTES


@pytest.mark.parametrize("opening", [">", "> ", "- ", "1. ", "[^a]: "])
async def test_nesting_beyond_reading_is_refused(opening: str) -> None:
    with pytest.raises(markdown.TooDeep):
        await rendering.render(opening * 40_000 + "kata")


@pytest.mark.parametrize("opening", [">", "- ", "1. "])
async def test_up_to_the_limit_of_nesting_not_a_word_is_lost(opening: str) -> None:
    kept = 0
    for depth in range(1, 120):
        with contextlib.suppress(markdown.TooDeep):
            assert "kata" in markdown.render(opening * depth + "kata").html
            kept = depth
    assert 40 < kept < 100


BUSY_PARENT = """
import asyncio, sys, threading
from cms.core import rendering

async def main():
    await rendering.render("first")
    print(rendering._idle[0]._process.pid, flush=True)
    if sys.argv[1] == "busy":
        # A minute's work.
        await rendering.render(">" * 50 + "a\\n" + "a\\n" * 120_000)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_a_process_does_not_outlive_a_killed_parent(state: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY_PARENT, state], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.5)
        assert _is_running(worker)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + render_worker.BUSY_SECONDS + 6
    while _is_running(worker):
        assert time.monotonic() < deadline
        time.sleep(0.05)


# No `if __name__ == "__main__"`: importing this again would render again, and so on for ever.
SEVERAL_LOOPS = """
import asyncio, uvloop
from cms.core import rendering

print("main runs")
for run in (asyncio.run, uvloop.run, asyncio.run):
    print(run(rendering.render("*a*")).html.strip())
print(len(rendering._idle))
"""


def test_processes_serve_any_event_loop_and_leave_no_warning(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(SEVERAL_LOOPS)
    ended = subprocess.run(
        [sys.executable, "-W", "error", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=GUARD_SECONDS,
        check=False,
    )
    assert ended.stderr == ""
    assert ended.stdout.split("\n") == ["main runs", *["<p><em>a</em></p>"] * 3, "1", ""]


def _pid_of_the_idle_worker() -> int:
    return rendering._idle[-1]._process.pid


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
