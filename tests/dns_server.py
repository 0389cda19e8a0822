"""A DNS server of our own in a process of its own, on loopback: it answers what a file of records says.

The file is read at each question, so that a test enters a record as somebody would at their provider.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Records = Mapping[str, Mapping[str, Sequence[str]]]
"""name -> kind ("TXT", "A", "MX") -> values as a zone file has them; kind "SERVFAIL" breaks the name."""


@dataclass(frozen=True)
class DnsServer:
    """Where it answers, and what it says."""

    address: str
    file: Path

    def say(self, records: Records) -> None:
        """Answer this from now on, and nothing else."""
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(records))
        beside.rename(self.file)


@contextmanager
def serving(folder: Path) -> Iterator[DnsServer]:
    """A server without records, gone at the end."""
    file = folder / "records.json"
    file.write_text("{}")
    process = subprocess.Popen([sys.executable, __file__, str(file)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield DnsServer(f"127.0.0.1:{int(process.stdout.readline())}", file)
    finally:
        process.kill()
        process.communicate()


def _serve(file: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        print(door.getsockname()[1], flush=True)
        while True:
            question, who = door.recvfrom(4_096)
            door.sendto(_answer(question, json.loads(file.read_text())), who)


def _answer(question: bytes, records: Records) -> bytes:
    import dns.flags
    import dns.message
    import dns.rcode
    import dns.rdatatype
    import dns.rrset

    asked = dns.message.from_wire(question)
    answer = dns.message.make_response(asked, recursion_available=True)
    name, kind = asked.question[0].name, dns.rdatatype.to_text(asked.question[0].rdtype)
    told = {each.lower(): found for each, found in records.items()}.get(str(name).rstrip(".").lower())
    if told is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    elif "SERVFAIL" in told:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif values := told.get(kind):
        answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", kind, list(values)))
    return answer.to_wire()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
