"""Whatever is sent to the form of a draft, it is saved, or shown again: never a fault of ours."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cairn.catalogue.content import Content
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.openbadges import achievement
from cairn.catalogue.services import Incomplete, submit_version
from cairn.core.errors import Malformed
from tests.catalogue.conftest import House
from tests.catalogue.making import LATER, draft
from tests.catalogue.test_pages import path, signed_in, typed

NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "\0",
            "\ud7ff\u202e",
            "a\r\nBcc: eve@example.org",
            "<script>alert(1)</script>",
            "99999999999999999999",
            "-1",
            "1e400",
            "NaN",
            "Infinity",
            "javascript:alert(1)",
            "{{ 7*7 }}",
            "é" * 10_001,
            ",,,,",
            "none",
            "en",
            "xx",
        ]
    ),
)
FIELDS = (
    *("language", "achievement_type", "human_code", "field_of_study", "tags", "level", "ects"),
    *("workload_hours", "participation", "supervision", "drawing_family", "valid_for_months"),
    *("name_en", "name_fr", "description_en", "criteria_en", "outcomes_en", "outcomes_fr"),
    *("prerequisites_fr", "assessment_type_en", "quality_assurance_en", "kept_picture", "seen"),
    *("alignments-TOTAL_FORMS", "alignments-INITIAL_FORMS", "results-TOTAL_FORMS"),
    *("alignments-0-targetUrl", "alignments-1-targetName", "alignments-1-targetUrl"),
    *("results-0-valueMin", "results-0-allowedValue", "results-1-name", "results-1-requiredValue"),
    *("achievement_id", "names_learner", "then"),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(changes=st.dictionaries(st.sampled_from(FIELDS), NASTY, min_size=1, max_size=6))
def test_any_input_is_saved_or_shown_again(house: House, changes: dict[str, str]) -> None:
    version = draft(house.organisation, house.designer)
    data: dict[str, Any] = typed(house, version, **changes)
    data.pop("then", None)
    answer = signed_in(house.designer).post(path("edit", version), data)
    assert answer.status_code in (302, 409, 422)
    if answer.status_code == 422:
        assert 'id="errors"' in answer.content.decode()
    version.refresh_from_db()
    with suppress(Incomplete):
        submit_version(version_id=version.pk, actor=house.designer, now=LATER)
        for language in Content.of(version).languages():
            assert achievement(version, language).name


@pytest.mark.parametrize("gone", ["alignments-TOTAL_FORMS", "results-INITIAL_FORMS", "name_en"])
def test_a_torn_request_is_shown_again(house: House, gone: str) -> None:
    version = draft(house.organisation, house.designer)
    data = typed(house, version)
    del data[gone]
    answer = signed_in(house.designer).post(path("edit", version), data)
    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()
    assert AchievementVersion.objects.get().name == version.name


def test_an_empty_request_is_shown_again(house: House) -> None:
    version = draft(house.organisation, house.designer)
    assert signed_in(house.designer).post(path("edit", version), {}).status_code == 422


def test_malformed_content_names_the_field() -> None:
    with pytest.raises(Malformed) as caught:
        Content(language="en", name={"en": "x"}, tags=["\u202e"])
    assert caught.value.path == "/tags"
