"""Health on its pages: derived from the risk, its dimensions, what moved it, and a score of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.health import DIMENSIONS
from holdfast.services.foresee import reading
from holdfast.settings import Settings
from holdfast.store import health_samples
from web import warned

if TYPE_CHECKING:
    from django.test import Client

WEIGHTS = dict.fromkeys(DIMENSIONS, "0")


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def ioana(served: Settings) -> int:
    """Ioana, whose use fell in a week: her unit."""
    from holdfast.store.models import RiskHistory, RiskScore, RiskScoring

    unit = warned.company(served)["ioana"]
    now = {"use": 1.2, "money": -0.3, "payment": 0.0, "season": 0.4}
    RiskScore.objects.filter(unit_id=unit).update(risk=0.4, dimensions=json.dumps(now))
    before = json.dumps({**now, "use": 0.2})
    RiskHistory.objects.create(unit_id=unit, day=19_990, risk=0.2, dimensions=before)
    RiskScoring.objects.create(
        id=1, as_of_day=20_000, horizon_days=90, model_version=1, base_risk=0.1, computed_us=1
    )
    return unit


def samples(settings: Settings) -> None:
    """Past customers of whom those left whose use had fallen; their payments said nothing."""
    left = [1] * 30 + [0] * 70
    effects = {
        "use": [2.0 if gone else -1.0 for gone in left],
        "payment": [(-1.0) ** place for place in range(100)],
    }
    kept = {"base": 0.3, "effects": effects, "risk": [0.6 if gone else 0.2 for gone in left], "left": left}
    health_samples.save_samples(settings, {19_000: kept})


def test_health_stands_with_its_dimensions_and_what_moved_it(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    text = text_of(signed_in(), f"/customers/{ioana}")
    card = text[text.index('id="health"') :].split("</section>")[0]
    assert '<span class="stat-value">60</span>' in card
    assert "the average customer: 90" in card
    assert "−20 points since 27 September 2024." in card
    assert "Use: " in card
    for said in ("like the average", "below the average", "above the average"):
        assert said in card, said
    assert card.count("health-bar") == 3  # season is no dimension, and of the others nothing is known


def test_health_follows_the_thresholds_of_the_team(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    reading.save_criteria(served, reading.Criteria(act_from=0.4, watch_from=0.1))
    text = text_of(signed_in(), f"/customers/{ioana}")
    assert '<span class="stat-value">50</span>' in text
    page = text_of(signed_in("agent"), "/foresee/health")
    assert "From here down your team acts." in page
    assert "40%" in page


def test_an_own_score_is_tried_on_the_past_kept_and_shown_under_its_name(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    samples(served)
    client, wanted = signed_in("manager"), {**WEIGHTS, "name": "Unser Puls", "use": "3"}
    text = client.post("/foresee/health/own", {**wanted, "try": "1"}).content.decode()
    assert "This is only tried." in text
    assert "about as well as" in text
    assert reading.read_criteria(served).own_health is None
    assert client.post("/foresee/health/own", wanted).status_code == 302
    own = reading.read_criteria(served).own_health
    assert own is not None
    assert own.name == "Unser Puls"
    assert "<dt><bdi>Unser Puls</bdi></dt>" in text_of(client, f"/customers/{ioana}")
    reading.save_criteria(served, reading.Criteria(act_from=0.6))
    assert reading.read_criteria(served).own_health == own, "the thresholds do not take it away"
    client.post("/foresee/health/own", {"forget": "1"})
    assert reading.read_criteria(served).own_health is None


def test_a_score_that_is_worse_says_so(signed_in: Callable[..., Client], served: Settings) -> None:
    samples(served)
    wanted = {**WEIGHTS, "name": "Payments", "payment": "1", "try": "1"}
    text = signed_in().post("/foresee/health/own", wanted).content.decode()
    assert "Your score names leavers <b>worse</b> than the health from the risk." in text
    assert "100 customers of past dates, of whom 30 left" in text


def test_without_past_customers_the_record_is_not_clear(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    wanted = {**WEIGHTS, "name": "Payments", "payment": "1", "try": "1"}
    assert "Not clear yet" in signed_in().post("/foresee/health/own", wanted).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"use": "much"}, "use"),
        ({"use": "-1"}, "use"),
        ({"use": "0"}, "use"),
        ({"use": "inf"}, "use"),
    ],
)
def test_what_weighs_nothing_is_refused(
    signed_in: Callable[..., Client], served: Settings, typed: dict[str, str], field: str
) -> None:
    answer = signed_in().post("/foresee/health/own", {**WEIGHTS, "name": "Mine", "use": "1", **typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert reading.read_criteria(served).own_health is None


def test_the_list_of_customers_at_risk_names_the_health(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    assert "health 60" in text_of(signed_in(), "/foresee")
