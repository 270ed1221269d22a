"""Fixtures of the rules beside it; `semgrep --test` holds every line against its word."""
# type: ignore

import json
import random
import re
import secrets
import urllib.request
import uuid

import httpx


async def as_it_came(request, collection):
    wanted = dict(request.query_params)
    # ruleid: request-shaped-query
    await collection.find(wanted).to_list()
    body = await request.json()
    # ruleid: request-shaped-query
    await collection.find_one({"email": body["email"]})
    # ruleid: request-shaped-query
    await collection.update_many(json.loads(request.headers["x-filter"]), {"$set": {"a": 1}})
    # ruleid: request-shaped-query
    await collection.aggregate([{"$match": body}])
    # ruleid: request-shaped-query
    await collection.delete_one({"token": request.cookies["token"]})


async def read_first(request, collection, model, data):
    # ok: request-shaped-query
    await collection.find_one({"email": str((await request.json())["email"])})
    params = model.model_validate(dict(request.query_params))
    # ok: request-shaped-query
    await collection.find({"lang": params.lang}).to_list()
    # ok: request-shaped-query
    await collection.find_one({"_id": object_id(request.path_params["item_id"])})


async def dumped(collection, data):
    # ruleid: request-shaped-query
    await collection.find(data.model_dump()).to_list()
    # ok: request-shaped-query
    await collection.find_one({"slug": data.slug})
    # ok: request-shaped-query
    await collection.aggregate([{"$set": {"live": {"$literal": data.model_dump()}}}])


def weak_secrets():
    # ruleid: guessable-secret
    token = str(uuid.uuid4())
    # ruleid: guessable-secret
    code = random.randint(0, 999999)
    # ruleid: guessable-secret
    letter = random.choice("abc")
    # ok: guessable-secret
    good = secrets.token_urlsafe(32)
    # ok: guessable-secret
    number = secrets.randbelow(1_000_000)
    return token, code, letter, good, number


def search(text, field):
    # ruleid: unescaped-text-in-regex
    found = re.search(text, "abc")
    # ruleid: unescaped-text-in-regex
    other = re.compile(f"^{text}")
    # ruleid: unescaped-text-in-regex
    wanted = {field: {"$regex": text}}
    # ok: unescaped-text-in-regex
    good = re.compile(re.escape(text) + "$")
    # ok: unescaped-text-in-regex
    safe = {field: {"$regex": "^" + re.escape(text)}}
    # ok: unescaped-text-in-regex
    plain = re.search(r"a+", text)
    return found, other, wanted, good, safe, plain


async def leaves(url, outbound):
    # ruleid: another-way-out
    async with httpx.AsyncClient() as client:
        await client.get(url)
    # ruleid: another-way-out
    httpx.get(url)
    # ruleid: another-way-out
    urllib.request.urlopen(url)
    # ok: another-way-out
    await outbound.get(url)
