"""The API, the admin and the media by way of the real Nginx."""

import pytest

from tests.deploy.house import House


def test_smoke(house: House) -> None:
    with house.client() as client:
        for path in ("/", "/admin/", "/api/v1/site", "/api/v1/nothing", "/metrics", "/health/ready"):
            a = client.get(path)
            print(path, a.status_code, dict(a.headers), a.text[:300])
    print(sorted(p.name for p in (house.folder.parent/"data").iterdir()))
