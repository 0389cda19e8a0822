"""docs/reference/command-line.md says what `--json` answers: every command is run and compared."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from commands import call, start
from holdfast.cli.group import holdfast
from holdfast.settings import Settings, read_settings
from machine import CHECKOUT
from postgresql_server import Server
from web.quarantined import put_aside

PAGE = CHECKOUT / "docs" / "reference" / "command-line.md"
SHOP = CHECKOUT / "examples" / "corner-shop"
RULE = '{"fact": "orders", "at_least": 2}'


def _ask_for_messages(settings: Settings) -> None:
    """One that failed, with its history."""
    import time

    from dispatching import mail
    from holdfast.store import outbox, sql
    from holdfast.store import outbox_sending as sending

    now_us = time.time_ns() // 1_000
    touch_id = outbox.ask(settings, mail("order 7", asked_by="niamh@shop.example"), now_us=now_us)
    sender = sending.enter(settings, "x:1:y", "email", now_us)
    with sql.short_write():
        sending.claim(settings, sender, "email", now_us, 1)
        said = sending.Result(
            int(touch_id or 0), sender, "failed", "x", now_us, now_us + 9, "refused_address"
        )
        sending.settle(settings, [said])


def documented() -> dict[str, set[str]]:
    """Section -> the keys in its table, as ``metrics[].period.start``."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.splitlines()[0]: set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
        for section in sections
    }


def keys(value: Any, known: set[str], path: str = "") -> Iterator[str]:
    """The keys of an answer; inside an object without documented keys (by currency, by trait) none."""
    if isinstance(value, list):
        for each in value:
            yield from keys(each, known, f"{path}[]")
    elif isinstance(value, dict) and (not path or any(name.startswith(f"{path}.") for name in known)):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            yield here
            yield from keys(inner, known, here)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the example shop, two imports, one of which can be undone."""
    folder = tmp_path_factory.mktemp("reference") / "shop"
    assert call("init", "--workspace", folder, "--currency", "EUR", "--timezone", "Europe/Dublin").code == 0
    for kind in ("customers", "orders"):
        ended = call("import", SHOP / f"{kind}.csv", "--as", kind, "--yes", "--workspace", folder, "--json")
        assert ended.code == 0, ended.out
    for name in ("regulars", "spare"):
        assert call("segment", "create", name, "--rule", RULE, "--workspace", folder).code == 0
    _connect(folder)
    put_aside(read_settings(folder))
    _ask_for_messages(read_settings(folder))
    for named in ("CRM", "Old"):
        hook = ("webhook", "create", named, "--url", "https://crm.example/hook")
        assert call(*hook, "--workspace", folder).code == 0
    assert call("webhook", "try", "CRM", "--workspace", folder).code == 0
    assert call("play", "import", "--file", _play(folder), "--workspace", folder).code == 0
    assert call("suppression", "add", "left@example.org", "--workspace", folder).code == 0
    for named in ("old", "new"):
        assert call("user", f"{named}@example.com", "--workspace", folder).code == 0
    return folder


def _connect(folder: Path) -> None:
    """A source, a pull and a table for risks, which commands list and switch."""
    with closing(sqlite3.connect(folder / "till.db")) as till, till:
        till.execute("CREATE TABLE sale (customer TEXT, ordered_at TEXT, amount INTEGER)")
        till.execute("INSERT INTO sale VALUES ('2001', '2026-05-01', 10)")
    for made in (
        ("source", "add", "stripe", "--secret", f"signing_secret={'x' * 20}"),
        ("pull", "add", "till", *_till(folder)),
        ("tasks", "make", "Ring them"),
        ("tasks", "make", "Ring them back", "--kind", "call"),
        ("tasks", "came", "2", "reached"),
        ("write-back", "add", "warehouse", "--to", f"sqlite:///{folder / 'till.db'}"),
    ):
        assert call(*made, "--workspace", folder).code == 0


def _till(folder: Path) -> list[str]:
    return ["--from", f"sqlite:///{folder / 'till.db'}", "--query", "SELECT * FROM sale", "--yes"]


def small_table(beside: Path) -> Path:
    """Rows with an id, visits that tell something, and a date only where somebody left."""
    file, lines = beside / "members.csv", ["id,visits,ended,left"]
    for number in range(150):
        gone = (number * 7) % 10 < 4
        visits = number % 6 if gone else 2 + number % 7
        lines.append(f"M{number},{visits},{'2026-01-05' if gone else ''},{'yes' if gone else 'no'}")
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _letter(beside: Path) -> Path:
    file = beside / "letter.txt"
    file.write_text("Dear Sirs", encoding="utf-8")
    return file


def _message(beside: Path) -> Path:
    file = beside / "hello.json"
    message = {"subject": "Hello", "blocks": [{"block": "text", "words": "Welcome"}]}
    body = {"variants": {"a": {"en": message}}}
    file.write_text(json.dumps({"key": f"hello_{beside.name}", "title": "Hello", "body": body}))
    return file


def _play(beside: Path) -> Path:
    file = beside / "play.json"
    steps = [{"id": "t", "do": "task", "title": "Call"}]
    play = {"key": "calls", "title": "Call", "trigger": {"by_hand": True}, "steps": steps, "exits": ["left"]}
    file.write_text(json.dumps(play))
    return file


def _change(beside: Path) -> Path:
    file = beside / "change.json"
    file.write_text(json.dumps({"kind": "mistake", "title": "Billed twice"}))
    return file


def _left(beside: Path) -> Path:
    file = beside / "left.csv"
    file.write_text("email\nann@example.org\n", encoding="utf-8")
    return file


def _consents(beside: Path) -> Path:
    file = beside / "consents.csv"
    file.write_text("email,consent\nann@example.org,yes\nnobody,yes\n", encoding="utf-8")
    return file


def _last_import(shop: Path) -> str:
    """The number of the import that was made last of a file."""
    listed = call("imports", "--workspace", shop, "--json").json["imports"]
    return next(str(each["import_id"]) for each in listed if each["kind"] == "orders")


def arguments(section: str, shop: Path, beside: Path) -> list[str | Path]:
    """A call that answers with every key of the section."""
    small = ["--customers", "40", "--days", "60"]
    once = ["--folds", "3", "--repeats", "1"]
    return {
        "init": ["--workspace", beside / "new"],
        "import": [SHOP / "orders.csv", "--as", "orders", "--yes", "--workspace", shop],
        "import --undo": ["--undo", _last_import(shop), "--workspace", shop],
        "imports": ["--workspace", shop],
        "run": ["--as-of", "2026-07-01", "--workspace", shop],
        "reasons list": ["list", "--workspace", shop],
        "measure": ["--period", "month", "--as-of", "2026-07-01", "--workspace", shop],
        "customer": ["2001", "--workspace", shop],
        "care note": ["note", "2001", "Likes rye.", "--workspace", shop],
        "care owner": ["owner", "2001", "nobody", "--workspace", shop],
        "care say": ["say", "2001", "need.bought_for", "Breakfast", "--workspace", shop],
        "care document": ["document", "2001", _letter(beside), "--workspace", shop],
        "care points": ["points", "--workspace", shop],
        "care gaps": ["gaps", "--workspace", shop],
        "tasks": ["--workspace", shop],
        "tasks make": ["make", "Call them", "--customer", "2001", "--workspace", shop],
        "tasks show": ["show", "1", "--workspace", shop],
        "team": ["--workspace", shop],
        "team report": ["report", "--workspace", shop],
        "team scripts": ["scripts", "--workspace", shop],
        "team hand-over": ["hand-over", "old@example.com", "new@example.com", "--workspace", shop],
        "identity duplicates": ["duplicates", "--workspace", shop],
        "identity merges": ["merges", "--workspace", shop],
        "identity links": ["links", "2001", "--workspace", shop],
        "signals list": ["list", "--workspace", shop],
        "texts": ["--workspace", shop],
        "play list": ["list", "--workspace", shop],
        "play import": ["import", "--file", _play(beside), "--workspace", shop],
        "play launch": ["launch", "calls", "--workspace", shop],
        "play dry-run": ["dry-run", "calls", "--workspace", shop],
        "play rehearse": ["rehearse", "calls", "--workspace", shop],
        "play proof": ["proof", "calls", "--workspace", shop],
        "changes list": ["list", "--workspace", shop],
        "changes enter": ["enter", "--file", _change(beside), "--workspace", shop],
        "template list": ["list", "--workspace", shop],
        "template import": ["import", "--file", _message(beside), "--workspace", shop],
        "signals episodes": ["episodes", "--workspace", shop],
        "signals replay": ["replay", "overdue", "--workspace", shop],
        "signals scorecard": ["scorecard", "--workspace", shop],
        "signals set": ["set", "overdue", "--off", "--workspace", shop],
        "segment create": ["create", f"new-{beside.name}", "--rule", RULE, "--workspace", shop],
        "segment list": ["list", "--workspace", shop],
        "segment show": ["show", "regulars", "--workspace", shop],
        "segment preview": ["preview", "--rule", RULE, "--workspace", shop],
        "segment members": ["members", "regulars", "--workspace", shop],
        "segment ready": ["ready", "people", "--workspace", shop],
        "segment fit": ["fit", "--workspace", shop],
        "segment delete": ["delete", "spare", "--workspace", shop],
        "source list": ["list", "--workspace", shop],
        "source add": ["add", "shopify", "--secret", "signing_secret=s", "--workspace", shop],
        "source change": ["change", "stripe", "--option", "customer_id_in=id", "--workspace", shop],
        "source test": ["test", "stripe", "--workspace", shop],
        "source off": ["off", "stripe", "--workspace", shop],
        "pull list": ["list", "--workspace", shop],
        "pull add": ["add", "other", *_till(shop), "--workspace", shop],
        "pull off": ["off", "till", "--workspace", shop],
        "write-back list": ["list", "--workspace", shop],
        "write-back add": [
            "add",
            "other",
            "--to",
            f"sqlite:///{shop / 'till.db'}",
            "--table",
            "x",
            "--workspace",
            shop,
        ],
        "write-back run": ["run", "--workspace", shop],
        "write-back off": ["off", "warehouse", "--workspace", shop],
        "key create": ["create", "--name", f"Till {beside.name}", "--workspace", shop],
        "key list": ["list", "--workspace", shop],
        "key revoke": ["revoke", "Website", "--workspace", shop],
        "webhook list": ["list", "--workspace", shop],
        "webhook create": [
            "create",
            f"CRM {beside.name}",
            "--url",
            "https://crm.example/",
            "--workspace",
            shop,
        ],
        "webhook try": ["try", "CRM", "--workspace", shop],
        "webhook log": ["log", "CRM", "--workspace", shop],
        "webhook secret": ["secret", "CRM", "--workspace", shop],
        "webhook off": ["off", "CRM", "--workspace", shop],
        "webhook remove": ["remove", "Old", "--workspace", shop],
        "quarantine list": ["list", "--workspace", shop],
        "quarantine replay": ["replay", "--all", "--workspace", shop],
        "quarantine drop": ["drop", "--all", "--workspace", shop],
        "touches list": ["list", "--workspace", shop],
        "touches show": ["show", "1", "--workspace", shop],
        "touches again": ["again", "1", "--workspace", shop],
        "touches send": ["send", "--workspace", shop],
        "suppression list": ["list", "--workspace", shop],
        "suppression add": ["add", f"{beside.name}@example.org", "--workspace", shop],
        "consents import": ["import", _consents(beside), "--from", "csv", "--workspace", shop],
        "suppression import": ["import", _left(beside), "--workspace", shop],
        "suppression remove": ["remove", "left@example.org", "--note", "x", "--workspace", shop],
        "sending": ["status", "--workspace", shop],
        "property list": ["list", "--workspace", shop],
        "property seen": ["seen", "Order Completed", "--workspace", shop],
        "property map": ["map", "Visit Booked", "code", "room", "--workspace", shop],
        "at-risk": ["--workspace", shop],
        "causes": ["--workspace", shop],
        "common": ["--workspace", shop],
        "journey": ["--workspace", shop],
        "outside": ["--workspace", shop],
        "calendar": ["--workspace", shop],
        "surveys": ["--workspace", shop],
        "backtest": ["--as-of", "2026-07-01", "--workspace", shop],
        "export": ["events", "--to", beside / "events.csv", "--workspace", shop],
        "person": ["2002", "--to", beside / "person.zip", "--workspace", shop],
        "erase": ["2003", "--yes", "--now", "--workspace", shop],
        "erase (without --yes)": ["2002", "--workspace", shop],
        "erase (without a name)": ["--workspace", shop],
        "retention": ["set", "group:browsing", "400", "--workspace", shop],
        "backup": ["--to", beside / "copy.tar", "--workspace", shop],
        "restore": [beside / "to-put-back", "--workspace", beside / "again"],
        "table": [small_table(beside), "--target", "left", *once, "--out", beside / "foreseen"],
        "simulate": ["--to", beside / "company", *small],
        "demo": ["--workspace", beside / "demo", "--once", *small],
        "user": ["niamh@example.com", "--workspace", shop],
        "user list": ["list", "--workspace", shop],
        "user invite": ["invite", "ada@example.com", "--role", "agent", "--workspace", shop],
        "user reset-password": ["reset-password", "old@example.com", "--workspace", shop],
        "audit verify": ["verify", "--workspace", shop],
        "audit head": ["head", "--workspace", shop],
        "audit export": ["export", "--to", beside / "audit.csv", "--workspace", shop],
        "parts": [],
        "doctor": ["--workspace", shop],
    }[section]


ANSWERED = [
    name
    for name, found in documented().items()
    if found and name not in ("How a command ends", "serve", "worker", "migrate")
]


@pytest.mark.parametrize(
    "section",
    [pytest.param(name, marks=pytest.mark.long if name == "demo" else ()) for name in ANSWERED],
)
def test_json_has_the_keys_that_the_page_says(section: str, shop: Path, tmp_path: Path) -> None:
    if section == "restore":
        assert call("backup", "--to", tmp_path / "to-put-back", "--workspace", shop).code == 0
    if section == "signals replay":
        assert call("run", "--as-of", "2026-07-01", "--workspace", shop).code == 0
    ended = call(section.split()[0], *arguments(section, shop, tmp_path), "--json")
    assert ended.code == 0, ended.out + ended.err
    known = documented()[section]
    found = set(keys(ended.json, known))
    # What is only there where there is an alert, a silence, something in common, or a talk of a month ago.
    never = {
        name
        for name in known
        if name.startswith(("alerts[].", "gaps[].", "customers[].", "groups[].", "stayed[]."))
    }
    assert found | never == known | never


def test_serve_says_where_it_is_before_it_is_there(shop: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    served = start("serve", "--port", port, "--workspace", shop, "--json")
    try:
        assert served.stdout is not None
        answer = json.loads(served.stdout.readline())
        assert set(answer) == documented()["serve"]
        assert answer["address"] == f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.communicate(timeout=30)


def test_a_database_moves_and_says_so(postgresql: Server, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    assert call("init", "--workspace", folder, "--currency", "EUR").code == 0
    ended = call("migrate", "--to", postgresql.create("reference"), "--workspace", folder, "--json")
    assert ended.code == 0, ended.out + ended.err
    assert set(ended.json) == documented()["migrate"]
    assert call("migrate", "--to", "sqlite", "--workspace", folder, "--json").json["database"] == "sqlite"


def test_refusals_have_the_keys_that_the_page_says(tmp_path: Path) -> None:
    ended = call("run", "--workspace", tmp_path, "--json")
    assert set(ended.json) == documented()["How a command ends"]


def test_every_command_is_on_the_page() -> None:
    named = {section.split()[0] for section in ANSWERED}
    assert set(holdfast.list_commands(None)) - {"serve", "worker", "migrate"} == named  # type: ignore[arg-type]


def test_every_command_takes_workspace_and_json_after_it() -> None:
    for name in holdfast.list_commands(None):  # type: ignore[arg-type]
        page = call(name, "--help").out
        assert "--workspace DIR" in page, name
        assert "--json" in page, name


@pytest.mark.long
def test_what_was_counted_again_is_published_when_that_is_asked_for(shop: Path, tmp_path: Path) -> None:
    """A period, once closed, keeps its published figure until a person accepts the other one."""
    turn = ("run", "--as-of", "2026-07-01", "--workspace", shop, "--json")
    call(*turn)
    late = tmp_path / "late.csv"
    late.write_text("order_id,customer,at,amount\nlate-1,2001,2026-02-03,999.00\n", encoding="utf-8")
    brought = call("import", late, "--as", "orders", "--yes", "--workspace", shop, "--json")
    assert brought.json["rows_taken"] == 1, brought.out
    kept = call(*turn).json
    assert kept["differing"] > 0
    assert kept["published_again"] == 0
    assert call(*turn, "--publish-again").json["published_again"] == kept["differing"]
    after = call(*turn, "--publish-again").json
    assert (after["differing"], after["published_again"]) == (0, 0)
