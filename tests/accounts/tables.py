"""The routes of accounts: who is let through by a token, and by whom whose account is kept.

Written by hand and compared with the program; `test_roles.py` and `test_matrix.py` read them.
"""

from typing import Any

# Status by role, by a token: people are kept by people, so no write is let through.
BY_TOKEN = """
GET    /sessions                                200 200 200 200 200
DELETE /sessions                                403 403 403 403 403
DELETE /sessions/{session}                      403 403 403 403 403
POST   /session/reauth                          403 403 403 403 403
POST   /account/password                        403 403 403 403 403
POST   /account/email                           403 403 403 403 403
GET    /second-factor                           200 200 200 200 200
POST   /second-factor                           403 403 403 403 403
POST   /second-factor/confirm                   403 403 403 403 403
POST   /second-factor/recovery-codes            403 403 403 403 403
DELETE /second-factor                           403 403 403 403 403
GET    /accounts                                200 200 403 403 403
GET    /accounts/{account}                      200 200 403 403 403
POST   /accounts/{account}/role                 403 403 403 403 403
POST   /accounts/{account}/disable              403 403 403 403 403
POST   /accounts/{account}/enable               403 403 403 403 403
DELETE /accounts/{account}/sessions             403 403 403 403 403
POST   /accounts/{account}/reset-link           403 403 403 403 403
POST   /accounts/{account}/transfer-ownership   403 403 403 403 403
POST   /accounts/{account}/erase                403 403 403 403 403
GET    /account-policy                          200 200 403 403 403
PATCH  /account-policy                          403 403 403 403 403
GET    /invitations                             200 200 403 403 403
POST   /invitations                             403 403 403 403 403
DELETE /invitations/{invitation}                403 403 403 403 403
"""

# Status by role of who is signed in, by whose account it is: one's own, or another's of some role.
BY_SESSION = """
own          GET    /accounts/{account}                      200 200 403 403 403
own          POST   /accounts/{account}/role                 403 403 403 403 403
own          POST   /accounts/{account}/disable              403 403 403 403 403
own          POST   /accounts/{account}/enable               403 403 403 403 403
own          DELETE /accounts/{account}/sessions             403 403 403 403 403
own          POST   /accounts/{account}/reset-link           403 403 403 403 403
own          POST   /accounts/{account}/transfer-ownership   403 403 403 403 403
own          POST   /accounts/{account}/erase                403 403 403 403 403
contributor  GET    /accounts/{account}                      200 200 403 403 403
contributor  POST   /accounts/{account}/role                 200 200 403 403 403
contributor  POST   /accounts/{account}/disable              200 200 403 403 403
contributor  POST   /accounts/{account}/enable               200 200 403 403 403
contributor  DELETE /accounts/{account}/sessions             204 204 403 403 403
contributor  POST   /accounts/{account}/reset-link           201 201 403 403 403
contributor  POST   /accounts/{account}/transfer-ownership   200 403 403 403 403
contributor  POST   /accounts/{account}/erase                200 403 403 403 403
admin        GET    /accounts/{account}                      200 200 403 403 403
admin        POST   /accounts/{account}/role                 200 403 403 403 403
admin        POST   /accounts/{account}/disable              200 403 403 403 403
admin        POST   /accounts/{account}/enable               200 403 403 403 403
admin        DELETE /accounts/{account}/sessions             204 403 403 403 403
admin        POST   /accounts/{account}/reset-link           201 403 403 403 403
admin        POST   /accounts/{account}/transfer-ownership   200 403 403 403 403
admin        POST   /accounts/{account}/erase                200 403 403 403 403
owner        GET    /accounts/{account}                      200 200 403 403 403
owner        POST   /accounts/{account}/role                 200 403 403 403 403
owner        POST   /accounts/{account}/disable              200 403 403 403 403
owner        POST   /accounts/{account}/enable               200 403 403 403 403
owner        DELETE /accounts/{account}/sessions             204 403 403 403 403
owner        POST   /accounts/{account}/reset-link           201 403 403 403 403
owner        POST   /accounts/{account}/transfer-ownership   409 403 403 403 403
owner        POST   /accounts/{account}/erase                200 403 403 403 403
nobody       GET    /accounts/{account}                      404 404 403 403 403
nobody       POST   /accounts/{account}/role                 404 404 403 403 403
nobody       POST   /accounts/{account}/disable              404 404 403 403 403
nobody       POST   /accounts/{account}/enable               404 404 403 403 403
nobody       DELETE /accounts/{account}/sessions             404 404 403 403 403
nobody       POST   /accounts/{account}/reset-link           404 404 403 403 403
nobody       POST   /accounts/{account}/transfer-ownership   404 403 403 403 403
nobody       POST   /accounts/{account}/erase                404 403 403 403 403
any          GET    /accounts                                200 200 403 403 403
any          GET    /account-policy                          200 200 403 403 403
any          PATCH  /account-policy                          200 403 403 403 403
any          GET    /invitations                             200 200 403 403 403
any          POST   /invitations                             201 201 403 403 403
any          DELETE /invitations/{invitation}                204 204 403 403 403
any          GET    /sessions                                200 200 200 200 200
any          DELETE /sessions                                204 204 204 204 204
any          DELETE /sessions/{session}                      204 204 204 204 204
any          GET    /session                                 200 200 200 200 200
any          DELETE /session                                 204 204 204 204 204
any          POST   /session/reauth                          200 200 200 200 200
any          POST   /account/password                        200 200 200 200 200
any          POST   /account/email                           202 202 202 202 202
any          GET    /second-factor                           200 200 200 200 200
any          POST   /second-factor                           201 201 201 201 201
any          POST   /second-factor/confirm                   409 409 409 409 409
any          POST   /second-factor/recovery-codes            409 409 409 409 409
any          DELETE /second-factor                           409 409 409 409 409
any          GET    /tokens                                  200 200 200 200 200
any          POST   /tokens                                  201 201 201 201 201
any          DELETE /tokens/{token}                          204 204 204 204 204
"""

BODIES: dict[str, Any] = {
    "POST /session/reauth": {"password": "lontar daun palem dan tinta hitam"},
    "POST /account/password": {
        "current_password": "lontar daun palem dan tinta hitam",
        "password": "bambu runcing kaca danau pagi",
    },
    "POST /account/email": {"email": "new@example.com"},
    "POST /second-factor/confirm": {"code": "123456"},
    "POST /accounts/{account}/role": {"role": "contributor"},
    "PATCH /account-policy": {"second_factor_required": False},
    "POST /invitations": {"email": "sari@example.com", "role": "contributor"},
    "POST /tokens": {"name": "x", "scopes": ["read"]},
}
# Where people come in.
OPEN_DOORS = {
    "POST /session",
    "POST /session/code",
    "POST /setup",
    "POST /invitations/accept",
    "POST /password-reset",
    "POST /password-reset/confirm",
    "POST /account/email/confirm",
}
# What asks for the password again when it was typed too long ago.
DANGEROUS = {
    "POST /tokens",
    "POST /account/email",
    "POST /second-factor",
    "POST /second-factor/confirm",
    "POST /second-factor/recovery-codes",
    "DELETE /second-factor",
    "POST /accounts/{account}/role",
    "POST /accounts/{account}/disable",
    "POST /accounts/{account}/enable",
    "DELETE /accounts/{account}/sessions",
    "POST /accounts/{account}/reset-link",
    "POST /accounts/{account}/transfer-ownership",
    "POST /accounts/{account}/erase",
    "PATCH /account-policy",
    "POST /invitations",
}
# What a session reaches that still lacks something.
REACHED_WITHOUT_CODE = {"DELETE /session"}
REACHED_WITHOUT_ENROLMENT = {
    "GET /session",
    "DELETE /session",
    "POST /session/reauth",
    "GET /second-factor",
    "POST /second-factor",
    "POST /second-factor/confirm",
}


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines() if line]
