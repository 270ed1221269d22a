"""What an article is supposed to be: a plain model that knows neither MongoDB nor our code."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

BURST = timedelta(minutes=10)


class Refused(Exception):
    """The model says no; the program has to say so with the same name."""


@dataclass(frozen=True)
class Shown:
    """What was put before readers, and from when till when they may see it."""

    text: str
    slug: str
    start: datetime
    end: datetime | None = None

    def is_seen(self, now: datetime) -> bool:
        return self.start <= now and (self.end is None or now < self.end)


@dataclass
class Item:
    ident: Any
    text: str
    slug: str
    revision: int = 1
    live: Shown | None = None
    change: tuple[datetime, Shown] | None = None
    is_trashed: bool = False
    former: list[str] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)
    burst: tuple[str, datetime] | None = None
    revisions: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ever.add(self.slug)
        self.revisions[1] = self.text

    def held(self) -> set[str]:
        live = {self.live.slug} if self.live else set()
        coming = {self.change[1].slug} if self.change else set()
        return {self.slug, *live, *coming, *self.former}

    def seen(self, now: datetime) -> Shown | None:
        return self.live if self.live is not None and self.live.is_seen(now) else None

    def status(self, now: datetime) -> str:
        if self.is_trashed:
            return "trashed"
        if self.live is None:
            return "draft"
        if now < self.live.start:
            return "scheduled"
        return "published" if self.live.is_seen(now) else "unpublished"

    def answer(self, slug: str, now: datetime) -> tuple[int, str]:
        """What a reader gets under the slug: 200 and the text, 308 and the slug, or 404."""
        live = self.seen(now)
        if live is None:
            return 404, ""
        if slug == live.slug:
            return 200, live.text
        return (308, live.slug) if slug in self.former else (404, "")

    def pass_time(self, now: datetime) -> None:
        """A scheduled change takes effect when somebody looks after it."""
        if self.change is not None and self.change[0] <= now:
            _, change = self.change
            self.change = None
            self._show(change, now)

    def _show(self, shown: Shown, now: datetime) -> None:
        old = self.live
        self.former = [slug for slug in self.former if slug != shown.slug]
        if old is not None and old.start <= now and old.slug not in {shown.slug, *self.former}:
            self.former.append(old.slug)
        self.live = shown
        self.ever.add(shown.slug)

    def _write(self, now: datetime) -> None:
        self.pass_time(now)
        self.revision += 1
        self.burst = None

    def _keep(self, before: tuple[str, str]) -> None:
        if before != (self.text, self.slug):
            self.revisions[self.revision] = self.text

    def edit(self, text: str, slug: str, now: datetime, by: str, *, autosave: bool = False) -> None:
        self._refuse_trash()
        burst = self.burst
        self._write(now)
        if autosave:
            if burst is not None and burst[0] == by and now - burst[1] < BURST:
                del self.revisions[max(self.revisions)]
                self.burst = burst
            else:
                self.burst = (by, now)
        self.text, self.slug = text, slug
        self.ever.add(slug)
        self.revisions[self.revision] = text

    def publish(self, at: datetime | None, now: datetime) -> None:
        self._refuse_trash()
        seen = self.seen(now)
        if seen is not None and at is not None and at > now:
            if seen.end is not None and seen.end <= at:
                raise Refused("unpublished_before")
            self._write(now)
            assert self.live is not None
            self.change = (at, Shown(self.text, self.slug, self.live.start, self.live.end))
            return
        self._write(now)
        first = self.live.start if self.live is not None and self.live.start <= now else None
        self.change = None
        self._show(Shown(self.text, self.slug, at or first or now, seen.end if seen else None), now)

    def unpublish(self, at: datetime | None, now: datetime) -> None:
        if self.live is None or (self.live.end is not None and self.live.end <= now):
            raise Refused("not_published")
        self._write(now)
        self._end(at or now, now)

    def _end(self, end: datetime, now: datetime) -> None:
        assert self.live is not None
        if self.live.start > now and end <= self.live.start:
            self.live = self.change = None  # nobody would ever see it
            return
        self.live = Shown(self.live.text, self.live.slug, self.live.start, end)
        if self.change is not None:
            at, coming = self.change
            ending = Shown(coming.text, coming.slug, coming.start, end)
            self.change = (at, ending) if at < end else None

    def discard(self, now: datetime) -> None:
        self._refuse_trash()
        if self.live is None:
            raise Refused("not_published")
        # Time may have changed what is live since the caller looked; what they saw is meant.
        text, slug, before = self.live.text, self.live.slug, (self.text, self.slug)
        self._write(now)
        self.text, self.slug = text, slug
        self._keep(before)

    def trash(self, now: datetime) -> None:
        self._refuse_trash()
        self._write(now)
        if self.live is not None and (self.live.end is None or now < self.live.end):
            self._end(now, now)
        self.change = None
        self.is_trashed = True

    def restore(self, now: datetime) -> None:
        if not self.is_trashed:
            raise Refused("not_trashed")
        self._write(now)
        self.is_trashed = False

    def _refuse_trash(self) -> None:
        if self.is_trashed:
            raise Refused("trashed")
