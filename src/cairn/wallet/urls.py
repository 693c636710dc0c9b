"""Addresses of claiming and of what one holds."""

from django.urls import path

from cairn.wallet.views import asking, claiming, console, credentials

app_name = "wallet"
_ONE = "me/credentials/<uuid:holding_id>"
_CONSOLE = "console/<slug:slug>/"
urlpatterns = [
    path(f"{_CONSOLE}mail/", console.log, name="mail"),
    path(f"{_CONSOLE}mail/retry", console.retry, name="mail_retry"),
    path(f"{_CONSOLE}wishes/<uuid:wish_id>/decline", asking.decline, name="wish_decline"),
    path(f"{_CONSOLE}mail/settings", console.edit, name="mail_settings"),
    path(
        f"{_CONSOLE}awards/<uuid:award_id>/mail/retry",
        console.retry_of_award,
        name="mail_retry_award",
    ),
    path(
        f"{_CONSOLE}batches/<uuid:batch_id>/mail/retry",
        console.retry_of_batch,
        name="mail_retry_batch",
    ),
    path("claim/<str:token>", claiming.claim, name="claim"),
    path("claim/<str:token>/not-me", claiming.not_me, name="not_me"),
    path("claim/<str:token>/fresh-link", claiming.fresh_link, name="fresh_link"),
    path("me/", credentials.mine, name="mine"),
    path(f"{_ONE}/claim", credentials.claim_waiting, name="claim_waiting"),
    path(f"{_ONE}/", credentials.credential, name="credential"),
    path(f"{_ONE}/privacy", credentials.privacy, name="privacy"),
    path(f"{_ONE}/new-link", credentials.new_link, name="new_link"),
    path(f"{_ONE}/hand-back", credentials.hand_back, name="hand_back"),
    path(f"{_ONE}/ask-name", asking.ask_for_name, name="ask_name"),
    path(f"{_ONE}/ask-renewal", asking.ask_for_renewal, name="ask_renewal"),
    path(f"{_ONE}/credential.<str:extension>", credentials.file, name="file"),
    path(f"{_ONE}/qr.<str:extension>", credentials.code, name="code"),
]
