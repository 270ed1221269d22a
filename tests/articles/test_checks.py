"""Publish checks: what they find, how grave the site calls it, and what that refuses."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cms.accounts.permissions import Permission, Role
from cms.core import db
from cms.publishing import checking
from cms.site.documents import CHECKS
from tests import make

ADMIN = "/api/v1/admin/articles"
EXCERPT = "A sentence that says what this is about, long enough to be shown."


async def _found(client: httpx.AsyncClient, thing: Any) -> list[Any]:
    answer = await client.get(f"{ADMIN}/{thing['id']}/checks")
    assert answer.status_code == 200, answer.text
    assert answer.json()["revision"] == thing["revision"]
    found: list[Any] = answer.json()["findings"]
    return found


async def _codes(client: httpx.AsyncClient, **changes: Any) -> list[tuple[str, str, int | None]]:
    made = await make.article(client, **{"excerpt": EXCERPT, **changes})
    return [(item["code"], item["field"], item["line"]) for item in await _found(client, made)]


async def _settle(client: httpx.AsyncClient, **change: Any) -> httpx.Response:
    site = (await client.get("/api/v1/admin/site")).json()
    return await client.patch("/api/v1/admin/site", json=change, headers=make.if_match(site))


async def test_a_sound_article_has_no_findings(owner: httpx.AsyncClient) -> None:
    text = "## Part\n\n### Deeper\n\nText ![a picture](/a.png).\n\n## Next\n\n[Up](#part)\n"
    assert await _codes(owner, markdown=text) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"markdown": "a\n\n![](/a.png)"}, ("missing_alt", "markdown", 3)),
        ({"markdown": "## a\n\n#### b"}, ("heading_jump", "markdown", 3)),
        ({"markdown": "### a"}, ("heading_jump", "markdown", 1)),
        ({"markdown": "\n\nTODO: more"}, ("leftover_todo", "markdown", 3)),
        ({"markdown": "TK", "lang": "en"}, ("leftover_todo", "markdown", 1)),
        ({"markdown": "[TK]", "lang": "id"}, ("leftover_todo", "markdown", 1)),
        ({"title": "FIXME"}, ("leftover_todo", "title", None)),
        ({"seo": {"title": "TODO"}}, ("leftover_todo", "seo.title", None)),
        ({"title": "x" * 71}, ("title_length", "title", None)),
        ({"seo": {"title": "x" * 71}}, ("title_length", "seo.title", None)),
        ({"excerpt": "Short."}, ("description_length", "excerpt", None)),
        ({"excerpt": "x" * 161}, ("description_length", "excerpt", None)),
        ({"seo": {"description": "x" * 161}}, ("description_length", "seo.description", None)),
        ({"excerpt": None}, ("missing_excerpt", "excerpt", None)),
        ({"markdown": "a\n[x](#gone)"}, ("dead_internal_link", "markdown", 2)),
        ({"markdown": "[x](/articles/none)"}, ("dead_internal_link", "markdown", 1)),
        ({"markdown": "[x](none#part)"}, ("dead_internal_link", "markdown", 1)),
        ({"markdown": "[x](../authors/none?a=b)"}, ("dead_internal_link", "markdown", 1)),
        (
            {"markdown": "[x](https://juri.example/articles/none/)"},
            ("dead_internal_link", "markdown", 1),
        ),
        ({"markdown": '<a href="/articles/none">x</a>'}, ("dead_internal_link", "markdown", 1)),
    ],
)
async def test_each_check_finds_its_own_and_names_the_line(
    changes: dict[str, Any], expected: Any, owner: httpx.AsyncClient
) -> None:
    assert await _codes(owner, **changes) == [expected]


@pytest.mark.parametrize(
    "changes",
    [
        {"markdown": "Anak TK bermain.", "lang": "id"},
        {"markdown": "`TODO` and\n\n    FIXME\n"},
        {"title": "x" * 71, "seo": {"title": "Short"}},
        {"excerpt": None, "seo": {"description": EXCERPT}},
        {"markdown": "[a](https://other.example/articles/none) [b](mailto:a@b.example)"},
        {"markdown": "[a](//other.example/articles/none) [b](https://[bad) [c](/) [d](#)"},
        {"markdown": "[a](/a/page/of/the/frontend) [b](/image.png) [c](#top)"},
        {"slug": "self", "markdown": "[a](self) [b](/articles/self#x) [c](?page=2)"},
    ],
)
async def test_what_is_fine_is_not_found(changes: dict[str, Any], owner: httpx.AsyncClient) -> None:
    assert await _codes(owner, **changes) == []


async def test_a_link_is_alive_only_where_readers_find_something(owner: httpx.AsyncClient) -> None:
    live = await make.published(owner, slug="old", title="Old")
    await make.published(owner, slug="coming", at=(db.now() + timedelta(days=1)).isoformat())
    await make.article(owner, slug="draft", tag_slugs=["Known"])
    await make.profile(owner, name="Rani")
    moved = await owner.patch(
        f"{ADMIN}/{live['id']}", json={"slug": "new"}, headers=make.if_match(live)
    )
    await make.verb(owner, moved.json(), "publish")
    lines = [
        "[alive](/articles/new)",
        "[alive: it redirects](/articles/old)",
        "[alive](/authors/rani)",
        "[alive](/tags/known)",
        "[dead](/articles/draft)",
        "[dead](/articles/coming)",
        "[dead](/tags/unknown)",
        "[dead: an article is no author](/authors/new)",
    ]
    found = await _codes(owner, markdown="\n".join(lines))
    assert [line for code, _, line in found if code == "dead_internal_link"] == [5, 6, 7, 8]


async def test_links_are_read_by_the_sites_patterns_and_languages(owner: httpx.AsyncClient) -> None:
    patterns = {"article": {"id": "/{slug}", "en": "/{lang}/articles/{slug}"}}
    navigation = [{"label": "Now", "url": "/sekarang"}]
    await _settle(owner, url_patterns=patterns, navigation=navigation)
    await make.published(owner, slug="satu", lang="id")
    await make.published(owner, slug="one", lang="en")
    lines = ["[](/satu)", "[](/en/articles/one)", "[](/sekarang)", "[](/one)", "[](/tidak-ada)"]
    found = await _codes(owner, markdown="\n".join(lines))
    assert [line for *_, line in found] == [4, 5]


async def test_the_site_says_what_refuses_publishing(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    draft = await make.article(owner, markdown="Text.\n\n![](/a.png) TODO\n")
    levels: dict[str, str] = {"missing_alt": "error", "missing_excerpt": "off"}
    shown = (await _settle(owner, checks=levels)).json()
    assert shown["checks"] == {**{str(code): level for code, level in CHECKS.items()}, **levels}
    assert "checks" not in (await reader.get("/api/v1/site")).json()
    answer = (await owner.get(f"{ADMIN}/{draft['id']}/checks")).json()
    assert answer["can_publish"] is False
    assert [(item["level"], item["code"]) for item in answer["findings"]] == [
        ("error", "missing_alt"),
        ("warning", "leftover_todo"),
    ]
    for at in (None, (db.now() + timedelta(days=1)).isoformat()):
        refused = await owner.post(
            f"{ADMIN}/{draft['id']}/publish",
            json={"at": at} if at else None,
            headers=make.if_match(draft),
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "checks_failed")
        assert refused.json()["errors"] == [
            {
                "field": "markdown",
                "message": "the image /a.png has no alternative text",
                "code": "missing_alt",
                "line": 3,
            }
        ]
    assert (await owner.get(f"{ADMIN}/{draft['id']}")).json() == draft
    await _settle(owner, checks={"missing_alt": None})
    assert (await make.verb(owner, draft, "publish"))["status"] == "published"


@pytest.mark.parametrize(
    ("checks", "field"),
    [
        ({"missing_alt": "fatal"}, "checks.missing_alt"),
        ({"unknown": "off"}, "checks.unknown.[key]"),
        ("off", "checks"),
    ],
)
async def test_a_level_or_check_that_is_none_is_named(
    checks: Any, field: str, owner: httpx.AsyncClient
) -> None:
    answer = await _settle(owner, checks=checks)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_checks_are_for_who_sees_the_article(
    owner: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    draft = await make.article(owner)
    author = await make.account(role=Role.AUTHOR)
    stranger = {"Authorization": f"Bearer {await make.token(author)}"}
    scoped = {"Authorization": f"Bearer {await make.token(author, Permission.READ)}"}
    assert (await reader.get(f"{ADMIN}/{draft['id']}/checks")).status_code == 401
    assert (await reader.get(f"{ADMIN}/{draft['id']}/checks", headers=stranger)).status_code == 404
    own = (await reader.post(ADMIN, json={"title": "Mine"}, headers=stranger)).json()
    assert (await reader.get(f"{ADMIN}/{own['id']}/checks", headers=scoped)).status_code == 200
    assert (await owner.get(f"{ADMIN}/{'0' * 24}/checks")).status_code == 404
    assert (await owner.get(f"{ADMIN}/x/checks")).status_code == 404


async def test_a_text_of_nothing_but_flaws_is_cut_and_answered(owner: httpx.AsyncClient) -> None:
    made = await make.article(owner, markdown="![](a) [x](/articles/n) TODO\n\n" * 3000)
    assert len(await _found(owner, made)) == checking.MOST_FINDINGS


async def test_the_command_tells_what_the_route_tells(
    owner: httpx.AsyncClient, database_url: str
) -> None:
    one = await make.article(owner, title="One", slug="one", markdown="a\n\n![](/a.png)\n")
    gone = await make.article(owner, title="Gone", slug="gone", markdown="TODO")
    await owner.request("DELETE", f"{ADMIN}/{gone['id']}", headers=make.if_match(gone))
    expected = [{"kind": "article", "slug": "one", "findings": await _found(owner, one)}]

    code, out, _ = await make.command(database_url, "check", "--json")
    assert (code, json.loads(out)) == (0, expected)
    code, out, _ = await make.command(database_url, "check", "one")
    assert code == 0
    assert "article one:3: warning: markdown: the image /a.png has no" in out
    await _settle(owner, checks={"missing_alt": "error"})
    code, out, _ = await make.command(database_url, "check", "one")
    assert code == 1
    assert "article one:3: error: markdown:" in out
    code, out, err = await make.command(database_url, "check", "gone")
    assert (code, out) == (1, "")
    assert "Nothing has the slug 'gone'." in err
    assert (await make.command(database_url, "check", "--nothing"))[0] == 2
