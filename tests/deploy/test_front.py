"""The API, the admin and the media by way of the real Nginx."""

import gzip
import json
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.app import ADMIN_UI
from tests import make
from tests.deploy.conftest import needs_nginx
from tests.deploy.house import CMS, SITE, BehindCMS, House
from tests.reliability.running import EMAIL, GUARD, PASSWORD, free_port

pytestmark = needs_nginx
ROOT = Path(__file__).parents[2]
# Of an answer's own, or of the connection's.
OWN = {
    *("server", "date", "connection", "transfer-encoding", "content-length", "x-request-id"),
    *("etag", "last-modified", "accept-ranges", "vary", "content-encoding"),
}


def article(owner: httpx.Client, title: str, **fields: Any) -> dict[str, Any]:
    made = owner.post("/api/v1/admin/articles", json={"title": title, **fields})
    assert made.status_code == 201, made.text
    draft = made.json()
    path = f"/api/v1/admin/articles/{draft['id']}"
    published = owner.post(f"{path}/publish", headers=make.if_match(draft))
    assert published.status_code == 200, published.text
    found: dict[str, Any] = published.json()
    return found


@pytest.fixture(scope="module")
def picture(house: House, token: str) -> dict[str, Any]:
    drawn = (ROOT / "docs" / "screenshots" / "phone-list.png").read_bytes()
    with house.client() as client:
        client.headers["Authorization"] = f"Bearer {token}"
        answer = client.post("/api/v1/admin/media", files={"file": ("list.png", drawn)})
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _file(found: dict[str, Any]) -> str:
    url: str = json.dumps(found).partition(f"https://{CMS}/media/")[2].partition('"')[0]
    for part in json.dumps(found).split(f"https://{CMS}/media/")[1:]:
        url = part.partition('"')[0]
        if "-" in url:
            return f"/media/{url}"
    raise AssertionError(found)


def headers_of(answer: httpx.Response) -> dict[str, str]:
    """Its headers but for its own; none of them stands twice."""
    for name, value in answer.headers.multi_items():
        assert len(answer.headers.get_list(name)) == 1 or name == "set-cookie", (name, value)
    return {name: value for name, value in answer.headers.items() if name not in OWN}


def test_plain_http_leads_to_tls_and_certbot_finds_its_files(house: House) -> None:
    with house.client() as client:
        told = client.get(f"http://{CMS}/api/v1/site?x=1")
        assert (told.status_code, told.headers["location"]) == (
            301,
            f"https://{CMS}/api/v1/site?x=1",
        )
        challenge = client.get(f"http://{SITE}/.well-known/acme-challenge/one")
        assert (challenge.status_code, challenge.text) == (200, "token")


def test_a_name_that_is_not_ours_gets_no_certificate(house: House) -> None:
    context = ssl.create_default_context(cafile=str(house.authority.pem))
    with (
        socket.create_connection(("127.0.0.1", house.tls), timeout=10) as raw,
        pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"),
    ):
        context.wrap_socket(raw, server_hostname="evil.example")
    with house.client() as client, pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        client.get("http://evil.example/")  # the connection ends, or is reset


def test_browsers_are_offered_http_2(house: House) -> None:
    context = house.authority.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", house.tls), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=CMS) as wrapped,
    ):
        assert wrapped.selected_alpn_protocol() == "h2"


def test_an_article_is_written_published_and_read(
    owner: httpx.Client, reader: httpx.Client
) -> None:
    article(owner, "Satu", markdown="Teks **tebal**. " * 200, lang="en")
    answer = reader.get("/api/v1/articles/satu", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "<strong>tebal</strong>" in answer.json()["html"]
    # Nginx compresses it, and so its tag is weak; it is known again all the same.
    assert answer.headers["content-encoding"] == "gzip"
    tag = answer.headers["etag"]
    assert tag.startswith('W/"')
    known = {"Accept-Encoding": "gzip", "If-None-Match": tag}
    assert reader.get("/api/v1/articles/satu", headers=known).status_code == 304


def test_admin_answers_are_not_compressed_and_weak_tags_still_guard_a_save(
    owner: httpx.Client,
) -> None:
    found = article(owner, "Dua", markdown="Teks. " * 500)
    path = f"/api/v1/admin/articles/{found['id']}"
    answer = owner.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    weak = f"W/{answer.headers['etag']}"
    saved = owner.patch(path, json={"title": "Dua lagi"}, headers={"If-Match": weak})
    assert saved.status_code == 200, saved.text
    stale = owner.patch(path, json={"title": "Tiga"}, headers={"If-Match": weak})
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "Dua lagi")


def test_signing_in_sets_a_cookie_that_is_bound_to_the_host(house: House, token: str) -> None:
    with house.client() as client:
        data = {"email": EMAIL, "password": PASSWORD}
        answer = client.post("/api/v1/admin/session", json=data)
        assert answer.status_code == 201, answer.text
        cookie = answer.headers.get_list("set-cookie")[0]
        assert cookie.startswith("__Host-lontar=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "domain=" not in cookie.lower()
        csrf = {"X-CSRF-Token": answer.json()["csrf_token"]}
        made = client.post("/api/v1/admin/articles", json={"title": "Kue"}, headers=csrf)
        assert made.status_code == 201, made.text
        foreign = {**csrf, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        refused = client.post("/api/v1/admin/articles", json={"title": "x"}, headers=foreign)
        assert refused.status_code == 403


def test_the_admin_page_has_a_new_nonce_each_time_and_its_files_come_from_the_disk(
    house: House, cms: BehindCMS
) -> None:
    with house.client() as client:
        pages = [client.get("/admin/articles?status=draft") for _ in range(2)]
        policies = {page.headers["content-security-policy"] for page in pages}
        assert len(policies) == 2
        assert all(
            page.status_code == 200 and "nonce-" in policy
            for page, policy in zip(pages, policies, strict=True)
        )
        for file in ("index-*.js", "index-*.css", "*.woff2"):
            name = next((ADMIN_UI / "assets").glob(file)).name
            path = f"/admin/assets/{name}"
            plain = (ADMIN_UI / "assets" / name).read_bytes()
            direct = httpx.get(f"{cms.url}{path}")
            for coding in ("br", "gzip", "identity"):
                answer = client.send(
                    client.build_request("GET", path, headers={"Accept-Encoding": coding}),
                    stream=True,
                )
                raw = b"".join(answer.iter_raw())
                answer.close()
                assert answer.status_code == 200
                assert headers_of(answer) == headers_of(direct), path
                if coding == "identity" or file == "*.woff2":
                    assert raw == plain
                    assert "content-encoding" not in answer.headers
                    continue
                assert answer.headers["content-encoding"] == coding
                assert answer.headers["vary"] == "Accept-Encoding"
                assert (gzip.decompress(raw) if coding == "gzip" else plain) == plain
                known = {"Accept-Encoding": coding, "If-None-Match": answer.headers["etag"]}
                assert client.get(path, headers=known).status_code == 304
        missing = client.get("/admin/assets/none.js")
        assert headers_of(missing) == headers_of(httpx.get(f"{cms.url}/admin/assets/none.js"))
        assert missing.status_code == 404


def test_pictures_come_from_the_disk_in_parts_and_are_known_again(
    house: House, cms: BehindCMS, picture: dict[str, Any]
) -> None:
    path = _file(picture)
    with house.client() as client:
        whole = client.get(path)
        assert whole.status_code == 200
        direct = httpx.get(f"{cms.url}{path}")
        assert whole.content == direct.content
        # The CMS's tag is a hash of the bytes, Nginx's is of time and size: it was Nginx.
        assert whole.headers["etag"] != direct.headers["etag"]
        assert headers_of(whole) == headers_of(direct)
        part = client.get(path, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, whole.content[10:20])
        assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
        known = {"If-None-Match": whole.headers["etag"]}
        assert client.get(path, headers=known).status_code == 304
        beyond = client.get(path, headers={"Range": "bytes=99999999-"})
        assert beyond.status_code == 416
        item = client.get(f"/media/{path[7:31]}")
        assert (item.status_code, item.content) == (200, whole.content)
        assert item.headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_every_answer_has_the_headers_errors_included(
    house: House, owner: httpx.Client, picture: dict[str, Any]
) -> None:
    common = {
        *("x-content-type-options", "referrer-policy", "x-frame-options", "permissions-policy"),
        *("cross-origin-opener-policy", "strict-transport-security", "content-security-policy"),
        *("cross-origin-resource-policy", "x-request-id"),
    }
    path = _file(picture)
    asset = f"/admin/assets/{next((ADMIN_UI / 'assets').glob('*.js')).name}"
    big = "x" * 20_000
    asked: list[tuple[int, str, str, dict[str, Any]]] = [
        (200, "GET", path, {}),
        (206, "GET", path, {"headers": {"Range": "bytes=0-3"}}),
        (304, "GET", path, {"headers": {"If-None-Match": "*"}}),
        (405, "POST", path, {}),
        (416, "GET", path, {"headers": {"Range": "bytes=99999999-"}}),
        (404, "GET", f"{path[:-10]}0000000.png", {}),
        (200, "GET", asset, {}),
        (405, "DELETE", asset, {}),
        (404, "GET", "/admin/assets/x.js", {}),
        (200, "GET", "/admin/", {}),
        (404, "GET", "/metrics", {}),
        (404, "GET", "/api/v1/nothing", {}),
        (413, "POST", "/api/v1/admin/session", {"content": big}),
        (400, "GET", "/api/v1/site", {"headers": {"X-Big": big}}),
        (414, "GET", f"/{big}", {}),
    ]
    for status, method, where, more in asked:
        answer = owner.request(method, where, **more)
        assert answer.status_code == status, (where[:80], answer.status_code)
        assert common <= set(answer.headers), (where[:80], common - set(answer.headers))
        headers_of(answer)
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json", where[:80]
            problem = answer.json()
            assert problem["status"] == status
            assert problem["type"] == f"/problems/{problem['code']}"
            assert problem["instance"] == answer.headers["x-request-id"]
            assert "immutable" not in answer.headers.get("cache-control", "")


def _logged(cms: BehindCMS, path: str) -> list[dict[str, Any]]:
    """The lines of the log, once the one of this path is there."""
    deadline = time.monotonic() + GUARD
    while True:
        text = cms.log.read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines() if line[:1] == "{"]
        if any(line.get("path") == path for line in lines):
            return lines
        assert time.monotonic() < deadline, text
        time.sleep(0.02)


def test_what_a_client_says_of_its_way_here_is_not_believed(
    house: House, owner: httpx.Client, cms: BehindCMS
) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Real-IP": "203.0.113.7",
        "Forwarded": "for=203.0.113.7;host=evil.example;proto=http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Request-Id": "an-id-of-my-own-choice",
    }
    with house.client(local_address="127.0.0.9") as client:
        client.post(
            "/api/v1/admin/session", json={"email": EMAIL, "password": PASSWORD}, headers=lies
        )
        answer = client.get("/api/v1/nowhere-else", headers=lies)
    assert answer.headers["x-request-id"] != lies["X-Request-Id"]
    assert "evil.example" not in answer.text + str(answer.headers)
    lines = _logged(cms, "/api/v1/nowhere-else")
    (line,) = [line for line in lines if line.get("path") == "/api/v1/nowhere-else"]
    assert line["client"] == "127.0.0.9"
    assert all(line.get("client") != "203.0.113.7" for line in lines)
    with httpx.Client(base_url=cms.url, timeout=20) as direct:  # the control: who is no proxy…
        direct.get("/api/v1/by-the-back-door", headers=lies)
    back = "/api/v1/by-the-back-door"
    (line,) = [line for line in _logged(cms, back) if line.get("path") == back]
    assert line["client"] == "203.0.113.7"  # …from a trusted address is believed


def test_the_sites_host_has_feeds_and_the_frontend_and_no_api(
    house: House, owner: httpx.Client
) -> None:
    article(owner, "Umpan")
    with house.client(SITE) as client:
        feed = client.get("/feed.xml")
        assert feed.status_code == 200
        assert f"https://{SITE}/articles/umpan" in feed.text
        assert feed.headers["strict-transport-security"] == "max-age=63072000"
        for path in ("/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/llms.txt"):
            assert client.get(path).status_code == 200, path
        assert client.get("/sitemaps/articles-1.xml").status_code == 200
        home = client.get("/")
        assert home.text.startswith("<!doctype html><title>Rani</title>")
        assert f"connect-src 'self' https://{CMS}" in home.headers["content-security-policy"]
        for path in ("/api/v1/site", "/admin/", "/.git/config", "/health/ready"):
            assert client.get(path).status_code == 404, path


def test_who_knocks_too_often_waits(house: House) -> None:
    with house.client(local_address="127.0.0.77") as client:
        wrong = {"email": "nobody@example.com", "password": PASSWORD[::-1]}
        codes = [client.post("/api/v1/admin/session", json=wrong).status_code for _ in range(60)]
        assert 429 in codes
        answer = client.post("/api/v1/admin/session", json=wrong)
        assert client.get("/api/v1/site").status_code == 200
    with house.client(local_address="127.0.0.78") as other:
        assert other.get("/api/v1/site").status_code == 200
    if answer.status_code == 429:
        assert answer.json()["code"] == "too_many_requests"
        assert int(answer.headers["retry-after"]) >= 1


def test_while_the_cms_is_away_nginx_says_so(tmp_path: Path) -> None:
    house = House(tmp_path / "nginx", [f"127.0.0.1:{free_port()}"])
    house.start()
    try:
        with house.client() as client:
            answer = client.get("/api/v1/site")
            assert answer.status_code == 503
            assert answer.json()["code"] == "unavailable"
            assert answer.headers["retry-after"] == "2"
            assert answer.headers["access-control-allow-origin"] == "*"
    finally:
        house.stop()


def test_the_micro_cache_is_a_second_old_at_most_and_keeps_nothing_private(
    cms: BehindCMS, token: str, tmp_path: Path
) -> None:
    house = House(tmp_path / "nginx", [f"127.0.0.1:{cms.port}"], is_cached=True)
    house.start()
    try:
        with house.client() as owner, house.client() as reader:
            owner.headers["Authorization"] = f"Bearer {token}"
            found = article(owner, "Simpan")
            ask = "/api/v1/articles/simpan"
            first = reader.get(ask)
            path = f"/api/v1/admin/articles/{found['id']}"
            changed = owner.patch(path, json={"title": "Baru"}, headers=make.if_match(found)).json()
            owner.post(f"{path}/publish", headers=make.if_match(changed))
            time.sleep(2.1)  # Nginx counts in whole seconds
            fresh = reader.get(ask)
            assert (first.json()["title"], fresh.json()["title"]) == ("Simpan", "Baru")
            assert first.headers["x-request-id"] != fresh.headers["x-request-id"]
            headers_of(fresh)
            known = {"If-None-Match": fresh.headers["etag"]}
            assert reader.get(ask, headers=known).status_code == 304
            link = owner.post(f"{path}/preview-links").json()
            shown = reader.get(f"{ask}?preview={link['token']}")
            assert shown.headers["cache-control"] == "private, no-store"
            assert reader.get("/api/v1/nothing").status_code == 404
        kept = b"".join(
            path.read_bytes()
            for path in (tmp_path / "nginx" / "cache").rglob("*")
            if path.is_file()
        )
        assert b"/api/v1/articles/simpan" in kept
        assert b"preview=" not in kept
        assert b"/api/v1/admin" not in kept
    finally:
        house.stop()
