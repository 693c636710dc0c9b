"""Awards that a file names, one a row: by address or number of a credential, by person.

The first column counts: `/c/<id>`, the id of a credential or an award, an e-mail address or a
student number.  Reading changes nothing; what is found goes into the same preview as a search.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import Malformed
from cairn.core.openbadges.table import Problem, decode_table
from cairn.issuing.acts import AT_MOST
from cairn.issuing.models import Award, Credential
from cairn.organisations.models import Organisation

_UUID = re.compile(
    r"(?:^|/)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?$", re.IGNORECASE
)
_MOST_ROWS = 5000
_AT_ONCE = 500  # values in one query


@dataclass(frozen=True, slots=True)
class Named:
    """The awards that a file names, each once in the order of ids, and the rows that name none."""

    award_ids: tuple[UUID, ...]
    problems: tuple[Problem, ...]


def read(issuer: Organisation, data: bytes, achievement_id: UUID | None = None) -> Named:
    """What `data`, CSV or a workbook, names among the awards of `issuer`.

    With an achievement, only among its awards: so that a person is one award.  A few queries for
    each 500 rows.  Raises `Malformed` if it is no table, or too long.
    """
    table = decode_table(data)
    heading = table.header[0] if table.header else ""
    rows = [(row.number, row.cells[0]) for row in table.rows if row.cells and row.cells[0]]
    if _kind(heading) is not _by_student_number:  # no heading at all, but the first value
        rows.insert(0, (1, heading))
    if len(rows) > _MOST_ROWS:
        raise Malformed(_("more than %(most)s rows; split the file") % {"most": _MOST_ROWS})
    found: dict[str, set[UUID]] = {}
    by_kind: dict[Callable[..., Iterable[tuple[str, UUID]]], list[str]] = {}
    for _number, value in rows:
        by_kind.setdefault(_kind(value), []).append(_key(value))
    for look, keys in by_kind.items():
        for start in range(0, len(keys), _AT_ONCE):
            for key, award_id in look(issuer, keys[start : start + _AT_ONCE]):
                found.setdefault(key, set()).add(award_id)
    allowed = _of_achievement(issuer, found, achievement_id)
    problems = list(table.problems)
    named: set[UUID] = set()
    for number, value in rows:
        ids = found.get(_key(value), set()) & allowed
        if len(ids) == 1:
            named |= ids
        else:
            problems.append(_problem(number, heading, value, len(ids)))
    if len(named) > AT_MOST:
        raise Malformed(_("more than %(most)s awards; split the file") % {"most": AT_MOST})
    return Named(tuple(sorted(named)), tuple(sorted(problems, key=lambda each: each.row)))


def _kind(value: str) -> Callable[[Organisation, Sequence[str]], Iterable[tuple[str, UUID]]]:
    if _UUID.search(value):
        return _by_id
    return _by_email if "@" in value else _by_student_number


def _key(value: str) -> str:
    found = _UUID.search(value)
    return found[1].lower() if found else value.strip().lower()


def _by_id(issuer: Organisation, keys: Sequence[str]) -> Iterable[tuple[str, UUID]]:
    ids = [UUID(key) for key in keys]
    credentials = Credential.objects.filter(issuer=issuer, pk__in=ids)
    for credential_id, award_id in credentials.values_list("id", "award_id"):
        yield str(credential_id), award_id
    for award_id in Award.objects.filter(issuer=issuer, pk__in=ids).values_list("id", flat=True):
        yield str(award_id), award_id


def _by_email(issuer: Organisation, keys: Sequence[str]) -> Iterable[tuple[str, UUID]]:
    found = Award.objects.filter(issuer=issuer, learner__email__in=keys)
    yield from found.values_list("learner__email", "id")


def _by_student_number(issuer: Organisation, keys: Sequence[str]) -> Iterable[tuple[str, UUID]]:
    wanted = set(keys)
    found = Award.objects.filter(issuer=issuer).exclude(student_number="")
    for number, award_id in found.values_list("student_number", "id").iterator():
        if number.lower() in wanted:
            yield number.lower(), award_id


def _of_achievement(
    issuer: Organisation, found: dict[str, set[UUID]], achievement_id: UUID | None
) -> set[UUID]:
    every = set().union(*found.values())
    if achievement_id is None:
        return every
    awards = Award.objects.filter(issuer=issuer, version__achievement=achievement_id)
    return every & set(awards.values_list("id", flat=True))


def _problem(row: int, column: str, value: str, number: int) -> Problem:
    if number == 0:
        problem = _("names no award of yours")
        mend = _("write the address of a credential, an e-mail address or a student number")
    else:
        problem = _("names %(number)s awards") % {"number": number}
        mend = _("choose the achievement, or write the address of the credential")
    return Problem(row, column, value[:100], problem, mend)
