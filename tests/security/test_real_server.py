"""The served program itself: what it logs, what it does with broken HTTP and a frozen database."""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests import make
from tests.security.served import ANSWER_GUARD, Server

ADMIN = "/api/v1/admin"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("served"))
    yield running
    running.stop()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=ANSWER_GUARD) as found:
        yield found


def test_no_secret_of_a_whole_life_stands_in_the_log(server: Server, client: httpx.Client) -> None:
    setup = re.search(r"#token=(\S+)", server.said)
    assert setup is not None
    wrong = "a wrong password, canary-one-of-all"
    person = {"email": "rani@example.com", "password": make.PASSWORD}
    made = client.post(f"{ADMIN}/setup", json={**person, "name": "Rani", "token": setup[1]})
    assert made.status_code == 201, made.text
    first = made.cookies["lontar"]
    client.post(f"{ADMIN}/session", json={**person, "password": wrong})
    signed_in = client.post(f"{ADMIN}/session", json=person)
    csrf, cookie = signed_in.json()["csrf_token"], signed_in.cookies["lontar"]
    assert client.get(f"{ADMIN}/session").status_code == 200
    headers = {"X-CSRF-Token": csrf}
    wanted = {"name": "CI", "scopes": ["read", "articles:write"]}
    token = client.post(f"{ADMIN}/tokens", json=wanted, headers=headers).json()["token"]
    secrets = {
        "password": make.PASSWORD,
        "wrong password": "canary-one-of-all",
        "setup token": setup[1],
        "first cookie": first,
        "cookie": cookie,
        "csrf": csrf,
        "token": token,
        "query": "canary-in-a-query",
        "body": "canary-in-a-body",
        "header": "canary-in-a-header",
        "key": (server.data_dir / "secret.key").read_text(),
    }
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{ADMIN}/articles", headers=bearer).status_code == 200
    client.get("/api/v1/articles?cursor=canary-in-a-query&preview=canary-in-a-query")
    client.post(f"{ADMIN}/articles", json={"canary-in-a-body": "canary-in-a-body"}, headers=headers)
    client.post(f"{ADMIN}/setup", json={**person, "name": "R", "token": "canary-in-a-body"})
    for name in ("Authorization", "X-CSRF-Token", "Referer", "X-Request-Id", "Cookie"):
        client.get(f"{ADMIN}/articles", headers={name: "Bearer ltr_canary-in-a-header!"})
    client.delete(f"{ADMIN}/session", headers=headers)

    server.until(lambda: any(line.get("method") == "DELETE" for line in server.lines()))
    log = server.log
    for name, secret in secrets.items():
        assert secret not in log, name
        assert name == "setup token" or secret not in server.said, name

    requests = [line for line in server.lines() if line["event"] == "request"]
    assert len(requests) >= 15
    for line in requests:
        assert set(line) == {
            "event", "level", "at", "request_id", "method", "path", "status", "ms", "client"
        }  # fmt: skip
        assert "?" not in line["path"]
    assert {line["status"] for line in requests} >= {200, 201, 204, 400, 401, 403, 422}


HEAD = b"POST /api/v1/admin/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = b'{"email": "a@example.com", "password": "x"}'
BROKEN = {
    "length longer than the body": HEAD + b"Content-Length: 999\r\n\r\n" + BODY,
    "length shorter than the body": HEAD + b"Content-Length: 5\r\n\r\n" + BODY,
    "two lengths": HEAD + b"Content-Length: 43\r\nContent-Length: 5\r\n\r\n" + BODY,
    "length and chunks": HEAD
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + b"GET /smuggled HTTP/1.1\r\n\r\n",
    "chunks that end early": HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "a chunk of no length": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "another coding": HEAD + b"Transfer-Encoding: gzip, identity\r\n\r\n" + BODY,
    "length of letters": HEAD + b"Content-Length: many\r\n\r\n" + BODY,
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n" + BODY,
    "endless length": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n" + BODY,
    "no host": b"GET /api/v1/site HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /api/v1/site HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "raw bytes in the path": b"GET /api/v1/articles/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "encoded bytes in the path": b"GET /api/v1/articles/%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "surrogate in the path": b"GET /api/v1/articles/%ed%a0%80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "surrogate in the admin path": b"GET /api/v1/admin/%ed%a0%80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the query": b"GET /api/v1/articles?tag=%ff&\xff=1 HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in a header": b"GET /api/v1/site HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n",
    "bytes in a header": b"GET /api/v1/site HTTP/1.1\r\nHost: x\r\nX-Request-Id: \xff\xfe\r\n\r\n",
    "bytes in a cookie": b"GET /api/v1/admin/site HTTP/1.1\r\nHost: x\r\n"
    b"Cookie: lontar=\xff\r\n\r\n",
    "absolute address": b"GET http://evil.example/api/v1/site HTTP/1.1\r\nHost: x\r\n\r\n",
    "star": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "connect": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "upgrade": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "old HTTP": b"GET /api/v1/site\r\n\r\n",
    "a future HTTP": b"GET /api/v1/site HTTP/9.9\r\nHost: x\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
    "noise": bytes(range(256)),
    "a long line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: a\r\n" * 10_000 + b"\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_http_gets_a_4xx_or_a_closed_door(
    server: Server, client: httpx.Client, name: str
) -> None:
    answer = server.raw(BROKEN[name])
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]
    assert all(status < 500 for status in statuses), answer[:500]
    assert b"Traceback" not in answer
    assert client.get("/health/live").status_code == 200


def test_nothing_of_that_was_an_accident(server: Server) -> None:
    assert [line for line in server.lines() if line["event"] == "unhandled"] == []


def test_a_frozen_database_is_503_and_is_found_again(server: Server, client: httpx.Client) -> None:
    reads = ["/api/v1/articles", "/api/v1/articles/one", "/api/v1/site", "/api/v1/tags"]
    data = {"email": "rani@example.com", "password": make.PASSWORD}
    assert client.get("/health/ready").status_code == 200
    os.kill(server.mongod, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(client.get, path) for path in ("/health/ready", *reads)]
            bearer = {"Authorization": "Bearer ltr_x"}
            asked.append(pool.submit(client.post, f"{ADMIN}/session", json=data))
            asked.append(pool.submit(client.get, f"{ADMIN}/articles", headers=bearer))
            answers = [answer.result() for answer in asked]
        assert client.get("/health/live").status_code == 200
        assert client.get("/nowhere").status_code == 404
    finally:
        os.kill(server.mongod, signal.SIGCONT)

    for answer in answers:
        assert answer.status_code == 503, answer.url
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["code"] == "database_unavailable"
        assert "mongo" not in answer.text.lower()
    server.until(lambda: client.get("/health/ready").status_code == 200)
    assert {client.get(path).status_code for path in reads} == {200, 404}
    assert client.post(f"{ADMIN}/session", json=data).status_code in {201, 401}
