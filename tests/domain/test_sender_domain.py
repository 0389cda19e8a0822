"""SPF, DKIM and DMARC of a sender's domain: what is wrong is said, with what to enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from holdfast.domain.sender_domain import (
    FINDING_WORDS,
    PROOFS,
    Finding,
    Sender,
    all_passed,
    finding_from,
    look,
)
from holdfast.domain.spf import Kind, NoAnswer

PUBLIC = "v=DKIM1; k=rsa; p=MIIBabc"
SENDER = Sender("shop.example", "smtp.shop.example", (), "hf1", PUBLIC)
GOOD: dict[str, dict[str, list[str]]] = {
    "shop.example": {"TXT": ["google-site=1", "v=spf1 a:smtp.shop.example -all"]},
    "smtp.shop.example": {"A": ["192.0.2.25"]},
    "hf1._domainkey.shop.example": {"TXT": ["v=DKIM1; k=rsa; p=MIIB abc"]},
    "_dmarc.shop.example": {"TXT": ["v=DMARC1; p=none; rua=mailto:x@shop.example"]},
}


def found(sender: Sender = SENDER, **changed: Any) -> dict[str, Finding]:
    zone = GOOD | {name.replace("__", "."): told for name, told in changed.items()}

    def ask(name: str, kind: Kind) -> Sequence[str]:
        told = zone.get(name, {})
        if "SERVFAIL" in told:
            raise NoAnswer
        return told.get(kind, ())

    return {each.proof: each for each in look(sender, ask)}


def test_a_domain_that_is_set_up_passes() -> None:
    findings = found()
    assert all_passed(list(findings.values()))
    assert tuple(findings) == PROOFS
    kept = findings["spf"].as_json()
    assert finding_from("spf", kept) == findings["spf"]


@pytest.mark.parametrize(
    ("name", "records", "proof", "code"),
    [
        ("shop.example", {}, "spf", "missing"),
        ("shop.example", {"TXT": ["v=spf1 -all", "v=spf1 +all"]}, "spf", "several"),
        ("shop.example", {"TXT": ["v=spf1 +all"]}, "spf", "everybody"),
        ("shop.example", {"TXT": ["v=spf1 ip4:198.51.100.1 -all"]}, "spf", "not_this_machine"),
        ("shop.example", {"TXT": ["v=spf1 include:nothing.example -all"]}, "spf", "broken"),
        ("smtp.shop.example", {}, "spf", "no_machine"),
        ("shop.example", {"SERVFAIL": []}, "spf", "no_answer"),
        ("hf1._domainkey.shop.example", {}, "dkim", "missing"),
        ("hf1._domainkey.shop.example", {"TXT": ["v=DKIM1; p="]}, "dkim", "revoked"),
        ("hf1._domainkey.shop.example", {"TXT": ["v=DKIM1; p=other"]}, "dkim", "another_key"),
        ("hf1._domainkey.shop.example", {"TXT": ["p=MIIBabc; k=ed25519"]}, "dkim", "another_key"),
        ("hf1._domainkey.shop.example", {"TXT": ["p=a", "p=b"]}, "dkim", "several"),
        ("_dmarc.shop.example", {}, "dmarc", "missing"),
        ("_dmarc.shop.example", {"TXT": ["v=DMARC1; p=maybe"]}, "dmarc", "no_policy"),
        ("_dmarc.shop.example", {"TXT": ["v=DMARC1;p=none", "v=DMARC1;p=none"]}, "dmarc", "several"),
    ],
)
def test_what_is_wrong_is_said(name: str, records: dict[str, list[str]], proof: str, code: str) -> None:
    findings = found(**{name: records})
    assert findings[proof].code == code
    assert code in FINDING_WORDS
    assert {each for each, finding in findings.items() if not finding.passed} == {proof}


def test_what_to_enter_is_said() -> None:
    nothing = {name: {} for name in GOOD}
    findings = found(**nothing)
    assert findings["spf"].wanted == "v=spf1 a:smtp.shop.example ~all"
    assert (findings["dkim"].name, findings["dkim"].wanted) == ("hf1._domainkey.shop.example", PUBLIC)
    assert findings["dmarc"].wanted == "v=DMARC1; p=none"


def test_a_policy_of_the_domain_above_counts() -> None:
    sender = Sender("mail.shop.example", "smtp.shop.example", (), "hf1", PUBLIC)
    assert found(sender)["dmarc"].passed
    told = {"TXT": ["v=DMARC1; p=reject; sp=nonsense"]}
    assert found(sender, **{"_dmarc.shop.example": told})["dmarc"].code == "no_policy"


def test_mails_may_leave_from_other_machines_than_the_server_that_takes_them() -> None:
    told = {"TXT": ["v=spf1 ip4:198.51.100.0/24 -all"]}
    sender = Sender("shop.example", "smtp.shop.example", ("198.51.100.7",), "hf1", PUBLIC)
    assert found(sender, **{"shop.example": told})["spf"].passed


def test_without_a_key_nothing_is_signed() -> None:
    assert found(Sender("shop.example", "smtp.shop.example"))["dkim"].code == "no_key"
