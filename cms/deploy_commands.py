"""The `cms deploy` commands: what runs the CMS in earnest, filled in from the settings."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from cms.terminal import load_settings, refuse

# Where the built UI lies in this installation; missing in an API-only one.
ADMIN_UI = Path(__file__).parent / "_admin"

to_option = click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files below this folder instead of printing them.",
)
frontend_option = click.option(
    "--frontend",
    default="/srv/www/site",
    show_default=True,
    help="The site: a folder of files, or http://127.0.0.1:PORT of its own server.",
)
micro_cache_option = click.option(
    "--micro-cache", is_flag=True, help="Public answers may be a second old."
)


@click.group()
def deploy() -> None:
    """Files for Nginx, systemd and Docker Compose, filled in from the settings."""


def _give(files: Mapping[str, str], to: Path | None) -> None:
    """Print them, each under its name, or write them."""
    if to is None:
        for name, text in files.items():
            click.echo(f"# ---- {name}\n{text}")
        return
    for name, text in files.items():
        path = to / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            refuse(f"{path} can't be written: {error.strerror}")
        click.echo(path)


@deploy.command("nginx")
@frontend_option
@micro_cache_option
@click.option("--app", "apps", multiple=True, help="host:port of a CMS process; many times.")
@click.option("--nginx", "version", default="1.26.3", show_default=True, help="Its version.")
@click.option("--certificates", default="/etc/letsencrypt/live", show_default=True)
@click.option("--challenges", default="/var/www/challenges", show_default=True)
@click.option("--admin", help="The folder of the admin's files; unset: of this installation.")
@to_option
def deploy_nginx(
    frontend: str,
    *,
    micro_cache: bool,
    apps: tuple[str, ...],
    version: str,
    certificates: str,
    challenges: str,
    admin: str | None,
    to: Path | None,
) -> None:
    """Nginx in front of the CMS: TLS, limits, files from the disk. Goes to /etc/nginx."""
    from cms.deployment import nginx
    from cms.deployment.filling import FillingRefused

    settings = load_settings()
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 # nosec B104 - only named
    site = nginx.Site(
        cms_url=settings.address,
        site_url=settings.site_url,
        apps=apps or (f"{host}:{settings.port}",),
        admin_root=admin or (str(ADMIN_UI) if ADMIN_UI.is_dir() else None),
        media_root=settings.media_folder,
        media_url=settings.media_base,
        frontend=frontend,
        certificates=certificates,
        challenges=challenges,
        is_cached=micro_cache,
        version=version,
    )
    try:
        files = nginx.files(site)
    except FillingRefused as refusal:
        refuse(str(refusal))
    _give(files, to)


@deploy.command("systemd")
@click.option("--web-group", default="www-data", show_default=True, help="The group of Nginx.")
@click.option("--program", help="The path of `cms`; unset: of this installation.")
@to_option
def deploy_systemd(web_group: str, program: str | None, to: Path | None) -> None:
    """A hardened unit `lontar@PORT`, its user, its folder for media and its settings."""
    from cms.deployment import units
    from cms.deployment.filling import FillingRefused

    settings = load_settings()
    try:
        files = units.systemd(
            cms_url=settings.address,
            site_url=settings.site_url,
            program=program or str(Path(sys.executable).parent / "cms"),
            media_root=settings.media_folder if settings.media_storage else None,
            media_storage=settings.media_storage,
            web_group=web_group,
        )
    except FillingRefused as refusal:
        refuse(str(refusal))
    _give(files, to)


@deploy.command("compose")
@frontend_option
@micro_cache_option
@click.option("--build", default="..", show_default=True, help="The folder of the Dockerfile.")
@to_option
def deploy_compose(frontend: str, *, micro_cache: bool, build: str, to: Path | None) -> None:
    """CMS, MongoDB 8 as a one-node replica set, and Nginx."""
    from cms.deployment import nginx, units
    from cms.deployment.filling import FillingRefused

    settings = load_settings()
    site = nginx.Site(
        cms_url=settings.address,
        site_url=settings.site_url,
        apps=("cms:8000",),
        admin_root="/srv/lontar/admin",
        media_root="/srv/lontar/media",
        frontend=frontend,
        is_cached=micro_cache,
        version="1.28.0",
    )
    try:
        files = units.compose(site, database=settings.database, build=build)
    except FillingRefused as refusal:
        refuse(str(refusal))
    _give(files, to)


@deploy.command("files")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def deploy_files(folder: Path) -> None:
    """Copy the admin's files into FOLDER, for an Nginx that can't see this installation.

    Those of earlier releases stay: a page that is open in a browser may still ask for them.
    """
    if not ADMIN_UI.is_dir():
        refuse("the admin UI is not part of this installation")
    try:
        shutil.copytree(ADMIN_UI / "assets", folder / "assets", dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        refuse(f"{folder} can't be written: {error}")
    click.echo(folder)
