"""What the customer told us in figures: surveys, ratings, reviews."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import Feature, FeatureFamily, Over
from holdfast.analytics.feature_parts import (
    YEAR,
    all_of,
    count,
    difference,
    in_days,
    known,
    last_score,
    last_time,
    named,
    part,
    score,
    told,
)
from holdfast.analytics.spec import Column, equals
from holdfast.domain.texts import Text

_ANSWERED = named("Survey Answered")
_RATED = all_of(named("Product Reviewed"), known("score"))
_TOLD = named("Survey Answered", "Ticket Rated", "Product Reviewed")

_EXAMPLE = told(
    "ann grew unhappy, bob says nothing, cid is content",
    """
    ann  2023-09-01  Survey_Sent code=nps
    ann  2023-09-02  Survey_Answered code=nps score=9
    ann  2024-05-01  Survey_Sent code=nps
    ann  2024-05-02  Survey_Answered code=nps score=3
    ann  2024-05-04  Ticket_Rated id=T1 score=2
    ann  2024-05-06  Product_Reviewed product=tea score=5
    ann  2024-05-07  Product_Reviewed product=cup score=2
    bob  2024-05-01  Survey_Sent code=nps
    bob  2024-06-01  Survey_Sent code=nps
    cid  2024-06-01  Survey_Answered code=csat score=4.5
    cid  2024-06-01  Survey_Answered code=ces score=7
    """,
    date(2024, 7, 1),
)

FAMILY = FeatureFamily(
    "feedback",
    Text("Feedback"),
    (
        Feature(
            "recommends",
            Text("Would recommend us (last answer)"),
            Text("The last answer to whether the customer would recommend us, 0 to 10."),
            "score",
            "feedback",
            {"last": last_score(all_of(_ANSWERED, equals("code", "nps")))},
            score("last"),
            examples=_EXAMPLE(ann=3, bob=None, cid=None),
        ),
        Feature(
            "satisfied",
            Text("Satisfied with us (last answer)"),
            Text("The last answer to how satisfied the customer is, on the survey's own scale."),
            "score",
            "feedback",
            {"last": last_score(all_of(_ANSWERED, equals("code", "csat")))},
            score("last"),
            examples=_EXAMPLE(ann=None, bob=None, cid=4.5),
        ),
        Feature(
            "effort",
            Text("How easy it was (last answer)"),
            Text("The last answer to how easy something was with us, on the survey's own scale."),
            "score",
            "feedback",
            {"last": last_score(all_of(_ANSWERED, equals("code", "ces")))},
            score("last"),
            examples=_EXAMPLE(ann=None, bob=None, cid=7),
        ),
        Feature(
            "ticket_rating",
            Text("Last rating of a ticket"),
            Text("How the customer last rated the way in which a ticket was solved."),
            "score",
            "feedback",
            {"last": last_score(named("Ticket Rated"))},
            score("last"),
            examples=_EXAMPLE(ann=2, bob=None, cid=None),
        ),
        Feature(
            "review_rating",
            Text("Average rating in the customer's reviews"),
            Text("The mean rating of all products that the customer has reviewed."),
            "score",
            "feedback",
            {"ratings": Over("sum", Column("score"), _RATED), "reviews": count(_RATED)},
            part("ratings", "reviews"),
            examples=_EXAMPLE(ann=3.5, bob=None, cid=None),
        ),
        Feature(
            "days_since_feedback",
            Text("Time since the last feedback"),
            Text("Days since the customer last answered a survey, rated a ticket or wrote a review."),
            "days",
            "feedback",
            {"since": last_time(_TOLD)},
            in_days("since"),
            examples=_EXAMPLE(ann=55, bob=None, cid=30),
        ),
        Feature(
            "surveys_unanswered_364",
            Text("Surveys left unanswered in the last year"),
            Text("Surveys that we sent in 52 weeks, less the answers that came back."),
            "count",
            "feedback",
            {"sent": count(named("Survey Sent"), YEAR), "answered": count(_ANSWERED, YEAR)},
            difference("sent", "answered"),
            window_days=YEAR,
            examples=_EXAMPLE(ann=0, bob=2, cid=0),
        ),
    ),
    watch=("Survey Answered", "Survey Sent", "Ticket Rated", "Product Reviewed"),
)
