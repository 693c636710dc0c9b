"""Addresses of signed approvals, in the name space of issuing."""

from django.urls import path

from cairn.issuing.views import approvals

_APPROVALS = "console/<slug:slug>/approvals/"
_BATCH = "console/<slug:slug>/batches/<uuid:batch_id>/approval/"
urlpatterns = [
    path(_APPROVALS, approvals.approvals, name="approvals"),
    path(
        f"{_APPROVALS}needed/<uuid:achievement_id>/", approvals.set_rule, name="set_approval_rule"
    ),
    path(f"{_APPROVALS}passkeys/", approvals.register_key, name="register_approver_key"),
    path(
        f"{_APPROVALS}passkeys/<uuid:key_id>/confirm/",
        approvals.confirm_key,
        name="confirm_approver_key",
    ),
    path(
        f"{_APPROVALS}passkeys/<uuid:key_id>/withdraw/",
        approvals.withdraw_key,
        name="withdraw_approver_key",
    ),
    path(_BATCH, approvals.answer, name="answer_approval"),
    path(f"{_BATCH}question", approvals.ask, name="ask_approval"),
]
