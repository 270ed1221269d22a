"""Units for systemd, and the whole of it for Docker Compose. Pure."""

from cms.deployment import nginx
from cms.deployment.filling import filled, plain

UNITS = ("lontar@.service", "lontar.sysusers.conf", "lontar.tmpfiles.conf", "lontar.env")


def systemd(
    *,
    cms_url: str,
    site_url: str,
    program: str = "/opt/lontar/.venv/bin/cms",
    data_dir: str = "/var/lib/lontar",
    media_root: str | None = None,
    media_storage: str | None = None,
    web_group: str = "www-data",
) -> dict[str, str]:
    """Every file by its name; `media_storage` is what the setting says, a bucket perhaps.

    Raises:
        FillingRefused: a value can't stand in these files.
    """
    media_root = media_root or "/srv/lontar/media"
    values = {
        "cms_url": plain("CMS_PUBLIC_URL", cms_url),
        "site_url": plain("CMS_SITE_URL", site_url),
        "media_storage": plain("CMS_MEDIA_STORAGE", media_storage or media_root),
        "program": plain("the program's path", program),
        "data_dir": plain("CMS_DATA_DIR", data_dir),
        "media_root": plain("CMS_MEDIA_STORAGE", media_root),
        "web_group": plain("--web-group", web_group),
    }
    return {name: filled(f"systemd/{name}", values) for name in UNITS}


def compose(site: nginx.Site, *, database: str, build: str = "..") -> dict[str, str]:
    """Every file by its path; Nginx's are those of `site`, as its container sees the rest.

    Raises:
        FillingRefused: a value can't stand in these files.
    """
    values = {
        "cms_url": plain("CMS_PUBLIC_URL", site.cms_url),
        "site_url": plain("CMS_SITE_URL", site.site_url),
        "cms_host": site.cms_url.partition("//")[2],
        "database": plain("CMS_DATABASE", database),
        "build": plain("--build", build),
    }
    return {
        "compose.yaml": filled("compose/compose.yaml", values),
        "compose/example.env": filled("compose/example.env", values),
        "compose/mongodb/user.js": filled("compose/mongodb/user.js", values),
        **{f"compose/nginx/{name}": text for name, text in nginx.files(site).items()},
    }
