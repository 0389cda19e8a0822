"""G8: consents and suppressions of Mailchimp, Mautic and CSV files: taken in, never loosening anything."""

from __future__ import annotations

import json
import time
import zipfile
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from commands import call
from holdfast.connectors.consents.apis import Mailchimp, Mautic
from holdfast.connectors.outward import MOST_BYTES, Answer, Door
from holdfast.domain.consent import Statement
from holdfast.domain.refusals import Refusal
from holdfast.services.act.bringing_consents import Brought, Meant, bring
from holdfast.services.act.consent_files import read_files, read_server
from holdfast.settings import Settings
from holdfast.store import consent, suppression
from https_server import serving
from services.act.people import NOW_US, known

MEANT = Meant("Mailchimp", wording="Yes, send me the news.", by="niamh@example.com")
_HEAD = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP"
_PLACE = "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION"
SUBSCRIBED = (
    f"{_HEAD},{_PLACE},LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    'ann@example.org,Ann,Lee,4,"2024-01-01 09:00:00",192.0.2.10,"2024-01-01 09:05:00",192.0.2.11,'
    '53.3,-6.2,0,1,Europe/Dublin,IE,L,"2024-06-01 10:00:00",1,a1b2,,"VIP"\n'
    "bob@example.org,Bob,,2,,,2024-02-02 08:00:00,192.0.2.12,,,,,,,,2024-02-02 08:00:00,2,b2,,\n"
    "not an address,,,,,,,,,,,,,,,,3,c3,,\n"
    "cid@example.org,Cid,,2,,,32 of May,,,,,,,,,,4,d4,,\n"
)
UNSUBSCRIBED = (
    f"{_HEAD},{_PLACE},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,"
    "LEID,EUID,NOTES,TAGS\n"
    "dan@example.org,Dan,,2,,,2023-01-01 08:00:00,,,,,,,,,2024-03-03 12:00:00,Spring,c1,normal,,5,e5,,\n"
    "eve@example.org,Eve,,2,,,2023-01-01 08:00:00,,,,,,,,,2024-03-04 12:00:00,Spring,c1,abuse,,6,f6,,\n"
)
CLEANED = (
    f"{_HEAD},{_PLACE},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS\n"
    "fay@example.org,Fay,,1,,,2023-01-01 08:00:00,,,,,,,,,2024-04-04 12:00:00,Spring,c1,7,g7,,\n"
)
NEVER = f"{_HEAD},{_PLACE},LAST_CHANGED,LEID,EUID,NOTES,TAGS\ngus@example.org,Gus,,1,,,,,,,,,,,,,8,h8,,\n"


def export(folder: Path) -> Path:
    path = folder / "audience_export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("subscribed_email_audience_export_3f2a.csv", SUBSCRIBED)
        archive.writestr("unsubscribed_email_audience_export_3f2a.csv", UNSUBSCRIBED)
        archive.writestr("cleaned_email_audience_export_3f2a.csv", CLEANED)
        archive.writestr("nonsubscribed_email_audience_export_3f2a.csv", NEVER)
    return path


def brought(settings: Settings, path: Path, form: str, **more: Any) -> Brought:
    meant = replace(MEANT, **{name: more.pop(name) for name in ("topics", "source") if name in more})
    return bring(settings, read_files([(path.name, path)], form), meant, now_us=NOW_US, **more)


def some(found: Brought) -> dict[str, int]:
    return {name: count for name, count in found.counts.items() if count}


def words(settings: Settings, address: str, channel: str = "email") -> list[Statement]:
    key = suppression.address_key(settings, channel, address)
    return consent.of_people(settings, [(None, key)])[None, key]


def test_g8_an_audience_of_mailchimp_is_taken_in_with_its_proof(workspace: Settings, tmp_path: Path) -> None:
    ann = known(workspace)
    path = export(tmp_path)
    expected = {"agreed": 2, "refused": 2, "suppressed": 2, "nothing": 1, "rejected": 2}
    assert some(brought(workspace, path, "mailchimp", try_out=True)) == expected
    assert consent.history(workspace, [ann]) == []
    found = brought(workspace, path, "mailchimp")
    assert some(found) == expected
    assert [bad.place.partition(", ")[2] for bad in found.rejected] == ["line 4", "line 5"]
    (word,) = consent.history(workspace, [ann])
    assert (word.topic, word.channel, word.given, word.how, word.wording) == (
        "news",
        "email",
        True,
        "import",
        "Yes, send me the news.",
    )
    assert word.at_us == 1_704_099_900_000_000  # when it was confirmed, in UTC
    assert "subscribed_email_audience_export_3f2a.csv, line 2" in word.source
    assert "optin_ip 192.0.2.10" in word.source
    assert [(each.topic, each.given) for each in words(workspace, "dan@example.org")] == [("", False)]
    assert suppression.is_suppressed(workspace, "email", "fay@example.org") == "hard_bounce"
    assert suppression.is_suppressed(workspace, "email", "eve@example.org") == "complaint"
    assert words(workspace, "gus@example.org") == []
    again = some(brought(workspace, path, "mailchimp"))
    assert again == {"known": 5, "nothing": 1, "rejected": 2}


def test_g8_an_import_never_lifts_an_unsubscribe(workspace: Settings, tmp_path: Path) -> None:
    ann = known(workspace)
    # She unsubscribed here before Mailchimp says that she subscribed: it holds all the same.
    old = Statement("", "email", False, 1_500_000_000_000_000, "page")
    consent.say(workspace, [consent.Said(ann, old)], now_us=NOW_US)
    bob = suppression.New("email", "bob@example.org", "by_hand")
    suppression.suppress(workspace, [bob], now_us=5)
    found = some(brought(workspace, export(tmp_path), "mailchimp"))
    assert (found["agreed"], found["kept_refused"]) == (1, 1)
    assert consent.allows(workspace, ann, b"", "news", "email") is False
    assert suppression.is_suppressed(workspace, "email", "bob@example.org") == "by_hand"
    # Of the same address in one bundle the refusal counts, wherever it stands.
    both = tmp_path / "both.csv"
    both.write_text("email,consent,at\nhal@example.org,yes,2025-01-01\nhal@example.org,no,2024-01-01\n")
    assert some(brought(workspace, both, "csv")) == {"refused": 1, "kept_refused": 1}
    assert [word.given for word in words(workspace, "hal@example.org")] == [False]


def test_g8_topics_are_agreed_to_and_refused_one_by_one_whatever_row_says_it(
    workspace: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "preferences.csv"
    path.write_text(
        "email,consent,topic,at\n"
        "ann@example.org,yes,news,2024-05-05\n"
        "ann@example.org,yes,offers;surveys,2024-05-05\n"
        "ann@example.org,no,surveys,2024-05-06\n"
        "ann@example.org,yes,news;greetings,2024-05-07\n"
        "ann@example.org,yes,surveys,2024-05-08\n"
    )
    expected = {"agreed": 3, "refused": 1, "known": 1}  # of surveys the refusal counts, whatever came later
    assert some(brought(workspace, path, "csv", try_out=True)) == expected
    assert some(brought(workspace, path, "csv")) == expected
    said = sorted((word.topic, word.given) for word in words(workspace, "ann@example.org"))
    assert said == [("greetings", True), ("news", True), ("offers", True), ("surveys", False)]
    assert some(brought(workspace, path, "csv")) == {"known": 4, "kept_refused": 1}


def test_g8_who_refused_at_one_address_did_so_at_all_of_theirs(workspace: Settings, tmp_path: Path) -> None:
    ann = known(workspace)
    known(workspace, "ann", "ann@work.example")
    path = tmp_path / "consents.csv"
    path.write_text("email,consent\nann@work.example,yes\nann@example.org,no\n")
    expected = {"refused": 1, "kept_refused": 1}
    assert some(brought(workspace, path, "csv", try_out=True)) == expected
    assert some(brought(workspace, path, "csv")) == expected
    assert consent.allows(workspace, ann, b"", "news", "email") is False


def test_g8_a_long_cell_of_a_report_is_read_in_no_time(workspace: Settings, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(f"email,dnc_list\nann@example.org,{' ' * 500}\n")
    began = time.perf_counter()
    assert some(brought(workspace, path, "mautic", source="Mautic")) == {"nothing": 1}
    assert time.perf_counter() - began < 2


def test_g8_a_consent_given_to_us_later_outlives_an_older_unsubscribe(
    workspace: Settings, tmp_path: Path
) -> None:
    key = suppression.address_key(workspace, "email", "dan@example.org")
    later = [Statement(each, "email", True, NOW_US - 5, "form", "Yes") for each in ("news", "offers")]
    consent.say(workspace, [consent.Said(0, each, key) for each in later], now_us=NOW_US)
    brought(workspace, export(tmp_path), "mailchimp")
    assert consent.allows(workspace, None, key, "news", "email") is True
    assert consent.allows(workspace, None, key, "greetings", "email") is False


def test_g8_contacts_of_mautic_say_only_who_wants_no_more(workspace: Settings, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "id;email;firstname;mobile;dnc_list\n"
        "1;ann@example.org;Ann;;\n"
        "2;bob@example.org;Bob;+353851234567;Unsubscribed: Email, Bounced: Text Message\n"
        "3;cid@example.org;Cid;;2:email\n"
        "4;;Dan;;3:email\n"
    )
    found = brought(workspace, path, "mautic", source="Mautic")
    assert some(found) == {"refused": 1, "suppressed": 2, "nothing": 1, "rejected": 1}
    assert suppression.is_suppressed(workspace, "sms", "+353851234567") == "unreachable"
    assert suppression.is_suppressed(workspace, "email", "cid@example.org") == "hard_bounce"
    assert words(workspace, "ann@example.org") == []
    flags = tmp_path / "flags.csv"
    flags.write_text("email,doNotEmail\neve@example.org,1\nfay@example.org,0\n")
    assert some(brought(workspace, flags, "mautic")) == {"refused": 1, "nothing": 1}
    bare = tmp_path / "bare.csv"
    bare.write_text("id,email\n1,ann@example.org\n")
    with pytest.raises(Refusal) as refused:
        brought(workspace, bare, "mautic")
    assert refused.value.code == "no_dnc"


def test_g8_a_table_of_consents_says_topic_channel_and_words(workspace: Settings, tmp_path: Path) -> None:
    path = tmp_path / "consents.csv"
    path.write_text(
        "E-mail,Phone,Consent,Topic,Channel,At,Wording,Source\n"
        "ann@example.org,,yes,offers;greetings,email,2024-05-05T10:00:00+02:00,I agree.,folder 7\n"
        ",+353851234567,no,,sms,,,call 12\n"
        "bob@example.org,,perhaps,,,,,\n"
        "bob@example.org,,yes,gossip,,,,\n"
        "bob@example.org,,yes,,pigeon,,,\n"
        ",,yes,,,,,\n"
    )
    found = brought(workspace, path, "csv")
    assert some(found) == {"agreed": 1, "refused": 1, "rejected": 4}
    said = words(workspace, "ann@example.org")
    assert [(word.topic, word.wording) for word in said] == [
        ("offers", "I agree."),
        ("greetings", "I agree."),
    ]
    assert said[0].at_us == 1_714_896_000_000_000
    assert "folder 7" in said[0].source
    assert [word.given for word in words(workspace, "+353851234567", "sms")] == [False]
    assert found.rejected[0].place == "consents.csv, line 4"
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("name,age\nAnn,30\n")
    for form, code in (("csv", "no_columns"), ("mailchimp", "unknown_file"), ("sendgrid", "unknown_format")):
        with pytest.raises(Refusal) as refused:
            brought(workspace, nothing, form)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        brought(workspace, path, "csv", topics=())
    assert refused.value.code == "no_topic"


def test_g8_members_and_contacts_are_fetched_as_the_apis_tell_them(
    workspace: Settings, tmp_path: Path
) -> None:
    heard: list[tuple[str, str]] = []
    member = {
        "id": "62eeb292278cc15f5817cb78f7790b08",
        "email_address": "Ann@Example.org",
        "unique_email_id": "882e9bec19",
        "status": "subscribed",
        "ip_signup": "",
        "timestamp_signup": "",
        "ip_opt": "192.0.2.11",
        "timestamp_opt": "2024-01-01T09:05:00+00:00",
        "last_changed": "2024-06-01T10:00:00+00:00",
    }
    left = member | {
        "email_address": "bob@example.org",
        "status": "unsubscribed",
        "unsubscribe_reason": "N/A",
    }
    waits = member | {"email_address": "cid@example.org", "status": "pending"}
    fields = {"all": {"email": "dan@example.org", "mobile": ""}}
    no_more = [{"id": 2, "reason": 2, "comments": "550 no such user", "channel": "email", "channelId": None}]
    contacts: dict[str, Any] = {"47": {"id": 47, "fields": fields, "doNotContact": no_more}}

    def answer(path: str, content: Any, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        given = {name.lower(): value for name, value in headers.items()}.get("authorization", "")
        heard.append((path, b64decode(given.removeprefix("Basic ")).decode()))
        if path.startswith("/3.0/lists/aud1/members?"):
            told: Any = {"members": [member, left, waits], "total_items": 3}
        elif path.startswith("/api/contacts?"):
            told = {"total": "1", "contacts": contacts}
        else:
            return 404, {}, json.dumps({"title": "Resource Not Found", "detail": "No such list."}).encode()
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    with serving(answer, tmp_path) as server:
        door = Door(frozenset({"localhost"}), server.trust)
        rows = read_server("mailchimp", door, address=server.address, secret="key-us19", audience="aud1")
        found = bring(workspace, rows, MEANT, now_us=NOW_US)
        assert some(found) == {"agreed": 1, "refused": 1, "nothing": 1}
        rows = read_server("mautic", door, address=server.address, user="api", secret="pass")
        assert some(bring(workspace, rows, MEANT, now_us=NOW_US)) == {"suppressed": 1}
        with pytest.raises(Refusal) as refused:
            list(read_server("mailchimp", door, address=server.address, secret="key-us19", audience="x"))
        assert refused.value.code == "bad_answer"
        assert "No such list." in str(refused.value.found)
    assert heard[0][1] == "anystring:key-us19"
    assert heard[1][1] == "api:pass"
    assert "confirm_ip 192.0.2.11" in words(workspace, "ann@example.org")[0].source
    with pytest.raises(Refusal) as refused:
        list(read_server("mailchimp", Door(), secret="no centre", audience="x"))
    assert refused.value.code == "bad_key"


def test_g8_all_pages_of_a_server_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer is far below what is read of one, though Mautic tells 10 KB and more of a contact."""
    sizes: list[int] = []
    contact = {"fields": {"all": {"email": "x@example.org"}, "core": {"about": {"value": "x" * 60_000}}}}

    def ask(door: Door, method: str, url: str, **more: Any) -> Answer:
        asked = {
            name: int(value[0])
            for name, value in parse_qs(urlsplit(url).query).items()
            if value[0].isdecimal()
        }
        first, most = asked.get("start", asked.get("offset", 0)), asked.get("limit", asked.get("count", 0))
        some = range(first, min(first + most, 1_201))
        if "/api/contacts" in url:
            body = json.dumps({"contacts": {str(each): {"id": each, **contact} for each in some}}).encode()
        else:
            body = json.dumps({"members": [{"id": str(each)} for each in some]}).encode()
        sizes.append(len(body))
        return Answer(200, {}, body)

    monkeypatch.setattr(Door, "ask", ask)
    members = list(Mailchimp("key-us19", "aud1", Door()).members())
    assert [member["id"] for member in members] == [str(each) for each in range(1_201)]
    contacts = list(Mautic("https://m.example", "api", "pass", Door()).contacts())
    assert [each["id"] for each in contacts] == list(range(1_201))
    assert max(sizes) < MOST_BYTES


def test_g8_consents_are_brought_from_the_command_line(workspace: Settings, tmp_path: Path) -> None:
    at = ("--workspace", workspace.folder)
    path = export(tmp_path)
    tried = call("consents", "import", path, "--from", "mailchimp", "--try", *at, "--json").json
    assert (tried["counts"]["agreed"], tried["tried"]) == (2, True)
    done = call("consents", "import", path, "--from", "mailchimp", "--topic", "offers", *at)
    assert "2  agreed, and may be written to" in done.out
    assert "line 4" in done.out
    assert [word.topic for word in words(workspace, "ann@example.org")] == ["offers"]
    assert call("consents", "import", "nowhere.zip", "--from", "csv", *at).code != 0
    assert call("consents", "fetch", "--from", "mailchimp", *at).code != 0
