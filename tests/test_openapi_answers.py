"""Real answers held against the OpenAPI document, route by route."""

import json
from copy import deepcopy
from typing import Any

import httpx
import pyotp
import pytest

from cms.accounts import service as accounts
from cms.accounts.documents import Account
from cms.accounts.links import opening
from cms.app import openapi_document
from cms.core import db
from cms.webhooks.documents import Delivery
from tests import make
from tests.conforming import Contract, require

ADMIN = "/api/v1/admin"
GONE = "a" * 24
Row = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Row:
    found: Row = json.loads(json.dumps(openapi_document()))
    return found


@pytest.fixture(scope="module")
def contract(document: Row) -> Contract:
    return Contract(document)


class Watch:
    """Every answer to the clients it watches has to be as the document tells it."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.succeeded: set[str] = set()

    def __call__(self, *clients: httpx.AsyncClient) -> None:
        for client in clients:
            client.event_hooks = {"response": [require(self.contract), self._note]}

    async def _note(self, answer: httpx.Response) -> None:
        operation = self.contract.operation(answer.request.method, answer.request.url.path)
        if operation and answer.is_success:
            self.succeeded.add(operation["operationId"])


@pytest.fixture
def watch(contract: Contract) -> Watch:
    return Watch(contract)


async def test_every_operation_answers_as_it_is_told(
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    browser: httpx.AsyncClient,
    watch: Watch,
    document: Row,
) -> None:
    watch(owner, reader, browser)

    await tour_of_accounts(browser)
    await tour_of_profiles_tags_and_site(owner)
    await tour_of_articles(owner)
    await tour_of_series_and_translations(owner)
    for kinds in ("articles", "projects", "pages"):
        await tour_of_a_kind(owner, kinds)
    await tour_of_redirects(owner)
    picture = await tour_of_media(owner)
    card = (await reader.get("/api/v1/profiles/rani")).json()["og_image"]["url"]
    await tour_of_webhooks(owner)
    await tour_of_contact(owner, reader)
    for path in (
        f"/media/{picture}",
        card,
        *("/feed.xml", "/atom.xml?lang=en", "/feed.json?tag=basis-data", "/sitemap.xml"),
        *("/sitemaps/articles-1.xml", "/robots.txt", "/llms.txt", "/api/v1/sync?limit=100"),
        "/api/v1/articles?total=true&limit=1", "/api/v1/articles/uno", "/api/v1/articles/uno.md",
        "/api/v1/search?q=one&total=true", "/api/v1/articles/one", "/api/v1/profiles",
        "/api/v1/profiles/rani", "/api/v1/profiles/rani/resume.json", "/api/v1/tags",
        "/api/v1/tags/basis-data", "/api/v1/projects?total=true", "/api/v1/projects/whole",
        "/api/v1/projects/whole.md", "/api/v1/pages?total=true", "/api/v1/pages/whole",
        "/api/v1/pages/whole.md", "/api/v1/site", "/api/v1/openapi.json", "/health/live",
        "/health/ready", "/api/v1/redirects",
        "/api/v1/series", "/api/v1/series/karier",
        "/api/v1/articles?fields=slug,authors&include=html",
        "/api/v1/articles?year=2026&lang=en&fallback=true",
    ):  # fmt: skip
        seen = await reader.get(path)
        assert seen.status_code in {200, 308}, path
        await reader.get(path, headers={"If-None-Match": seen.headers.get("ETag", '"none"')})
        await reader.head(path)

    names = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    }
    # The setup link opens only where nobody is: below.
    assert names - watch.succeeded == {"create_first_owner"}


async def tour_of_accounts(browser: httpx.AsyncClient) -> None:
    account = await make.account()
    credentials = {"email": account.email, "password": make.PASSWORD}
    session = (await browser.post(f"{ADMIN}/session", json=credentials)).json()
    csrf = {"X-CSRF-Token": session["csrf_token"]}
    await browser.get(f"{ADMIN}/session")
    data = {"name": "Build", "scopes": ["read"]}
    token = await browser.post(f"{ADMIN}/tokens", json=data, headers=csrf)
    await browser.get(f"{ADMIN}/tokens")
    await browser.delete(f"{ADMIN}/tokens/{token.json()['id']}", headers=csrf)
    await tour_of_people(browser, csrf)
    csrf = await tour_of_ones_own(browser, csrf, account)
    await browser.delete(f"{ADMIN}/session", headers=csrf)


async def tour_of_people(browser: httpx.AsyncClient, csrf: dict[str, str]) -> None:
    path = f"{ADMIN}/invitations"
    data = {"email": "a@example.com", "role": "author"}
    made = (await browser.post(path, json=data, headers=csrf)).json()
    await browser.get(path)
    await browser.delete(f"{path}/{made['id']}", headers=csrf)
    policy = await browser.get(f"{ADMIN}/account-policy")
    headers = {**csrf, "If-Match": policy.headers["ETag"]}
    await browser.patch(f"{ADMIN}/account-policy", json={}, headers=headers)
    other = await make.account(role="editor")
    at = f"{ADMIN}/accounts/{other.id}"
    await browser.get(f"{ADMIN}/accounts")
    await browser.get(at)
    await browser.post(f"{at}/role", json={"role": "author"}, headers=csrf)
    for verb in ("disable", "enable"):
        await browser.post(f"{at}/{verb}", headers=csrf)
    link = await browser.post(f"{at}/reset-link", headers=csrf)
    data = {"token": link.json()["link"].partition("=")[2], "password": make.PASSWORD[::-1]}
    await browser.post(f"{ADMIN}/password-reset", json={"email": other.email})
    await browser.post(f"{ADMIN}/password-reset/confirm", json=data)
    await browser.delete(f"{at}/sessions", headers=csrf)
    await browser.post(f"{at}/erase", headers=csrf)


async def tour_of_ones_own(
    browser: httpx.AsyncClient, csrf: dict[str, str], account: Account
) -> dict[str, str]:
    """As the owner hands the site over and goes on; the CSRF token of the session at the end."""

    async def send(method: str, path: str, data: Any = None) -> Row:
        answer = await browser.request(method, ADMIN + path, json=data, headers=csrf)
        assert answer.is_success, (path, answer.text)
        found: Row = answer.json() if answer.content else {}
        csrf["X-CSRF-Token"] = found.get("csrf_token", csrf["X-CSRF-Token"])
        return found

    await browser.get(f"{ADMIN}/sessions")
    await send("DELETE", "/sessions")
    await send("POST", "/session/reauth", {"password": make.PASSWORD})
    link = (await send("POST", "/account/email", {"email": "new@example.com"}))["link"]
    await send("POST", "/account/email/confirm", {"token": link.partition("=")[2]})
    secret = (await send("POST", "/second-factor"))["secret"]
    totp, now = pyotp.TOTP(secret), db.now().timestamp()
    await send("POST", "/second-factor/confirm", {"code": totp.at(now)})
    codes = (await send("POST", "/second-factor/recovery-codes"))["recovery_codes"]
    await browser.get(f"{ADMIN}/second-factor")
    await send("POST", "/session", {"email": "new@example.com", "password": make.PASSWORD})
    await send("POST", "/session/code", {"code": codes[0]})
    await send("DELETE", "/second-factor")
    heir = await make.account(role="admin")
    await send("POST", f"/accounts/{heir.id}/transfer-ownership")
    new = {"current_password": make.PASSWORD, "password": make.PASSWORD[::-1]}
    await send("POST", "/account/password", new)
    session = await browser.get(f"{ADMIN}/sessions")
    await make.session(account)
    await send("DELETE", f"/sessions/{session.json()['items'][0]['id']}")
    await send("POST", "/session", {"email": "new@example.com", "password": new["password"]})
    invitation = await opening.make(
        "invitation", "", db.now(), email="c@example.com", role="author"
    )
    token = {"token": invitation[1].partition("=")[2], "name": "C"}
    await send("POST", "/invitations/accept", {**token, "password": make.PASSWORD})
    return csrf


async def tour_of_profiles_tags_and_site(owner: httpx.AsyncClient) -> None:
    path = f"{ADMIN}/profiles"
    made = await make.profile(owner, name="Rani", bio_markdown="Writes.")
    await owner.get(path)
    await owner.get(f"{path}/{made['id']}")
    for verb in ("unpublish", "publish"):
        answer = await owner.post(f"{path}/{made['id']}/{verb}", headers=make.if_match(made))
        made = answer.json()
    data = {"links": [{"kind": "github", "url": "https://github.com/rani"}]}
    await owner.patch(f"{path}/{made['id']}", json=data, headers=make.if_match(made))
    await tour_of_resumes(owner, f"{path}/{made['id']}")
    other = await make.profile(owner)
    await owner.get(f"{path}/{other['id']}/usage")
    await owner.delete(f"{path}/{other['id']}?force=true", headers=make.if_match(other))

    await owner.post(f"{ADMIN}/tags", json={"name": "Basis Data"})
    tag = (await owner.get(f"{ADMIN}/tags/basis-data")).json()
    headers = make.if_match(tag)
    await owner.patch(f"{ADMIN}/tags/basis-data", json={"name": "Basis data"}, headers=headers)
    await owner.get(f"{ADMIN}/tags")

    site = await owner.get(f"{ADMIN}/site")
    patch = {"title": "Juri", "url_patterns": {"article": {"*": "/a/{slug}"}}, "preview_url": None}
    await owner.patch(f"{ADMIN}/site", json=patch, headers={"If-Match": site.headers["ETag"]})


async def tour_of_resumes(owner: httpx.AsyncClient, at: str) -> None:
    resume = {"basics": {"name": "Sari", "summary": "Writes too."}}
    await owner.post(f"{ADMIN}/profiles/import-resume?slug=sari", json=resume)
    made = (await owner.get(at)).json()
    data = {"basics": {"name": "Rani", "label": "Developer"}}
    answer = await owner.post(f"{at}/import-resume", json=data, headers=make.if_match(made))
    await owner.get(f"{at}/revisions?limit=1")
    await owner.get(f"{at}/revisions/1")
    await owner.get(f"{at}/revisions/1/diff?to={made['revision']}")
    await owner.post(f"{at}/revisions/1/restore", headers=make.if_match(answer.json()["profile"]))


async def tour_of_articles(owner: httpx.AsyncClient) -> None:
    path = f"{ADMIN}/articles"
    made = await make.published(
        owner, slug="one", author_slugs=["rani"], tag_slugs=["basis-data"], markdown="## H\n\nText."
    )
    at = f"{path}/{made['id']}"
    made = (await owner.patch(at, json={"slug": "uno"}, headers=make.if_match(made))).json()
    made = await make.verb(owner, made, "publish")
    made = (await owner.patch(at, json={"title": "Uno"}, headers=make.if_match(made))).json()
    await make.verb(owner, made, "discard-draft")
    await owner.get(f"{path}?status=published&total=true")
    await owner.get(at)
    await owner.post(f"{ADMIN}/render", json={"markdown": "# H\n\n## I"})
    await tour_of_history(owner, at)
    await make.published(owner)

    other = await make.published(owner)
    other = await make.verb(owner, other, "unpublish", {"at": None})
    gone = f"{path}/{other['id']}"
    other = (await owner.delete(gone, headers=make.if_match(other))).json()
    other = await make.verb(owner, other, "restore")
    other = (await owner.delete(gone, headers=make.if_match(other))).json()
    assert (await owner.post(f"{gone}/purge", headers=make.if_match(other))).status_code == 204


async def tour_of_previews(owner: httpx.AsyncClient, at: str, kinds: str) -> None:
    await owner.get(f"{at}/checks")
    made = (await owner.get(at)).json()
    await owner.post(f"{at}/pull-images", headers=make.if_match(made))
    link = (await owner.post(f"{at}/preview-links", json={"expires_in_hours": 1})).json()
    seen = await owner.get(f"/api/v1/{kinds}/whole", params={"preview": link["token"]})
    assert seen.status_code == 200, seen.text
    await owner.get(f"{at}/preview-links?total=true")
    await owner.delete(f"{at}/preview-links/{link['id']}")


async def tour_of_media(owner: httpx.AsyncClient) -> str:
    path = f"{ADMIN}/media"
    made = await make.media(owner)
    at = f"{path}/{made['id']}"
    await owner.get(at)
    await owner.get(f"{path}?total=true&limit=1")
    await owner.get(f"{path}/storage")
    await owner.get(f"{at}/usage")
    made = (await owner.patch(at, json={"credit": "R"}, headers=make.if_match(made))).json()
    part = {"file": ("b.txt", make.text(), "text/plain")}
    answer = await owner.post(f"{at}/replace", files=part, headers=make.if_match(made))
    other = await make.media(owner)
    await owner.delete(f"{path}/{other['id']}", headers=make.if_match(other))
    assert (await owner.post(path, files={"file": ("a", b"")})).status_code == 422
    url: str = answer.json()["url"]
    return url.rpartition("/")[2]


async def tour_of_redirects(owner: httpx.AsyncClient) -> None:
    path = f"{ADMIN}/redirects"
    made = (await owner.post(path, json={"from_path": "/old", "to": "/new"})).json()
    at = f"{path}/{made['id']}"
    await owner.get(at)
    made = (await owner.patch(at, json={"status": 302}, headers=make.if_match(made))).json()
    await owner.get(f"{path}?total=true")
    for words in ("nginx", "next", "netlify"):
        await owner.get(f"{path}/export", params={"format": words})
    other = (await owner.post(path, json={"from_path": "/older", "to": "/new"})).json()
    await owner.delete(f"{path}/{other['id']}", headers=make.if_match(other))


async def tour_of_webhooks(owner: httpx.AsyncClient) -> None:
    path = f"{ADMIN}/webhooks"
    data = {"name": "Build", "url": "https://hooks.example.com/"}
    made = (await owner.post(path, json=data)).json()
    at = f"{path}/{made['id']}"
    made = (await owner.patch(at, json={"name": "Site"}, headers=make.if_match(made))).json()
    made = (await owner.post(f"{at}/rotate-secret", headers=make.if_match(made))).json()
    sent = (await owner.post(f"{at}/test")).json()
    await Delivery.find({}).update({"$set": {"state": "failed", "finished_at": db.now()}})
    await owner.post(f"{at}/deliveries/{sent['id']}/redeliver")
    for tail in ("", "/deliveries?state=waiting"):
        assert (await owner.get(at + tail)).status_code == 200
    await owner.get(path)
    await owner.delete(at, headers=make.if_match(made))


async def tour_of_contact(owner: httpx.AsyncClient, reader: httpx.AsyncClient) -> None:
    form = (await reader.get("/api/v1/contact")).json()
    words = {"name": "Budi", "email": "budi@example.com", "message": "Hello."}
    sent = await reader.post("/api/v1/contact", json={"token": form["token"], **words})
    assert sent.status_code == 202, sent.text
    at = f"{ADMIN}/contact"
    (message,) = (await owner.get(f"{at}?folder=spam&total=true")).json()["items"]
    one = f"{at}/{message['id']}"
    assert (await owner.get(one)).status_code == 200
    marks = {"is_spam": False}
    message = (await owner.patch(one, json=marks, headers=make.if_match(message))).json()
    await owner.delete(one, headers=make.if_match(message))
    await owner.post(f"{at}/erase", json={"email": words["email"]})


WHOLE: dict[str, Row] = {
    "articles": {},
    "projects": {
        "technologies": ["Python"],
        "links": [{"kind": "demo", "url": "https://example.com/"}],
        "started_on": "2025-08-17",
    },
    "pages": {"seo": {"title": "Uses"}},
}


async def tour_of_a_kind(owner: httpx.AsyncClient, kinds: str) -> None:
    path, words = f"{ADMIN}/{kinds}", {"slug": "whole", "markdown": "## H\n\nText."}
    made = await make.live(owner, kinds, **words, **WHOLE[kinds])
    at = f"{path}/{made['id']}"
    made = (await owner.patch(at, json={"title": "Uno"}, headers=make.if_match(made))).json()
    await make.verb(owner, made, "discard-draft", kinds=kinds)
    await owner.get(f"{path}?status=published&total=true")
    await tour_of_history(owner, at)
    await tour_of_previews(owner, at, kinds)
    planned = await make.live(owner, kinds, at="2999-01-01T00:00:00Z")
    await make.verb(owner, planned, "unschedule", {"what": ["publish"]}, kinds)
    again = {"Idempotency-Key": f"key of {kinds}".replace(" ", "-")}
    for _ in range(2):
        await owner.post(path, json={"title": "Again"}, headers=again)

    other = await make.live(owner, kinds)
    other = await make.verb(owner, other, "unpublish", kinds=kinds)
    gone = f"{path}/{other['id']}"
    other = (await owner.delete(gone, headers=make.if_match(other))).json()
    other = await make.verb(owner, other, "restore", kinds=kinds)
    items = [{"id": other["id"], "revision": revision} for revision in (99, other["revision"])]
    await owner.post(f"{path}/bulk", json={"verb": "trash", "items": items})
    other = (await owner.get(gone)).json()
    assert (await owner.post(f"{gone}/purge", headers=make.if_match(other))).status_code == 204


async def tour_of_series_and_translations(owner: httpx.AsyncClient) -> None:
    path = f"{ADMIN}/series"
    made = await make.series(owner, title="Karier")
    await make.series(owner, title="Gone")
    place = {"slug": "karier", "position": 1}
    source = await make.published(owner, lang="id", series=place, tag_slugs=["Two", "#Three"])
    other = await make.published(owner, lang="en", series=place, translation_of=source["id"])
    await make.verb(owner, other, "confirm-translation")
    await owner.get(f"{ADMIN}/articles/{source['id']}/translations")
    for kinds in ("projects", "pages"):
        first = await make.live(owner, kinds, lang="id")
        second = await make.live(owner, kinds, lang="en", translation_of=first["id"])
        await make.verb(owner, second, "confirm-translation", kinds=kinds)
        await owner.get(f"{ADMIN}/{kinds}/{first['id']}/translations")
    await owner.patch(f"{path}/karier", json={"title": "Kerja"}, headers=make.if_match(made))
    for at in (path, f"{path}/karier", f"{path}/karier/usage", f"{ADMIN}/tags/two/usage"):
        assert (await owner.get(at)).status_code == 200
    assert (await owner.delete(f"{path}/gone", headers=make.if_match(made))).status_code == 204
    refused = await owner.delete(f"{path}/karier", headers={"If-Match": '"2"'})
    assert refused.json()["code"] == "in_use"
    first = {"If-Match": '"1"'}
    merge = {"into": "basis-data"}
    merged = await owner.post(f"{ADMIN}/tags/two/merge", json=merge, headers=first)
    assert merged.status_code == 200
    await owner.delete(f"{ADMIN}/tags/%23three?force=true", headers=first)


async def tour_of_history(owner: httpx.AsyncClient, at: str) -> None:
    made = (await owner.get(at)).json()
    answer = await owner.patch(
        f"{at}/autosave", json={"markdown": "Other text."}, headers=make.if_match(made)
    )
    made = answer.json()
    await owner.get(f"{at}/revisions?limit=1")
    await owner.get(f"{at}/revisions/1")
    await owner.get(f"{at}/revisions/1/diff?to={made['revision']}")
    await owner.post(f"{at}/revisions/1/restore", headers=make.if_match(made))
    await owner.post(f"{at}/duplicate")
    await owner.get(f"{ADMIN}/audit?limit=2")


async def test_the_first_owner_is_made_as_it_is_told(
    browser: httpx.AsyncClient, watch: Watch
) -> None:
    watch(browser)
    token = await accounts.open_setup(db.now())
    data = {"token": token, "email": "r@example.com", "name": "R", "password": make.PASSWORD}

    for body, status in (({}, 422), ({**data, "token": "x"}, 403), (data, 201), (data, 403)):
        assert (await browser.post(f"{ADMIN}/setup", json=body)).status_code == status


async def test_refusals_are_as_they_are_told(
    owner: httpx.AsyncClient,
    reader: httpx.AsyncClient,
    watch: Watch,
) -> None:
    watch(owner, reader)
    path, csv = f"{ADMIN}/articles", {"Content-Type": "text/csv"}
    made = await make.article(owner, slug="one")
    at, stale = f"{path}/{made['id']}", {"If-Match": '"99"'}

    for answer, status in (
        (await reader.get(path), 401),
        (await reader.get(path, headers={"Authorization": "Bearer ltr_no"}), 401),
        (await reader.get("/api/v1/articles?cursor=x"), 400),
        (await reader.get("/api/v1/articles?limit=1&limit=2"), 400),
        (await reader.get("/api/v1/articles?limit=0"), 422),
        (await reader.get("/api/v1/articles/nope"), 404),
        (await owner.get(f"{path}?nope=1"), 400),
        (await owner.get(f"{path}/{GONE}"), 404),
        (await owner.post(path, json={"title": "Two", "slug": "one"}), 409),
        (await owner.post(path, json={"title": ""}), 422),
        (await owner.post(path, content=b"{", headers={"Content-Type": "application/json"}), 400),
        (await owner.post(path, content=b"{}", headers=csv), 415),
        (await owner.post(path, json={"title": "x" * 3_000_000}), 413),
        (await owner.patch(at, json={"title": "Two"}), 428),
        (await owner.patch(at, json={"title": "Two"}, headers=stale), 412),
        (await owner.patch(at, json={"title": "Two"}, headers={"If-Match": "7"}), 400),
        (await owner.post(f"{at}/purge", headers=make.if_match(made)), 409),
        (await owner.post(f"{ADMIN}/tokens", json={"name": "a", "scopes": ["read"]}), 403),
    ):
        assert answer.status_code == status, answer.text


async def test_an_optional_body_may_be_absent_or_null(
    owner: httpx.AsyncClient, watch: Watch
) -> None:
    watch(owner)
    made = await make.article(owner)
    path, when = f"{ADMIN}/articles/{made['id']}/publish", make.if_match(made)

    absent = await owner.post(path, headers=when)
    null = await owner.post(path, json=None, content=b"null", headers={
        **make.if_match(absent.json()), "Content-Type": "application/json",
    })  # fmt: skip

    assert (absent.status_code, null.status_code) == (200, 200), null.text


async def test_examples_of_requests_are_accepted(
    owner: httpx.AsyncClient, document: Row, watch: Watch
) -> None:
    watch(owner)
    examples = {name: item["value"] for name, item in document["components"]["examples"].items()}
    site = (await owner.get(f"{ADMIN}/site")).headers["ETag"]

    for path, name in (
        ("profiles", "ProfileInput"),
        ("articles", "ArticleInput"),
        ("articles/bulk", "BulkInput"),
        ("projects", "ProjectInput"),
        ("pages", "PageInput"),
        ("tags", "TagInput"),
        ("redirects", "RedirectInput"),
        ("render", "RenderInput"),
        ("webhooks", "WebhookInput"),
    ):
        answer = await owner.post(f"{ADMIN}/{path}", json=examples[name])
        assert answer.status_code in {200, 201}, answer.text
    changed = await owner.patch(
        f"{ADMIN}/site", json=examples["SitePatch"], headers={"If-Match": site}
    )
    assert changed.status_code == 200, changed.text


async def test_an_answer_that_differs_from_the_document_is_noticed(
    reader: httpx.AsyncClient, document: Row
) -> None:
    answers = [await reader.get("/api/v1/articles"), await reader.get("/api/v1/articles/nope")]
    assert [Contract(document).disagreements(answer) for answer in answers] == [[], []]

    changed = deepcopy(document)
    changed["components"]["schemas"]["Page"]["properties"]["limit"] = {"type": "string"}
    changed["components"]["headers"]["LastModified"]["required"] = True
    responses = changed["paths"]["/api/v1/articles/{slug}"]["get"]["responses"]
    responses["404"]["description"] = "Not found: `other`."
    listed, missing = [Contract(changed).disagreements(answer) for answer in answers]
    assert sorted(listed) == [
        "$.page.limit: 15 is not of type 'string'",
        "Last-Modified is missing",
    ]
    assert missing == ["the code not_found is not among: Not found: `other`."]

    del responses["404"]
    assert "does not tell 404" in Contract(changed).disagreements(answers[1])[0]
