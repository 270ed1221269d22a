"""A site whose texts are hostile to every format they are written in."""

import httpx
import pytest

from tests import make
from tests.media import samples

TITLES = (
    "]]> & <b>bold</b> \"quoted\" 'so'",
    "Tanaman 🌿 👩🏽‍💻 dan 日本語",
    "مرحبا بالعالم \u202e reversed \u2067",
    "a \ufffe b \x7f c &amp; &#0;",
)


@pytest.fixture
async def site(owner: httpx.AsyncClient) -> list[str]:
    """Hostile titles, names and tags; the titles as they are stored."""
    face = await make.media(owner, samples.png(), "a.png")
    await make.profile(owner, name="A <&> ]]> 🌿", slug="rani", avatar_id=face["id"])
    stored = []
    for number, title in enumerate(TITLES):
        kept = title.replace("\x7f", "")  # one line: the control character is refused
        made = await make.published(
            owner,
            title=kept,
            slug=f"a{number}",
            author_slugs=["rani"],
            tag_slugs=["a & b"],
            cover_id=face["id"],
            markdown=f"Text ]]> & {kept}\n\n`</content>`\n",
        )
        stored.append(made["title"])
    return stored
