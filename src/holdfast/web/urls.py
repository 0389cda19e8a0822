"""Every address there is."""

from __future__ import annotations

from django.urls import path, re_path

from holdfast.web import assets, chat, health, hooks, in_app
from holdfast.web.api.answering import api
from holdfast.web.pages.at_risk import view as at_risk
from holdfast.web.pages.attention import view as attention
from holdfast.web.pages.audit import view as audit
from holdfast.web.pages.backtest import view as backtest
from holdfast.web.pages.cases import acts as case_acts
from holdfast.web.pages.cases import view as cases
from holdfast.web.pages.clicks import view as clicks
from holdfast.web.pages.common import view as common
from holdfast.web.pages.consents import view as consents
from holdfast.web.pages.contact_points import view as contact_points
from holdfast.web.pages.contact_rules import view as contact_rules
from holdfast.web.pages.criteria import view as criteria
from holdfast.web.pages.customer import acts as customer_acts
from holdfast.web.pages.customer import consent_acts as customer_consent
from holdfast.web.pages.customer import files as customer_files
from holdfast.web.pages.customer import news as customer_news
from holdfast.web.pages.customer import view as customer
from holdfast.web.pages.customers import view as customers
from holdfast.web.pages.dashboards import acts as dashboard_acts
from holdfast.web.pages.dashboards import view as dashboards
from holdfast.web.pages.exports import view as exports
from holdfast.web.pages.find import view as find
from holdfast.web.pages.health import view as health_page
from holdfast.web.pages.identity import accounts as identity_accounts
from holdfast.web.pages.identity import view as identity
from holdfast.web.pages.imports import file as import_files
from holdfast.web.pages.imports import result as import_results
from holdfast.web.pages.imports import view as imports
from holdfast.web.pages.inbox import acts as inbox_acts
from holdfast.web.pages.inbox import answers as inbox_answers
from holdfast.web.pages.inbox import apps as inbox_apps
from holdfast.web.pages.inbox import channels as inbox_channels
from holdfast.web.pages.inbox import view as inbox
from holdfast.web.pages.invitation import view as invitation
from holdfast.web.pages.journey import view as journey
from holdfast.web.pages.keys import view as keys
from holdfast.web.pages.mails import view as mails
from holdfast.web.pages.messages import suppression
from holdfast.web.pages.messages import view as messages
from holdfast.web.pages.model import view as model
from holdfast.web.pages.needs import view as needs
from holdfast.web.pages.outbox import view as outbox
from holdfast.web.pages.outside import view as outside
from holdfast.web.pages.overview import view as overview
from holdfast.web.pages.own import confirm as own_confirm
from holdfast.web.pages.own import factor as own_factor
from holdfast.web.pages.own import view as own
from holdfast.web.pages.people import person as colleague
from holdfast.web.pages.people import rules as sign_in_rules
from holdfast.web.pages.people import view as people
from holdfast.web.pages.plays import enrolled as play_enrolled
from holdfast.web.pages.preferences import view as preferences
from holdfast.web.pages.privacy import kept as privacy_kept
from holdfast.web.pages.privacy import view as privacy
from holdfast.web.pages.property_map import view as property_map
from holdfast.web.pages.providers import view as providers
from holdfast.web.pages.quarantine import view as quarantine
from holdfast.web.pages.reasons import view as reasons
from holdfast.web.pages.refused import view as refused
from holdfast.web.pages.rights import view as rights
from holdfast.web.pages.segments import builder as segment_builder
from holdfast.web.pages.segments import fit
from holdfast.web.pages.segments import view as segments
from holdfast.web.pages.set_up import view as set_up
from holdfast.web.pages.sign_in import code as sign_in_code
from holdfast.web.pages.sign_in import forgotten
from holdfast.web.pages.sign_in import provider as sign_in_provider
from holdfast.web.pages.sign_in import view as sign_in
from holdfast.web.pages.sign_up import view as sign_up
from holdfast.web.pages.signals import acts as signal_acts
from holdfast.web.pages.signals import own as own_signal
from holdfast.web.pages.signals import view as signals
from holdfast.web.pages.sources import schedule as source_schedule
from holdfast.web.pages.sources import view as sources
from holdfast.web.pages.start import view as start
from holdfast.web.pages.surveys import answering as survey_answering
from holdfast.web.pages.tasks import acts as task_acts
from holdfast.web.pages.tasks import view as tasks
from holdfast.web.pages.team import practice, scripts
from holdfast.web.pages.team import report as team_report
from holdfast.web.pages.team import view as team
from holdfast.web.pages.templates import pictures as template_pictures
from holdfast.web.pages.texts import acts as text_acts
from holdfast.web.pages.texts import taxonomy
from holdfast.web.pages.texts import view as texts
from holdfast.web.pages.today import view as today
from holdfast.web.pages.views import view as views
from holdfast.web.pages.voice import view as voice
from holdfast.web.pages.webhooks import view as webhooks
from holdfast.web.pages.wishes import view as wishes
from holdfast.web.urls_act import ACT

urlpatterns = [
    path("", overview.first_page, name="first_page"),
    path("measure", overview.measure, name="overview"),
    path("measure/alert/<str:do>", overview.alert, name="alert"),
    path("customers", customers.customers, name="customers"),
    path("customers.csv", customers.export, name="customers_export"),
    path("customers/<int:unit_id>", customer.customer, name="customer"),
    path("customers/<int:unit_id>/news", customer_news.news, name="news"),
    path("customers/<int:unit_id>/unmask", customer_acts.unmask, name="unmask"),
    path("customers/<int:unit_id>/notes", customer_acts.write_note, name="note_write"),
    path("customers/<int:unit_id>/notes/<int:note_id>/<str:do>", customer_acts.note, name="note"),
    path("customers/<int:unit_id>/owner", customer_acts.set_owner, name="set_owner"),
    path("customers/<int:unit_id>/said", customer_acts.say, name="say"),
    path("customers/<int:unit_id>/points", customer_acts.keep_point, name="keep_point"),
    path("customers/<int:unit_id>/consent", customer_consent.record, name="record_consent"),
    path("customers/<int:unit_id>/pause", customer_consent.pause, name="pause_contact"),
    path("customers/<int:unit_id>/contacts", customer_acts.log_contact, name="log_contact"),
    path("customers/<int:unit_id>/documents", customer_files.add_document, name="document_add"),
    path("customers/<int:unit_id>/documents/<int:document_id>", customer_files.document, name="document"),
    path(
        "customers/<int:unit_id>/documents/<int:document_id>/<str:do>",
        customer_files.change_document,
        name="document_do",
    ),
    path("customers/<int:unit_id>/data", privacy.person, name="person"),
    path("customers/<int:unit_id>/data/everything.zip", privacy.export, name="person_export"),
    path("customers/<int:unit_id>/data/erase", privacy.erase, name="person_erase"),
    path("customers/<int:unit_id>/ids", identity.ids, name="customer_ids"),
    path("customers/<int:unit_id>/ids/take-out", identity.take_out, name="take_out"),
    path("customers/<int:unit_id>/accounts", identity_accounts.accounts, name="accounts"),
    path("customers/<int:unit_id>/parent", identity_accounts.parent, name="parent"),
    path("customers/<int:left>/and/<int:right>", identity.compare, name="compare"),
    path("customers/duplicates", identity.probable, name="duplicates"),
    path("customers/merge", identity.merge, name="merge"),
    path("customers/different", identity.different, name="different"),
    path("customers/merges", identity.merges, name="merges"),
    path("customers/merges/<int:merge_id>/undo", identity.undo, name="undo_merge"),
    path("contact-points", contact_points.contact_points, name="contact_points"),
    path("contact-points.csv", contact_points.export, name="contact_points_export"),
    path("contact-points/stale-after", contact_points.stale_after, name="stale_after"),
    path("needs", needs.needs, name="needs"),
    path("needs/fields", needs.choose_fields, name="choose_fields"),
    path("segments", segments.segment_list, name="segments"),
    path("segments/new", segment_builder.make, name="segment_new"),
    path("segments/ready", segments.ready, name="segments_ready"),
    path("segments/fit", fit.fit, name="fit"),
    path("segments/fit/look", fit.look, name="fit_look"),
    path("segments/of/<str:key>", segments.segment, name="segment"),
    path("segments/of/<str:key>/edit", segment_builder.edit, name="segment_edit"),
    path("segments/of/<str:key>/delete", segments.delete, name="segment_delete"),
    path("segments/of/<str:key>/restore", segments.restore, name="segment_restore"),
    path("segments/of/<str:key>/customers.csv", segments.export, name="segment_export"),
    path("today", today.today, name="today"),
    path("understand/reasons", reasons.reasons, name="reasons"),
    path("understand/reasons/report", reasons.report, name="reasons_report"),
    path("understand/reasons/of/<str:key>", reasons.reason, name="reason"),
    path("understand/reasons/of/<str:key>/bounds", reasons.bounds, name="reason_bounds"),
    path("warn", signals.signals, name="signals"),
    path("warn/new", own_signal.signal_new, name="signal_new"),
    path("warn/of/<str:key>", signals.signal, name="signal"),
    path("warn/of/<str:key>/set", signal_acts.signal_set, name="signal_set"),
    path("warn/of/<str:key>/edit", own_signal.signal_edit, name="signal_edit"),
    path("warn/of/<str:key>/delete", own_signal.signal_delete, name="signal_delete"),
    path("warn/episodes/<int:episode_id>/<str:do>", signal_acts.episode_do, name="episode_do"),
    path("warn/attention", attention.attention, name="attention"),
    path("foresee", at_risk.at_risk, name="at_risk"),
    path("foresee/export/<str:ending>", at_risk.export_risks, name="export_risks"),
    path("foresee/backtest", backtest.backtest, name="backtest"),
    path("foresee/model", model.model, name="model"),
    path("foresee/model/roll-back", model.roll_back, name="roll_back"),
    path("foresee/criteria", criteria.criteria, name="criteria"),
    path("foresee/criteria/decide", criteria.decide, name="decide"),
    path("foresee/health", health_page.health, name="health"),
    path("foresee/health/own", health_page.own_score, name="own_score"),
    path("understand/texts", texts.texts, name="texts"),
    path("understand/texts/<int:text_id>", texts.text, name="text"),
    path("understand/texts/<int:text_id>/correct", text_acts.text_correct, name="text_correct"),
    path("understand/texts/words", taxonomy.text_words, name="text_words"),
    path("understand/texts/words/add", taxonomy.cause_add, name="cause_add"),
    path("understand/texts/words/of/<str:key>", taxonomy.cause_words, name="cause_words"),
    path("understand/texts/words/of/<str:key>/name", taxonomy.cause_name, name="cause_name"),
    path("understand/texts/competitors/add", taxonomy.competitor_add, name="competitor_add"),
    path(
        "understand/texts/competitors/<int:entry_id>/remove",
        taxonomy.competitor_remove,
        name="competitor_remove",
    ),
    path("understand/texts/learnt/<int:entry_id>/use", taxonomy.layer_use, name="layer_use"),
    path("understand/common", common.common, name="common"),
    path("understand/voice", voice.shown, name="voice"),
    path("understand/voice/inquire", voice.inquire, name="inquire"),
    path("understand/journey", journey.journey, name="journey"),
    path("understand/outside", outside.outside, name="outside"),
    path("understand/outside/note", outside.note, name="outside_note"),
    path("understand/outside/note/<int:note_id>/<str:do>", outside.do, name="outside_do"),
    *ACT,
    path("customers/<int:unit_id>/plays", play_enrolled.customer_plays, name="customer_plays"),
    path("messages", outbox.outbox, name="outbox"),
    path("c/<str:token>", clicks.click, name="click"),
    path("o/<str:token>", clicks.picture, name="mail_opened"),
    path("f/<str:key>", sign_up.form, name="sign_up"),
    path("f/<str:key>/sent", sign_up.sent, name="sign_up_sent"),
    path("y/<str:token>", sign_up.confirm, name="sign_up_confirm"),
    path("m/i/<str:name>", template_pictures.picture, name="template_picture"),
    path("find", find.find, name="find"),
    path("set-up/<str:token>", set_up.set_up, name="set_up"),
    path("start", start.start, name="start"),
    path("start/workspace", start.workspace, name="start_workspace"),
    path("start/customer", start.customer, name="start_customer"),
    path("start/files", start.data, name="start_files"),
    path("start/lost", start.lost, name="start_lost"),
    path("start/figures", start.figures, name="start_figures"),
    path("start/<str:name>/decide", start.decide, name="start_decide"),
    path("import", imports.import_list, name="imports"),
    path("import/upload", imports.upload, name="import_upload"),
    path("import/invent", imports.invent, name="import_invent"),
    path("import/work/<int:number>", imports.work, name="import_work"),
    path("import/files/<int:number>", import_files.file, name="import_file"),
    path("import/files/<int:number>/<str:do>", import_files.file_do, name="import_file_do"),
    path("import/<int:number>", import_results.one, name="import_one"),
    path("import/<int:number>/rejected.csv", import_results.rejects, name="import_rejects"),
    path("import/<int:number>/mend", import_results.mend, name="import_mend"),
    path("import/<int:number>/rule", import_results.by_rule, name="import_rule"),
    path("import/<int:number>/undo", import_results.undo, name="import_undo"),
    path("views", views.views, name="views"),
    path("views/save", views.save, name="view_save"),
    path("views/<int:view_id>/<str:do>", views.view_do, name="view_do"),
    path("p/<str:token>", wishes.wishes, name="wishes"),
    path("u/<str:token>", wishes.unsubscribe, name="unsubscribe"),
    path("s/<str:token>", survey_answering.answer, name="survey_answer"),
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/code", sign_in_code.code, name="sign_in_code"),
    path("sign-in/forgotten", forgotten.forgotten, name="forgotten"),
    path("sign-in/new-password/<str:token>", forgotten.new_password, name="new_password"),
    path("sign-in/with/<str:provider>", sign_in_provider.sign_in_with, name="sign_in_with"),
    path("sign-in/with/<str:provider>/back", sign_in_provider.sign_in_back, name="sign_in_back"),
    path("invitation/<str:token>", invitation.invitation, name="invitation"),
    path("confirm", own_confirm.confirm, name="confirm"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("settings/me", own.own_sign_in, name="own_sign_in"),
    path("settings/me/name", own.own_name, name="own_name"),
    path("settings/me/password", own.own_password, name="own_password"),
    path("settings/me/second-factor", own_factor.own_factor, name="own_factor"),
    path("settings/me/second-factor/codes", own_factor.own_codes, name="own_codes"),
    path("settings/me/second-factor/off", own_factor.own_factor_off, name="own_factor_off"),
    path("settings/me/sessions", own.end_sessions, name="own_end_sessions"),
    path("settings/me/link/<str:provider>", own.link, name="own_link"),
    path("settings/me/unlink/<int:identity_id>", own.unlink, name="own_unlink"),
    path("settings/people", people.people_list, name="people"),
    path("settings/people/invite", people.invite_person, name="invite_person"),
    path(
        "settings/people/invitations/<int:invitation_id>/revoke",
        people.revoke_invitation,
        name="revoke_invitation",
    ),
    path("settings/people/<int:person_id>", colleague.colleague, name="colleague"),
    path("settings/people/<int:person_id>/<str:do>", colleague.colleague_do, name="colleague_do"),
    path("settings/sign-in", sign_in_rules.rules, name="sign_in_rules"),
    path("settings/providers", providers.provider_list, name="providers"),
    path("settings/providers/add", providers.provider_add, name="provider_add"),
    path("settings/providers/of/<str:provider>", providers.provider, name="provider"),
    path("settings/providers/of/<str:provider>/<str:do>", providers.provider_do, name="provider_do"),
    path("settings", preferences.settings, name="settings"),
    path("settings/preferences", preferences.preferences, name="preferences"),
    path("settings/company", preferences.company, name="company"),
    path("settings/reader", preferences.choose, name="choose"),
    path("settings/audit", audit.audit, name="audit"),
    path("settings/audit.csv", audit.export, name="audit_export"),
    path("settings/audit/verify", audit.verify, name="audit_verify"),
    path("settings/rights", rights.rights, name="rights"),
    path("settings/rights/change", rights.change, name="rights_change"),
    path("settings/messages", messages.messages, name="messages"),
    path("settings/messages/stop", messages.stop, name="messages_stop"),
    path("settings/messages/start", messages.start, name="messages_start"),
    path("settings/messages/test/<int:test_id>", messages.test, name="messages_test"),
    path("settings/messages/change/<str:do>", messages.change, name="messages_change"),
    path("settings/contact-rules", contact_rules.contact_rules, name="contact_rules"),
    path("settings/contact-rules/try", contact_rules.try_out, name="contact_rules_try"),
    path("settings/contact-rules/keep", contact_rules.keep, name="contact_rules_keep"),
    path("settings/consents", consents.consents, name="consents"),
    path("settings/consents/take", consents.take, name="consents_take"),
    path("settings/suppression", suppression.suppressed, name="suppression"),
    path("settings/suppression/add", suppression.add, name="suppression_add"),
    path("settings/suppression/import", suppression.bring, name="suppression_import"),
    path("settings/suppression/<int:entry_id>/lift", suppression.lift, name="suppression_lift"),
    path("settings/keys", keys.write_keys, name="write_keys"),
    path("settings/keys/make", keys.create, name="create_key"),
    path("settings/keys/<int:key_id>/revoke", keys.revoke, name="revoke_key"),
    path("settings/webhooks", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/make", webhooks.create, name="webhook_make"),
    path("settings/webhooks/<int:webhook_id>", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:webhook_id>/<str:do>", webhooks.do, name="webhook_do"),
    path("settings/events", property_map.names, name="event_names"),
    path("settings/events/map", property_map.one, name="event_name"),
    path("settings/quarantine", quarantine.quarantine, name="quarantine"),
    path("settings/quarantine/drop", quarantine.drop, name="drop_events"),
    path("settings/quarantine/replay", quarantine.replay_all, name="replay_all"),
    path("settings/quarantine/<int:event_id>", quarantine.event, name="quarantined_event"),
    path("settings/quarantine/<int:event_id>/replay", quarantine.replay, name="replay_event"),
    path("settings/erasures", privacy.erasures, name="erasures"),
    path("settings/erasures/<int:number>", privacy.certificate, name="erasure"),
    path("settings/erasures/<int:number>/lift", privacy.lift, name="lift_erasure"),
    path("settings/kept", privacy_kept.kept, name="retention"),
    path("settings/kept/decide", privacy_kept.keep, name="keep_for"),
    path("settings/kept/all", privacy_kept.keep_all, name="keep_all"),
    path("settings/sources", sources.sources, name="sources"),
    path("settings/sources/add/<str:kind>", sources.add, name="source_add"),
    path("settings/sources/of/<str:name>", sources.source, name="source"),
    path("settings/sources/of/<str:name>/<str:do>", sources.source_do, name="source_do"),
    path("settings/sources/pull", source_schedule.new_pull, name="pull_new"),
    path("settings/sources/pull/<str:name>/<str:do>", source_schedule.pull_do, name="pull_do"),
    path("settings/sources/scores", source_schedule.new_target, name="target_new"),
    path("settings/sources/scores/<str:name>/<str:do>", source_schedule.target_do, name="target_do"),
    path("dashboards", dashboards.dashboard_list, name="dashboards"),
    path("dashboards/make", dashboard_acts.make, name="dashboard_make"),
    path("dashboards/<int:dashboard_id>", dashboards.dashboard, name="dashboard"),
    path("dashboards/<int:dashboard_id>/edit", dashboards.edit, name="dashboard_edit"),
    path("dashboards/<int:dashboard_id>/do/<str:do>", dashboard_acts.do, name="dashboard_do"),
    path("exports", exports.file_list, name="exports"),
    path("exports/ask", exports.ask, name="export_ask"),
    path("exports/<int:export_id>", exports.fetch, name="export_fetch"),
    path("exports/<int:export_id>/delete", exports.delete, name="export_delete"),
    path("settings/mails", mails.mails, name="mails"),
    path("mails/off/<str:token>", mails.off, name="mails_off"),
    path("team", team.team, name="team"),
    path("team/hand-over", team.hand_over, name="team_hand_over"),
    path("team/share-out", team.share_out, name="team_share_out"),
    path("team/report", team_report.team_report, name="team_report"),
    path("team/report.csv", team_report.team_report_file, name="team_report_file"),
    path("team/scripts", scripts.scripts, name="scripts"),
    path("team/scripts/<str:key>", scripts.script, name="script"),
    path("team/scripts/<str:key>/keep", scripts.script_keep, name="script_keep"),
    path("team/scripts/<str:key>/take-back", scripts.script_take_back, name="script_take_back"),
    path("team/practice", practice.practice, name="practice"),
    path("team/practice/add", practice.practice_add, name="practice_add"),
    path("team/practice/pair", practice.practice_pair, name="practice_pair"),
    path("team/practice/<int:note_id>/answer", practice.practice_answer, name="practice_answer"),
    path("team/practice/<int:note_id>/remove", practice.practice_remove, name="practice_remove"),
    path("tasks", tasks.task_list, name="tasks"),
    path("tasks/new", tasks.new_task, name="task_new"),
    path("tasks/make", task_acts.make_task, name="task_make"),
    path("tasks/many", task_acts.many_tasks, name="tasks_many"),
    path("tasks/<int:task_id>", tasks.task, name="task"),
    path("tasks/<int:task_id>/do/<str:do>", task_acts.do_task, name="task_do"),
    path("cases", cases.case_list, name="cases"),
    path("cases/new", cases.new_case, name="case_new"),
    path("cases/make", case_acts.make_case, name="case_make"),
    path("cases/<int:case_id>", cases.case, name="case"),
    path("cases/<int:case_id>/do/<str:do>", case_acts.do_case, name="case_do"),
    path("inbox", inbox.conversations, name="inbox"),
    path("inbox/news", inbox.news, name="inbox_news"),
    path("inbox/<int:conversation_id>", inbox.conversation, name="conversation"),
    path("inbox/<int:conversation_id>/news", inbox.conversation_news, name="conversation_news"),
    path("inbox/<int:conversation_id>/read", inbox_acts.read, name="conversation_read"),
    path("inbox/<int:conversation_id>/owner", inbox_acts.assign, name="conversation_assign"),
    path("inbox/<int:conversation_id>/state", inbox_acts.state, name="conversation_state"),
    path("inbox/<int:conversation_id>/customer", inbox_acts.link, name="conversation_link"),
    path("inbox/<int:conversation_id>/answers", inbox_answers.answers, name="conversation_answers"),
    path("inbox/<int:conversation_id>/answer", inbox_answers.answer, name="conversation_answer"),
    path(
        "inbox/<int:conversation_id>/answers/<int:answer_id>/<str:do>",
        inbox_answers.answer_do,
        name="conversation_answer_do",
    ),
    path("inbox/channels", inbox_channels.channels, name="inbox_channels"),
    path("inbox/channels/mailbox", inbox_channels.new_mailbox, name="mailbox_new"),
    path("inbox/channels/mailbox/<str:name>", inbox_channels.mailbox, name="mailbox"),
    path("inbox/channels/chat", inbox_channels.new_chat, name="chat_new"),
    path("inbox/channels/chat/<str:name>", inbox_channels.one_chat, name="chat_one"),
    path("inbox/channels/app", inbox_apps.new_app, name="app_new"),
    path("inbox/channels/app/<str:name>", inbox_apps.one_app, name="app_one"),
    path("inbox/channels/app/<str:name>/secret", inbox_apps.new_secret, name="app_secret"),
    path("inbox/channels/of/<str:name>/<str:do>", inbox_channels.switch, name="channel_do"),
    path("chat.js", chat.script, name="chat_script"),
    path("chat/<str:name>/<str:do>", chat.answer, name="chat"),
    path("in-app.js", in_app.script, name="in_app_script"),
    path("in-app/<str:name>/<str:do>", in_app.answer, name="in_app"),
    path("hooks/<str:name>", hooks.hook, name="hook"),
    re_path(r"^api(?:/v1)?(?:/(?P<rest>[\s\S]*))?\Z", api, name="api"),
    path("healthz", health.healthz, name="healthz"),
    path("static/<str:hashed_name>", assets.serve_asset, name="asset"),
]

handler400 = refused.bad_request
handler403 = refused.not_allowed
handler404 = refused.not_found
handler500 = refused.broken
