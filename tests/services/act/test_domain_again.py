"""G3: a domain that passed is looked at again each day; where it does not pass twice, safe mode is back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from holdfast.domain.spf import Kind, NoAnswer
from holdfast.services.act import setting_up
from holdfast.services.act.domain_again import EVERY_US, HOUR_US, look_again
from holdfast.services.pulse import jobs
from holdfast.settings import Settings
from holdfast.store import audit_reading, message_settings, outbox_reading, users

NOW_US = 1_750_000_000_000_000
SERVER = {
    "host": "smtp.shop.example",
    "port": "587",
    "security": "starttls",
    "from_address": "hello@shop.example",
}


class Zone:
    """A DNS that says what it is told to; ``silent`` it answers nothing."""

    def __init__(self, settings: Settings) -> None:
        key = setting_up.make_key(settings, now_us=NOW_US)
        self.records: dict[tuple[str, str], Sequence[str]] = {
            ("shop.example", "TXT"): ["v=spf1 a:smtp.shop.example -all"],
            ("smtp.shop.example", "A"): ["192.0.2.25"],
            (key.name, "TXT"): [key.record],
            ("_dmarc.shop.example", "TXT"): ["v=DMARC1; p=reject"],
        }
        self.silent = False
        self.asked = 0

    def __call__(self, name: str, kind: Kind) -> Sequence[str]:
        self.asked += 1
        if self.silent:
            raise NoAnswer("silent")
        return self.records.get((name, kind), [])


@pytest.fixture
def zone(workspace: Settings) -> Zone:
    """A domain that has passed at :data:`NOW_US`."""
    assert setting_up.set_smtp(workspace, SERVER, now_us=NOW_US) == ()
    made = Zone(workspace)
    assert setting_up.check_domain(workspace, made, now_us=NOW_US).passed
    made.asked = 0
    users.add(workspace, "ada@shop.example", "!none", name="Ada", role="admin")
    users.add(workspace, "max@shop.example", "!none", name="Max", role="manager")
    return made


def safe(settings: Settings) -> bool:
    return message_settings.rules(settings).safe


def mails(settings: Settings) -> list[outbox_reading.Listed]:
    return outbox_reading.listed(settings, outbox_reading.Wanted(), 9)


def test_g3_a_domain_that_passes_is_looked_at_once_a_day(workspace: Settings, zone: Zone) -> None:
    assert look_again(workspace, zone, now_us=NOW_US + EVERY_US - 1) is None
    assert zone.asked == 0
    found = look_again(workspace, zone, now_us=NOW_US + EVERY_US)
    assert found is not None
    assert found.passed
    assert not safe(workspace)
    assert message_settings.proven(workspace) == found
    assert look_again(workspace, zone, now_us=NOW_US + EVERY_US + HOUR_US) is None


def test_g3_safe_mode_is_back_when_it_does_not_pass_twice(workspace: Settings, zone: Zone) -> None:
    del zone.records["_dmarc.shop.example", "TXT"]
    day = NOW_US + EVERY_US
    assert look_again(workspace, zone, now_us=day) is not None
    assert not safe(workspace), "once may be a zone that is being changed"
    assert mails(workspace) == []
    assert look_again(workspace, zone, now_us=day + HOUR_US - 1) is None
    assert look_again(workspace, zone, now_us=day + HOUR_US) is not None
    assert safe(workspace)
    (mail,) = mails(workspace)
    assert (mail.address, mail.purpose) == ("ada@shop.example", "staff")
    content = outbox_reading.content_of(workspace, mail.id)
    assert content is not None
    assert "DMARC: There is no such record yet." in content.text
    assert "SPF" not in content.text
    noted = audit_reading.listed(workspace, audit_reading.Wanted(), limit=1)
    assert noted[0].about == "setting:safe_mode"
    assert look_again(workspace, zone, now_us=day + 9 * EVERY_US) is None, "a person ends safe mode"
    zone.records["_dmarc.shop.example", "TXT"] = ["v=DMARC1; p=none"]
    assert setting_up.check_domain(workspace, zone, now_us=day + 10 * EVERY_US).passed
    assert not safe(workspace)


def test_g3_a_record_that_is_back_within_the_hour_ends_the_doubt(workspace: Settings, zone: Zone) -> None:
    kept = zone.records.pop(("_dmarc.shop.example", "TXT"))
    day = NOW_US + EVERY_US
    look_again(workspace, zone, now_us=day)
    zone.records["_dmarc.shop.example", "TXT"] = kept
    found = look_again(workspace, zone, now_us=day + HOUR_US)
    assert found is not None
    assert (found.passed, found.doubted_us) == (True, None)
    del zone.records["_dmarc.shop.example", "TXT"]
    look_again(workspace, zone, now_us=day + HOUR_US + EVERY_US)
    assert not safe(workspace), "the first look of another doubt"


def test_g3_a_dns_that_does_not_answer_changes_nothing(workspace: Settings, zone: Zone) -> None:
    zone.silent = True
    for hour in range(0, 100, 24):
        look_again(workspace, zone, now_us=NOW_US + EVERY_US + hour * HOUR_US)
    assert not safe(workspace)
    assert mails(workspace) == []


def test_g3_what_was_set_meanwhile_is_not_written_over(workspace: Settings, zone: Zone) -> None:
    def meanwhile(name: str, kind: Kind) -> Sequence[str]:
        setting_up.set_smtp(workspace, SERVER | {"from_address": "hello@other.example"}, now_us=NOW_US)
        return zone(name, kind)

    assert look_again(workspace, meanwhile, now_us=NOW_US + EVERY_US) is None
    assert message_settings.proven(workspace) is None
    assert safe(workspace)


def test_g3_the_worker_looks(workspace: Settings) -> None:
    (job,) = [each for each in jobs.jobs() if each.name == "sender's domain"]
    job.run(workspace, datetime.now(UTC))
    assert message_settings.proven(workspace) is None
