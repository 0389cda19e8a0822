"""What is known about two customers who may be one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said about one customer, as it was said: every value of all ids that are this customer.

    ``kind`` is "person" or "account".
    """

    unit_id: int
    kind: str = "person"
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()


TRAITS: dict[str, str] = {
    "name": "names",
    "birth_date": "birth_dates",
    "birthday": "birth_dates",
    "date_of_birth": "birth_dates",
    "address": "addresses",
    "street": "addresses",
    "address.street": "addresses",
    "postcode": "postcodes",
    "postal_code": "postcodes",
    "zip": "postcodes",
    "address.postalCode": "postcodes",
    "address.postal_code": "postcodes",
    "city": "cities",
    "address.city": "cities",
    "country": "countries",
    "address.country": "countries",
    "gender": "genders",
}
"""Which traits say what: those of files, and those of calls in the Segment format."""
