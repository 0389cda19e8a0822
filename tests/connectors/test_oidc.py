"""N2: what an identity provider says is believed only where it signed it, for us, for this attempt, now."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from holdfast.connectors.oidc import Claims, Client, Oidc, begin
from holdfast.domain.refusals import Refusal
from oidc_provider import CLIENT, SECRET
from providers import Running, our_own

BACK = "http://testserver/sign-in/with/ours/back"


@pytest.fixture(scope="module")
def provider() -> Iterator[Running]:
    with our_own() as running:
        yield running


def client(provider: Running, **other: str) -> Client:
    return Client(**{"issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET, "back": BACK} | other)


def who_comes(provider: Running, oidc: Oidc | None = None, *, anew: bool = False) -> Claims:
    """Go there and back, as a browser does."""
    asked, attempt, us = oidc or Oidc(), begin(), client(provider)
    there = asked.way_there(us, attempt, anew=anew, now_s=time.time())
    back = parse_qs(urlsplit(provider.come_back(there)).query)
    assert back["state"] == [attempt.state]
    return asked.who_came(us, attempt, back["code"][0], anew=anew, now_s=time.time())


def test_n2_who_came_is_what_the_provider_signed(provider: Running) -> None:
    provider.say(sub="7", email="Niamh@Example.com", email_verified=True, name="Niamh", auth_time=5)
    came = who_comes(provider)
    assert came == Claims(provider.issuer, "7", "Niamh@Example.com", "Niamh", 5)


@pytest.mark.parametrize(
    "said", [{"email_verified": False}, {}, {"email_verified": "no"}, {"email_verified": 1.5}]
)
def test_n2_an_address_that_is_not_checked_is_nobodys(provider: Running, said: dict[str, object]) -> None:
    provider.say(sub="7", email="niamh@example.com", **said)
    assert who_comes(provider).email == ""


@pytest.mark.parametrize(
    "lie",
    [
        "alg_none", "alg_confusion", "client_secret", "foreign_key", "broken", "iss", "aud", "many_aud",
        "azp", "expired", "future", "nonce", "no_nonce", "at_hash",
    ],
)  # fmt: skip
def test_n2_a_token_that_lies_is_not_believed(provider: Running, lie: str) -> None:
    provider.say(lie, sub="7", email="niamh@example.com", email_verified=True)
    with pytest.raises(Refusal) as refused:
        who_comes(provider)
    assert refused.value.code == "not_believed"


def test_n2_a_page_of_another_issuer_is_no_provider(provider: Running) -> None:
    provider.say("issuer_of_another", sub="7")
    with pytest.raises(Refusal) as refused:
        Oidc().looked_up(provider.issuer, now_s=time.time())
    assert refused.value.code == "no_provider"


def test_n2_a_code_works_once_for_the_one_who_asked(provider: Running) -> None:
    provider.say(sub="7")
    oidc, attempt, us = Oidc(), begin(), client(provider)
    there = oidc.way_there(us, attempt, anew=False, now_s=time.time())
    code = parse_qs(urlsplit(provider.come_back(there)).query)["code"][0]
    for stolen in (begin(), attempt):  # another browser has another verifier; then the code is used up
        with pytest.raises(Refusal) as refused:
            oidc.who_came(us, stolen, code, now_s=time.time())
        assert refused.value.code == "not_believed"


def test_n2_nothing_secret_stands_in_the_way_there(provider: Running) -> None:
    provider.say(sub="7")
    attempt = begin()
    there = Oidc().way_there(client(provider), attempt, anew=True, now_s=time.time())
    assert attempt.verifier not in there
    assert SECRET not in there
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


def test_n2_new_keys_are_asked_for_once(provider: Running) -> None:
    oidc = Oidc()
    provider.say(sub="7")
    who_comes(provider, oidc)
    before = provider.heard().count("/keys")
    who_comes(provider, oidc)
    assert provider.heard().count("/keys") == before
    provider.say(sub="8", keys="new")
    assert who_comes(provider, oidc).sub == "8"
    assert provider.heard().count("/keys") == before + 1


def test_n2_an_address_comes_from_the_providers_page_where_the_token_has_none(provider: Running) -> None:
    provider.say("no_email_in_token", sub="7", email="niamh@example.com", email_verified=True)
    assert who_comes(provider).email == "niamh@example.com"


def test_n2_a_page_about_somebody_else_says_nothing(provider: Running) -> None:
    provider.say("userinfo_of_another", sub="7")
    assert who_comes(provider).email == ""


def test_n2_who_was_to_sign_in_anew_has_done_so_just_now(provider: Running) -> None:
    provider.say(sub="7", auth_time=int(time.time()) - 4000)
    with pytest.raises(Refusal) as refused:
        who_comes(provider, anew=True)
    assert refused.value.code == "not_believed"
    provider.say(sub="7", auth_time=int(time.time()) - 5)
    assert who_comes(provider, anew=True).sub == "7"


@pytest.mark.parametrize("issuer", ["http://idp.example.com", "http://10.0.0.1", "https://10.255.255.1:1"])
def test_n2_a_provider_is_reached_over_https_or_on_this_machine(provider: Running, issuer: str) -> None:
    with pytest.raises(Refusal) as refused:
        Oidc().looked_up(issuer, now_s=time.time()) if not issuer.startswith("https") else _elsewhere(
            provider
        )
    assert refused.value.code in ("bad_address", "inner_address")


def _elsewhere(provider: Running) -> None:
    """A provider may not send us to ask its neighbours inside the house."""
    oidc = Oidc()
    oidc._kept["https://public.example/.well-known/openid-configuration"] = (
        time.time(),
        {
            "issuer": "https://public.example",
            "authorization_endpoint": "https://public.example/a",
            "token_endpoint": "https://10.0.0.1/token",
            "jwks_uri": "https://10.0.0.1/keys",
        },
    )
    us = Client("https://public.example", CLIENT, SECRET, BACK)
    oidc.who_came(us, begin(), "code", now_s=time.time())
