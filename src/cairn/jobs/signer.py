"""The signer job: carries out signing orders.  Nothing else opens a private key."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from cairn.core.rdf.document import Vocabulary
from cairn.platform.models import OutboxEvent
from cairn.signing import postponing
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer
from cairn.signing.security_module import KeysAway
from cairn.signing.signer import Signer

# Signs the subject of the order and stores the bytes; may be called again for what it did already.
Handler = Callable[[SigningOrder, Signer, datetime], None]


class SignerJob:
    """Carries out orders by their kind; keeps the shapes of documents it has signed."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers
        self._vocabulary = Vocabulary()

    def sign(self, event: OutboxEvent, now: datetime) -> None:
        """Carry out the order that the event is about, unless that was done.

        While the keys are out of reach the order waits, for as long as it takes, and nothing of it
        is written.

        The order is locked before its subject is read, so that whoever changes the subject later
        places an order of their own (`signing.orders`).
        """
        order = SigningOrder.objects.select_for_update().get(id=event.subject_id)
        if order.state == SigningOrder.State.DONE:
            return
        try:
            with transaction.atomic():
                signer = open_signer(order.organisation, now, self._vocabulary)
                self._handlers[order.kind](order, signer, now)
        except KeysAway as err:
            postponing.put_off(order, str(err), now)
            return
        order.state, order.problem, order.done_at = SigningOrder.State.DONE, "", now
        order.save(update_fields=["state", "problem", "done_at"])

    def give_up(self, event: OutboxEvent, problem: str, now: datetime) -> None:
        """Note on the order why it was not carried out."""
        SigningOrder.objects.filter(id=event.subject_id, state=SigningOrder.State.PLACED).update(
            state=SigningOrder.State.FAILED, problem=problem
        )
