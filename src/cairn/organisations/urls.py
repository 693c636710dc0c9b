"""Addresses of the console's own pages; `site` has its home, the rooms have their sections."""

from django.urls import path

from cairn.organisations import views

app_name = "organisations"
_MEMBERS = "console/<slug:slug>/members/"
urlpatterns = [
    path("console/", views.choose, name="choose"),
    path(_MEMBERS, views.members, name="members"),
    path(f"{_MEMBERS}invite", views.invite, name="invite"),
    path(
        f"{_MEMBERS}invitations/<uuid:invitation_id>/withdraw",
        views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path(f"{_MEMBERS}<uuid:member_id>/roles", views.roles, name="roles"),
    path(f"{_MEMBERS}<uuid:member_id>/remove", views.remove, name="remove"),
    path("console/<slug:slug>/api/", views.api_clients, name="api_clients"),
    path(
        "console/<slug:slug>/api/<uuid:client_id>/revoke",
        views.revoke_api_client,
        name="revoke_api_client",
    ),
    path("console/<slug:slug>/settings", views.settings, name="settings"),
    path("invitations/<str:token>", views.invitation, name="invitation"),
]
