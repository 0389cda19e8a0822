"""The demo company's post office takes mails over SMTP, and keeps them."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from holdfast.connectors import post_office
from holdfast.connectors.post_office import HOST, open_post_office


def letter(number: int) -> EmailMessage:
    said = EmailMessage()
    said["From"], said["To"], said["Subject"] = "hello@shop.example", "ann@post.example", f"letter {number}"
    said.set_content("سلام، حالتان چطور است؟")
    return said


def test_mails_lie_in_the_folder_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_office, "MOST_KEPT", 2)
    with open_post_office(tmp_path) as office, smtplib.SMTP(HOST, office.port, timeout=10) as line:
        for number in range(3):
            line.send_message(letter(number))
        assert office.taken == 3
    assert sorted(path.name for path in tmp_path.glob("*.eml")) == ["000002.eml", "000003.eml"]
    assert b"letter 2" in (tmp_path / "000003.eml").read_bytes()


def test_the_next_one_counts_on(tmp_path: Path) -> None:
    for _ in range(2):
        with open_post_office(tmp_path) as office, smtplib.SMTP(HOST, office.port, timeout=10) as line:
            line.send_message(letter(1))
    assert (tmp_path / "000002.eml").exists()


def test_a_closed_one_takes_nothing(tmp_path: Path) -> None:
    with open_post_office(tmp_path) as office, smtplib.SMTP(HOST, office.port, timeout=10):
        pass
    with pytest.raises(OSError, match="refused"):
        smtplib.SMTP(HOST, office.port, timeout=10)
