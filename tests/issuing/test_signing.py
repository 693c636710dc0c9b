"""`cairn.issuing.signing`: what a planned award becomes, and how lists are published."""

import pytest

from cairn.issuing.models import Award, Credential
from tests import world

pytestmark = pytest.mark.django_db


def test_a_planned_award_becomes_a_credential_in_three_forms() -> None:
    organisation = world.organisation()
    award = world.issued_award(organisation)
    assert award.state == Award.State.ISSUED
    credential = Credential.objects.get(award=award)
    assert credential.signed_at == world.NOW
    assert {form.form for form in credential.forms.all()} == {
        "eddsa-rdfc-2022",
        "vc-jwt-openbadges",
        "vc+jwt",
    }
