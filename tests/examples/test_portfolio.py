"""The example portfolio keeps what its README promises, in a real browser on the real thing."""

import pytest
from playwright.async_api import Browser

from tests.examples.conftest import Portfolio
from tests.examples.journeys import JOURNEYS


async def test_the_example_portfolio(
    portfolio: Portfolio, chromium: Browser, subtests: pytest.Subtests
) -> None:
    """One test of many parts: every process that got one of them would build the site again."""
    for journey in JOURNEYS:
        with subtests.test(msg=journey.__name__):
            await journey(portfolio, chromium)
