"""A workspace with messages to send, dispatchers as processes of their own, and what must hold when they die.

``python dispatching.py FOLDER`` is a dispatcher; with ``first`` after it a wrong one, which writes down that
a message is sent before it hands it over: the harness has to catch it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfast import store
from holdfast.channels._mime import message_id
from holdfast.channels.contract import kept_of
from holdfast.channels.email import SmtpSettings
from holdfast.domain.touch import Purpose, Recipient, TouchRequest
from holdfast.settings import Settings, read_settings

DOMAIN = "shop.example"


def now_us() -> int:
    return time.time_ns() // 1_000


def smtp(port: int, **changed: Any) -> SmtpSettings:
    """Settings of a sink."""
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "from_address": f"hello@{DOMAIN}",
        "from_name": "The Shop",
        "timeout_seconds": 5,
    }
    return SmtpSettings(**(given | changed))


def set_up(settings: Settings, options: SmtpSettings) -> None:
    """Let mails go out over a sink, to everybody at example.com, at any hour at which tests are run."""
    from holdfast.domain.pressure import Policy
    from holdfast.store import channel_settings, message_settings

    kept, secrets = kept_of(options)
    channel_settings.write(settings, "email", kept, secrets, now_us=now_us())
    message_settings.list_addresses(settings, ["@example.com"])
    message_settings.set_contact_rules(settings, Policy())


def ask_for(settings: Settings, count: int, *, first: int = 0, purpose: Purpose = "service") -> list[str]:
    """Ask for so many mails; their keys."""
    from holdfast.store import outbox, sql

    keys = [f"mail {number}" for number in range(first, first + count)]
    with sql.short_write():
        for number, key in enumerate(keys):
            outbox.ask(settings, mail(key, to=f"ann{number}@example.com", purpose=purpose), now_us=now_us())
    return keys


def mail(key: str, *, to: str = "ann@example.com", purpose: Purpose = "service", **said: Any) -> TouchRequest:
    """A mail that is asked for."""
    given: dict[str, Any] = {
        "subject": f"Your order {key}",
        "text": f"It is on its way.\n{key}\nسلام\n",
        "html": "<p>It is <b>on its way</b>.</p>",
    }
    who = Recipient(to, unit_id=said.pop("unit_id", None), subject_id=said.pop("subject_id", None))
    return TouchRequest(key, purpose, "email", who, **(given | said))


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of messages: how many were asked for, arrived, and stand in each state."""

    asked: int
    arrived: int
    doubled: int
    lost: int
    states: dict[str, int]
    history_lacks: int

    def wrong(self, kills: int, connections: int) -> list[str]:
        """What does not hold; nothing is the answer that is wanted."""
        unknown, sent = self.states.get("unknown", 0), self.states.get("sent", 0)
        found = []
        if sent + unknown != self.asked:
            found.append(f"stuck: {self.states}")
        if self.lost:
            found.append(f"{self.lost} are marked sent and never arrived")
        if self.doubled:
            found.append(f"{self.doubled} arrived twice")
        if unknown > kills * connections:
            found.append(f"{unknown} unknown after {kills} kills of {connections} connections")
        if self.history_lacks:
            found.append(f"{self.history_lacks} have no history of how they ended")
        return found


def balance(settings: Settings, keys: Sequence[str], arrived: Sequence[str]) -> Balance:
    """Count what was asked for against what the sink has."""
    from holdfast.store import sql

    names = {message_id(key, DOMAIN): key for key in keys}
    there = Counter(names[each] for each in arrived)
    states = dict(sql.read("SELECT key, state FROM touch"))
    told = {key for (key,) in sql.read(
        "SELECT t.key FROM touch t JOIN touch_try y ON y.touch_id = t.id AND y.what = t.state"
    )}  # fmt: skip
    return Balance(
        asked=len(keys),
        arrived=len(there),
        doubled=sum(count > 1 for count in there.values()),
        lost=sum(states[key] == "sent" and key not in there for key in keys),
        states=dict(Counter(states[key] for key in keys)),
        history_lacks=sum(key not in told for key in keys if states[key] in ("sent", "unknown")),
    )


def start(settings: Settings, *how: str) -> subprocess.Popen[bytes]:
    """A dispatcher in a process of its own."""
    return subprocess.Popen([sys.executable, __file__, str(settings.folder), *how])


def kill_at_random(
    settings: Settings, kills: int, dispatchers: int, chance: random.Random, *how: str, finish: bool = True
) -> int:
    """Run dispatchers and kill -9 one of them again and again, until nothing waits; how many were killed.

    Who is killed was at work: it had claimed something, and three times of four had sent something too.
    Without ``finish`` it ends with the last kill.
    """

    running = [start(settings, *how) for _ in range(dispatchers)]
    done, until = 0, time.monotonic() + 600
    try:
        while _left(settings) and (finish or done < kills) and time.monotonic() < until:
            time.sleep(chance.uniform(0.05, 0.4))
            place = chance.randrange(dispatchers)
            if done < kills and _is_at_work(running[place].pid, deeply=done % 4 > 0):
                running[place].send_signal(signal.SIGKILL)
                running[place].wait()
                done += 1
                running[place] = start(settings, *how)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=60)
    return done


def _is_at_work(pid: int, *, deeply: bool) -> bool:
    """Whether a dispatcher has claimed something; ``deeply``: whether it has sent something as well."""
    from holdfast.store import sql

    holder = f"%:{pid}:%"
    claimed = sql.one(
        "SELECT 1 FROM touch_sender s JOIN touch t ON t.sender_id = s.id AND t.state = 'claimed' "
        "WHERE s.holder LIKE %s",
        (holder,),
    )
    sent = "SELECT 1 FROM touch_try WHERE what = 'sent' AND made_by LIKE %s LIMIT 1"
    return claimed is not None and (not deeply or sql.one(sent, (holder,)) is not None)


def _left(settings: Settings) -> bool:
    from holdfast.store import sql

    return sql.one("SELECT 1 FROM touch WHERE state IN ('waiting', 'claimed') LIMIT 1") is not None


def _mark_first() -> None:
    """Make this process a wrong sender: *sent* is written down before anything is handed over."""
    from holdfast.domain.touch import Receipt
    from holdfast.services.act import sending

    right, exchange = sending.Connection._hand_over, sending.Connection._exchange

    def wrong(self: sending.Connection, left: list[Any], *, began_us: int) -> Any:
        result = self._result(left[0], Receipt("sent"), began_us)
        exchange(self, [result], 0)
        right(self, left, began_us=began_us)
        return None

    def without(self: sending.Connection, results: list[Any], most: int) -> Any:
        return exchange(self, [each for each in results if each is not None], most)

    sending.Connection._hand_over = wrong  # type: ignore[method-assign]
    sending.Connection._exchange = without  # type: ignore[method-assign]


def _main(folder: str, how: str = "") -> int:
    from holdfast.services.act import dispatch
    from holdfast.services.act.__main__ import main

    dispatch._TAKE_OVER_SECONDS = 0.3  # type: ignore[attr-defined]
    if how == "first":
        _mark_first()
    settings = read_settings(Path(folder))
    store.connect(settings)
    return main(folder)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(_main(*sys.argv[1:]))
