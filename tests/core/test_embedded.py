"""`cairn.core.verify.embedded`: what stands inside counts by its own proof, or not at all."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from cairn.core.codec import strict_json
from cairn.core.errors import Malformed, Unobtainable
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.rdf.contexts import CLR_2_0_1, OB_3_0_3, VC_2
from cairn.core.rdf.outline import Uncovered
from cairn.core.vc.credential import read_credential
from cairn.core.verify.embedded import (
    MAX_DEPTH,
    MAX_EMBEDDED,
    Budget,
    check_embedded,
    find_embedded,
)
from cairn.core.verify.learner_record import MAX_ASSOCIATIONS
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Embedded, Facts, Outcome, Reason, Report
from cairn.core.verify.steps import verify_credential
from tests.core.badges import CREDENTIAL, Badge
from tests.core.issuing import (
    DID,
    LIST_URL,
    NOW,
    VOCABULARY,
    Published,
    own_badge,
    published,
    signed,
    status_list,
)

BOARD_KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x03" * 32)
BOARD = f"did:key:{BOARD_KEY.public.multikey}"
BOARD_METHOD = f"{BOARD}#{BOARD_KEY.public.multikey}"
ACHIEVEMENT = "https://uni.example/a/1/v/1"


def by_board(document: Badge, **options: str) -> Badge:
    return signed(document, key=BOARD_KEY, verification_method=BOARD_METHOD, **options)


def endorsement(about: str = CREDENTIAL, **changes: Any) -> Badge:
    return {
        "@context": [VC_2, OB_3_0_3],
        "id": "https://board.example/e/1",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Approval",
        "issuer": {"id": BOARD, "type": ["Profile"], "name": "Board"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Sound.",
        },
        **changes,
    }


def report_on(document: Badge, documents: Published | None = None, **options: Any) -> Report:
    sources = Sources(documents=documents or published(), vocabulary=VOCABULARY)
    data = strict_json.read(strict_json.write(document))
    return verify_credential(read_credential(data), sources, now=NOW, **options)


def endorsed(*inside: Any, **changes: Any) -> Report:
    return report_on(signed(own_badge(endorsement=list(inside), **changes)))


def reasons(report: Report) -> set[Reason]:
    return {check.reason for check in report.checks}


def fact(report: Report, reason: Reason, name: str) -> str:
    return next(check.facts[name] for check in report.checks if check.reason is reason)


# Endorsements


def test_an_endorsement_is_shown_by_whom_and_has_a_report_of_its_own() -> None:
    report = endorsed(by_board(endorsement()))
    assert fact(report, Reason.ENDORSEMENT_HOLDS, "issuer") == "Board"
    assert fact(report, Reason.ENDORSEMENT_HOLDS, "about") == CREDENTIAL
    (inside,) = report.embedded
    assert (inside.path, inside.kind) == ("/endorsement/0", "endorsement")
    assert inside.report.outcome is Outcome.IN_FORCE
    assert inside.report.facts.issuer_id == BOARD


def test_an_endorsement_of_the_achievement_stands_in_the_achievement() -> None:
    document = own_badge()
    achievement = document["credentialSubject"]["achievement"]
    achievement["endorsement"] = [by_board(endorsement(ACHIEVEMENT))]
    report = report_on(signed(document))
    assert fact(report, Reason.ENDORSEMENT_HOLDS, "about") == ACHIEVEMENT
    assert report.embedded[0].path == "/credentialSubject/achievement/endorsement/0"


def _with_comment(document: Badge, text: str) -> Badge:
    document["credentialSubject"]["endorsementComment"] = text
    return document


BAD_ENDORSEMENTS: dict[str, Callable[[], Any]] = {
    "unsigned": endorsement,
    "altered": lambda: _with_comment(by_board(endorsement()), "Excellent."),
    "signed by the credential's issuer in the board's name": lambda: signed(endorsement()),
    "expired": lambda: by_board(endorsement(validUntil="2026-05-01T00:00:00Z")),
    "not yet in force": lambda: by_board(endorsement(validFrom="2026-07-01T00:00:00Z")),
}


@pytest.mark.parametrize("name", BAD_ENDORSEMENTS)
def test_attack_of_an_endorsement_that_its_issuer_does_not_stand_by(name: str) -> None:
    report = endorsed(BAD_ENDORSEMENTS[name]())
    assert Reason.ENDORSEMENT_DOUBTFUL in reasons(report)
    assert Reason.ENDORSEMENT_HOLDS not in reasons(report)
    assert report.outcome is Outcome.IN_FORCE


@pytest.mark.parametrize(
    "about", ["https://uni.example/c/2", ACHIEVEMENT, DID, "https://uni.example/c/1#x"]
)
def test_attack_of_the_endorsement_of_something_else(about: str) -> None:
    report = endorsed(by_board(endorsement(about)))
    assert Reason.ENDORSEMENT_OF_OTHER in reasons(report)
    assert Reason.ENDORSEMENT_HOLDS not in reasons(report)


def test_attack_of_an_endorsement_of_two_things_one_of_which_is_elsewhere() -> None:
    subjects = [
        {"id": each, "type": ["EndorsementSubject"], "endorsementComment": f"Sound {each}"}
        for each in (CREDENTIAL, "https://uni.example/c/2")
    ]
    report = endorsed(by_board(endorsement(credentialSubject=subjects)))
    assert Reason.ENDORSEMENT_OF_OTHER in reasons(report)


def test_attack_of_an_issuer_that_endorses_itself() -> None:
    issuer = {"id": DID, "type": ["Profile"], "name": "North University"}
    own = signed(endorsement(issuer=issuer))
    report = endorsed(own)
    assert Reason.ENDORSEMENT_BY_ISSUER in reasons(report)
    assert Reason.ENDORSEMENT_HOLDS not in reasons(report)


def test_attack_of_an_endorsement_under_the_id_of_the_credential_itself() -> None:
    # refused by the document check as well; here for suites and containers that have none
    judged: list[str] = []
    found = _judged(own_badge(endorsement=[endorsement(id=CREDENTIAL)]), judged.append)
    assert judged == []
    assert Reason.ENDORSEMENTS_NOT_CHECKED in found


def _judged(document: Badge, seen: Callable[[str], None], **budget: Any) -> set[Reason]:
    def judge(inner: Any, sources: Sources, spent: Budget) -> Report:
        seen(inner.id)
        return Report(Outcome.IN_FORCE, (), Facts(), "")

    credential = read_credential(document)
    checks, _ = check_embedded(credential, Sources(), Budget(**budget), judge)
    return {check.reason for check in checks}


@pytest.mark.parametrize("wrong", [{"type": "EndorsementCredential"}, {"a": "b"}], ids=str)
def test_attack_of_something_that_is_no_credential(wrong: Any) -> None:
    document = own_badge(endorsement=[wrong])
    assert _judged(document, lambda _: None) == {Reason.ENDORSEMENTS_NOT_CHECKED}


def test_attack_of_having_a_stranger_asked_by_an_altered_credential() -> None:
    inner = endorsement(issuer={"id": "did:web:tracker.example", "type": ["Profile"]})
    document = signed(own_badge(endorsement=[inner]))
    document["name"] = "Astrophysics"
    documents = published()
    report = report_on(document, documents)
    assert Reason.ENDORSEMENTS_NOT_CHECKED in reasons(report)
    assert report.embedded == ()
    assert not any("tracker" in url for url in documents.asked)


# Tokens


def token_report(subject: str) -> Report:
    facts = Facts(issuer_id=BOARD, issuer_name="Board", subject_ids=(subject,))
    return Report(Outcome.IN_FORCE, (), facts, "")


def test_a_token_is_judged_by_the_function_passed_in() -> None:
    document = own_badge(endorsementJwt=["a.b.c"])
    asked: list[str] = []

    def judge_token(token: str, sources: Sources, budget: Budget) -> Report:
        asked.append(token)
        return token_report(CREDENTIAL)

    report = report_on(signed(document), judge_token=judge_token)
    assert asked == ["a.b.c"]
    assert Reason.ENDORSEMENT_HOLDS in reasons(report)


def test_a_token_about_something_else_endorses_nothing_here() -> None:
    report = report_on(
        signed(own_badge(endorsementJwt=["a.b.c"])),
        judge_token=lambda token, sources, budget: token_report("https://uni.example/c/2"),
    )
    assert Reason.ENDORSEMENT_OF_OTHER in reasons(report)


def test_a_token_that_cannot_be_read_or_that_nobody_judges_is_not_checked() -> None:
    def refuse(token: str, sources: Sources, budget: Budget) -> Report:
        raise Malformed("no token")

    document = signed(own_badge(endorsementJwt=["a.b.c"]))
    for judge_token in (None, refuse):
        report = report_on(document, judge_token=judge_token)
        assert fact(report, Reason.ENDORSEMENTS_NOT_CHECKED, "count") == "1"


# Learner records


def child(number: int = 2, **changes: Any) -> Badge:
    document = own_badge(id=f"https://uni.example/c/{number}", name=f"Course {number}", **changes)
    achievement = document["credentialSubject"]["achievement"]
    achievement["id"] = f"https://uni.example/a/{number}"
    result = f"urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f0{number}"
    achievement["resultDescription"][0]["id"] = result
    document["credentialSubject"]["result"][0]["resultDescription"] = result
    document["credentialStatus"]["id"] += str(number)
    return document


def record(*children: Any, **subject: Any) -> Badge:
    return {
        "@context": [VC_2, CLR_2_0_1, OB_3_0_3],
        "id": "https://uni.example/clr/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript",
        "issuer": {"id": BOARD, "type": ["Profile"], "name": "Board"},
        "validFrom": "2026-02-01T00:00:00Z",
        "credentialSubject": {
            "type": ["ClrSubject"],
            "verifiableCredential": list(children),
            **subject,
        },
    }


def link(source: int, target: int) -> Badge:
    return {
        "type": "Association",
        "associationType": "isChildOf",
        "sourceId": f"https://uni.example/a/{source}",
        "targetId": f"https://uni.example/a/{target}",
    }


def test_each_child_of_a_record_has_its_own_issuer_and_report() -> None:
    report = report_on(by_board(record(signed(child(2)), signed(child(3)))))
    assert report.outcome is Outcome.IN_FORCE
    assert fact(report, Reason.EMBEDDED_IN_FORCE, "count") == "2"
    assert [inner.report.facts.issuer_id for inner in report.embedded] == [DID, DID]
    assert [inner.path for inner in report.embedded] == [
        "/credentialSubject/verifiableCredential/0",
        "/credentialSubject/verifiableCredential/1",
    ]


def _altered(document: Badge) -> Badge:
    document["validUntil"] = "2099-01-01T00:00:00Z"
    return document


BAD_CHILDREN: dict[str, tuple[Callable[[], Badge], Reason]] = {
    "unsigned child": (lambda: child(2), Reason.EMBEDDED_DOUBTFUL),
    "altered child": (lambda: _altered(signed(child(2))), Reason.EMBEDDED_DOUBTFUL),
    "child signed by the assembler": (lambda: by_board(child(2)), Reason.EMBEDDED_DOUBTFUL),
    "expired child": (
        lambda: signed(child(2, validUntil="2026-05-01T00:00:00Z")),
        Reason.EMBEDDED_DOUBTFUL,
    ),
    "child of an issuer that does not answer": (
        lambda: signed(
            child(2, issuer="did:web:gone.example"), verification_method=("did:web:gone.example#1")
        ),
        Reason.EMBEDDED_NOT_CHECKED,
    ),
}


@pytest.mark.parametrize("name", BAD_CHILDREN)
def test_attack_of_a_record_that_vouches_for_its_children(name: str) -> None:
    make, reason = BAD_CHILDREN[name]
    report = report_on(by_board(record(make())))
    assert report.outcome is Outcome.IN_FORCE  # what the assembler signed is intact
    assert reason in reasons(report)
    assert Reason.EMBEDDED_IN_FORCE not in reasons(report)


def test_attack_of_a_childs_field_that_only_the_record_says() -> None:
    # the record repeats the child's achievement under the same id with another name
    other = {
        **child(2)["credentialSubject"]["achievement"],
        "name": "Medicine",
        "resultDescription": [],
    }
    del other["resultDescription"]
    document = by_board_or_refused(record(signed(child(2)), achievement=[other]))
    if document is None:
        return
    report = report_on(document)
    assert all(inner.report.facts.title == "Data analysis" for inner in report.embedded)


def by_board_or_refused(document: Badge) -> Badge | None:
    try:
        return by_board(document)
    except Uncovered:
        return None


def test_attack_of_a_status_taken_from_the_parent() -> None:
    # the child is withdrawn by its issuer; the record around it has no status at all
    documents = published()
    documents.documents[LIST_URL] = strict_json.write(signed(status_list(94567)))
    report = report_on(by_board(record(signed(child(2)))), documents)
    assert report.outcome is Outcome.IN_FORCE
    assert report.embedded[0].report.outcome is Outcome.WITHDRAWN
    assert Reason.EMBEDDED_DOUBTFUL in reasons(report)


def test_links_between_children_in_force_are_shown() -> None:
    report = report_on(
        by_board(record(signed(child(2)), signed(child(3)), association=[link(3, 2)]))
    )
    assert fact(report, Reason.ASSOCIATIONS_SHOWN, "count") == "1"
    (found,) = report.associations
    assert (found.kind, found.source_id) == ("isChildOf", "https://uni.example/a/3")


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(lambda: [signed(child(2))], id="missing"),
        pytest.param(lambda: [signed(child(2)), child(3)], id="unsigned"),
        pytest.param(lambda: [signed(child(2)), by_board(child(3))], id="wrongly signed"),
    ],
)
def test_attack_of_a_link_to_a_credential_that_is_not_there(
    inside: Callable[[], list[Badge]],
) -> None:
    report = report_on(by_board(record(*inside(), association=[link(3, 2)])))
    assert Reason.ASSOCIATIONS_DANGLING in reasons(report)
    assert Reason.ASSOCIATIONS_SHOWN not in reasons(report)


@pytest.mark.parametrize("wrong", [None, "x", {}, {**link(1, 2), "sourceId": 4}], ids=str)
def test_a_link_of_another_shape_is_malformed(wrong: Any) -> None:
    with pytest.raises(Malformed):
        report_on(record(child(2), association=[wrong]))


def test_the_number_of_links_is_bounded() -> None:
    links = [link(number, number + 1) for number in range(MAX_ASSOCIATIONS)]
    assert len(report_on(record(child(2), association=links)).associations) == MAX_ASSOCIATIONS
    with pytest.raises(Malformed, match="associations"):
        report_on(record(child(2), association=[*links, link(0, 0)]))


# Bounds


def _many(count: int) -> Badge:
    inside = [endorsement(id=f"https://board.example/e/{number}") for number in range(count)]
    return own_badge(endorsement=inside)


@pytest.mark.parametrize("count", [MAX_EMBEDDED, MAX_EMBEDDED + 1])
def test_attack_of_endless_endorsements(count: int) -> None:
    judged: list[str] = []
    found = _judged(_many(count), judged.append)
    assert len(judged) == MAX_EMBEDDED
    assert (Reason.ENDORSEMENTS_NOT_CHECKED in found) is (count > MAX_EMBEDDED)


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH])
def test_attack_of_endless_nesting(depth: int) -> None:
    judged: list[str] = []
    found = _judged(_many(1), judged.append, depth=depth)
    assert bool(judged) is (depth < MAX_DEPTH)
    assert (Reason.ENDORSEMENTS_NOT_CHECKED in found) is (depth >= MAX_DEPTH)


def test_attack_of_many_addresses_of_strangers() -> None:
    documents = Published({})

    def judge(inner: Any, sources: Sources, spent: Budget) -> Report:
        for number in range(20):
            with contextlib.suppress(Unobtainable):
                sources.documents.get(f"https://victim.example/{number}", now=NOW)
        return Report(Outcome.NOT_CHECKED, (), Facts(), "")

    sources = Sources(documents=documents)
    check_embedded(read_credential(_many(20)), sources, Budget(fetches=30), judge)
    assert len(documents.asked) == 30


def test_a_tree_within_a_tree_shares_one_budget() -> None:
    deepest = endorsement("https://board.example/e/1", id="https://board.example/e/2")
    inner = by_board(endorsement(endorsement=[by_board(deepest)]))
    document = signed(own_badge(endorsement=[inner]))
    (found,) = report_on(document).embedded
    assert [each.report.outcome for each in found.report.embedded] == [Outcome.IN_FORCE]
    (found,) = report_on(document, budget=Budget(embedded=1)).embedded
    assert isinstance(found, Embedded)
    assert found.report.embedded == ()
    assert Reason.ENDORSEMENTS_NOT_CHECKED in reasons(found.report)


def test_what_stands_inside_an_embedded_credential_is_not_the_outer_ones() -> None:
    inner = endorsement(endorsement=[endorsement()])
    found = list(find_embedded(own_badge(endorsement=[inner])))
    assert [entry.path for entry in found] == ["/endorsement/0"]


def test_the_front_door_judges_what_is_inside_too() -> None:
    data = strict_json.write(signed(own_badge(endorsement=[by_board(endorsement())])))
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    assert verify(data, sources, now=NOW).embedded
