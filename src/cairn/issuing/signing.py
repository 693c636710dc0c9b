"""The handlers of signing orders of this room; the signer job calls them with an open signer.

Each runs in one transaction and may run twice: the second time it finds the work done.
"""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cairn.issuing import selectors, status_lists
from cairn.issuing.documents import unsigned_document
from cairn.issuing.high_stakes import refuse_single
from cairn.issuing.models import Award, Credential, SignedForm, StatusList
from cairn.organisations.models import Organisation
from cairn.platform import audit, outbox
from cairn.signing.models import SigningOrder
from cairn.signing.signer import Signer


@transaction.atomic
def sign_credential(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign what was planned, in all forms; first its status lists if they never were published.

    An award that was withdrawn before is not signed.
    """
    credential = Credential.objects.get(pk=order.subject_id, issuer=order.organisation)
    award = selectors.locked(credential.award)
    credential = Credential.objects.select_for_update().get(pk=credential.pk)
    if credential.signed_at is not None or award.state != Award.State.PLANNED:
        return
    credential.award = award
    refuse_single(award.issuer_id, award.version.achievement_id, now)  # whoever placed the order
    _publish_new_lists(credential, signer, now)
    _sign_forms(credential, signer, now)
    credential.signed_at = now
    credential.save(update_fields=["signed_at"])
    award.state = Award.State.ISSUED
    award.save(update_fields=["state"])
    audit.record(
        "credential.sign",
        organisation_id=award.issuer_id,
        actor_id=None,
        subject_kind="award",
        subject_id=award.id,
        at=now,
        credential=str(credential.id),
    )
    outbox.emit(
        "credential.issued",
        organisation_id=award.issuer_id,
        subject_id=award.id,
        at=now,
        credential=str(credential.id),
    )


@transaction.atomic
def sign_status_list(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Publish what the list says now, unless an earlier order did."""
    status_list = StatusList.objects.select_for_update().get(
        pk=order.subject_id, issuer=order.organisation
    )
    if status_list.is_changed or _is_ending(status_list, now):
        status_lists.publish(status_list, signer, now)


@transaction.atomic
def renew_status_lists(now: datetime) -> int:
    """Order all lists that end soon, and changed ones whose order was lost; how many."""
    due = StatusList.objects.filter(
        Q(valid_until__lte=now + status_lists.RENEW_BEFORE) | Q(is_changed=True)
    )
    found = list(due.select_related("issuer").defer("bits", "taken", "body"))
    for status_list in found:
        status_lists.order_list(status_list, requester=None, now=now)
    return len(found)


@transaction.atomic
def order_lists_anew(organisation: Organisation, now: datetime) -> int:
    """Order all lists of an issuer whose key was given up: what it signed counts no more."""
    lists = StatusList.objects.filter(issuer=organisation, version__gt=0)
    lists.update(is_changed=True, changed_at=now)
    found = list(lists.select_related("issuer").defer("bits", "taken", "body"))
    for status_list in found:
        status_lists.order_list(status_list, requester=None, now=now)
    return len(found)


def _is_ending(status_list: StatusList, now: datetime) -> bool:
    end = status_list.valid_until
    return end is None or end <= now + status_lists.RENEW_BEFORE


def _publish_new_lists(credential: Credential, signer: Signer, now: datetime) -> None:
    # A credential whose list cannot be had is "not checked" to everyone who looks.
    lists = StatusList.objects.filter(entries__credential=credential).order_by("purpose")
    for status_list in lists.select_for_update():
        if status_list.version == 0:
            status_lists.publish(status_list, signer, now)


def _sign_forms(credential: Credential, signer: Signer, now: datetime) -> None:
    document = unsigned_document(credential)
    form = SignedForm.Form
    signed = (
        (form.DATA_INTEGRITY, signer.document_fragment, signer.sign_document(document, now=now)),
        (form.OPEN_BADGES_JWT, signer.token_fragment, signer.sign_open_badge_jwt(document)),
        (form.VC_JWT, signer.document_fragment, signer.sign_vc_jwt(document)),
    )
    for kind, fragment, body in signed:
        SignedForm.objects.create(
            issuer_id=credential.issuer_id,
            credential=credential,
            form=kind,
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            key_fragment=fragment,
            signed_at=now,
        )
