"""The `cms` command as a person meets it: real processes on a data directory of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cms.core import migrating, mongod
from tests import make

COMMANDS = [
    [], ["serve"], ["migrate"], ["owner"], ["owner", "create"], ["token"], ["token", "create"],
    ["settings"], ["doctor"], ["openapi"], ["demo"], ["account"], ["account", "list"],
    ["account", "invite"], ["account", "reset-password"], ["account", "reset-2fa"],
    ["backup"], ["backup", "list"], ["backup", "key"], ["backup", "verify"], ["restore"],
    ["account", "disable"], ["account", "enable"], ["account", "erase"], ["account", "permissions"],
]  # fmt: skip
OWNER = ["owner", "create", "--email", "rani@example.com", "--name", "Rani", "--password-stdin"]
MIGRATIONS = [{"name": item.name, "summary": item.summary} for item in migrating.available()]
TOKEN = ["token", "create", "--email", "rani@example.com", "--name", "CI"]


class Command:
    """Runs `cms` with nothing of the environment but a path and a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def __call__(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-W", "error::SyntaxWarning", "-m", "cms", *arguments],
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
            cwd=Path(__file__).parents[1],
            env={"PATH": os.environ["PATH"], "CMS_DATA_DIR": str(self.data_dir), **(env or {})},
        )

    def good(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        done = self(*arguments, stdin=stdin, env=env)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def bad(
        self,
        *arguments: str,
        stdin: bytes = b"",
        code: int = 1,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """What it says on stderr, once it is shown to say it there and without a traceback."""
        done = self(*arguments, stdin=stdin, env=env)
        lines = [line for line in done.stderr.decode().splitlines(keepends=True) if line[0] != "{"]
        said = "".join(lines)  # what is left when the log is taken away
        assert done.returncode == code, said
        assert done.stdout == b""
        assert "Traceback" not in said
        if code == 1:
            assert said.count("\n") == 1, said
            assert said.startswith("cms: ")
        return said


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory whose MongoDB runs, so that each command saves its start."""
    folder = tmp_path_factory.mktemp("cli")
    with mongod.Mongod(folder, purpose="serve") as running:
        running.start()
        yield folder


@pytest.fixture(scope="module")
def cms(data_dir: Path) -> Command:
    return Command(data_dir)


@pytest.fixture
def nowhere(tmp_path: Path) -> Command:
    return Command(tmp_path / "data")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(["cms", *words]))
def test_every_command_explains_itself(nowhere: Command, command: list[str]) -> None:
    assert "Usage: cms" in nowhere.good(*command, "--help")
    assert not nowhere.data_dir.exists()


def test_a_life_from_an_empty_directory(tmp_path: Path) -> None:
    """One directory, one order: each command starts and ends the embedded MongoDB by itself."""
    cms = Command(tmp_path / "data")

    assert "would run 0001_initial" in cms.good("migrate", "--dry-run")
    assert "rani@example.com owns this site" in cms.good(*OWNER, stdin=make.PASSWORD.encode())


def test_the_owner_is_made_once_and_gets_tokens(cms: Command) -> None:
    assert json.loads(cms.good("migrate", "--json")) in ([], MIGRATIONS)
    assert "No account has the address" in cms.bad(*TOKEN, "--scope", "read")
    weak = cms.bad(*OWNER, stdin=b"too short\n")
    assert "password: Use 15 to 256 characters" in weak
    cms.good(*OWNER, stdin=f"{make.PASSWORD}\r\n".encode())
    assert "There is an owner already" in cms.bad(*OWNER, stdin=make.PASSWORD.encode())

    token = cms.good(*TOKEN, "--scope", "read", "--scope", "articles:write").strip()
    assert token.startswith("ltr_")
    as_json = json.loads(cms.good(*TOKEN, "--scope", "read", "--json"))
    assert as_json["token"].startswith("ltr_")
    assert as_json["token"] != token


def test_accounts_are_kept_from_the_terminal(cms: Command) -> None:
    sari = ["--email", "sari@example.com", "--role", "author"]
    assert "/admin/accept-invitation#token=" in cms.good("account", "invite", *sari)
    assert "--email: must be" in cms.bad("account", "invite", "--email", "x", "--role", "admin")
    who = ["rani@example.com"]
    cms(*OWNER, stdin=make.PASSWORD.encode())  # it may be there from the test above
    assert [row["role"] for row in json.loads(cms.good("account", "list", "--json"))] == ["owner"]
    assert "rani@example.com  Rani  (owner)" in cms.good("account", "list")
    assert "/admin/reset-password#token=" in cms.good("account", "reset-password", *who)
    assert "password: Use 15" in cms.bad(
        "account", "reset-password", *who, "--password-stdin", stdin=b"short"
    )
    changed = cms.good(
        "account", "reset-password", *who, "--password-stdin", stdin=make.PASSWORD[::-1].encode()
    )
    assert "has a new password" in changed
    assert "has no second factor" in cms.bad("account", "reset-2fa", *who)
    assert "no owner left" in cms.bad("account", "disable", *who)
    assert "no owner left" in cms.bad("account", "erase", *who, "--yes")
    assert "No account has the address" in cms.bad("account", "enable", "nobody@example.com")


def test_doctor_looks_and_says_so(cms: Command) -> None:
    assert "Nothing to do" in (cms.good("migrate") and cms.good("migrate"))
    cms.good("backup")  # the doctor asks for one
    found = json.loads(cms.good("doctor", "--json"))
    assert {item["subject"] for item in found} >= {"address", "disk", "mongodb", "migrations"}
    assert {item["verdict"] for item in found} == {"good"}
    assert "✓ migrations: up to date" in cms.good("doctor", env={"PYTHONIOENCODING": "utf-8"})


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (["--email", "nonsense", "--name", "R"], b"x", "--email: must be an e-mail address"),
        (["--email", "a@example.com", "--name", " "], b"x", "--name: must be one line"),
        (["--email", "a@example.com", "--name", "a\nb"], b"x", "--name: must be one line"),
        (["--email", "a@example.com", "--name", "R"], b"\xff\xfe", "not UTF-8"),
    ],
)
def test_owner_create_names_what_is_wrong(
    nowhere: Command, arguments: list[str], stdin: bytes, says: str
) -> None:
    said = nowhere.bad("owner", "create", *arguments, "--password-stdin", stdin=stdin)
    assert says in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["owner", "create"],
        ["owner", "create", "--email", "a@example.com"],
        ["serve", "--nonsense"],
        [*TOKEN],
        [*TOKEN, "--scope", "everything"],
        [*TOKEN, "--scope", "read", "--expires-in-days", "0"],
    ],
    ids=" ".join,
)
def test_a_command_that_can_not_be_read_is_code_2(nowhere: Command, arguments: list[str]) -> None:
    assert "Error: " in nowhere.bad(*arguments, code=2)
    assert not nowhere.data_dir.exists()


@pytest.mark.parametrize("command", [["settings"], ["serve"], ["migrate"], ["doctor"], OWNER])
def test_a_bad_setting_stops_every_command_with_one_line(
    nowhere: Command, command: list[str]
) -> None:
    said = nowhere.bad(*command, stdin=make.PASSWORD.encode(), env={"CMS_PORT": "http"})
    assert said.startswith("cms: CMS_PORT ")
    assert not nowhere.data_dir.exists()


def test_secrets_in_bad_settings_are_not_repeated(nowhere: Command) -> None:
    for name in ("CMS_SECRET_KEY", "CMS_MONGODB_URL"):
        said = nowhere.bad("serve", env={name: "canary"})
        assert name in said
        assert "canary" not in said
    own = {"CMS_MONGODB_URL": "mongodb://rani:canary@host:port/", "CMS_SECRET_KEY": "k" * 40}
    for command in ("serve", "migrate", "doctor"):
        said = nowhere.bad(command, env=own)
        assert "CMS_MONGODB_URL can't be read" in said
        assert "canary" not in said


def test_settings_are_listed_for_people_and_for_scripts(nowhere: Command) -> None:
    secret = {"CMS_SECRET_KEY": "canary" * 8, "CMS_PORT": "8001"}
    rows = {row["name"]: row for row in json.loads(nowhere.good("settings", "--json", env=secret))}
    assert rows["CMS_PORT"]["value"] == 8001
    assert rows["CMS_SECRET_KEY"]["value"] == "***"
    listed = nowhere.good("settings", env=secret)
    assert "CMS_PORT=8001  [default: 8000]" in listed
    assert all(name in listed for name in rows)
    assert "canary" not in listed
    assert not nowhere.data_dir.exists()


def test_a_mongodb_that_is_away_is_one_line(nowhere: Command) -> None:
    away = {"CMS_MONGODB_URL": "mongodb://127.0.0.1:1/?directConnection=true"}
    assert "CMS_SECRET_KEY must be set" in nowhere.bad("serve", env=away)
    assert "CMS_SECRET_KEY must be set" in nowhere.bad("migrate", env=away), "it seals the backup"
    assert "MongoDB" in nowhere.bad("migrate", env=away | {"CMS_SECRET_KEY": make.KEY})


def test_a_data_directory_that_can_not_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    said = Command(tmp_path / "file" / "data").bad("serve")
    assert "CMS_DATA_DIR" in said


def test_a_host_that_is_none_is_one_line_that_names_the_variable(cms: Command) -> None:
    own = {"CMS_MONGODB_URL": "mongodb://127.0.0.1:1/", "CMS_SECRET_KEY": "k" * 40}
    said = cms.bad("serve", env={**own, "CMS_HOST": "no such host.invalid"})
    assert "CMS_HOST" in said


def test_the_openapi_document_needs_no_database(nowhere: Command) -> None:
    document = json.loads(nowhere.good("openapi"))
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/articles" in document["paths"]
    assert not nowhere.data_dir.exists()
