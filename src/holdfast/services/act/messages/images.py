"""Pictures for messages: taken by what is in them, small enough for a mail, named by their content."""

from __future__ import annotations

from hashlib import sha256
from typing import BinaryIO

from holdfast.domain.documents import clean_name, found_type
from holdfast.domain.pictures import MEDIA_TYPES, MOST_BYTES, kind_of, size_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import message_images
from holdfast.store.message_images import Image

IMAGES_PATH = "/m/i/"
"""Where pictures are served; their name follows."""


def add_image(settings: Settings, name: str, file: BinaryIO, *, by: str, now_us: int) -> Image:
    """Keep a picture. The same one again is the same.

    Refuses what is too large ("image_too_large") and what no mail program shows everywhere ("bad_image").
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise too_large(max(file.seek(0, 2), len(content)))
    kind = kind_of(content)
    if not kind:
        raise _no_image(name, file)
    width, height = size_of(content)
    title = clean_name(name) or f"picture.{kind}"
    stored = f"{sha256(content).hexdigest()[:40]}.{kind}"
    image = Image(stored, title, MEDIA_TYPES[kind], len(content), width, height)
    message_images.keep(settings, image, content, by=by, now_us=now_us)
    return image


def too_large(size: int) -> Refusal:
    """The refusal of a picture that is too large for a mail."""
    return Refusal(
        "image_too_large",
        found=Text("The picture has {found} MB.", found=round(size / 1_000_000, 1)),
        expected=Text(
            "At most {most} MB: a mail is read on phones, over their connection.",
            most=MOST_BYTES // 1_000_000,
        ),
        remedy=Text("Make it 1,200 pixels wide at most and save it as JPEG; nothing was kept."),
    )


def _no_image(name: str, file: BinaryIO) -> Refusal:
    return Refusal(
        "bad_image",
        found=Text(
            "“{name}” holds no PNG, JPEG or GIF ({found}).",
            name=clean_name(name)[:60],
            found=found_type(file),
        ),
        expected=Text("A picture that every mail program shows: PNG, JPEG or GIF."),
        remedy=Text("Save the picture as PNG or JPEG and choose it again; nothing was kept."),
    )
