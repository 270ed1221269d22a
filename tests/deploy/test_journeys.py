"""What owners do in the admin, in a real browser, by way of Nginx and TLS."""

import base64
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.conftest import FLAGS, browser_path, visitor
from tests.browser.desk import EMAIL, Api, Desk
from tests.browser.test_journeys import (
    test_a_filter_and_a_page_have_an_address,
    test_a_token_is_shown_once_and_can_be_revoked,
    test_an_article_is_scheduled_withdrawn_trashed_and_restored,
    test_from_the_setup_link_to_a_published_article,
    test_signing_in_never_says_which_of_both_was_wrong,
    test_the_preview_is_what_the_server_makes_of_the_text,
)
from tests.deploy.conftest import needs_nginx
from tests.deploy.house import CMS, SITE, House, before
from tests.make import PASSWORD
from tests.reliability.running import rounds

pytestmark = [
    needs_nginx,
    pytest.mark.skipif(browser_path() is None, reason="no Chromium: see CMS_BROWSER"),
]
__all__ = ["test_from_the_setup_link_to_a_published_article", "visitor"]
if rounds(0, 1):
    __all__ += [
        "test_a_filter_and_a_page_have_an_address",
        "test_a_token_is_shown_once_and_can_be_revoked",
        "test_an_article_is_scheduled_withdrawn_trashed_and_restored",
        "test_signing_in_never_says_which_of_both_was_wrong",
        "test_the_preview_is_what_the_server_makes_of_the_text",
    ]
