"""What an article's translations mean for it: what is missing or older before it is published."""

from datetime import datetime

from cms.articles.documents import Article
from cms.publishing.checks import Flaw
from cms.site.documents import SiteContent


async def flaws(article: Article, content: SiteContent, now: datetime) -> list[Flaw]:  # noqa: ARG001 - a Kind's
    """Languages of the site that the group lacks, and translations older than their source.

    A draft counts as a translation: two that wait for each other could never be published.
    """
    assert article.id is not None  # noqa: S101 - it was loaded
    group_id = article.group_id or article.id
    others = [
        member
        for member in await Article.in_group(group_id)
        if member.trashed_at is None and member.id != article.id
    ]
    return [*_missing(article, others, content), *_stale(article, others)]


def _missing(article: Article, others: list[Article], content: SiteContent) -> list[Flaw]:
    if len(content.languages) < 2:
        return []  # nobody promised readers a choice
    there = {article.working.lang, *(member.working.lang for member in others)}
    return [
        Flaw("missing_translation", "lang", f"there is no translation into {lang}")
        for lang in content.languages
        if lang not in there
    ]


def _stale(article: Article, others: list[Article]) -> list[Flaw]:
    if article.working.translation_of is not None:
        source = next((item for item in others if item.id == article.group_id), None)
        if not article.is_outdated(source):
            return []
        message = "its source says something newer: translate that, or confirm the translation"
        return [Flaw("stale_translation", "translation_of", message)]
    wrote_at = article.text_at or article.created_at
    return [
        Flaw(
            "stale_translation",
            "markdown",
            f"the translation into {member.working.lang} is older than this text",
        )
        for member in others
        if (member.text_at or member.created_at) < wrote_at
    ]
