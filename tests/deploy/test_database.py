"""The least a user of MongoDB has to be allowed, which is what `deploy/compose.yaml` allows it."""

import tempfile
from pathlib import Path

import httpx

from tests import make
from tests.deploy.database import KeyedMongo, settings
from tests.deploy.house import BehindCMS
from tests.reliability.running import SCOPES


def test_its_own_database_is_all_that_the_cms_needs() -> None:
    with tempfile.TemporaryDirectory(prefix="keyed", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with KeyedMongo(folder) as mongo:
            with BehindCMS(folder / "data", settings(mongo, folder / "data")) as cms:
                headers = {"Authorization": f"Bearer {cms.owner_token()}"}
                with httpx.Client(base_url=cms.url, headers=headers, timeout=20) as client:
                    draft = client.post("/api/v1/admin/articles", json={"title": "Daun"}).json()
                    published = client.post(
                        f"/api/v1/admin/articles/{draft['id']}/publish",
                        headers=make.if_match(draft),
                    )
                    assert published.status_code == 200, published.text
                    assert client.get("/api/v1/articles/daun").status_code == 200
                assert "articles:write" in SCOPES
                cms.run("doctor")
                said = cms.log.read_text()
            # What it is not allowed it was not refused: it never asked.
            assert "not authorized" not in said
            assert "requires authentication" not in said
            assert mongo.refuses("usersInfo", "admin")
            assert mongo.refuses("serverStatus", "admin")
