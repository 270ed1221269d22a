"""Searching is one query over the token index, joined back by id, within a stated cap."""

import httpx
import pytest
from beanie import PydanticObjectId

from cms.core import db
from cms.core.finding import Wanted
from cms.core.paging import ListQuery
from cms.search import documents, likeness
from cms.search.documents import SearchEntry
from cms.search.words import understand
from tests import make
from tests.articles.test_public_reads import _count_commands
from tests.articles.test_query_plans import _stages
from tests.explain import explained

FEW, MANY = 3, 1200


@pytest.fixture
async def many(database: db.Database, owner: httpx.AsyncClient) -> db.Database:
    """A published article, and its entry again and again for articles that are not there."""
    await make.published(owner, title="Kopi tubruk", markdown="susu", tag_slugs=["Kopi"])
    entry = await database["search_entries"].find_one({}, {"_id": 0, "item_id": 0})
    assert entry is not None
    ids = [PydanticObjectId() for _ in range(MANY)]
    rows = [
        {**entry, "item_id": ident, "tokens": ["kopi", "susu", f"n{number}"]}
        for number, ident in enumerate(ids)
    ]
    await database["search_entries"].insert_many(rows)
    return database


@pytest.mark.parametrize("q", ["kopi", "kop", "kopi susu", "tubruk kopi", "kopi susu tub"])
@pytest.mark.parametrize("lang", [None, "en"])
async def test_a_search_walks_the_token_index(q: str, lang: str | None, many: db.Database) -> None:
    # Without the total: explaining a `$unionWith` that transforms kills mongod 6.0.5.
    wanted = Wanted(q, lang=lang)
    terms = await documents.rarest_first(SearchEntry, understand(q).terms, {})
    stages = documents.ranked(terms, wanted, ListQuery(), db.now())
    plan = await explained(many, "search_entries", stages)
    found = _stages(plan)
    names = {stage.get("stage") for stage in found}
    assert "IXSCAN" in names
    assert "COLLSCAN" not in names
    cursor = plan["stages"][0]["$cursor"]["executionStats"]
    assert cursor["nReturned"] <= documents.MOST_EXAMINED
    assert cursor["totalDocsExamined"] <= documents.MOST_EXAMINED + 1
    for stage in found:
        if "$lookup" in stage:
            assert stage["collectionScans"] == 0, stage
            assert stage["indexesUsed"], stage


async def test_a_rare_word_beside_a_frequent_one_reads_few_entries(many: db.Database) -> None:
    wanted = Wanted("kopi tubruk")
    terms = await documents.rarest_first(SearchEntry, understand(wanted.text).terms, {})
    assert [term.text for term in terms] == ["tubruk", "kopi"]
    stages = documents.ranked(terms, wanted, ListQuery(), db.now())
    plan = await explained(many, "search_entries", stages)
    assert plan["stages"][0]["$cursor"]["executionStats"]["totalDocsExamined"] <= FEW


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/api/v1/search?q=kopi", 1),
        ("/api/v1/search?q=kopi+tubruk&lang=en&kind=article&total=true", 2),
        ("/api/v1/search?q=kopi+tidakada", 1),
        ("/api/v1/search?q=!!", 0),
        # A page that is not full is looked for once more, without a window.
        ("/api/v1/articles?q=kopi", 3),
        ("/api/v1/articles?q=kopi&tag=kopi&total=true", 3),
        ("/api/v1/articles?q=kopi+susu", 4),
    ],
)
async def test_a_search_is_a_fixed_number_of_queries(
    path: str, queries: int, many: db.Database, uncached: httpx.AsyncClient
) -> None:
    answer = await uncached.get(path)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) <= 1
    asked = await _count_commands(many, lambda: uncached.get(path))
    assert len(asked) == queries, asked


async def test_what_is_alike_is_found_by_the_token_index_within_its_cap(many: db.Database) -> None:
    article = await many["articles"].find_one({})
    assert article is not None
    window = {"publish_at": {"$lte": db.now()}, "unpublish_at": {"$gt": db.now()}}
    stages = likeness.similar("article", article["_id"], "en", window)
    plan = await explained(many, "search_entries", stages)
    found = _stages(plan)
    assert "COLLSCAN" not in {stage.get("stage") for stage in found}
    (lookup,) = [stage for stage in found if "$lookup" in stage]
    assert (lookup["collectionScans"], bool(lookup["indexesUsed"])) == (0, True)
    assert lookup["totalDocsExamined"] <= likeness.MOST_COMPARED


async def test_words_that_are_frequent_and_never_meet_cost_no_more_than_the_cap(
    many: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_EXAMINED", 50)
    await many["search_entries"].update_many({}, [{"$set": {"tokens": ["genap"]}}])
    odd = [row["_id"] async for row in many["search_entries"].find({}).limit(MANY // 2)]
    await many["search_entries"].update_many(
        {"_id": {"$in": odd}}, {"$set": {"tokens": ["ganjil"]}}
    )
    terms = await documents.rarest_first(SearchEntry, understand("ganjil genap").terms, {})
    stages = documents.ranked(terms, Wanted("ganjil genap"), ListQuery(), db.now())
    plan = await explained(many, "search_entries", stages)
    assert plan["stages"][0]["$cursor"]["executionStats"]["totalDocsExamined"] <= 51
