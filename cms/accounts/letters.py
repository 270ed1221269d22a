"""What is written to people about their accounts, in English and Indonesian."""

from dataclasses import dataclass
from typing import Final, Literal

from cms.accounts.documents import Tongue
from cms.core.mail import Letter, Postman

Occasion = Literal["invitation", "reset", "email", "email_changed", "password_changed"]
_TEXTS: Final[dict[Tongue, dict[Occasion, tuple[str, str]]]] = {
    "en": {
        "invitation": (
            "You are invited to write at {site}",
            (
                "Hello,\n\n{by} invites you to {site} as {role}.\n\nOpen this link within 7 days to"
                " choose a password. It works once:\n\n{link}\n\n"
                "If you don't expect this, do nothing.\n"
            ),
        ),
        "reset": (
            "Choose a new password for {site}",
            (
                "Hello {name},\n\nsomebody, hopefully you, asked for a new password at {site}.\n\n"
                "Open this link within 30 minutes. It works once:\n\n{link}\n\n"
                "If it was not you, do nothing: your password stays as it is.\n"
            ),
        ),
        "email": (
            "Confirm your new address at {site}",
            (
                "Hello {name},\n\nopen this link within 24 hours to sign in at {site} with this"
                " address from now on. It works once:\n\n{link}\n\n"
                "If it was not you, do nothing.\n"
            ),
        ),
        "email_changed": (
            "Your address at {site} is about to change",
            (
                "Hello {name},\n\nsomebody who typed your password asked that you sign in at {site}"
                " with another address from now on.\n\nIf it was not you, choose a new password at"
                " once:\n\n{link}\n"
            ),
        ),
        "password_changed": (
            "Your password at {site} was changed",
            (
                "Hello {name},\n\nyour password at {site} was changed, and every other session and"
                " token of yours has ended.\n\nIf it was not you, ask for a new one at once:\n\n"
                "{link}\n"
            ),
        ),
    },
    "id": {
        "invitation": (
            "Anda diundang menulis di {site}",
            (
                "Halo,\n\n{by} mengundang Anda ke {site} sebagai {role}.\n\nBuka tautan ini dalam 7"
                " hari untuk memilih kata sandi. Tautan hanya berlaku sekali:\n\n{link}\n\n"
                "Jika Anda tidak menantikan ini, abaikan saja.\n"
            ),
        ),
        "reset": (
            "Pilih kata sandi baru untuk {site}",
            (
                "Halo {name},\n\nseseorang, semoga Anda sendiri, meminta kata sandi baru di"
                " {site}.\n\nBuka tautan ini dalam 30 menit. Tautan hanya berlaku sekali:\n\n"
                "{link}\n\nJika bukan Anda, abaikan saja: kata sandi Anda tidak berubah.\n"
            ),
        ),
        "email": (
            "Konfirmasi alamat baru Anda di {site}",
            (
                "Halo {name},\n\nbuka tautan ini dalam 24 jam agar mulai sekarang Anda masuk ke"
                " {site} dengan alamat ini. Tautan hanya berlaku sekali:\n\n{link}\n\n"
                "Jika bukan Anda, abaikan saja.\n"
            ),
        ),
        "email_changed": (
            "Alamat Anda di {site} akan diganti",
            (
                "Halo {name},\n\nseseorang yang mengetik kata sandi Anda meminta agar Anda masuk ke"
                " {site} dengan alamat lain.\n\nJika bukan Anda, segera pilih kata sandi baru:\n\n"
                "{link}\n"
            ),
        ),
        "password_changed": (
            "Kata sandi Anda di {site} telah diganti",
            (
                "Halo {name},\n\nkata sandi Anda di {site} telah diganti, dan semua sesi serta"
                " token lain milik Anda sudah berakhir.\n\nJika bukan Anda, segera minta yang"
                " baru:\n\n{link}\n"
            ),
        ),
    },
}
ROLES: Final[dict[Tongue, dict[str, str]]] = {
    "en": {},
    "id": {
        "owner": "pemilik",
        "admin": "admin",
        "editor": "editor",
        "author": "penulis",
        "contributor": "kontributor",
    },
}


def write(occasion: Occasion, to: str, tongue: Tongue, **words: str) -> Letter:
    """The letter; what stands in it is one line each, so that no one writes headers or lines."""
    subject, text = _TEXTS[tongue][occasion]
    role = words.get("role", "")
    words = {**words, "role": ROLES[tongue].get(role, role)}
    clean = {name: " ".join(value.split()) for name, value in words.items()}
    return Letter(to, subject.format(**clean), text.format(**clean))


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Writes to people; `address` is where the settings say that this CMS is, never `Host`."""

    postman: Postman
    address: str
    site: str

    @property
    def is_open(self) -> bool:
        return self.postman.is_there

    def letter(self, occasion: Occasion, to: str, tongue: Tongue, **words: str) -> Letter:
        forgotten = f"{self.address}/admin/forgot-password"
        return write(occasion, to, tongue, **{"site": self.site, "link": forgotten, **words})

    def post(self, occasion: Occasion, to: str, tongue: Tongue, **words: str) -> None:
        """Send it soon, if there is mail at all."""
        if self.is_open:
            self.postman.post(self.letter(occasion, to, tongue, **words))
