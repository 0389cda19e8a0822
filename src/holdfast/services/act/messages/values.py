"""What fields of messages mean: the values of a customer, and the names of all fields there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from holdfast.domain.channels import PREFERRED_TRAIT
from holdfast.domain.first_names import first_name_in
from holdfast.domain.masking import Kind
from holdfast.services.act.messages import bought
from holdfast.settings import Settings

OWN = ("name", "first_name", "last_name", "email", "phone", "company_name", *bought.FIELDS)
"""Fields that there always are, beside the traits; ``company_name`` is ours."""

_FIRST = ("first_name", "firstname", "given_name")
_LAST = ("last_name", "lastname", "family_name", "surname")
_LANGUAGES = ("language", "lang", "locale")
PERSONAL: dict[str, Kind] = {
    "name": "name", "first_name": "name", "firstname": "name", "given_name": "name", "last_name": "name",
    "lastname": "name", "family_name": "name", "surname": "name", "full_name": "name",
    "email": "email", "phone": "phone", "address": "address", "street": "address", "postcode": "address",
}  # fmt: skip
"""Fields that name a person, and how they are masked."""


def values_of(settings: Settings, unit_id: int) -> dict[str, object]:
    """The values of one customer's fields; ``{}`` beside our own where there is none of this number."""
    from holdfast.store.profile import profile

    known = profile(settings, unit_id)
    if known is None:
        return {"company_name": settings.name}
    email = known.emails[0] if known.emails else ""
    phone = known.phones[0] if known.phones else ""
    things = bought.of_unit(settings, unit_id)
    return values_from(settings, known.traits, email=email, phone=phone, things=things)


def values_from(
    settings: Settings,
    traits: Mapping[str, object],
    *,
    email: str = "",
    phone: str = "",
    things: bought.Bought | None = None,
) -> dict[str, object]:
    """The values of fields from what is known of a customer.

    A trait is reached by its own name and by that in small letters with underscores ("firstName" is
    ``first_name`` too). A first name is one that somebody stated, else the word of the whole name of which
    it is sure: "Dear Popescu" is worse than a fallback. ``things`` is what the customer bought; a trait of
    such a name says it louder.
    """
    values: dict[str, str] = {}
    for name, value in traits.items():
        values.setdefault(plain_name(name), str(value))
    values.update({name: str(value) for name, value in traits.items()})
    values["first_name"] = next((values[each] for each in _FIRST if values.get(each)), "")
    values["last_name"] = next((values[each] for each in _LAST if values.get(each)), "")
    if not values.get("name"):
        values["name"] = f"{values['first_name']} {values['last_name']}".strip()
    elif not values["first_name"] and settings.unit == "person":
        values["first_name"] = first_name_in(values["name"])
    said = {name: value for name, value in values.items() if value or name not in bought.FIELDS}
    return {**(things or {}), **said, "email": email, "phone": phone, "company_name": settings.name}


def masked_values(
    values: Mapping[str, object], mask: Callable[[Kind, str], str], cover: Callable[[str], str]
) -> dict[str, object]:
    """The values as somebody sees them: ``mask`` for what names a person, ``cover`` for all else."""
    return {name: _masked(name, value, mask, cover) for name, value in values.items()}


def _masked(
    name: str, value: object, mask: Callable[[Kind, str], str], cover: Callable[[str], str]
) -> object:
    if name in bought.FIELDS:  # products and categories are the company's own words
        return value
    kind = PERSONAL.get(plain_name(name))
    return cover(str(value)) if kind is None else mask(kind, str(value))


def language_from(traits: Mapping[str, object], usual: str) -> str:
    """The language in which a customer is written to: what they or we said, else the usual one."""
    for name, value in traits.items():
        if plain_name(name) in _LANGUAGES and (found := re.match(r"[A-Za-z]{2,3}", str(value).strip())):
            return found[0].lower()
    return usual


def known_fields(settings: Settings) -> tuple[str, ...]:
    """The names of all fields there are: our own, then the traits that anybody has."""
    from holdfast.store.trait_names import trait_names

    traits = [name for name in trait_names(settings) if name != PREFERRED_TRAIT]
    return tuple(dict.fromkeys((*OWN, *traits, *map(plain_name, traits))))


def plain_name(trait: str) -> str:
    """A trait's name in small letters with underscores."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", trait)
    return re.sub(r"[^\w.]+", "_", apart).casefold()
