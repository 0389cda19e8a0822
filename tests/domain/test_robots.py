"""Machines that open mails are told from people by what they call themselves (G2)."""

from __future__ import annotations

import pytest

from holdfast.domain.robots import is_machine

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


@pytest.mark.parametrize(
    "named",
    [
        "Mozilla/5.0",
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (compatible; proofpoint-urldefense)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36",
        "python-requests/2.32",
        "Slackbot-LinkExpanding 1.0",
        "curl/8.5.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
    ],
)
def test_a_machine_is_known(named: str) -> None:
    assert is_machine(named)


@pytest.mark.parametrize(
    "named", [PHONE, GMAIL, "YahooMailProxy; https://help.yahoo.com", "", "Thunderbird 128"]
)
def test_a_person_is_no_machine(named: str) -> None:
    assert not is_machine(named)
