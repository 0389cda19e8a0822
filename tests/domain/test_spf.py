"""SPF as receivers read it: the cases of RFC 7208, and what costs its reader too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.spf import Kind, may_send_from

ZONE: dict[str, dict[str, list[str]]] = {
    "all.example": {"TXT": ["v=spf1 +all"]},
    "ip.example": {"TXT": ["hello", "v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 -all"]},
    "a.example": {"TXT": ["v=spf1 a a:mail.example/28 ~all"], "A": ["198.51.100.1"]},
    "mail.example": {"A": ["198.51.100.17"], "AAAA": ["2001:db8::5"]},
    "mx.example": {"TXT": ["v=spf1 mx//64 ?all"], "MX": ["mail.example"]},
    "inc.example": {"TXT": ["V=SPF1 include:ip.example -all"]},
    "redirect.example": {"TXT": ["v=spf1 redirect=ip.example"]},
    "exists.example": {"TXT": ["v=spf1 exists:mail.example -all"]},
    "macro.example": {"TXT": ["v=spf1 exists:%{i}.x.example ptr -all"]},
    "loop.example": {"TXT": ["v=spf1 include:loop.example -all"]},
    "many.example": {"TXT": ["v=spf1 " + "a:x.example " * 11 + "+all"]},
    "two.example": {"TXT": ["v=spf1 -all", "v=spf1 +all"]},
    "typo.example": {"TXT": ["v=spf1 ipv4:192.0.2.1 -all"]},
    "badnet.example": {"TXT": ["v=spf1 ip4:192.0.2.1/99 -all"]},
    "void.example": {"TXT": ["v=spf1 include:nothing.example -all"]},
    "nowhere.example": {"TXT": ["v=spf1 redirect=nothing.example"]},
    "other.example": {"TXT": ["v=spf10 +all"]},
    "modifier.example": {"TXT": ["v=spf1 exp=why.example x=y a:mail.example"]},
}


def ask(name: str, kind: Kind, zone: Mapping[str, Mapping[str, Sequence[str]]] = ZONE) -> Sequence[str]:
    return zone.get(name, {}).get(kind, ())


@pytest.mark.parametrize(
    ("domain", "machine", "verdict"),
    [
        ("all.example", "203.0.113.9", "pass"),
        ("ip.example", "192.0.2.7", "pass"),
        ("ip.example", "192.0.2.16", "fail"),
        ("ip.example", "2001:db8:1::9", "pass"),
        ("a.example", "198.51.100.1", "pass"),
        ("a.example", "198.51.100.30", "pass"),
        ("a.example", "198.51.100.40", "softfail"),
        ("mx.example", "198.51.100.17", "pass"),
        ("mx.example", "2001:db8::99", "pass"),
        ("mx.example", "198.51.100.18", "neutral"),
        ("inc.example", "192.0.2.7", "pass"),
        ("inc.example", "203.0.113.9", "fail"),
        ("redirect.example", "192.0.2.7", "pass"),
        ("redirect.example", "203.0.113.9", "fail"),
        ("exists.example", "203.0.113.9", "pass"),
        ("macro.example", "203.0.113.9", "fail"),
        ("loop.example", "203.0.113.9", "permerror"),
        ("many.example", "203.0.113.9", "permerror"),
        ("two.example", "203.0.113.9", "permerror"),
        ("typo.example", "203.0.113.9", "permerror"),
        ("badnet.example", "192.0.2.1", "permerror"),
        ("void.example", "203.0.113.9", "permerror"),
        ("nowhere.example", "203.0.113.9", "permerror"),
        ("other.example", "203.0.113.9", "none"),
        ("modifier.example", "198.51.100.17", "pass"),
        ("modifier.example", "203.0.113.9", "neutral"),
    ],
)
def test_a_machine_is_judged_as_the_standard_says(domain: str, machine: str, verdict: str) -> None:
    assert may_send_from(machine, domain, ask) == verdict


@given(st.text(max_size=120))
def test_whatever_a_record_holds_is_judged(words: str) -> None:
    zone = {"odd.example": {"TXT": [f"v=spf1 {words}"]}}
    assert may_send_from("192.0.2.1", "odd.example", lambda name, kind: ask(name, kind, zone)) in (
        "pass",
        "fail",
        "softfail",
        "neutral",
        "none",
        "permerror",
    )
