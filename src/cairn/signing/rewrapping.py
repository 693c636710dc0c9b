"""Change the master key: every wrapped private key is opened and wrapped anew, all or none.

Keys in a security module have no part in it.
"""

from datetime import datetime

from django.db import transaction

from cairn.core.errors import Conflict
from cairn.platform import audit
from cairn.signing.models import SigningKey
from cairn.signing.unwrapping import unwrap
from cairn.signing.wrapping import MasterKey, wrap


def rewrap_keys(*, old: MasterKey, new: MasterKey, now: datetime) -> int:
    """Wrap all keys that `old` wraps under `new`, in one transaction; how many there were.

    Keys under `new` are left alone, so that it may be run again.  Raises `Conflict` if old and new
    are one, `Malformed` if a key is wrapped under neither: then nothing has changed.
    """
    if old.id == new.id:
        raise Conflict("the new master key is the one in use; make one with cairn keys master")
    with transaction.atomic():
        rows = SigningKey.objects.select_for_update().exclude(master_key_id__in=(new.id, ""))
        keys = list(rows.order_by("id"))
        for key in keys:
            private = unwrap(key, old)
            key.wrapped_private = wrap(private, key_id=key.id, master=new)
            key.master_key_id = new.id
            key.save(update_fields=["wrapped_private", "master_key_id"])
            audit.record(
                "keys.rewrap",
                organisation_id=key.organisation_id,
                actor_id=None,
                subject_kind="signing_key",
                subject_id=key.id,
                at=now,
                master_key_id=new.id,
            )
    return len(keys)
