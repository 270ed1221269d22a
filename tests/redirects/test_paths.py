"""One way of writing for paths and targets, whatever is sent."""

import re
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from cms.redirects.paths import path_of, read_from_path, read_target

PIECES = ["/", "//", "a", "..", ".", "%", "%2F", "%2e", "%5c", "%00", "%25", "%20", "?", "#", "&"]
PIECES += ["\\", "@", ":", "https://", "http:", "é", "\u202e", " ", "\n", "$", '"', "'", "{", "}"]
WRITTEN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map(
    "".join
)
PLAIN = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*")


@given(WRITTEN.map("/".__add__))
def test_a_path_is_refused_or_written_in_one_safe_way(written: str) -> None:
    with suppress(ValueError):
        path = read_from_path(written)
        assert read_from_path(path) == path
        assert PLAIN.fullmatch(path)
        assert path.startswith("/")
        assert not path.startswith("//")
        assert path == "/" or not path.endswith("/")
        assert not {".", ".."} & set(path.split("/"))


@given(st.one_of(WRITTEN, WRITTEN.map("/".__add__), WRITTEN.map("https://a.example/".__add__)))
def test_a_target_stays_here_or_names_its_host_plainly(written: str) -> None:
    with suppress(ValueError):
        target = read_target(written)
        assert read_target(target) == target
        assert target.isascii()
        assert not re.search(r"[\s\\\"<>{}`^|]", target)
        if target.startswith("/"):
            assert re.match(r"/(?![/\\])", target)
            assert path_of(target) is not None
        else:
            assert re.match(r"https://[a-z0-9.:-]+/", target)
            assert path_of(target) is None
