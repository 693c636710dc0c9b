"""Awards and credentials as others read them.  Bytes of lists are never read along."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from cairn.catalogue.content import fold
from cairn.catalogue.models import AchievementVersion, Offering
from cairn.issuing.changes import Act, Change
from cairn.issuing.models import Award, BatchRow, Credential, Removal, SignedForm, StatusList
from cairn.organisations.models import Organisation
from cairn.platform.models import OutboxEvent
from cairn.signing.models import SigningOrder


def awards_of(
    organisation: Organisation, query: str = "", state: str = "", batch: UUID | None = None
) -> QuerySet[Award]:
    """The awards of an issuer, newest first: 1 query, 2 with `query`.

    Not those that were erased or restricted: they left the sight of people.

    `query` is looked for in the name and address of the learner and in the achievement's name;
    `batch` is a table from which they came.
    """
    found = (
        Award.objects.filter(issuer=organisation, removal=None)
        .select_related("version__achievement", "learner", "offering")
        .order_by("-awarded_at", "id")
    )
    if state:
        found = found.filter(state=state)
    if batch is not None:
        found = found.filter(pk__in=BatchRow.objects.filter(batch=batch).values("id"))
    if query:
        found = found.filter(
            Q(recipient_name__icontains=query)
            | Q(learner__email__icontains=query)
            | Q(version__in=_versions_named(organisation, query))
        )
    return found


def credential_by_id(credential_id: UUID) -> Credential | None:
    """The signed credential at /c/<id>, with its award: 1 query."""
    return (
        Credential.objects.filter(pk=credential_id, signed_at__isnull=False)
        .select_related("issuer", *_WITH_AWARD)
        .first()
    )


def current_credential(award: Award) -> Credential | None:
    """The credential that speaks for an award: 1 query.

    None while it is being signed, and if the award was erased or restricted.
    """
    return (
        Credential.objects.filter(
            award=award, award__removal=None, is_current=True, signed_at__isnull=False
        )
        .select_related("issuer", *_WITH_AWARD)
        .first()
    )


def form_body(credential: Credential, form: str) -> bytes | None:
    """The exact bytes that were signed in this form: 1 query."""
    found = SignedForm.objects.filter(credential=credential, form=form).values_list("body")
    return next((bytes(body) for (body,) in found), None)


def forms_of(credential: Credential) -> QuerySet[SignedForm]:
    """All forms of a credential, the JSON first: 1 query."""
    return SignedForm.objects.filter(credential=credential).order_by("id")


def published_list(list_id: UUID) -> StatusList | None:
    """The signed list at /status/<id>, None until it is published: 1 query."""
    return StatusList.objects.filter(pk=list_id, version__gt=0).only("body", "version").first()


def planned_credentials(award: Award) -> QuerySet[Credential]:
    """All credentials of an award, signed or not: 1 query."""
    return Credential.objects.filter(award=award).select_related("issuer").order_by("planned_at")


def locked(award: Award) -> Award:
    """`award` as it is now, locked to the end of the transaction: 1 query."""
    found = Award.objects.select_for_update(of=("self",)).select_related(*_OF_AWARD)
    return found.get(pk=award.pk)


def is_claimed(award: Award) -> bool:
    """Whether a learner holds it, by the facts that the wallet tells: 1 query."""
    return _last_told(award) == "credential.claimed"


def is_handed_back(award: Award) -> bool:
    """Whether whoever got it said last that they are somebody else: 1 query."""
    return _last_told(award) == "credential.handed_back"


def newest_of(credential_id: UUID) -> Credential | None:
    """The newest signed credential that took the place of this one, of the same person.

    None if there is none, and if its award went to another address since: who has this one is not
    who got that.  2 queries, and 1 for each replacement.
    """
    chain = [credential_id]
    while successor := Change.objects.filter(replaced=chain[-1]).first():
        chain.append(UUID(str(successor.successor_id)))
    if not Credential.objects.filter(pk=chain[-1], is_current=True).exists():
        return None
    signed = (credential_by_id(each) for each in reversed(chain[1:]))
    return next((each for each in signed if each is not None), None)


def newer_versions(award: Award) -> QuerySet[AchievementVersion]:
    """The published versions after the one that an award has, newest first: 1 query."""
    return (
        AchievementVersion.objects.filter(
            achievement=award.version.achievement_id,
            state=AchievementVersion.State.PUBLISHED,
            number__gt=award.version.number,
        )
        .select_related("achievement__creator")
        .order_by("-number")
    )


def is_being_replaced(credential: Credential) -> bool:
    """Whether the one that takes its place is being signed: 1 query."""
    successors = Change.objects.filter(replaced=credential, successor__is_current=True)
    return successors.filter(successor__signed_at=None).exists()


def last_signed(award: Award) -> Credential | None:
    """The credential that was signed last, current or not: 1 query."""
    return (
        Credential.objects.filter(award=award)
        .exclude(signed_at=None)
        .order_by("-planned_at")
        .first()
    )


def handed_back(award_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these awards were handed back and not claimed since: 1 query."""
    last = last_told(award_ids)
    return frozenset(each for each, kind in last.items() if kind == "credential.handed_back")


def last_told(award_ids: Collection[UUID]) -> dict[UUID, str]:
    """Of these awards, whether each was claimed or handed back last, if either: 1 query."""
    told = OutboxEvent.objects.filter(subject_id__in=award_ids, kind__in=_OF_HOLDING)
    return dict(told.order_by("id").values_list("subject_id", "kind"))


def last_change(award: Award, act: Act) -> Change | None:
    """When and why this was done to an award last: 1 query."""
    return Change.objects.filter(award=award, act=act).order_by("-id").first()


def replacement_by(credential_id: UUID) -> Change | None:
    """When and why this credential took the place of another, None for a first one: 1 query."""
    return Change.objects.filter(successor=credential_id).first()


def removal_of(credential_id: UUID) -> Removal | None:
    """That the award of this credential was erased or restricted, and when: 1 query."""
    return Removal.objects.filter(award__credentials=credential_id).first()


def replacement(credential_id: UUID) -> Change | None:
    """When and why this credential was replaced: 1 query."""
    return Change.objects.filter(replaced=credential_id).first()


def same_award(
    organisation: Organisation,
    *,
    version: AchievementVersion,
    offering: Offering | None,
    email: str,
) -> Award | None:
    """The award that stands in the way of another one of this version and run: 1 query."""
    return Award.objects.filter(
        issuer=organisation, version=version, offering=offering, learner__email=email
    ).first()


def signing_problem(award: Award) -> str:
    """Why the signer gave up on an award, "" if it did not: 1 query."""
    orders = SigningOrder.objects.filter(
        organisation=award.issuer_id,
        kind="credential",
        subject_id__in=award.credentials.values("id"),
        state=SigningOrder.State.FAILED,
    )
    return orders.values_list("problem", flat=True).first() or ""


def _last_told(award: Award) -> str | None:
    told = OutboxEvent.objects.filter(subject_id=award.id, kind__in=_OF_HOLDING)
    return told.order_by("-id").values_list("kind", flat=True).first()


# What says who holds an award; the last one counts.
_OF_HOLDING = ("credential.claimed", "credential.handed_back", "award.moved_back")
_OF_AWARD = ("issuer", "version__achievement__creator", "learner", "offering")
_WITH_AWARD = tuple(f"award__{name}" for name in _OF_AWARD)


def _versions_named(organisation: Organisation, query: str) -> list[UUID]:
    # In Python: the databases write and compare letters inside JSON each in its own way.
    names = AchievementVersion.objects.filter(achievement__creator=organisation)
    wanted = fold(query)
    return [
        version_id
        for version_id, texts in names.values_list("id", "name")
        if any(wanted in fold(str(text)) for text in texts.values())
    ]
