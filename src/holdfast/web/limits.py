"""How often somebody may do something: a bucket each, which fills again with time."""

from __future__ import annotations

from threading import Lock


class Buckets:
    """One bucket per key, of ``burst`` drops, into which ``per_second`` drops fall.

    Kept in the memory of one process: it protects this process, and counts nothing for others. At most
    ``most`` keys are remembered; then those whose bucket is full again are forgotten, and after them all.
    """

    def __init__(self, *, per_second: float, burst: int, most: int = 10_000) -> None:
        self.per_second, self.burst, self._most = per_second, burst, most
        self._kept: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, key: str, now: float) -> bool:
        """Take a drop, ``now`` in seconds of a clock that only rises; whether there was one."""
        with self._lock:
            drops = self._drops(key, now)
            if drops < 1:
                return False
            if len(self._kept) >= self._most and key not in self._kept:
                self._make_room(now)
            self._kept[key] = (drops - 1, now)
            return True

    def _drops(self, key: str, now: float) -> float:
        drops, at = self._kept.get(key, (float(self.burst), now))
        return min(float(self.burst), drops + (now - at) * self.per_second)

    def _make_room(self, now: float) -> None:
        full = [key for key in self._kept if self._drops(key, now) >= self.burst]
        for key in full or list(self._kept):
            del self._kept[key]
