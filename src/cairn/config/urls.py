"""The addresses of all rooms.  Those in signed bytes never change: /c /a /i /status /media."""

from django.urls import URLPattern, URLResolver, include, path

# Rooms in the order of the flow; each has its own names: `organisations:members`.
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("cairn.people.urls")),
    path("", include("cairn.organisations.urls")),
    path("", include("cairn.signing.urls")),
    path("", include("cairn.catalogue.urls")),
    path("", include("cairn.issuing.urls")),
    path("", include("cairn.wallet.urls")),
    path("", include("cairn.erasure.urls")),
    path("", include("cairn.verification.urls")),
    path("", include("cairn.site.urls")),
    path("", include("cairn.jobs.urls")),
]

handler400 = "cairn.site.errors.bad_request"
handler403 = "cairn.site.errors.forbidden"
handler404 = "cairn.site.errors.not_found"
handler500 = "cairn.site.errors.server_error"
