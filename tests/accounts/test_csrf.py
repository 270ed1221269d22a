"""A cookie's write needs the session's own token and has to come from this very site."""

import httpx
import pytest

from tests import make
from tests.accounts.signing import ADMIN, ORIGIN, SESSION, TOKENS, signed_in

ARTICLES = f"{ADMIN}/articles"
DRAFT = {"title": "A draft"}


async def test_a_write_by_cookie_needs_the_sessions_csrf_token(browser: httpx.AsyncClient) -> None:
    session = await signed_in(browser)
    assert (await browser.post(ARTICLES, json=DRAFT, headers=session.header)).status_code == 201


@pytest.mark.parametrize(
    "sent", [None, "", "wrong", "0" * 64, "é", "undefined", "x" * 10_000], ids=str
)
async def test_a_missing_or_wrong_csrf_token_is_refused(
    browser: httpx.AsyncClient, sent: str | None
) -> None:
    await signed_in(browser)
    headers = [] if sent is None else [(b"x-csrf-token", sent.encode("latin-1"))]
    answer = await browser.post(ARTICLES, json=DRAFT, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_another_sessions_csrf_token_is_refused(
    browser: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    mine = await signed_in(browser)
    theirs = await signed_in(reader, mine.account)

    answer = await browser.post(ARTICLES, json=DRAFT, headers=theirs.header)

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_the_csrf_token_in_a_cookie_is_no_proof(browser: httpx.AsyncClient) -> None:
    session = await signed_in(browser)
    browser.cookies.set("X-CSRF-Token", session.csrf)
    assert (await browser.post(ARTICLES, json=DRAFT)).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_every_write_method_is_guarded(browser: httpx.AsyncClient, method: str) -> None:
    await signed_in(browser)
    path = {"POST": TOKENS, "PATCH": f"{ADMIN}/site", "DELETE": SESSION}[method]
    answer = await browser.request(method, path, json={}, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


async def test_reading_by_cookie_needs_no_csrf_token(browser: httpx.AsyncClient) -> None:
    await signed_in(browser)
    assert (await browser.get(ARTICLES)).status_code == 200
    assert (await browser.head(ARTICLES)).status_code == 200


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
    {"Sec-Fetch-Site": "SAME-ORIGIN "},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://["},
    {"Origin": "http://evil@127.0.0.1:8000"},
    {"Origin": ""},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_a_write_by_cookie_from_elsewhere_is_refused_despite_its_token(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    session = await signed_in(browser)
    answer = await browser.post(ARTICLES, json=DRAFT, headers={**session.header, **headers})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_nobody_is_signed_in_from_elsewhere(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    account = await make.account()
    data = {"email": account.email, "password": make.PASSWORD}
    answer = await browser.post(SESSION, json=data, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": ORIGIN},
        {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN},
    ],
    ids=str,
)
async def test_a_write_from_this_site_passes(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    session = await signed_in(browser)
    answer = await browser.post(ARTICLES, json=DRAFT, headers={**session.header, **headers})
    assert answer.status_code == 201


async def test_a_bearer_token_needs_no_csrf_token_and_no_origin(browser: httpx.AsyncClient) -> None:
    token = await make.token(await make.account())
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://desk.example"}
    assert (await browser.post(ARTICLES, json=DRAFT, headers=headers)).status_code == 201


async def test_a_bad_bearer_token_does_not_fall_back_on_the_cookie(
    browser: httpx.AsyncClient,
) -> None:
    session = await signed_in(browser)
    for header in ("Bearer ltr_wrong", "Basic cmFuaTp4", "Bearer", ""):
        answer = await browser.get(ARTICLES, headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")
        wrong = {"Authorization": header, **session.header}
        assert (await browser.post(ARTICLES, json=DRAFT, headers=wrong)).status_code == 401


async def test_an_html_form_can_not_write(browser: httpx.AsyncClient) -> None:
    session = await signed_in(browser)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {**session.header, "Content-Type": kind}
        answer = await browser.post(ARTICLES, content=b'{"title": "x"}', headers=headers)
        assert answer.status_code == 415
