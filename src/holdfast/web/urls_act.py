"""Addresses of what is done for customers: plays, messages, templates, changes of ours, surveys, forms."""

from __future__ import annotations

from django.urls import path

from holdfast.web.pages.calendar import acts as calendar_acts
from holdfast.web.pages.calendar import plan as calendar_plan
from holdfast.web.pages.calendar import view as calendar
from holdfast.web.pages.changes import acts as change_acts
from holdfast.web.pages.changes import form as change_form
from holdfast.web.pages.changes import view as changes
from holdfast.web.pages.forms import view as forms
from holdfast.web.pages.outbox import view as outbox
from holdfast.web.pages.plays import acts as play_acts
from holdfast.web.pages.plays import edit_acts as play_edit_acts
from holdfast.web.pages.plays import editing as play_editing
from holdfast.web.pages.plays import enrolled as play_enrolled
from holdfast.web.pages.plays import enrolling as play_enrolling
from holdfast.web.pages.plays import files as play_files
from holdfast.web.pages.plays import launching as play_launching
from holdfast.web.pages.plays import library as play_library
from holdfast.web.pages.plays import rules as play_rules
from holdfast.web.pages.plays import trying as play_trying
from holdfast.web.pages.plays import view as plays
from holdfast.web.pages.surveys import view as surveys
from holdfast.web.pages.templates import acts as template_acts
from holdfast.web.pages.templates import view as templates

ACT = [
    path("act/changes", changes.changes, name="changes"),
    path("act/changes/new", change_form.new, name="change_new"),
    path("act/changes/of/<str:key>", changes.change, name="change"),
    path("act/changes/of/<str:key>/edit", change_form.edit, name="change_edit"),
    path("act/changes/of/<str:key>/do/<str:do>", change_acts.do, name="change_do"),
    path("act/calendar", calendar.contact_calendar, name="contact_calendar"),
    path("act/calendar/dates", calendar_acts.add_date, name="own_date_add"),
    path("act/calendar/dates/<int:number>/drop", calendar_acts.drop_date, name="own_date_drop"),
    path("act/calendar/issues/<str:key>", calendar_acts.plan_issue, name="issue_plan"),
    path("act/calendar/plan", calendar_plan.contact_plan, name="contact_plan"),
    path("act/calendar/plan/keep", calendar_acts.keep_plan, name="contact_plan_keep"),
    path("act/calendar/plan/<int:number>/drop", calendar_acts.drop_plan, name="contact_plan_drop"),
    path("act/plays", plays.plays, name="plays"),
    path("act/plays/library", play_library.ready_plays, name="play_library"),
    path("act/plays/library/take", play_acts.take, name="play_take"),
    path("act/plays/make", play_edit_acts.make, name="play_make"),
    path("act/plays/enrolments/<int:enrolment_id>", play_enrolled.enrolment, name="play_enrolment"),
    path("act/plays/import", play_files.bring, name="play_import"),
    path("act/plays/rules", play_rules.rules, name="play_rules"),
    path("act/plays/enrol", play_enrolling.enrol, name="play_enrol"),
    path("act/plays/of/<str:key>", plays.play, name="play"),
    path("act/plays/of/<str:key>/dry-run", play_trying.dry_run, name="play_dry_run"),
    path("act/plays/of/<str:key>/rehearsal", play_trying.rehearsal, name="play_rehearsal"),
    path("act/plays/of/<str:key>/try/<str:do>", play_trying.try_it, name="play_try"),
    path("act/plays/of/<str:key>/json", play_files.shown, name="play_json"),
    path("act/plays/of/<str:key>/file", play_files.fetched, name="play_file"),
    path("act/plays/of/<str:key>/edit", play_editing.edit, name="play_edit"),
    path("act/plays/of/<str:key>/edit/<str:do>", play_edit_acts.edit_do, name="play_edit_do"),
    path("act/plays/of/<str:key>/customers", play_enrolled.customers, name="play_customers"),
    path("act/plays/of/<str:key>/launch", play_launching.launching, name="play_launch"),
    path("act/plays/of/<str:key>/launch/begin", play_acts.begin, name="play_begin"),
    path("act/plays/of/<str:key>/do/<str:do>", play_acts.do, name="play_do"),
    path("act/plays/of/<str:key>/delete", play_acts.delete, name="play_delete"),
    path("act/forms", forms.forms, name="sign_up_forms"),
    path("act/forms/make", forms.make, name="sign_up_form_make"),
    path("act/forms/<int:form_id>", forms.form, name="sign_up_form"),
    path("act/forms/<int:form_id>/do/<str:do>", forms.do, name="sign_up_form_do"),
    path("act/surveys", surveys.surveys, name="surveys"),
    path("act/surveys/<str:key>/<str:step>", surveys.survey, name="survey"),
    path("messages/chosen", outbox.many, name="outbox_many"),
    path("messages/templates", templates.template_list, name="templates"),
    path("messages/templates/make", template_acts.make, name="template_make"),
    path("messages/templates/<int:template_id>", templates.template, name="template"),
    path("messages/templates/<int:template_id>/frame", templates.frame, name="template_frame"),
    path("messages/templates/<int:template_id>/edit", templates.edit, name="template_edit"),
    path("messages/templates/<int:template_id>/try", templates.tried, name="template_try"),
    path("messages/templates/<int:template_id>/test", template_acts.send_test, name="template_test"),
    path("messages/templates/<int:template_id>/do/<str:do>", template_acts.do, name="template_do"),
    path("messages/<int:touch_id>", outbox.touch, name="outbox_touch"),
    path("messages/<int:touch_id>/act", outbox.act, name="outbox_act"),
]
