"""How often each door may be knocked at, by whom, and who is no stranger to it."""

from dataclasses import dataclass
from typing import Final

from cms.accounts.keys import Keys
from cms.throttles.service import Bucket, Limit, network_of

QUARTER: Final = 15 * 60
HOUR: Final = 60 * 60
DAY: Final = 24 * HOUR
# Failures of one account from one address, of one address, of one account from everywhere.
SIGN_IN_PAIR: Final = Limit("sign-in", 10, QUARTER)
SIGN_IN_ADDRESS: Final = Limit("sign-in-address", 50, QUARTER)
SIGN_IN_ACCOUNT: Final = Limit("sign-in-account", 100, HOUR, others=True)
# A browser that this account signed in from before is counted by itself: strangers who knock in
# vain all day, even from its own address, don't lock it out.
SIGN_IN_DEVICE: Final = Limit("sign-in-device", 10, QUARTER)
CODE: Final = Limit("code", 5, QUARTER)
CODE_DAY: Final = Limit("code-day", 20, DAY)
CODE_DEVICE: Final = Limit("code-device", 5, QUARTER)
CODE_DEVICE_DAY: Final = Limit("code-device-day", 20, DAY)
REAUTHENTICATION: Final = Limit("reauthentication", 10, QUARTER)
SETUP: Final = Limit("setup", 30, QUARTER)
LINK: Final = Limit("link", 30, QUARTER)
RESET_ADDRESS: Final = Limit("reset", 10, QUARTER)
RESET_ACCOUNT: Final = Limit("reset-account", 5, HOUR)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks, as far as the connection tells: address, browser, the mark of a known one."""

    address: str
    user_agent: str = ""
    device: str = ""


def of_sign_in(visitor: Visitor, keys: Keys, email: str) -> list[Bucket]:
    device = keys.device_of(visitor.device, email)
    if device is not None:
        return [Bucket(SIGN_IN_DEVICE, device)]
    network = network_of(visitor.address)
    return [
        Bucket(SIGN_IN_PAIR, f"{network} {email}"),
        Bucket(SIGN_IN_ADDRESS, network),
        Bucket(SIGN_IN_ACCOUNT, email),
    ]


def of_code(visitor: Visitor, keys: Keys, email: str) -> list[Bucket]:
    device = keys.device_of(visitor.device, email)
    if device is not None:
        return [Bucket(CODE_DEVICE, device), Bucket(CODE_DEVICE_DAY, device)]
    return [Bucket(CODE, email), Bucket(CODE_DAY, email)]


def of_reauthentication(lineage: str) -> list[Bucket]:
    return [Bucket(REAUTHENTICATION, lineage)]


def of_setup(visitor: Visitor) -> list[Bucket]:
    return [Bucket(SETUP, network_of(visitor.address))]


def of_link(visitor: Visitor) -> list[Bucket]:
    """Of invitations, resets and confirmations that are opened."""
    return [Bucket(LINK, network_of(visitor.address))]


def of_reset(visitor: Visitor) -> list[Bucket]:
    """What refuses whoever asks for resets."""
    return [Bucket(RESET_ADDRESS, network_of(visitor.address))]


def of_reset_mails(visitor: Visitor, email: str) -> list[Bucket]:
    """What lets further mails to one address be, without a word to whoever asks for them."""
    return [Bucket(RESET_ACCOUNT, f"{network_of(visitor.address)} {email}")]
