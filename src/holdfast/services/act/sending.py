"""One connection: claims a few touches, asks whether they may go, hands them over one after the other.

The next one is handed over only when the ledger says that what became of the one before is on disk.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any

from holdfast.channels.contract import Carrier, ChannelDown
from holdfast.domain.texts import Text
from holdfast.domain.touch import Parcel, Receipt, Verdict, next_try_us
from holdfast.services.act.carriers import Ready, open_carrier
from holdfast.services.act.ledger import Ledger, Wish
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.outward import Door
    from holdfast.store.outbox_sending import Claimed, Result

MOST_CLAIMED = 20
"""Touches that a connection claims at once."""

_ASK_AGAIN_SECONDS = 2.0
"""Whether the rest may go is asked again after so long: a Stop and a withdrawn consent count at once."""

_log = logging.getLogger("holdfast.act")


class Down(Exception):  # noqa: N818
    """The channel does not work: the connection ends, and the channel rests."""

    def __init__(self, trouble: Text, rest_seconds: float = 0.0) -> None:
        super().__init__(str(trouble))
        self.trouble, self.rest_seconds = trouble, rest_seconds


class Connection:
    """One thread's way from the outbox to a provider."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        ledger: Ledger,
        ready: Ready,
        name: str,
        stop: Event,
        door: Door | None = None,
    ) -> None:
        self._settings, self._ledger, self._ready, self._stop = settings, ledger, ready, stop
        self._channel = ready.channel.name
        self._carrier: Carrier | None = None
        self._door = door
        self._count = 0
        self.name = name
        self.alive = True
        self._sender_id = ledger.enter(self._channel)

    def work(self) -> int:
        """Send what is due until there is no more; how many touches went out. Raises :class:`Down`."""
        self._count = 0
        wish = self._exchange([], MOST_CLAIMED)
        while wish.claimed:
            wish = self._send_all(wish.claimed)
        return self._count

    def close(self) -> None:
        """End in order: what is claimed and was not handed over waits again."""
        if self._carrier is not None:
            self._carrier.close()
            self._carrier = None
        self._ledger.exchange(self._sender_id, self._channel, leaves=True)

    def _send_all(self, claimed: list[Claimed]) -> Wish:
        """Send a batch; what is claimed next. Every exchange is one step that is on disk."""
        left, wish = self._allowed(claimed)
        asked_at = time.monotonic()
        while left and self._goes_on(wish):
            if time.monotonic() - asked_at > _ASK_AGAIN_SECONDS:
                left, wish = self._allowed(left)
                asked_at = time.monotonic()
                continue
            result = self._hand_over(left, began_us=self._ledger.clock_us())
            del left[0]
            wish = self._exchange([result], 0 if left else MOST_CLAIMED)
        if left and wish.alive:
            return self._give_back(left, "stopped" if wish.stopped else "")
        if wish.claimed or not self._goes_on(wish):
            return wish
        return self._exchange([], MOST_CLAIMED)

    def _goes_on(self, wish: Wish) -> bool:
        return wish.alive and not wish.stopped and not self._stop.is_set()

    def _allowed(self, claimed: list[Claimed]) -> tuple[list[Claimed], Wish]:
        """Those that may go now; what may not is written down first."""
        from holdfast.services.act.asking import verdicts

        now_us = self._ledger.clock_us()
        said = verdicts(self._settings(), [each.request for each in claimed], now_us=now_us)
        pairs = list(zip(claimed, said, strict=True))
        results = [
            self._not_allowed(each, verdict, now_us) for each, verdict in pairs if verdict.does != "send"
        ]
        wish = self._exchange(results, 0) if results else Wish(self._sender_id, self._channel, (), 0)
        return [each for each, verdict in pairs if verdict.does == "send"], wish

    def _hand_over(self, left: list[Claimed], *, began_us: int) -> Result:
        """Hand the first of ``left`` over. Where the channel is down all of them wait again."""
        from holdfast.services.act.clicks import with_counted_links
        from holdfast.services.act.ways_out import with_ways_out

        claimed = left[0]
        counted = with_counted_links(self._settings(), claimed.request, touch_id=claimed.touch_id)
        request = with_ways_out(self._settings(), counted, touch_id=claimed.touch_id, now_us=began_us)
        try:
            if self._carrier is None:
                self._carrier = open_carrier(self._settings(), self._ready, self._door)
            receipt = self._carrier.send(Parcel(claimed.touch_id, request, began_us))
        except ChannelDown as down:
            self._give_back(left, "channel_down")
            raise Down(down.trouble, down.rest_seconds) from down
        except Exception as error:
            _log.exception("a carrier of %s broke", self._channel)
            receipt = Receipt(
                "unknown",
                code="carrier_broke",
                reason=Text("It failed: {error}.", error=type(error).__name__),
            )
        return self._result(claimed, receipt, began_us)

    def _give_back(self, left: list[Claimed], code: str) -> Wish:
        results = [self._made(each, "returned", None, self._ledger.clock_us(), code=code) for each in left]
        return self._exchange(results, 0)

    def _not_allowed(self, claimed: Claimed, verdict: Verdict, now_us: int) -> Result:
        what = "refused" if verdict.does == "refuse" else "held"
        return self._made(
            claimed, what, None, now_us, code=verdict.code, reason=verdict.reason, due_us=verdict.again_us
        )

    def _result(self, claimed: Claimed, receipt: Receipt, began_us: int) -> Result:
        """What a receipt means: sent, failed for good, to be tried again, or not known."""
        now_us = self._ledger.clock_us()
        said: dict[str, Any] = {
            "code": receipt.code,
            "reason": receipt.reason,
            "provider_id": receipt.provider_id,
        }
        if receipt.outcome == "sent":
            self._count += 1
            return self._made(claimed, "sent", began_us, now_us, **said)
        again = receipt.retry or (receipt.outcome == "unknown" and self._ready.channel.dedupes)
        if again:
            due_us = next_try_us(claimed.tries + 1, claimed.touch_id, now_us)
            if due_us is not None:
                return self._made(claimed, "again", began_us, now_us, due_us=due_us, **said)
        what = "unknown" if receipt.outcome == "unknown" else "failed"
        return self._made(claimed, what, began_us, now_us, **said)

    def _made(self, claimed: Claimed, what: Any, began_us: int | None, at_us: int, **said: Any) -> Result:
        from holdfast.store.outbox_sending import Result

        said["secret"] = claimed.request.secret
        return Result(claimed.touch_id, self._sender_id, what, self.name, began_us, at_us, **said)

    def _exchange(self, results: list[Result], most: int) -> Wish:
        wish = self._ledger.exchange(
            self._sender_id, self._channel, results, most=0 if self._stop.is_set() else most
        )
        self.alive = wish.alive
        return wish
