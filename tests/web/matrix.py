"""Who may do what, route by route: the one table that the walk over every route is compared with.

A line is a route and the right that reading it (GET) and sending to it (POST) asks for: "open" to everybody,
"all" who are signed in, "work", "export", "decide", "admin" as in :data:`holdfast.web.access.RIGHTS`; "-" is
answered with 405. A route that is not here fails the walk.
"""

from __future__ import annotations

RIGHTS: dict[str, frozenset[str]] = {
    "all": frozenset({"admin", "manager", "agent", "analyst", "read_only"}),
    "work": frozenset({"admin", "manager", "agent"}),
    "export": frozenset({"admin", "manager", "analyst"}),
    "decide": frozenset({"admin", "manager"}),
    "admin": frozenset({"admin"}),
}

TABLE = """
first_page              all     -
overview                all     -
alert                   -       all
customers               all     -
customers_export        export  -
customer                all     -
news                    all     -
unmask                  -       all
note_write              -       work
note                    -       work
set_owner               -       work
say                     -       work
keep_point              -       work
log_contact             -       work
document_add            -       work
document                all     -
document_do             -       work
record_consent          -       work
pause_contact           -       work
person                  decide  -
person_export           decide  -
person_erase            -       decide
customer_ids            all     -
take_out                -       work
accounts                all     -
parent                  -       work
compare                 all     -
duplicates              all     -
merge                   -       work
different               -       work
merges                  all     -
undo_merge              -       work
contact_points          all     -
contact_points_export   export  -
stale_after             -       decide
needs                   all     -
choose_fields           -       decide
segments                all     -
segment_new             export  export
segments_ready          -       export
fit                     all     -
fit_look                -       export
segment                 all     -
segment_edit            export  export
segment_delete          -       export
segment_restore         -       export
segment_export          export  -
today                   all     -
signals                 all     -
signal_new              export  export
signal                  all     -
signal_set              -       decide
signal_edit             export  export
signal_delete           -       export
episode_do              -       work
attention               all     -
reasons                 all     -
reasons_report          all     -
reason                  all     -
reason_bounds           -       export
at_risk                 all     -
export_risks            export  -
backtest                all     -
common                  all     -
voice                   all     -
texts                   all     -
text                    all     -
text_correct            -       work
text_words              all     -
cause_words             all     -
cause_name              -       decide
cause_add               -       decide
competitor_add          -       decide
competitor_remove       -       decide
layer_use               -       decide
inquire                 -       decide
journey                 all     -
outside                 all     -
outside_note            -       decide
outside_do              -       decide
model                   all     -
roll_back               -       decide
criteria                all     -
decide                  -       decide
health                  all     -
own_score               -       decide
find                    all     -
set_up                  open    open
start                   all     -
start_workspace         all     -
start_customer          all     -
start_files             all     -
start_lost              all     -
start_figures           all     -
start_decide            -       decide
imports                 all     -
import_upload           -       decide
import_invent           -       decide
import_work             all     -
import_file             decide  -
import_file_do          -       decide
import_one              all     -
import_rejects          decide  -
import_mend             -       decide
import_rule             -       decide
import_undo             -       decide
views                   all     -
view_save               -       all
view_do                 -       all
wishes                  open    open
unsubscribe             open    open
sign_in                 open    open
sign_in_code            open    open
forgotten               open    open
new_password            open    open
sign_in_with            open    -
sign_in_back            open    -
invitation              open    open
confirm                 all     all
sign_out                -       all
own_sign_in             all     -
own_name                -       all
own_password            -       all
own_factor              all     all
own_codes               -       all
own_factor_off          -       all
own_end_sessions        -       all
own_link                all     -
own_unlink              -       all
people                  admin   -
invite_person           -       admin
revoke_invitation       -       admin
colleague               admin   -
colleague_do            -       admin
sign_in_rules           admin   admin
providers               admin   -
provider_add            admin   admin
provider                admin   admin
provider_do             -       admin
settings                all     -
preferences             all     -
company                 all     -
choose                  -       open
audit                   admin   -
audit_export            admin   -
audit_verify            -       admin
rights                  decide  -
rights_change           -       admin
messages                decide  -
messages_stop           -       decide
messages_start          -       admin
messages_test           admin   -
messages_change         -       admin
contact_rules           decide  -
contact_rules_try       -       admin
contact_rules_keep      -       admin
suppression             work    -
suppression_add         -       decide
suppression_import      -       decide
suppression_lift        -       decide
webhooks                admin   -
webhook_make            -       admin
webhook                 admin   -
webhook_do              -       admin
plays                   all     -
play                    all     -
play_library            all     -
play_take               -       export
play_make               -       export
play_enrolment          all     -
play_customers          all     -
play_edit               export  -
play_edit_do            -       export
play_launch             decide  -
play_begin              -       decide
play_do                 -       decide
play_delete             -       export
customer_plays          all     -
outbox                  decide  -
outbox_many             -       decide
outbox_touch            decide  -
outbox_act              -       decide
templates               all     -
template_make           -       decide
template                all     -
template_frame          all     -
template_edit           decide  -
template_try            -       decide
template_test           -       decide
template_do             -       decide
template_picture        open    -
click                   open    -
write_keys              decide  -
create_key              -       decide
revoke_key              -       decide
event_names             decide  -
event_name              decide  decide
quarantine              decide  -
drop_events             -       decide
replay_all              -       decide
quarantined_event       decide  -
replay_event            -       decide
erasures                decide  -
erasure                 decide  -
lift_erasure            -       decide
retention               decide  -
keep_for                -       decide
keep_all                -       decide
sources                 decide  -
source_add              admin   admin
source                  decide  -
source_do               -       admin
pull_new                admin   admin
pull_do                 -       admin
target_new              admin   admin
target_do               -       admin
tasks                   all     -
task_new                work    -
task_make               -       work
tasks_many              -       work
task                    all     -
task_do                 -       work
cases                   all     -
case_new                work    -
case_make               -       work
case                    all     -
case_do                 -       work
dashboards              all     -
dashboard_make          -       export
dashboard               all     -
dashboard_edit          export  -
dashboard_do            -       export
exports                 export  -
export_ask              -       export
export_fetch            export  -
export_delete           -       export
mails                   all     all
mails_off               open    open
inbox                   all     -
inbox_news              all     -
conversation            all     -
conversation_news       all     -
conversation_read       -       work
conversation_assign     -       work
conversation_state      -       work
conversation_link       -       work
conversation_answers    all     -
conversation_answer     -       work
conversation_answer_do  -       work
inbox_channels          decide  -
mailbox_new             admin   admin
mailbox                 admin   admin
chat_new                admin   admin
chat_one                admin   admin
channel_do              -       admin
chat_script             open    -
chat                    open    open
hook                    -       open
api                     open    -
healthz                 open    -
asset                   open    -
"""

GIVEN: dict[str, str] = {
    "do": "nothing", "name": "none", "key": "none", "kind": "stripe", "ending": "csv", "token": "none",
    "provider": "none", "hashed_name": "none.css", "rest": "v1/customers",
}  # fmt: skip
"""What stands in an address where it names something by a word; where by a number, 1."""


def expected() -> dict[str, tuple[str, str]]:
    """Route to the rights for GET and POST."""
    lines = [line.split() for line in TABLE.strip().splitlines() if line.strip()]
    return {name: (get, post) for name, get, post in lines}
