"""What `cms deploy` prints: the examples in `deploy/`, sound by the tools that read such files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cms.deployment import nginx, units
from cms.deployment.filling import TEMPLATES, FillingRefused
from tests.deploy.examples import COMMANDS, ROOT, SETTINGS, deploy, expected, printed

SITE = nginx.Site(cms_url="https://cms.example.com", site_url="https://example.com")
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="no systemd-analyze: apt-get install systemd"
)


def test_the_examples_are_what_the_commands_print() -> None:
    found = expected()
    for name, text in found.items():
        said = f"{name}: python -m tests.deploy.examples"
        assert (ROOT / name).read_text() == text, said
    for folder in ("deploy/nginx", "deploy/systemd", "deploy/compose"):
        here = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file()
        }
        assert here <= set(found), here - set(found)


def test_a_template_without_a_value_is_no_file() -> None:
    names = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")}
    assert len(names) > 15
    everything = "".join(expected().values())
    assert not re.search(r"\{[a-z_]+\}", everything.replace("{condition", ""))


def test_printed_files_stand_under_their_names() -> None:
    said = printed(*COMMANDS["systemd"])
    assert re.findall(r"^# ---- (.*)$", said, re.MULTILINE) == list(units.UNITS)


def test_one_host_has_one_server_and_two_have_two() -> None:
    one = nginx.files(nginx.Site(cms_url="https://example.com", site_url="https://example.com"))
    two = nginx.files(SITE)
    names = re.compile(r"server_name ([a-z. ]+);")
    assert names.findall(one["conf.d/lontar.conf"]) == ["example.com", "example.com"]
    assert names.findall(two["conf.d/lontar.conf"]) == [
        "cms.example.com example.com",
        "cms.example.com",
        "example.com",
    ]


def test_http2_is_told_as_each_nginx_wants_it() -> None:
    old = nginx.files(nginx.Site(cms_url=SITE.cms_url, site_url=SITE.site_url, version="1.22.1"))
    assert "ssl http2;" in old["conf.d/lontar.conf"]
    assert "http2 on;" not in old["conf.d/lontar.conf"]
    new = nginx.files(SITE)["conf.d/lontar.conf"]
    assert "ssl http2;" not in new
    assert new.count("http2 on;") == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"cms_url": "http://cms.example.com"},
        {"cms_url": "https://localhost"},
        {"frontend": "/srv/site; return 200"},
        {"certificates": "/etc/x y"},
        {"apps": ["127.0.0.1:8000; server evil"]},
        {"version": "new"},
    ],
)
def test_what_would_not_stay_one_word_is_refused(changes: dict[str, Any]) -> None:
    values = {"cms_url": SITE.cms_url, "site_url": SITE.site_url, **changes}
    with pytest.raises(FillingRefused):
        nginx.files(nginx.Site(**values))


def test_the_command_says_what_it_needs() -> None:
    for command in ("nginx", "compose"):
        found = deploy(command)
        assert found.exit_code == 1
        assert found.stderr.startswith("cms: CMS_PUBLIC_URL and CMS_SITE_URL must be https")


def test_files_in_a_bucket_or_on_another_host_are_not_looked_for_on_the_disk() -> None:
    bucket = deploy("nginx", **{**SETTINGS, "CMS_MEDIA_STORAGE": "s3://bucket"})
    cdn = deploy("nginx", **{**SETTINGS, "CMS_MEDIA_URL": "https://cdn.example/media"})
    assert (bucket.exit_code, cdn.exit_code) == (0, 0)
    assert "lontar_file" in printed("nginx")
    assert "lontar_file" not in bucket.stdout + cdn.stdout
    assert "img-src 'self' data: https://cdn.example;" in cdn.stdout


def _unit(folder: Path, text: str) -> str:
    """What systemd says of a unit; nothing when it is sound."""
    path = folder / "lontar@8000.service"
    path.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stderr if done.returncode or done.stderr else ""


@needs_systemd
def test_systemd_takes_the_unit_and_finds_it_well_enclosed(tmp_path: Path) -> None:
    unit = units.systemd(cms_url=SITE.cms_url, site_url=SITE.site_url, program=sys.executable)
    text = unit["lontar@.service"]
    assert _unit(tmp_path, text) == ""
    assert "Unknown key" in _unit(tmp_path, text.replace("KillMode=", "KilMode="))
    exposed = _exposure(tmp_path, text)
    assert exposed <= 20
    assert _exposure(tmp_path, re.sub(r"(?m)^(Protect|Restrict|System|Cap).*$", "", text)) > 40


def _exposure(folder: Path, text: str) -> int:
    path = folder / "lontar@8000.service"
    path.write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    return round(float(found[1]) * 10)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_only_nginx_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert compose["networks"]["database"]["internal"] is True
    assert services["mongodb"]["networks"] == ["database"]
    assert services["nginx"]["networks"] == ["front"]


def test_nothing_in_compose_may_gain_rights(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        if name != "mongodb":  # its entrypoint gives its folders to its user
            assert service["cap_drop"] == ["ALL"], name
    for name in ("cms", "nginx"):
        assert compose["services"][name]["read_only"] is True


def test_services_start_in_order_and_say_whether_they_are_well(compose: dict[str, Any]) -> None:
    order = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in compose["services"].items()
    }
    assert order["mongodb"] == {"mongodb-key": "service_completed_successfully"}
    assert order["mongodb-set"] == {"mongodb": "service_healthy"}
    assert order["cms"] == {"mongodb-set": "service_completed_successfully"}
    assert order["nginx"]["cms"] == "service_healthy"
    dockerfile = (ROOT / "Dockerfile").read_text()
    for name, service in compose["services"].items():
        if service["restart"] != "no":
            assert "healthcheck" in service or (name == "cms" and "HEALTHCHECK" in dockerfile)


def test_every_volume_network_and_file_that_compose_names_is_there(compose: dict[str, Any]) -> None:
    brought = {"./certificates", "./challenges", "./site"}  # the owner's
    for service in compose["services"].values():
        for mount in service.get("volumes", []):
            source = mount.partition(":")[0]
            if source.startswith("./"):
                assert source in brought or (ROOT / "deploy" / source).exists(), source
            else:
                assert source in compose["volumes"], source
        for network in service.get("networks", []):
            assert network in compose["networks"]


def test_no_secret_stands_in_compose_and_each_is_asked_for(compose: dict[str, Any]) -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    named = (ROOT / "deploy" / "compose" / "example.env").read_text()
    assert asked == set(re.findall(r"^([A-Z_]+)=$", named, re.MULTILINE))
    database = compose["services"]["mongodb"]
    assert "--keyFile" in database["command"]
    assert "--replSet" in database["command"]
    user = (ROOT / "deploy" / "compose" / "mongodb" / "user.js").read_text()
    assert re.findall(r'role: "(\w+)"', user) == ["readWrite", "dbAdmin"]


def test_the_admins_files_are_laid_where_nginx_can_see_them(tmp_path: Path) -> None:
    assert deploy("files", str(tmp_path)).exit_code == 0
    assert list((tmp_path / "assets").glob("*.js.br"))
