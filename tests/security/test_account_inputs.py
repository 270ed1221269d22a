"""What the inputs of accounts must not take; a field or an input that is not here fails."""

from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from cms.accounts import schemas
from cms.core.shapes import Input
from tests import make
from tests.core.test_http import fields, is_problem
from tests.security.inputs import FLAG, WORD

ADMIN = "/api/v1/admin"
SECRET = [*WORD[:-4], "", "x" * 201]
PASSWORD = [*WORD[:9], "", "x" * 1025]
ADDRESS = [*WORD, "", "a", "a@b", "a b@example.com", "a@example.com\r\nBcc: b", "x" * 251 + "@a.b"]
LOOSE = [*WORD[:9], "", "x" * 255]
NAME = [*WORD, "", " ", "a\nb", "x" * 121]
CODE = [1, 123456, True, [], {}, {"$ne": ""}, "", "12345", "1" * 41]
ROLE = [*WORD, "", "root", "Owner", "OWNER"]
ID = "a" * 24
# By path: the input, a good one, and what no field of it takes.
INPUTS: dict[str, tuple[type[BaseModel], dict[str, Any], dict[str, list[Any]]]] = {
    "/session": (
        schemas.SignIn,
        {"email": "a@example.com", "password": "x"},
        {"email": LOOSE, "password": PASSWORD, "code": CODE},
    ),
    "/session/code": (schemas.CodeInput, {"code": "123456"}, {"code": CODE}),
    "/session/reauth": (
        schemas.ReauthInput,
        {"password": "x"},
        {"password": PASSWORD, "code": CODE},
    ),
    "/setup": (
        schemas.SetupInput,
        {"token": "x", "email": "a@example.com", "name": "A", "password": "x"},
        {"token": SECRET, "email": ADDRESS, "name": NAME, "password": PASSWORD},
    ),
    "/account/password": (
        schemas.PasswordInput,
        {"current_password": "x", "password": "x"},
        {"current_password": PASSWORD, "password": PASSWORD},
    ),
    "/account/email": (schemas.EmailInput, {"email": "a@example.com"}, {"email": ADDRESS}),
    "/account/email/confirm": (schemas.SecretInput, {"token": "x"}, {"token": SECRET}),
    "/password-reset": (schemas.ResetAskInput, {"email": "a@example.com"}, {"email": LOOSE}),
    "/password-reset/confirm": (
        schemas.ResetInput,
        {"token": "x", "password": "x"},
        {"token": SECRET, "password": PASSWORD},
    ),
    "/invitations": (
        schemas.InvitationInput,
        {"email": "a@example.com", "role": "author"},
        {"email": ADDRESS, "role": ROLE, "tongue": [*WORD, "", "fr"], "by_mail": FLAG},
    ),
    "/invitations/accept": (
        schemas.AcceptInput,
        {"token": "x", "name": "A", "password": "x"},
        {"token": SECRET, "name": NAME, "password": PASSWORD},
    ),
    f"/accounts/{ID}/role": (schemas.RoleInput, {"role": "author"}, {"role": ROLE}),
    "/account-policy": (schemas.PolicyInput, {}, {"second_factor_required": FLAG}),
    "/tokens": (
        schemas.TokenInput,
        {"name": "A", "scopes": ["read"]},
        {
            "name": NAME,
            "scopes": ["read", [], [1], [{}], ["everything"], ["accounts:write"], {"$ne": ""}],
            "expires_in_days": ["90", 0, -1, 3651, 1.5, True, [], {}],
        },
    ),
}
OURS = [
    *("id", "_id", "role", "password_hash", "epoch", "founder", "second_factor", "disabled_at"),
    *("account_id", "made_by", "scopes", "stage", "lacks", "proven_at", "$set", "__proto__"),
]


def test_every_input_of_accounts_and_each_of_its_fields_stands_here() -> None:
    known = {
        item
        for item in vars(schemas).values()
        if isinstance(item, type) and issubclass(item, Input) and item is not Input
    }
    assert known == {model for model, _, _ in INPUTS.values()}
    for model, _, table in INPUTS.values():
        assert set(table) == set(model.model_fields), model


@pytest.mark.parametrize("path", INPUTS)
async def test_a_field_takes_nothing_but_what_it_is(reader: httpx.AsyncClient, path: str) -> None:
    model, good, table = INPUTS[path]
    reader.event_hooks = {"response": []}
    headers = {**await make.session(await make.account()), "If-Match": '"0"'}
    method = "PATCH" if path == "/account-policy" else "POST"

    async def refused(data: dict[str, Any], field: str) -> None:
        answer = await reader.request(method, ADMIN + path, json=data, headers=headers)
        named = fields(is_problem(answer, 422))
        assert any(name == field or name.startswith(f"{field}.") for name in named), (data, named)

    for field, values in table.items():
        for value in values:
            await refused({**good, field: value}, field)
    for field in OURS:
        if field not in model.model_fields:
            await refused({**good, field: "owner"}, field)
    await refused({**good, "email.$ne": "x"}, "email.$ne")
