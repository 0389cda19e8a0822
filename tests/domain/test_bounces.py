"""Whose fault a refused mail is, as servers of these days say it."""

from __future__ import annotations

import pytest

from holdfast.domain.bounces import Fault, fault

NOBODY = (
    "550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking",
    "550 #5.1.0 Address rejected.",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [x.outlook.com]",
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "550 Requested action not taken: mailbox unavailable",
    "550 No such user here",
    "550 5.3.0 <ann@example.org>... User unknown",
    "550 Unknown recipient",
    "550 Invalid recipient <ann@example.org>",
    "551 User not local; please try <forward-path>",
    "553 sorry, that recipient does not exist (#5.1.1)",
    "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0]",
    "550 5.4.4 Host or domain name not found. Name service error for name=example.invalid",
    "556 5.1.10 Recipient domain has null MX",
    "556 the domain wants no letters",
)
PERHAPS = (
    "550",
    "550 Denied",
    "550 that did not work",
    "552 5.2.2 The email account that you tried to reach is over quota",
    "550 Mailbox is full",
    "550 5.4.7 Delivery expired (message too old)",
    "452 4.2.2 mailbox full",
    "550 5.0.0 failed",
)
OURS = (
    "550 5.7.1 Our system has detected that this message is likely unsolicited mail",
    "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. They are on our block list",
    "550 5.1.1 Rejected: 192.0.2.1 listed at zen.spamhaus.org",
    "550 5.1.8 <hello@shop.example>: Sender address rejected: Domain not found",
    "550 5.1.0 <hello@shop.example> sender rejected",
    "550 Message rejected due to local policy",
    "550 Blocked for abuse, see https://postmaster.example",
    "550 Administrative prohibition",
    "550 relaying denied for <ann@example.org>",
    "550 Sender verify failed; no such user",
    "553 5.7.1 Sender address rejected: not owned by user",
    "554 5.6.0 Content is not taken",
    "550 SPF check failed",
)


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        *((said, "nobody") for said in NOBODY),
        *((said, "perhaps") for said in PERHAPS),
        *((said, "ours") for said in OURS),
    ],
)
def test_g3_a_refusal_is_told_apart(said: str, whose: Fault) -> None:
    assert fault(said) == whose


def test_g3_a_status_that_stands_by_itself_counts_before_the_words() -> None:
    assert fault("smtp; 550 no such user", "5.7.1") == "ours"
    assert fault("", "5.1.1") == "nobody"
    assert fault("smtp; 550 5.1.1 no such user", "4.2.2") == "perhaps"


def test_g3_numbers_that_only_look_like_a_status_are_none() -> None:
    assert fault("550 your machine 192.5.1.1 is not known to us") == "perhaps"
    assert fault("554 5.1.1.7 says no") == "perhaps"
