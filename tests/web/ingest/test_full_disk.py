"""A full disk: 503 with the time to come again; what was acknowledged is there, and nothing else."""

from __future__ import annotations

import resource
import subprocess
from pathlib import Path

from holdfast.settings import Settings
from web.live import arrived, make_key, service


def _child_of(pid: int, depth: int) -> int:
    """The process that is ``depth`` generations below; each has one child here."""
    for _ in range(depth):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        pid = int(told[0])
    return pid


def test_a2_a_full_disk_is_said_and_loses_nothing_that_was_acknowledged(workspace: Settings) -> None:
    key = make_key(workspace)
    text = "x" * 20_000
    room = 8_000_000  # no file of the service may grow beyond it: as if the disk ended there

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    taken: list[str] = []
    with service(workspace, before=small_disk) as shop:
        for number in range(1_000):
            batch = [
                {
                    "type": "track",
                    "userId": "u",
                    "event": "e",
                    "messageId": f"{number}-{i}",
                    "properties": {"t": text},
                }
                for i in range(20)
            ]
            answer = shop.call("/v1/batch", {"batch": batch}, key=key)
            if answer.status != 200:
                break
            taken += [event["messageId"] for event in batch]  # type: ignore[misc]
        assert (answer.status, answer.json["code"]) == (503, "disk_full")
        assert int(answer.headers["retry-after"]) > 0
        assert shop.call("/healthz").status == 200
        web = _child_of(shop.process.pid, 2)
        subprocess.run(["prlimit", "--pid", str(web), "--fsize=unlimited"], check=True)
        assert shop.call("/v1/batch", {"batch": batch}, key=key).status == 200
        taken += [event["messageId"] for event in batch]  # type: ignore[misc]
    kept = [event["messageId"] for call in arrived(workspace) for event in call["body"]["batch"]]
    assert kept == taken
    assert len(taken) > 100
