"""Who opened a mail or followed a link: a person's program, or a machine that looks before the person does.

Told by what the program calls itself. Mail programs that fetch pictures for a person who is reading (Gmail's
and Yahoo's proxies) count as that person; those that fetch every mail beforehand do not.
"""

from __future__ import annotations

import re

_BEFOREHAND = frozenset({"mozilla/5.0", "mozilla/5.0 (applemailproxy)"})
"""How Apple's mail privacy protection calls itself: it opens all mails, read or not."""

_PROXIES = re.compile(r"googleimageproxy|yahoomailproxy|ggpht\.com", re.IGNORECASE)
_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|scan|preview|headless|phantomjs|puppeteer|playwright|selenium|slurp|monitor|"
    r"barracuda|proofpoint|mimecast|messagelabs|symantec|ironport|fortinet|fortiguard|sophos|bitdefender|"
    r"trendmicro|cloudmark|avanan|zscaler|safelinks|urldefense|virustotal|facebookexternalhit|whatsapp|"
    r"telegram|slack|skype|curl/|wget|libwww|python|java/|okhttp|go-http|guzzle|axios|node-fetch|ruby|perl|"
    r"php/|httpclient|winhttp|apache-http",
    re.IGNORECASE,
)


def is_machine(user_agent: str) -> bool:
    """Whether what calls itself so looks at mails by itself; one that says nothing is taken for a person."""
    said = user_agent.strip()
    if said.lower() in _BEFOREHAND:
        return True
    return _PROXIES.search(said) is None and _MACHINES.search(said) is not None
