"""The configuration of Nginx: one server for CMS and site, or one for each. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cms.core.admin_pages import FOR_EVER
from cms.core.edge import COMMON, EXPOSED, PUBLIC_CSP
from cms.deployment.filling import FillingRefused, below, filled, plain

OWN_HTTP2: Final = (1, 25, 1)  # before it, HTTP/2 is a word of `listen`
MEDIA_CSP: Final = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the files depend on; the defaults are those of Debian and of our systemd unit."""

    cms_url: str
    site_url: str
    apps: Sequence[str] = ("127.0.0.1:8000",)
    admin_root: str | None = None
    media_root: str | None = None
    media_url: str = ""
    frontend: str = "/srv/www/site"
    certificates: str = "/etc/letsencrypt/live"
    challenges: str = "/var/www/challenges"
    cache_root: str = "/var/cache/nginx/lontar"
    is_cached: bool = False
    version: str = "1.26.3"
    tls: Sequence[str] = ("443", "[::]:443")
    http: Sequence[str] = ("80", "[::]:80")


def files(site: Site) -> dict[str, str]:
    """Every file by its path below the folder of `nginx.conf`.

    Raises:
        FillingRefused: an address is not https, or a value can't stand in these files.
    """
    values = _values(site)
    values |= {
        "cache_zone": filled("nginx/cache_zone.conf", values) if site.is_cached else "",
        "micro_cache": filled("nginx/micro_cache.conf", values) if site.is_cached else "",
        "assets": filled("nginx/assets.conf", values) if site.admin_root else "",
        "media": filled("nginx/media.conf", values) if site.media_root else "",
        "frontend": _frontend(values),
        "servers": _servers(values),
    }
    return {
        "conf.d/lontar.conf": _tidy(filled("nginx/lontar.conf", values)),
        **{
            f"lontar/{name}": _tidy(filled(f"nginx/lontar/{name}", values))
            for name in below("nginx/lontar")
        },
    }


def _values(site: Site) -> dict[str, str]:
    cms_host, site_host = (_host(url) for url in (site.cms_url, site.site_url))
    certificates = plain("--certificates", site.certificates)
    values = {
        "cms_host": cms_host,
        "site_host": site_host,
        "names": " ".join(dict.fromkeys((cms_host, site_host))),
        "nginx_version": site.version,
        "upstreams": "\n".join(
            f"    server {plain('--app', app)} max_fails=1 fail_timeout=1s;" for app in site.apps
        ),
        "admin_root": plain("the admin's folder", site.admin_root or "/"),
        "media_root": plain("CMS_MEDIA_STORAGE", site.media_root or "/"),
        "frontend": plain("--frontend", site.frontend),
        "challenges": plain("--challenges", site.challenges),
        "cache_root": plain("the folder of the cache", site.cache_root),
        "common_headers": "\n".join(
            f'add_header {_titled(name)} "{value.decode()}" always;' for name, value in COMMON
        ),
        "public_csp": PUBLIC_CSP.decode(),
        "media_csp": MEDIA_CSP,
        "exposed": EXPOSED.decode(),
        "for_ever": FOR_EVER.decode(),
        "cms_origin": "" if cms_host == site_host else f" {site.cms_url}",
        "media_origin": _media_origin(site, cms_host == site_host),
        **_listening(site),
    }
    for who, host in (("cms", cms_host), ("site", site_host)):
        values[f"{who}_certificate"] = f"{certificates}/{host}/fullchain.pem"
        values[f"{who}_key"] = f"{certificates}/{host}/privkey.pem"
    return values


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname:
        raise FillingRefused(
            f"CMS_PUBLIC_URL and CMS_SITE_URL must be https addresses with a name, not {url}"
        )
    return plain("a host", parts.hostname)


def _media_origin(site: Site, is_one_host: bool) -> str:
    """Where the pictures of the frontend's pages come from, if not from its own host."""
    parts = urlsplit(site.media_url or site.cms_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return "" if is_one_host and origin == site.cms_url else f" {plain('CMS_MEDIA_URL', origin)}"


def _listening(site: Site) -> dict[str, str]:
    is_own = _version(site.version) >= OWN_HTTP2
    tls = [f"    listen {at} ssl{'' if is_own else ' http2'};" for at in site.tls]
    if is_own:
        tls.append("    http2 on;")
    strangers = [f"    listen {at} default_server;" for at in site.http]
    strangers += [f"    listen {at} ssl default_server;" for at in site.tls]
    return {
        "tls_listen": "\n".join(tls),
        "plain_listen": "\n".join(f"    listen {at};" for at in site.http),
        "default_listen": "\n".join(strangers),
    }


def _version(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){1,2}", text):
        raise FillingRefused(f"--nginx must be a version such as 1.26.3, not {text!r}")
    return tuple(int(part) for part in text.split("."))


def _frontend(values: Mapping[str, str]) -> str:
    kind = "server" if values["frontend"].startswith(("http://", "https://")) else "files"
    return filled(f"nginx/frontend_{kind}.conf", values)


def _servers(values: Mapping[str, str]) -> str:
    if values["cms_host"] == values["site_host"]:
        return filled("nginx/server_both.conf", values)
    parts = ("nginx/server_cms.conf", "nginx/server_site.conf")
    return "\n".join(filled(part, values) for part in parts)


def _titled(name: bytes) -> str:
    return "-".join(part.capitalize() for part in name.decode().split("-"))


def _tidy(text: str) -> str:
    """No more than one empty line in a row, none at the end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
