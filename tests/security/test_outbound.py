"""What leaves the CMS reaches public addresses only, whatever is written, answered or changed."""

import gzip
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from cms.core import networks, outbound
from cms.core.errors import Refusal
from cms.core.networks import is_public
from cms.core.outbound import Outbound, OutboundFailed, OutboundRefused
from tests.security.outside import NAME, PUBLIC, Names, Server, World, certificate, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
MOVED = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/secret\r\nContent-Length: 0\r\n\r\n"

# Each way to write an address that is not public; the system reads the odd ones as numbers.
INSIDE = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1"),
    *("017700000001", "0x7f.1", "127.255.255.254", "0.0.0.1", "0", "10.0.0.1", "10.255.255.255"),
    *("172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "0xa9fea9fe"),
    *("100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("192.88.99.1", "168.63.129.16", "localhost", "LOCALHOST"),
    *("127\u30020\u30020\u30021",),
    *("[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[::ffff:169.254.169.254]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::7f00:1]"),
    *("[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:808:808::1]"),
    *("[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:0:7f00:1::]", "[2001:db8::1]"),
    *("[2607:f8b0::5efe:127.0.0.1]", "[2607:f8b0::200:5efe:10.0.0.1]"),
    *("[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[100::1]"),
    *("[3fff::1]", "[5f00::1]", "[4000::1]"),
]
PUBLIC_ONES = [
    *("8.8.8.8", PUBLIC, "1.1.1.1", "[2606:4700:4700::1111]", "[2a00:1450:4001:81b::200e]"),
    *("[::ffff:8.8.8.8]", "[64:ff9b::808:808]", "134744072"),
]
WORD = "canary"
BAD_URLS = [
    *("http://news.example/", "https://news.example:8443/", "ftp://news.example/"),
    *("file:///etc/passwd", "gopher://news.example/", "//news.example/", "news.example", ""),
    *("https:///path", f"https://rani:{WORD}@news.example/", "https://rani@news.example/"),
    *("https://news.example\\@127.0.0.1/", "https://news.example/\r\nHost: x", "https:// x/"),
    *("https://[::1", "https://news.example:99999/", "https://news.example/" + "a" * 2048),
    *("https://0177.0.0.1/", "https://\uff11\uff12\uff17.0.0.1/", "https://\u24dbocalhost/"),
    *("javascript:alert(1)", "unix:///var/run/docker.sock", "https://\u0000/", "https://%00/"),
]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("host", INSIDE)
async def test_no_form_of_an_inner_address_is_connected_to(host: str) -> None:
    world = World()
    with pytest.raises(OutboundRefused) as refused:
        await Outbound(backend=world).get(f"https://{host}/")
    assert refused.value.code == "address_refused"
    assert refused.value.errors[0].field == "url"
    assert "127" not in refused.value.detail  # the answer doesn't tell where a name leads
    assert world.asked == []


@pytest.mark.parametrize("host", PUBLIC_ONES)
async def test_a_public_address_is_connected_to_at_443(host: str) -> None:
    world = World()
    with pytest.raises(OutboundFailed):  # nobody is there, but it was asked for
        await Outbound(backend=world).get(f"https://{host}/")
    assert [asked.split()[1] for asked in world.asked] == ["443"]


async def test_the_guard_does_something_that_is_global_alone_does_not() -> None:
    passed = [host.strip("[]") for host in INSIDE if host[0] == "[" or host.count(".") == 3]
    lets_through = {host for host in passed if host.isprintable() and _is_global(host)}
    assert lets_through >= {"224.0.0.1", "168.63.129.16", "64:ff9b::7f00:1"}
    assert not any(is_public(ip_address(host)) for host in lets_through)


def _is_global(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return False


@pytest.mark.parametrize("url", BAD_URLS)
async def test_anything_but_a_plain_https_address_is_refused(url: str) -> None:
    world, names = World(), Names([PUBLIC])
    with pytest.raises(Refusal) as refused:
        await Outbound(resolve=names, backend=world).get(url, field="preview_url")
    assert refused.value.status == 422
    assert refused.value.errors[0].field == "preview_url"
    assert WORD not in refused.value.detail
    assert world.asked == []
    assert names.questions == []


async def test_host_and_server_name_are_the_names_own(tls: Any) -> None:
    async with serving(Server(OK), tls[0]) as server:
        world, names = World(server.port), Names([PUBLIC])
        guard = Outbound(resolve=names, backend=world, tls=tls[1])
        reply = await guard.post(f"https://{NAME}/a?b=c", b"body", headers={"X-Sign": "s"})
    assert (reply.status, reply.body, reply.is_whole) == (200, b"hello", True)
    assert reply.headers["content-type"] == "text/plain"
    assert world.asked == [f"{PUBLIC} 443"]
    assert server.names == [NAME]
    head = server.requests[0].lower()
    assert head.startswith(b"post /a?b=c http/1.1\r\n")
    assert b"\r\nhost: news.example\r\n" in head
    assert b"\r\nx-sign: s\r\n" in head


async def test_a_certificate_for_another_name_is_refused(tls: Any) -> None:
    async with serving(Server(OK), tls[0]) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=tls[1])
        with pytest.raises(OutboundFailed):
            await guard.get("https://other.example/")
    assert server.requests == []


async def test_a_name_that_changes_its_address_is_asked_once(tls: Any) -> None:
    async with serving(Server(OK), tls[0]) as server:
        world, names = World(server.port), Names([PUBLIC], ["127.0.0.1"])
        guard = Outbound(resolve=names, backend=world, tls=tls[1])
        assert (await guard.get(f"https://{NAME}/")).status == 200
        assert world.asked == [f"{PUBLIC} 443"]
        # Asked again, it has moved inside: the next call looks again.
        with pytest.raises(OutboundRefused):
            await guard.get(f"https://{NAME}/")
    assert names.questions == [NAME, NAME]
    assert len(server.requests) == 1


async def test_one_inner_address_among_public_ones_refuses_all() -> None:
    world = World()
    for answer in ([PUBLIC, "127.0.0.1"], ["::1", PUBLIC], [PUBLIC, "::ffff:10.0.0.1"]):
        with pytest.raises(OutboundRefused):
            await Outbound(resolve=Names(answer), backend=world).get("https://news.example/")
    assert world.asked == []


async def test_a_redirect_is_an_answer_and_not_followed(tls: Any) -> None:
    async with serving(Server(OK), None) as inside:
        moved = MOVED % inside.port
        async with serving(Server(moved), tls[0]) as server:
            guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=tls[1])
            reply = await guard.get(f"https://{NAME}/")
            assert reply.status == 302
            assert inside.requests == []
        # The control: a client that follows gets inside.
        async with (
            serving(Server(moved), None) as plain,
            httpx.AsyncClient(follow_redirects=True, trust_env=False) as client,
        ):
            assert (await client.get(f"http://127.0.0.1:{plain.port}/")).text == "hello"
        assert len(inside.requests) == 1


async def test_a_guard_that_looks_at_nothing_would_get_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(Server(OK), None) as inside:
        url = f"http://127.0.0.1:{inside.port}/secret"
        with pytest.raises(OutboundRefused):
            await Outbound().get(url)
        monkeypatch.setattr(outbound, "is_public", lambda _address: True)
        monkeypatch.setattr(outbound, "_is_plain_https", lambda _target: True)
        assert (await Outbound().get(url)).body == b"hello"


@pytest.mark.parametrize(
    "allow",
    ["127.0.0.1:{port}", "127.0.0.1", "127.0.0.0/8", "127.0.0.1/32"],
)
async def test_what_the_owner_exempts_is_asked(allow: str) -> None:
    async with serving(Server(OK), None) as inside:
        guard = Outbound([allow.format(port=inside.port)])
        assert (await guard.get(f"http://127.0.0.1:{inside.port}/")).body == b"hello"
        for other in ("http://127.0.0.1:1/", "http://[::1]/", "http://10.0.0.1/"):
            with pytest.raises(Refusal):
                await guard.get(other)
        with pytest.raises(OutboundRefused):  # http stays for what is exempt
            await Outbound(["127.0.0.1"], resolve=Names([PUBLIC])).get("http://news.example/")


async def test_an_exempt_name_at_one_port_is_exempt_there_alone() -> None:
    world = World()
    guard = Outbound(["frontend.internal:3000"], resolve=Names(["10.0.0.7"]), backend=world)
    with pytest.raises(OutboundFailed):
        await guard.get("http://frontend.internal:3000/")
    assert world.asked == ["10.0.0.7 3000"]
    for url in ("http://frontend.internal/", "https://other.internal/", "http://10.0.0.7:3000/"):
        with pytest.raises(OutboundRefused):
            await guard.get(url)
    assert len(world.asked) == 1


async def test_an_answer_too_long_is_refused_or_cut(tls: Any) -> None:
    endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * (outbound.TEXT_BYTES + 9000)
    async with serving(Server(endless), tls[0]) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=tls[1])
        with pytest.raises(OutboundFailed) as failed:
            await guard.get(f"https://{NAME}/")
        assert failed.value.code == "answer_too_large"
        cut = await guard.get(f"https://{NAME}/", cut=True, limit=1000)
        assert (len(cut.body), cut.is_whole) == (1000, False)
        whole = await guard.get(f"https://{NAME}/", limit=outbound.IMAGE_BYTES)
        assert len(whole.body) == outbound.TEXT_BYTES + 9000


async def test_a_packed_answer_is_refused(tls: Any) -> None:
    bomb = gzip.compress(b"\0" * 1_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    async with serving(Server(head + bomb), tls[0]) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=tls[1])
        with pytest.raises(OutboundFailed) as failed:
            await guard.get(f"https://{NAME}/")
    assert failed.value.code == "bad_answer"


async def test_a_server_that_drips_is_left(tls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "TOTAL_SECONDS", 0.5)
    async with serving(Server(OK * 100, pause=0.05), tls[0]) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=tls[1])
        with pytest.raises(OutboundFailed) as failed:
            await guard.get(f"https://{NAME}/")
    assert failed.value.code == "timed_out"


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n"]
)
async def test_what_is_not_http_is_a_refusal(tls: Any, answer: bytes) -> None:
    async with serving(Server(answer), tls[0]) as server:
        guard = Outbound(resolve=Names([PUBLIC]), backend=World(server.port), tls=tls[1])
        with pytest.raises(OutboundFailed) as failed:
            await guard.get(f"https://{NAME}/")
    assert failed.value.code == "unreachable"


async def test_a_name_of_no_address_is_unreachable() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    for resolve in (nowhere, Names([]), Names(["not an address"])):
        with pytest.raises(OutboundFailed):
            await Outbound(resolve=resolve).get("https://news.example/")


async def test_a_caller_can_not_say_another_host() -> None:
    for name in ("Host", "host", "Transfer-Encoding", "Content-Length"):
        with pytest.raises(ValueError, match="not the caller's"):
            await Outbound(resolve=Names([PUBLIC])).get("https://a.example/", headers={name: "x"})


def test_nothing_else_in_the_house_opens_connections() -> None:
    """Rooms ask the guard. The mail server's address is a setting, and so is the CMS's own, whose
    certificate the doctor looks at.
    """
    root = Path(networks.__file__).parents[1]
    words = ("import httpx", "import httpcore", "import requests", "urllib.request", "http.client",
             "aiohttp", "open_connection", "create_connection", "import socket")  # fmt: skip
    allowed = {"core/outbound.py", "core/mongod.py", "core/serving.py", "core/web.py"}
    allowed |= {"core/doctor.py"}
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert users <= allowed, users - allowed
