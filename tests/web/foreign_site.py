"""A site of somebody else's, on another port, with a strict policy, in which a script of ours stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

POLICY = "default-src 'none'; script-src {host}; connect-src {host}; require-trusted-types-for 'script'"
PAGE = """<!doctype html><html lang="{lang}"{more}><head><meta charset="utf-8"><title>Shop</title></head>
<body><h1>Kettles</h1>{line}</body></html>"""


@contextmanager
def site(line: str, host: str, *, lang: str = "en", policy: str = POLICY) -> Iterator[str]:
    """Serve a page with ``line`` in it, that lets scripts come from ``host`` alone; where it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            more = ' dir="rtl"' if lang == "fa" else ""
            body = PAGE.format(lang=lang, line=line, more=more).encode() if self.path == "/" else b""
            self.send_response(200 if body else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy.format(host=host))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()
    thread.join(10)
