"""Addresses of issuing.  /status/<id> is in signed bytes and never changes."""

from django.urls import path

from cairn.issuing import approval_urls, batch_urls
from cairn.issuing.views import (
    awards,
    correction,
    desk,
    files,
    keys,
    moving,
    public,
    renaming,
    renewals,
    resending,
    sets,
    standing,
)

app_name = "issuing"
_CONSOLE = "console/<slug:slug>/awards/"
urlpatterns = [
    *approval_urls.urlpatterns,
    *batch_urls.urlpatterns,
    path("status/<uuid:list_id>", public.status_list, name="status_list"),
    path("console/<slug:slug>/keys/again/", keys.reissues, name="reissues"),
    path("console/<slug:slug>/keys/<str:fragment>/give-up/", keys.give_up, name="give_up_key"),
    path(_CONSOLE, awards.awards, name="awards"),
    path(f"{_CONSOLE}new/", desk.choose, name="choose"),
    path(f"{_CONSOLE}new/<uuid:version_id>/", desk.award, name="award"),
    path(f"{_CONSOLE}set/withdraw/", sets.withdraw, name="set_withdraw"),
    path(f"{_CONSOLE}set/suspend/", sets.suspend, name="set_suspend"),
    path(f"{_CONSOLE}set/reinstate/", sets.reinstate, name="set_reinstate"),
    path(f"{_CONSOLE}set/send-again/", resending.send_again, name="set_send_again"),
    path(f"{_CONSOLE}set/file/", files.choose_by_file, name="set_by_file"),
    path(f"{_CONSOLE}set/renew/", renewals.renew, name="set_renew"),
    path(f"{_CONSOLE}renewals/", renewals.renewals, name="renewals"),
    path(f"{_CONSOLE}renewals/<uuid:achievement_id>/", renewals.rule, name="renewal_rule"),
    path(f"{_CONSOLE}set/replace/", sets.move, name="set_replace"),
    path(f"{_CONSOLE}<uuid:award_id>/", awards.detail, name="detail"),
    path(f"{_CONSOLE}<uuid:award_id>/withdraw/", awards.withdraw, name="withdraw"),
    path(f"{_CONSOLE}<uuid:award_id>/suspend/", standing.suspend, name="suspend"),
    path(f"{_CONSOLE}<uuid:award_id>/reinstate/", standing.reinstate, name="reinstate"),
    path(f"{_CONSOLE}<uuid:award_id>/correct/", correction.correct, name="correct"),
    path(f"{_CONSOLE}<uuid:award_id>/name/", renaming.rename, name="rename"),
    path(f"{_CONSOLE}<uuid:award_id>/send-again/", standing.send_again, name="send_again"),
    path(f"{_CONSOLE}<uuid:award_id>/address/", awards.address, name="address"),
    path(f"{_CONSOLE}<uuid:award_id>/move-back/", moving.move_back, name="move_back"),
    path(f"{_CONSOLE}<uuid:award_id>/forms/<str:form>", awards.download, name="download"),
]
