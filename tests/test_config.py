"""Settings: every variable is read, and a bad value is one line that names it and no secret."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from cms import config
from cms.config import SettingRefused, Settings

KEY = "k" * 32
AGE = "age1" + "q" * 58
# Each variable with a good value, and what that becomes.
GOOD: dict[str, tuple[str, object]] = {
    "CMS_MONGODB_URL": ("mongodb://localhost/?replicaSet=rs0",) * 2,
    "CMS_DATABASE": ("site_2", "site_2"),
    "CMS_DATA_DIR": ("/srv/../srv/lontar", Path("/srv/lontar")),
    "CMS_HOST": ("::1", "::1"),
    "CMS_PORT": ("65535", 65535),
    "CMS_WORKERS": ("4", 4),
    "CMS_PUBLIC_URL": ("https://CMS.example:443/", "https://cms.example"),
    "CMS_SITE_URL": ("http://localhost:3000", "http://localhost:3000"),
    "CMS_ADMIN_ORIGINS": (
        "https://desk.example, http://[::1]:80,",
        ("https://desk.example", "http://[::1]"),
    ),
    "CMS_TRUSTED_PROXIES": ("10.0.0.1/8, ::1", ("10.0.0.0/8", "::1/128")),
    "CMS_ALLOWED_HOSTS": (
        "CMS.internal, 192.168.1.7, [::1]",
        ("cms.internal", "192.168.1.7", "[::1]"),
    ),
    "CMS_OUTBOUND_ALLOW": (
        "LocalHost:3000, 10.1.2.3/8, frontend.internal, [::1]:5173, ::1",
        ("localhost:3000", "10.0.0.0/8", "frontend.internal", "[::1]:5173", "::1/128"),
    ),
    "CMS_MEDIA_STORAGE": ("s3://pictures/of/mine/", "s3://pictures/of/mine"),
    "CMS_MEDIA_URL": ("https://cdn.example/media/", "https://cdn.example/media"),
    "CMS_MEDIA_QUOTA_MB": ("0", 0),
    "CMS_S3_ENDPOINT": ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
    "CMS_S3_REGION": ("eu-central-1", "eu-central-1"),
    "CMS_S3_ACCESS_KEY_ID": ("AK", "AK"),
    "CMS_S3_SECRET_ACCESS_KEY": ("a/b+c", "a/b+c"),
    "CMS_BACKUP_STORAGE": ("/mnt/backups", "/mnt/backups"),
    "CMS_BACKUP_EVERY_HOURS": ("24", 24),
    "CMS_BACKUP_KEEP": ("1", 1),
    "CMS_BACKUP_RECIPIENTS": (f"{AGE}, {AGE},", (AGE, AGE)),
    "CMS_BACKUP_BEFORE_MIGRATE": ("off", False),
    "CMS_METRICS_TOKEN": (KEY, KEY),
    "CMS_SECRET_KEY": (KEY, KEY),
    "CMS_SECRET_KEY_PREVIOUS": (f"{KEY}, {KEY}x,", (KEY, f"{KEY}x")),
    "CMS_SMTP_URL": ("smtp://rani:p%40ss@mail.example:2525",) * 2,
    "CMS_MAIL_FROM": ("Lontar <cms@example.com>",) * 2,
    "CMS_ARGON2_MEMORY_KIB": ("19456", 19456),
    "CMS_ARGON2_TIME_COST": ("2", 2),
    "CMS_SHARED_CACHE_SECONDS": ("5", 5),
    "CMS_STALE_CACHE_SECONDS": ("0", 0),
    "CMS_SERVER_TIMING": ("On", True),
    "CMS_REVISIONS_KEEP_DAYS": ("30", 30),
    "CMS_CONTACT_KEEP_DAYS": ("30", 30),
    "CMS_LOG_FORMAT": ("json", "json"),
}
BAD: dict[str, list[str]] = {
    "CMS_MONGODB_URL": [
        "localhost", "http://localhost", "postgres://rani:canary@host/db",
        "mongodb://rani:can/ary@host/db", "mongodb://rani:12/canary@host", "mongodb://a:b?canary@c",
        "mongodb+srv://rani:canary#1@host/db",
    ],
    "CMS_BACKUP_STORAGE": ["s3://", "s3://x/y?z", "s3://rani:canary@bucket"],
    "CMS_BACKUP_EVERY_HOURS": ["-1", "daily", "1.5"],
    "CMS_BACKUP_KEEP": ["0", "-1", "all"],
    "CMS_BACKUP_RECIPIENTS": ["age1", "ssh-ed25519 AAAA", f"{AGE},x"],
    "CMS_BACKUP_BEFORE_MIGRATE": ["perhaps"],
    "CMS_METRICS_TOKEN": ["canary-that-is-short"],
    "CMS_DATABASE": ["a b", "a/b", "$a", "a.b", 'a"b', "x" * 64],
    "CMS_DATA_DIR": ["~nobody-of-that-name/data"],
    "CMS_HOST": [],  # whether it can be listened on is found out by listening
    "CMS_PORT": ["0", "65536", "-1", "http", "80.0"],
    "CMS_WORKERS": ["0", "-1", "many", "1.5"],
    "CMS_PUBLIC_URL": ["http://cms.example", "cms.example", "https://x/path", "ftp://x", "https://"],
    "CMS_SITE_URL": [
        "x", "https://x/y", "https://x?y", "https://x#y", "https://rani:canary@x", "https://x:abc",
        "https://x:99999", "https://[", "https://a b", "https://rani@x", "javascript:alert(1)",
    ],
    "CMS_ADMIN_ORIGINS": ["*", "null", "https://x/y", "https://ok.example,x"],
    "CMS_TRUSTED_PROXIES": ["*", "10.0.0.0/33", "nginx", "10.0.0.1,x"],
    "CMS_ALLOWED_HOSTS": ["*", "https://cms.example", "a b", "*.example", "a/b", "rani@host"],
    "CMS_OUTBOUND_ALLOW": ["*", "http://localhost", "a b", "10.0.0.0/33", "rani@host", "host:port"],
    "CMS_MEDIA_STORAGE": ["s3://", "s3://A_b", "s3://ab/c?d", "~nobody-of-that-name/media"],
    "CMS_MEDIA_URL": ["cdn.example", "ftp://x/y", "https://x/y?z", "https://x/y z", "/media"],
    "CMS_MEDIA_QUOTA_MB": ["-1", "lots", "1.5"],
    "CMS_S3_ENDPOINT": ["minio:9000", "https://x/path"],
    "CMS_S3_REGION": ["eu central", "a/b"],
    "CMS_S3_ACCESS_KEY_ID": [],  # what opens a bucket is found out by opening it
    "CMS_S3_SECRET_ACCESS_KEY": [],
    "CMS_SECRET_KEY": ["canary-that-is-short"],
    "CMS_SECRET_KEY_PREVIOUS": ["canary-that-is-short", f"{KEY},canary"],
    "CMS_SMTP_URL": [
        "mail.example", "http://mail.example", "smtp://", "smtp://rani:can/ary@mail.example",
        "smtp://rani:can@ary@mail.example", "smtp://mail.example/path", "smtps://mail.example:0",
        "smtp://mail.example:99999", "smtp://mail.example?canary",
    ],
    "CMS_MAIL_FROM": ["nobody", "a@b", "Lontar", "a@example.com\nBcc: b@example.com"],
    "CMS_ARGON2_MEMORY_KIB": ["19455", "0", "lots"],
    "CMS_ARGON2_TIME_COST": ["1", "-3", "x"],
    "CMS_SHARED_CACHE_SECONDS": ["-1", "1.5", "long"],
    "CMS_STALE_CACHE_SECONDS": ["-1", "1.5", "long"],
    "CMS_SERVER_TIMING": ["perhaps", "2"],
    "CMS_REVISIONS_KEEP_DAYS": ["-1", "a month", "1.5"],
    "CMS_CONTACT_KEEP_DAYS": ["-1", "a month", "1.5"],
    "CMS_LOG_FORMAT": ["xml", "JSON"],
}  # fmt: skip


SECRET = {
    *("CMS_SECRET_KEY", "CMS_SECRET_KEY_PREVIOUS", "CMS_MONGODB_URL", "CMS_SMTP_URL"),
    "CMS_METRICS_TOKEN",
}


def test_every_setting_stands_in_these_tables() -> None:
    names = {config.variable(item.name) for item in fields(Settings)}
    assert names == set(GOOD) == set(BAD)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_value_is_read(name: str) -> None:
    raw, expected = GOOD[name]
    found = config.load({name: f" {raw} "})
    assert getattr(found, name.removeprefix("CMS_").lower()) == expected


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_value_is_the_default(name: str) -> None:
    assert config.load({name: "  "}) == config.load({})


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name in BAD for raw in BAD[name]])
def test_a_bad_value_is_one_line_that_names_the_variable(name: str, raw: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        config.load({name: raw})
    said = str(refused.value)
    assert said.startswith(f"{name} ")
    assert "\n" not in said
    assert len(said) < 400
    assert "canary" not in said
    assert raw[:20] in said or name in SECRET or "@" in raw


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CMS_MONGODB_URI", "CMS_MONGODB_URL"),
        ("CMS_ADMIN_ORIGIN", "CMS_ADMIN_ORIGINS"),
        ("CMS_TRUSTED_PROXY", "CMS_TRUSTED_PROXIES"),
        ("CMS_WORKER", "CMS_WORKERS"),
    ],
)
def test_a_misspelt_variable_is_not_passed_over(typed: str, meant: str) -> None:
    with pytest.raises(SettingRefused, match=f"{typed} is no setting: did you mean {meant}"):
        config.load({typed: "canary"})


@pytest.mark.parametrize(
    "name", ["CMS_SKIP_ADMIN_UI", "CMS_BROWSER", "CMS_MAIL_URL", "CMS_EMBEDDED", "PATH"]
)
def test_other_variables_are_left_alone(name: str) -> None:
    assert config.load({name: "x"}) == config.load({})


def test_the_listing_shows_everything_but_secrets() -> None:
    found = config.load(
        {
            "CMS_MONGODB_URL": "mongodb://rani:canary@host/?replicaSet=rs0",
            "CMS_SECRET_KEY": "canary" * 8,
            "CMS_SECRET_KEY_PREVIOUS": "canary" * 7,
            "CMS_SMTP_URL": "smtps://rani:canary@mail.example",
            "CMS_PORT": "8001",
        }
    )
    assert "canary" not in repr(found)
    rows = {row["name"]: row for row in config.describe(found)}
    assert set(rows) == set(GOOD)
    assert "canary" not in json.dumps(list(rows.values()))
    assert rows["CMS_PORT"]["value"] == 8001
    assert rows["CMS_PORT"]["default"] == 8000
    assert rows["CMS_SECRET_KEY"]["value"] == "***"
    assert all(row["meaning"] for row in rows.values())


def test_the_address_follows_host_and_port_unless_it_is_set() -> None:
    assert config.load({}).address == "http://127.0.0.1:8000"
    assert config.load({"CMS_HOST": "::1", "CMS_PORT": "1"}).address == "http://[::1]:1"
    everywhere = ".".join("0000")
    assert config.load({"CMS_HOST": everywhere}).address == "http://127.0.0.1:8000"
    assert config.load({"CMS_PUBLIC_URL": "https://a.example"}).address == "https://a.example"


def test_a_mongodb_of_ones_own_needs_a_key_of_ones_own(tmp_path: Path) -> None:
    environ = {"CMS_MONGODB_URL": "mongodb://host", "CMS_DATA_DIR": str(tmp_path / "data")}
    with pytest.raises(SettingRefused, match="CMS_SECRET_KEY must be set"):
        config.secret_key(config.load(environ))
    assert not (tmp_path / "data").exists()
    assert config.secret_key(config.load({**environ, "CMS_SECRET_KEY": KEY})) == KEY


def test_the_key_is_made_once_kept_private_and_read_again(tmp_path: Path) -> None:
    found = config.load({"CMS_DATA_DIR": str(tmp_path / "data")})
    key = config.secret_key(found)
    assert len(key) >= 43
    assert config.secret_key(found) == key
    kept = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_starters_at_the_same_time_get_the_same_whole_key(tmp_path: Path) -> None:
    for number in range(20):
        found = config.load({"CMS_DATA_DIR": str(tmp_path / str(number))})
        with ThreadPoolExecutor(8) as pool:
            keys = list(pool.map(config.secret_key, [found] * 8))
        assert len(set(keys)) == 1
        assert len(keys[0]) >= 43


@pytest.mark.parametrize("held", ["", "short", "\n"])
def test_a_damaged_key_file_is_refused_and_not_used(tmp_path: Path, held: str) -> None:
    (tmp_path / "secret.key").write_text(held, encoding="utf-8")
    with pytest.raises(SettingRefused, match=r"CMS_SECRET_KEY is unset and .* holds no key"):
        config.secret_key(config.load({"CMS_DATA_DIR": str(tmp_path)}))
