"""E2: what corrections teach is used where it is clearly better, and taken back when somebody says so."""

from __future__ import annotations

import pytest

from holdfast.services.understand import corrections, naming
from holdfast.services.understand.corrections import Meant
from holdfast.services.understand.facts import read_again
from holdfast.services.understand.reading import LiveReading
from holdfast.settings import Settings
from holdfast.store import readings, sql, text_layers
from wrote import NOW_US, arrives, found_right, wrote

BURNT = ("burnt", "scorched", "charred", "like ashes", "like coal", "over-roasted")
WHAT = ("The beans", "My coffee", "This bag", "The espresso", "Every cup", "The last delivery")
PRAISE = ("is lovely", "tastes wonderful", "made my morning", "smells great", "is just right", "was a treat")


def test_too_few_corrections_teach_nothing(workspace: Settings) -> None:
    wrote(workspace, ("C1", "Message Received", "The beans taste burnt."))
    ((number,),) = sql.read("SELECT id FROM text_reading")
    found_right(workspace, number, by="ann", now_us=NOW_US)
    assert corrections.learn_from_corrections(workspace, now_us=NOW_US) == []
    assert text_layers.listed(workspace) == []


def test_what_another_release_learnt_is_left_and_the_phrases_read(workspace: Settings) -> None:
    text_layers.keep(workspace, "en", corrections=60, figures={}, layer="AAAA", now_us=NOW_US)
    wrote(workspace, ("C1", "Message Received", "Two weeks and still no reply."))
    assert newest(workspace).causes == ("slow_response",)


@pytest.mark.long
def test_e2_a_cause_of_ones_own_is_learnt_used_and_taken_back(workspace: Settings) -> None:
    made = naming.add(workspace, "Tastes burnt", "product", language="en", by="ann", now_us=NOW_US)
    burnt = [f"{what} taste {how}, I threw them away." for what in WHAT for how in BURNT]
    praise = [f"{what} {how}, thank you for that." for what in WHAT for how in PRAISE]
    wrote(workspace, *((f"C{n}", "Message Received", said) for n, said in enumerate(burnt + praise)))
    for number, said in sql.read(
        "SELECT r.id, t.text FROM text_reading r JOIN customer_text t ON t.event_key = r.event_key"
    ):
        meant = Meant("negative", (made,)) if said in burnt else Meant("positive")
        corrections.correct(workspace, number, meant, by="ann", now_us=NOW_US)
    wrote(workspace, ("X", "Message Received", "The new bag taste charred, I threw it all away."))
    assert corrections.learn_from_corrections(workspace, now_us=NOW_US) == ["en"]
    assert corrections.learn_from_corrections(workspace, now_us=NOW_US) == []  # nothing new since
    (layer,) = text_layers.in_use(workspace)
    assert layer.figures["causes"]["on"]
    assert layer.figures["causes"]["learnt"] > layer.figures["causes"]["phrases"]
    assert read_again(workspace, now_us=NOW_US) == 1
    assert newest(workspace).causes == (made,)
    arrives(workspace, ("Y", "Message Received", "My coffee taste scorched, I threw it all away."))
    LiveReading().read_new(workspace, now_us=NOW_US)
    assert newest(workspace).causes == (made,)
    corrections.read_by_phrases(workspace, "en", by="ann", now_us=NOW_US)
    read_again(workspace, now_us=NOW_US)
    assert made not in newest(workspace).causes
    assert readings.counts(workspace).corrected == len(burnt) + len(praise)


def newest(settings: Settings) -> readings.Reading:
    ((number,),) = sql.read("SELECT MAX(id) FROM text_reading")
    found = readings.reading(settings, number)
    assert found is not None
    return found
