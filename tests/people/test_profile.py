"""The profile: name, language, time zone, and what the pages make of them."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from cairn.people import services
from cairn.people.middleware import ProfileMiddleware
from cairn.people.models import User

pytestmark = pytest.mark.django_db
GOOD = {"name": " Ada Lovelace ", "language": "fr", "time_zone": "Europe/Paris"}


@pytest.fixture
def user(client: Client) -> User:
    one = services.create_user(email="ada@example.org")
    client.force_login(one, "allauth.account.auth_backends.AuthenticationBackend")
    return one


def test_the_profile_is_kept_and_the_language_is_spoken_at_once(client: Client, user: User) -> None:
    answer = client.post("/me/profile", GOOD, follow=True)
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("Ada Lovelace", "fr", "Europe/Paris")
    assert '<html lang="fr"' in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Ada\u202eecalevoL"},
        {"name": "Ada\nLovelace"},
        {"name": "x" * 201},
        {"language": "xx"},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "../../etc/passwd"},
    ],
)
def test_a_wrong_profile_is_shown_again(client: Client, user: User, wrong: dict[str, str]) -> None:
    answer = client.post("/me/profile", {**GOOD, **wrong})
    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.language == "en"


def test_the_language_of_the_profile_is_spoken_on_another_device(user: User) -> None:
    services.edit_profile(actor=user, name="", language="fr", time_zone="UTC")
    elsewhere = Client()
    elsewhere.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert '<html lang="fr"' in elsewhere.get("/me/profile").content.decode()


def test_the_switch_in_the_footer_goes_before_the_profile(client: Client, user: User) -> None:
    services.edit_profile(actor=user, name="", language="fr", time_zone="UTC")
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/me/profile"}, follow=True)
    assert '<html lang="en"' in answer.content.decode()


def test_times_are_those_of_the_profile(user: User, rf: RequestFactory) -> None:
    services.edit_profile(actor=user, name="", language="en", time_zone="Asia/Kolkata")
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = rf.get("/")
    request.user = User.objects.get()
    request.COOKIES["sessionid"] = "x"
    ProfileMiddleware(view)(request)
    assert seen == ["Asia/Kolkata"]
    assert timezone.get_current_timezone_name() == "UTC"


def test_without_a_session_nobody_is_looked_up(client: Client) -> None:
    answer = client.get("/accounts/inactive/", headers={"accept-language": "fr"})
    assert '<html lang="fr"' in answer.content.decode()
