"""Whether receivers can believe mails of a domain: SPF, DKIM and DMARC, each with what is to be done.

The domain is that of the address that readers see (From). Its mails are signed for it, so that DMARC
aligns by DKIM; SPF is asked of the same domain, whose address is also the envelope's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from holdfast.domain.spf import Ask, NoAnswer, may_send_from, spf_records
from holdfast.domain.texts import Text

Proof = Literal["spf", "dkim", "dmarc"]
PROOFS: tuple[Proof, ...] = ("spf", "dkim", "dmarc")

PROOF_NAMES: Mapping[Proof, str] = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC"}

_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: under ``name`` the DNS says ``found``, and should say ``wanted``."""

    proof: Proof
    code: str
    name: str
    found: tuple[str, ...] = ()
    wanted: str = ""

    @property
    def passed(self) -> bool:
        """Whether it is as it should be."""
        return self.code == "passed"

    def as_json(self) -> dict[str, Any]:
        """To be kept."""
        return {"code": self.code, "name": self.name, "found": list(self.found), "wanted": self.wanted}


FINDING_WORDS: Mapping[str, Text] = {
    "passed": Text("It is as it should be."),
    "no_answer": Text("The DNS did not answer. Look again in a minute."),
    "missing": Text("There is no such record yet. Enter it where your domain is administered."),
    "several": Text("There are several records, so that receivers take none. Leave one."),
    "everybody": Text("The record lets every machine send. End it with -all or ~all."),
    "not_this_machine": Text(
        "The record does not name the machine that sends. Add it, or enter the machines from which your "
        "provider sends."
    ),
    "broken": Text("The record cannot be read, or asks receivers too many questions."),
    "no_machine": Text("The mail server has no address in the DNS. Check its name in the settings."),
    "no_key": Text("Mails are not signed yet. Make a key first."),
    "another_key": Text("The record holds another key than the one that signs."),
    "revoked": Text("The record says that the key was taken back."),
    "no_policy": Text("The record says no policy. Enter p=none, p=quarantine or p=reject."),
}
"""What a look found, by code, and what to do."""


def finding_from(proof: Proof, kept: Mapping[str, Any]) -> Finding:
    """A finding as it was kept."""
    return Finding(proof, kept["code"], kept["name"], tuple(kept["found"]), kept["wanted"])


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mails these are: the ``domain``, the mail server's name, the machines from which mails leave
    (none: those of the server), and the key that signs: its selector and what the DNS is to say of it.
    """

    domain: str
    host: str
    machines: tuple[str, ...] = ()
    selector: str = ""
    public: str = ""


def look(sender: Sender, ask: Ask) -> tuple[Finding, ...]:
    """What the DNS says about a sender's domain: one finding per proof, in order."""
    return tuple(
        _or_no_answer(proof, name, each, sender, ask)
        for proof, name, each in (
            ("spf", sender.domain, _spf),
            ("dkim", f"{sender.selector}._domainkey.{sender.domain}", _dkim),
            ("dmarc", f"_dmarc.{sender.domain}", _dmarc),
        )
    )


def _or_no_answer(proof: Any, name: str, judge: Any, sender: Sender, ask: Ask) -> Finding:
    try:
        found: Finding = judge(sender, name, ask)
    except NoAnswer:
        return Finding(proof, "no_answer", name)
    return found


def _spf(sender: Sender, name: str, ask: Ask) -> Finding:
    records = tuple(spf_records(name, ask))
    wanted = f"v=spf1 a:{sender.host} ~all"
    if len(records) != 1:
        return Finding("spf", "several" if records else "missing", name, records, wanted)
    machines = sender.machines or (*ask(sender.host, "A"), *ask(sender.host, "AAAA"))
    if not machines:
        return Finding("spf", "no_machine", name, records, wanted)
    if may_send_from("192.0.2.1", name, ask) == "pass":  # an address of documentation: nobody's
        return Finding("spf", "everybody", name, records, wanted)
    verdicts = {may_send_from(machine, name, ask) for machine in machines}
    if "permerror" in verdicts:
        return Finding("spf", "broken", name, records, wanted)
    passed = verdicts == {"pass"}
    return Finding("spf", "passed" if passed else "not_this_machine", name, records, "" if passed else wanted)


def _dkim(sender: Sender, name: str, ask: Ask) -> Finding:
    if not sender.public or not sender.selector:
        return Finding("dkim", "no_key", sender.domain)
    records = tuple(each for each in ask(name, "TXT") if "p" in tags(each))
    if not records:
        return Finding("dkim", "missing", name, (), sender.public)
    if len(records) > 1:
        return Finding("dkim", "several", name, records, sender.public)
    found, ours = tags(records[0]), tags(sender.public)
    if not found["p"]:
        return Finding("dkim", "revoked", name, records, sender.public)
    same = found["p"] == ours["p"] and found.get("k", "rsa") == ours.get("k", "rsa")
    if not same:
        return Finding("dkim", "another_key", name, records, sender.public)
    return Finding("dkim", "passed", name, records)


def _dmarc(sender: Sender, name: str, ask: Ask) -> Finding:
    """The policy of the domain, or of the nearest above it that has one."""
    wanted = "v=DMARC1; p=none"
    labels = sender.domain.split(".")
    for first in range(min(len(labels) - 1, _MOST_LABELS)):
        above = f"_dmarc.{'.'.join(labels[first:])}"
        records = tuple(each for each in ask(above, "TXT") if _is_dmarc(each))
        if len(records) > 1:
            return Finding("dmarc", "several", above, records, wanted)
        if records:
            told = tags(records[0])
            policy = (told.get("sp") if first and "sp" in told else told.get("p", "")) or ""
            known = policy.lower() in ("none", "quarantine", "reject")
            return Finding(
                "dmarc", "passed" if known else "no_policy", above, records, "" if known else wanted
            )
    return Finding("dmarc", "missing", name, (), wanted)


def _is_dmarc(record: str) -> bool:
    return record.replace(" ", "").lower().startswith("v=dmarc1")


def tags(record: str) -> dict[str, str]:
    """``v=DKIM1; k=rsa; p=...`` as a dictionary, without blanks."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        name, sign, value = part.partition("=")
        if sign:
            found.setdefault(name.strip().lower(), "".join(value.split()))
    return found


def all_passed(findings: Sequence[Finding]) -> bool:
    """Whether receivers can believe mails of the domain."""
    return len(findings) == len(PROOFS) and all(each.passed for each in findings)
