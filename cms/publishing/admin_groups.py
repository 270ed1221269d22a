"""The admin routes of groups of translations, for an item of any kind."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from cms.accounts.actor import Actor
from cms.core.db import now
from cms.core.http import Answer
from cms.core.queries import object_id
from cms.publishing import translations
from cms.publishing.desk import Desk, ListT, ViewT, saw
from cms.publishing.routes import Routes
from cms.publishing.schemas import TranslationList
from cms.publishing.service import DocumentT, InputT


def add(routes: Routes, desk: Desk[DocumentT, InputT, ViewT, ListT]) -> None:
    kind = desk.kind

    @routes.add(
        get, "/{item_id:str}/translations", "list_{one}_translations", "The group of translations"
    )
    async def list_translations(
        actor: NamedDependency[Actor], item_id: FromPath[str]
    ) -> Answer[TranslationList]:
        """With state and, for each, whether its source says something newer."""
        return Answer.of(await translations.list_all(kind, actor, object_id(item_id), now()))

    @routes.add(
        post,
        "/{item_id:str}/confirm-translation",
        "confirm_{one}_translation",
        "Say that a translation is up to date",
        status_code=200,
    )
    async def confirm_translation(
        actor: NamedDependency[Actor], item_id: FromPath[str], revision: NamedDependency[int]
    ) -> Answer[ViewT]:
        """After a change of the source that the translation needs no change for."""
        seen = saw(item_id, revision)
        return desk.answer(await translations.confirm(kind, actor, seen, now()))
