"""Typing in an article of 10,000 words: how long the page works for each key.

python -m benchmarks.keystrokes [--keys N] [--record]

A real server, a real Chromium, a trace of its main thread. What a writer waits for is the work from
the press to the picture with the letter in it: the editor, style, layout, paint. Beside it stands
all work until the next key, with the copy on the device, saving and the collection of garbage,
which Chromium does in small pieces while nobody waits. With `--record` the answer is kept in
results/keystrokes.md.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from tests.browser.acts import open_article, text_of
from tests.browser.conftest import FLAGS, browser_path
from tests.browser.desk import EMAIL, Api, Desk
from tests.make import PASSWORD

BUDGET_MS = 16.0
WORDS = 10_000
PAUSE_MS = 120
RESULT = Path(__file__).parent / "results" / "keystrokes.md"
CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]


SENTENCES = (
    "A palm leaf keeps what is cut into it for a few hundred years, if the air is dry.",
    "Before anybody wrote on it, the leaf was boiled, pressed and left in the sun for a week.",
    "The hole in the middle is for **the cord** that holds the leaves of one book together.",
    "Whoever copied a text rubbed soot into the lines, and only then could it be read.",
    "Mistakes stayed, so a copyist thought [before the knife](/articles/knife) had moved.",
    "On the islands the same story is told in five scripts, and no two of them agree.",
    "What was worth keeping was copied again every other generation, by hand, at night.",
    "Most leaves that are left say who owned them, and *very few* say who wrote them.",
    "A reader of today opens them with a camera, and calls the pages `recto` and `verso` anyway.",
    "None of this was slow for its time: a letter took as long as a letter takes.",
    "The library in the next town has a room for them, with two windows and one key.",
)


def prose() -> str:
    """10,000 words as they are mostly written: paragraphs of some sentences with a mark or two."""
    parts: list[str] = []
    words = 0
    while words < WORDS:
        number = len(parts)
        if number % 8 == 0:
            parts.append(f"## Leaf {number}")
        elif number % 8 == 5:
            parts.append("\n".join(f"{one}. {SENTENCES[number % 11 - one]}" for one in (1, 2, 3)))
        elif number % 16 == 7:
            parts.append("```python\ndef leaf() -> str:\n    return 'ink'\n```")
        else:
            parts.append(" ".join(SENTENCES[(number * 3 + one) % 11] for one in range(6)))
        words = len(" ".join(parts).split())
    return "\n\n".join(parts) + "\n"


def marks() -> str:
    """10,000 words of which every second one has marks around it, in paragraphs of 160."""
    parts: list[str] = []
    words = 0
    while words < WORDS:
        number = len(parts)
        parts.append(f"## Part {number}\n\n" + " ".join(["leaf *ink* **palm** river"] * 40))
        parts.append("- [ ] one\n- [x] [two](https://example.com)\n\n> a quote with `code`")
        if number % 6 == 0:
            parts.append("```python\ndef leaf() -> str:\n    return 'ink'\n```")
            parts.append("| a | b |\n| --- | --- |\n| 1 | 2 |")
        words = len(" ".join(parts).split())
    return "\n\n".join(parts) + "\n"


ARTICLES = {"prose": prose, "a mark at every second word": marks}


async def trace(text: str, keys: int, folder: Path) -> dict[str, Any]:
    desk = Desk(folder)
    desk.start()
    try:
        desk.make_owner()
        api = Api(desk)
        ident = api.article(title="Ten thousand words", markdown=text)["id"]
        api.client.close()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            data = {"email": EMAIL, "password": PASSWORD}
            await context.request.post(f"{desk.url}/api/v1/admin/session", data=data)
            page = await context.new_page()
            await open_article(page, desk.url, ident)
            await text_of(page).focus()
            await page.keyboard.press("Control+Home")
            for _ in range(20):
                await page.keyboard.press("PageDown")
            await page.keyboard.type("warm up ")
            await page.wait_for_timeout(3_000)
            await browser.start_tracing(page=page, categories=CATEGORIES)
            await page.keyboard.type(("ink and leaf " * keys)[:keys], delay=PAUSE_MS)
            found = json.loads(await browser.stop_tracing())
            version = browser.version
            await browser.close()
        return {"events": found["traceEvents"], "browser": version}
    finally:
        desk.stop()


def times(events: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Milliseconds of main-thread work for each key: until it is drawn, and until the next one."""
    pressed = [
        event
        for event in events
        if event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "keydown"
    ]
    thread = (pressed[0]["pid"], pressed[0]["tid"])
    here = [event for event in events if (event["pid"], event["tid"]) == thread]
    tasks = [event for event in here if event["name"] == "RunTask"]
    painted = sorted(event["ts"] for event in here if event["name"] == "Paint")
    starts = sorted(event["ts"] for event in pressed)
    ends = [*starts[1:], starts[-1] + PAUSE_MS * 1_000]
    found = []
    for start, end in zip(starts, ends, strict=True):
        own = [task for task in tasks if start <= task["ts"] + task.get("dur", 0) < end]
        took = [(task["ts"], _work(task) / 1_000) for task in own]
        drawn = next(moment for moment in painted if moment > start)
        found.append((sum(one for at, one in took if at <= drawn), sum(one for _, one in took)))
    return found


def _work(task: dict[str, Any]) -> float:
    """Microseconds that a task worked for.

    The thread's own time, since what other programs took from it meanwhile is not the page's. That
    clock moves in steps of 10 ms on some machines: no task worked for longer than it lasted.
    """
    lasted = float(task.get("dur", 0))
    return min(lasted, float(task.get("tdur", lasted)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--record", action="store_true")
    wanted = parser.parse_args()
    rows = []
    browser = ""
    for name, text in ARTICLES.items():
        with tempfile.TemporaryDirectory(prefix="keys", ignore_cleanup_errors=True) as folder:
            traced = asyncio.run(trace(text(), wanted.keys, Path(folder)))
        browser = traced["browser"]
        columns = [sorted(column) for column in zip(*times(traced["events"]), strict=True)]
        for work, found in zip(("until it is drawn", "until the next"), columns, strict=True):
            rows.append(
                f"| {name} | {work} | {statistics.median(found):.1f} ms "
                f"| {found[int(len(found) * 0.95)]:.1f} ms | {found[-1]:.1f} ms "
                f"| {sum(one < BUDGET_MS for one in found)} of {len(found)} |"
            )
    table = "\n".join(rows)
    report = f"""# Typing in an article of {WORDS:,} words

{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), load \
{os.getloadavg()[0]:.1f}, Chromium {browser}

| article | work | median | 95 % below | longest | below {BUDGET_MS:.0f} ms |
| --- | --- | --- | --- | --- | --- |
{table}

Work of the page's main thread for each key; the next one comes {PAUSE_MS} ms later.
"""
    print(report)
    if wanted.record:
        RESULT.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
