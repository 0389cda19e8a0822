"""Templates of messages, the places of blocks in them, and pictures: pure."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain import block_edits as edits
from holdfast.domain import templates as t
from holdfast.domain.blocks import Block, Content, every
from holdfast.domain.pictures import kind_of, size_of
from holdfast.domain.refusals import Refusal

HELLO: dict[str, Any] = {
    "subject": "Hi",
    "preheader": "",
    "blocks": [{"block": "text", "words": "Hi {{ plan | x }}"}],
}


def body(**more: Any) -> dict[str, Any]:
    return {"variants": {"a": {"en": HELLO, "fa": HELLO}}, "fallback": ["en"], "campaign": {}} | more


def test_a_body_is_read_and_written_back_alike() -> None:
    written = body(fallback=["ro", "en"], campaign={"utm_source": "holdfast"})
    read = t.parse_body(written)
    assert t.body_as_json(read) == written
    assert t.fields_in(read) == ("plan",)


@pytest.mark.parametrize(
    ("wanted", "gets"), [("fa", "fa"), ("en-GB", "en"), ("fa-IR", "fa"), ("de", "en"), ("", "en")]
)
def test_who_reads_none_of_the_languages_gets_the_first_of_the_fallback(wanted: str, gets: str) -> None:
    assert t.parse_body(body()).language_for(wanted) == gets
    assert t.parse_body(body(fallback=["ro", "fa"])).language_for("de") == "fa"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ([], "template"),
        (body(more=1), "template"),
        (body(variants={"b": {}}), "variants"),
        (body(variants={"a": {}, "c": {}}), "variants.c"),
        (body(variants={"a": {"English": HELLO}}), "variants.a"),
        (body(variants={"a": {"en": {"subject": 1}}}), "variants.a.en.subject"),
        (body(fallback="en"), "fallback"),
        (body(campaign={"gclid": "x"}), "campaign.gclid"),
        (body(campaign={"utm_source": "x\n"}), "campaign.utm_source"),
    ],
)
def test_what_is_no_body_is_refused_with_its_place(written: object, place: str) -> None:
    with pytest.raises(Refusal) as refused:
        t.parse_body(written)
    assert f"at {place}:" in str(refused.value.found)


def test_half_of_the_customers_get_each_variant_and_always_the_same() -> None:
    two = t.parse_body(body(variants={"a": {"en": HELLO}, "b": {"en": HELLO}}))
    got = [t.variant_of(two, "offer", unit) for unit in range(10_000)]
    assert 4_700 < got.count("a") < 5_300
    assert got == [t.variant_of(two, "offer", unit) for unit in range(10_000)]
    assert t.variant_of(two, "offer", None) == "a"
    assert t.variant_of(t.parse_body(body()), "offer", 7) == "a"


TEXT = st.builds(lambda words: Block("text", words=words), st.text(min_size=1, max_size=3))
COLUMNS = st.builds(
    lambda columns: Block("columns", columns=columns),
    st.tuples(*[st.lists(TEXT, max_size=3).map(tuple)] * 2),
)
BLOCKS = st.lists(st.one_of(TEXT, COLUMNS), max_size=5).map(tuple)
PLACES = st.one_of(
    st.tuples(st.integers(0, 6)), st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 4))
)


@given(BLOCKS, PLACES, st.sampled_from((-1, 1)))
def test_moving_loses_no_block_and_moving_back_restores(
    blocks: tuple[Block, ...], place: tuple[int, ...], by: int
) -> None:
    after, to = edits.moved(blocks, place, by)
    alone = [sorted(str(replace(each, columns=())) for each in every(some)) for some in (after, blocks)]
    assert alone[0] == alone[1]
    assert edits.block_at(after, to) == edits.block_at(blocks, place)
    if to != place and to[:-1] == place[:-1]:  # no further than to an end
        assert edits.moved(after, to, place[-1] - to[-1]) == (blocks, place)


@given(BLOCKS, PLACES)
def test_what_is_added_can_be_taken_out_again(blocks: tuple[Block, ...], place: tuple[int, ...]) -> None:
    new = Block("divider")
    after = edits.added(blocks, place, new)
    found = sum(1 for _ in every(after)) - sum(1 for _ in every(blocks))
    assert found in (0, 1)  # 0: the column is not there
    if edits.block_at(after, place) == new and found:
        assert edits.removed(after, place) == blocks
    assert edits.changed(blocks, place, new) == blocks or edits.block_at(blocks, place) is not None


@pytest.mark.parametrize(
    ("written", "place"),
    [("3", (3,)), ("3.0.1", (3, 0, 1)), ("", None), ("1.2", None), ("-1", None), ("٣", None)],
)
def test_places_are_read(written: str, place: tuple[int, ...] | None) -> None:
    assert edits.place_of(written) == place
    if place is not None:
        assert edits.written_place(place) == written


def test_content_can_be_put_in_and_taken_out_of_a_body() -> None:
    read = t.parse_body(body())
    more = read.with_content("ro", Content("Salut"))
    assert more.languages() == ("en", "fa", "ro")
    assert more.without("ro") == read


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 20, 10)
JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 4)
    + b"xx"
    + b"\xff\xc0"
    + struct.pack(">HBHH", 11, 8, 300, 400)
    + b"\0" * 9
)


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (PNG, "png", (640, 480)),
        (GIF, "gif", (20, 10)),
        (JPEG, "jpg", (400, 300)),
        (b"\xff\xd8\xff", "jpg", (0, 0)),
        (b"RIFF....WEBP", "", (0, 0)),
        (b"<svg>", "", (0, 0)),
        (b"", "", (0, 0)),
    ],
)
def test_pictures_are_known_by_what_is_in_them(content: bytes, kind: str, size: tuple[int, int]) -> None:
    assert kind_of(content) == kind
    assert size_of(content) == size
