"""Pages within an area: the palette finds them, tabs lead to them."""

from __future__ import annotations

from holdfast.domain.texts import Text
from holdfast.web.place import Place

_FORESEE, _CUSTOMERS, _UNDERSTAND = Text("Foresee"), Text("Customers"), Text("Understand")
_REPORTS, _WARN = Text("Reports"), Text("Warn")
_ACT = Text("Act")
_TASKS = Text("Tasks")

FURTHER: tuple[Place, ...] = (
    Place(
        "attention",
        Text("Our attention"),
        Text("Who was not contacted, and who gets contact against who brings money."),
        "people",
        under=_WARN,
    ),
    Place(
        "contact_points",
        Text("Contact points"),
        Text("Addresses that came back, are stale or missing."),
        "phone",
        under=_CUSTOMERS,
        key="p",
    ),
    Place(
        "plays",
        Text("Plays"),
        Text("What is done for customers by itself: who is in which play, and what it is worth."),
        "act",
        under=_ACT,
    ),
    Place(
        "contact_calendar",
        Text("Contact calendar"),
        Text("What goes to how many on which day, issues of newsletters, holidays and dates of your own."),
        "clock",
        under=_ACT,
    ),
    Place(
        "contact_plan",
        Text("Plan per segment"),
        Text("How often each segment hears of you, who hears too much or nothing, what greetings cost."),
        "people",
        under=_ACT,
    ),
    Place(
        "surveys",
        Text("Questions"),
        Text("What plays asked customers, and what they answered."),
        "star",
        under=_ACT,
    ),
    Place(
        "changes",
        Text("Changes of ours"),
        Text("What we change: whom it concerns, who was told, and what came of it."),
        "flag",
        under=_ACT,
    ),
    Place(
        "templates",
        Text("Templates"),
        Text("Messages in blocks, in every language you write in."),
        "mail",
        under=_ACT,
    ),
    Place(
        "sign_up_forms",
        Text("Sign-up forms"),
        Text("Forms by which people sign up for news, and how many confirmed."),
        "mail",
        under=_ACT,
    ),
    Place(
        "team",
        Text("Workload"),
        Text("What waits for each of you, and handing it over."),
        "people",
        under=_TASKS,
    ),
    Place(
        "team_report",
        Text("What was done"),
        Text("Calls and tasks week by week, what came of them, and who stayed."),
        "measure",
        under=_TASKS,
    ),
    Place(
        "scripts",
        Text("Scripts"),
        Text("What to say on an occasion, in each language."),
        "note",
        under=_TASKS,
    ),
    Place(
        "practice",
        Text("Practice"),
        Text("What a week is about, questions about what you sell, who learns beside whom."),
        "star",
        under=_TASKS,
    ),
    Place(
        "needs",
        Text("What they need"),
        Text("What is known of it and what is not."),
        "note",
        under=_CUSTOMERS,
    ),
    Place(
        "duplicates",
        Text("Duplicates"),
        Text("Who may be the same customer."),
        "people",
        under=_CUSTOMERS,
        key="d",
    ),
    Place("merges", Text("Merges"), Text("Who was merged, to be undone."), "undo", under=_CUSTOMERS),
    Place(
        "fit",
        Text("Fit with the ideal customer"),
        Text("Which prospects look like your best customers."),
        "star",
        under=Text("Segments"),
    ),
    Place(
        "exports", Text("Files"), Text("What was exported, ready to be fetched."), "export", under=_REPORTS
    ),
    Place(
        "backtest",
        Text("Would we have known?"),
        Text("Past dates foreseen with only what was known then."),
        "clock",
        under=_FORESEE,
    ),
    Place("model", Text("The model"), Text("What foresees, and how well."), "measure", under=_FORESEE),
    Place(
        "criteria", Text("When to act"), Text("From which risk on your team acts."), "target", under=_FORESEE
    ),
    Place(
        "common",
        Text("In common"),
        Text("What those who left have in common, beyond chance."),
        "people",
        under=_UNDERSTAND,
    ),
    Place(
        "journey",
        Text("Journey"),
        Text("The steps of customers, and where they are lost."),
        "on",
        under=_UNDERSTAND,
    ),
    Place(
        "outside",
        Text("Outside factors"),
        Text("Season, holidays and shocks told apart from own faults; the log of outside events."),
        "clock",
        under=_UNDERSTAND,
    ),
    Place(
        "health",
        Text("Health"),
        Text("How the score is made, and one of your own."),
        "measure",
        under=_FORESEE,
    ),
    Place(
        "texts",
        Text("Texts"),
        Text("What customers wrote, what was read in it, and what a person should look at."),
        "chat",
        under=_UNDERSTAND,
    ),
    Place(
        "text_words",
        Text("Causes and competitors"),
        Text("By which words texts are read, and what corrections taught."),
        "note",
        under=_UNDERSTAND,
    ),
    Place(
        "reasons",
        Text("Reasons, graded"),
        Text("Each reason for which customers leave, graded from your own data."),
        "flag",
        under=_UNDERSTAND,
    ),
)
