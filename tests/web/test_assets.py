"""The files that every page needs: hashed, cached for ever, compressed, and small."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client


def test_an_asset_is_cached_for_ever_under_a_name_of_its_content(visitor: Client) -> None:
    from holdfast.web.assets import asset_url

    url = asset_url("base.css")
    assert re.fullmatch(r"/static/base\.[0-9a-f]{12}\.css", url)
    answer = visitor.get(url)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert visitor.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_an_asset_is_compressed_where_the_browser_takes_it(visitor: Client) -> None:
    from holdfast.web.assets import asset, asset_url

    packed = visitor.get(asset_url("base.css"), headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.content) == asset("base.css").content
    assert "Content-Encoding" not in visitor.get(asset_url("base.css"))


def test_only_our_files_under_their_own_names_are_served(visitor: Client) -> None:
    for name in ("base.css", "base.000000000000.css", "..%2Fsettings.py", "secret"):
        assert visitor.get(f"/static/{name}").status_code == 404


def test_serving_an_asset_asks_the_database_nothing(visitor: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from holdfast.web.assets import asset_url

    with CaptureQueriesContext(connection) as asked:
        visitor.get(asset_url("htmx.js"))
    assert len(asked) == 0


def test_the_look_is_served_as_it_was_designed() -> None:
    from holdfast.web.assets import asset

    css = asset("base.css").content.decode() + asset("pages.css").content.decode()
    code = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    assert not re.search(r"[;{\s](left|right|margin-left|margin-right|padding-left|padding-right):", code)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", code)


def test_the_first_view_weighs_less_than_100_kb(visitor: Client) -> None:
    from holdfast.web.assets import SOURCES, asset

    page = gzip.compress(visitor.get("/sign-in").content)
    assert len(page) + sum(len(asset(name).compressed) for name in SOURCES) < 100_000
