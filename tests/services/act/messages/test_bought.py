"""G4: content that fits what was bought: fields and conditions of messages that ask for it."""

from __future__ import annotations

import pytest

from holdfast.domain.merge_fields import Several, render
from holdfast.services.act.messages import bought, values
from holdfast.settings import Settings
from holdfast.store import readers
from holdfast.store.readers import Product
from services.act.people import call, known, subject


def test_a_value_of_many_words_is_asked_by_one_of_them() -> None:
    things = {"bought": Several(("Kettle", "Green tea"), frozenset({"kitchen", "tea", "p1"}))}
    asked = "{{#if bought = TEA}}tea{{else}}none{{/if}}{{#unless bought = coffee}}, no coffee{{/unless}}"
    assert render(asked, things) == "tea, no coffee"
    assert render("{{ bought }}", things) == "Kettle, Green tea"
    assert render("{{#if bought = kettle}}k{{/if}}{{#if bought}}!{{/if}}", things) == "k!"
    assert render("{{#if bought = tea}}tea{{else}}none{{/if}}", {}) == "none"
    assert render("{{#if bought}}some{{else}}none{{/if}}", {"bought": Several()}) == "none"


def test_what_a_customer_bought_is_a_field_and_who_bought_nothing_has_none(
    base: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("ann", "ben"):
        known(base, who, f"{who}@example.org")
    told = [Product("p1", "Kettle", "Kitchen", None, ""), Product("p2", "Green tea", "Tea", None, "")]
    monkeypatch.setattr(readers, "products", lambda settings: told)
    for product in ("p1", "p2", "p3"):
        call(
            base,
            {
                "type": "track",
                "userId": "ann",
                "event": "Order Completed",
                "properties": {"product_id": product},
            },
        )
    ann, ben = subject(base, "ann"), subject(base, "ben")
    found = bought.of_units(base, {ann, ben})
    assert set(found) == {ann}
    said = values.values_of(base, ann)
    asked = (
        "{{#if bought = kitchen}}Clean it.{{/if}} {{#if bought = P2}}Brew.{{/if}}{{#if bought = car}}!{{/if}}"
    )
    assert render(asked, said) == "Clean it. Brew."
    assert set(str(said["bought"]).split(", ")) == {"Kettle", "Green tea", "p3"}
    assert "bought" not in values.values_of(base, ben)
    assert values.values_from(base, {"last_product": "Pot"}, things=found[ann])["last_product"] == "Pot"
    assert bought.names_any(["name", "bought"]) and not bought.names_any(["name"])


def test_a_first_name_is_taken_from_the_name_of_a_person_and_never_of_a_company(base: Settings) -> None:
    traits = {"name": "Niamh Byrne"}
    assert values.values_from(base, traits)["first_name"] == "Niamh"
    stated = values.values_from(base, {**traits, "firstName": "Nia"})
    assert stated["first_name"] == "Nia"
    assert values.values_from(base, {"name": "Byrne"})["first_name"] == ""
