"""Make keys in the security module that were asked for: for the signer job, nobody else.

An import contract keeps the pages and services of all rooms away from this module.
"""

import logging
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from cairn.signing import states
from cairn.signing.custody import Algorithm
from cairn.signing.generation import row_of
from cairn.signing.models import HeldKey, WantedKey
from cairn.signing.security_module import KeysAway, security_module

_log = logging.getLogger(__name__)


@transaction.atomic
def make_wanted_key(*, wanted_id: UUID, now: datetime) -> bool:
    """Make this key unless that was done; whether it is there.

    While the module is away, the wish stays and says why.
    """
    wanted = WantedKey.objects.select_for_update().filter(id=wanted_id).first()
    if wanted is None:
        return True
    algorithm = cast(Algorithm, wanted.algorithm)
    try:
        module = security_module()
        public = module.generate(wanted.id, algorithm)
    except KeysAway as err:
        _log.warning("a key can't be made: %s", err)
        wanted.problem = str(err)
        wanted.save(update_fields=["problem"])
        return False
    organisation = wanted.organisation
    states.locked(organisation)
    key = row_of(wanted.id, organisation, algorithm, public, now)
    key.save(force_insert=True)
    HeldKey.objects.create(key=key, token=module.token)
    is_first = not organisation.signing_keys.exclude(id=key.id).exists()
    states.record("keys.create" if is_first else "keys.prepare", key, wanted.requester_id, now)
    if not wanted.is_at_once:
        states.emit("key.prepared", organisation, now)
    elif is_first:
        states.activate(key, now)
    else:
        states.take_over([key], wanted.requester_id, now)
    wanted.delete()
    return True
