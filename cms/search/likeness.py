"""What is like something else by its words, as stages over search entries. Pure."""

from typing import Any, Final

from cms.search.words import STOP_WORDS

Row = dict[str, Any]
# How many words of it are looked for, in how many entries at most.
MOST_WORDS: Final = 12
MOST_COMPARED: Final = 100
# One word in common is chance.
LEAST_SHARED: Final = 2
MOST_ALIKE: Final = 8


def similar(kind: str, ident: Any, lang: str, window: Row) -> list[Row]:
    """Stages that find what shares most of the words that say what an item is about."""
    about = {"$concatArrays": ["$title", "$often"]}
    telling = {"$not": {"$in": ["$$this", sorted(STOP_WORDS)]}}
    words = {"$slice": [{"$filter": {"input": about, "cond": telling}}, MOST_WORDS]}
    best = {"sortBy": {"score": -1, "publish_at": -1, "_id": -1}, "n": MOST_ALIKE}
    return [
        {"$match": {"item_id": ident, **window}},
        {"$limit": 1},
        {"$project": {"item_id": 1, "words": words}},
        {
            "$lookup": {
                "from": "search_entries",
                "localField": "words",
                "foreignField": "tokens",
                "let": {"words": "$words", "own": "$item_id"},
                "pipeline": [
                    {"$match": {"kind": kind, "lang": lang, **window}},
                    {"$limit": MOST_COMPARED},
                    {
                        "$project": {
                            "item_id": 1,
                            "publish_at": 1,
                            "score": {"$size": {"$setIntersection": ["$tokens", "$$words"]}},
                            "is_itself": {"$eq": ["$item_id", "$$own"]},
                        }
                    },
                    {"$match": {"is_itself": False, "score": {"$gte": LEAST_SHARED}}},
                    {"$group": {"_id": None, "ids": {"$topN": {**best, "output": "$item_id"}}}},
                ],
                "as": "found",
            }
        },
        {"$project": {"_id": 0, "ids": {"$ifNull": [{"$first": "$found.ids"}, []]}}},
    ]
