"""What was noted at claim links and notices becomes rows of the one table of mail."""

from django.db import migrations
from django.db.migrations.state import StateApps

_AT_ONCE = 1000


def carry_over(apps: StateApps, _editor: object) -> None:
    """Of each link and notice one letter: sent, waiting, or not needed; a second run adds none."""
    Mail = apps.get_model("wallet", "Mail")
    links = apps.get_model("wallet", "ClaimLink").objects.select_related("award")
    first = set()
    made = []
    for link in links.order_by("created_at", "id").iterator():
        is_first = link.credential_id not in first
        first.add(link.credential_id)
        made.append(
            Mail(
                link=link,
                kind="claim" if is_first else "again",
                occasion=str(link.credential_id if is_first else link.id),
                **_of(link, is_needed=link.state == "open"),
            )
        )
    notices = apps.get_model("wallet", "Notice").objects.select_related("award")
    for notice in notices.order_by("event_id").iterator():
        made.append(
            Mail(
                kind=notice.kind,
                occasion=str(notice.event_id),
                reason=notice.reason,
                **_of(notice, is_needed=True),
            )
        )
    Mail.objects.bulk_create(made, batch_size=_AT_ONCE, ignore_conflicts=True)


def _of(told, *, is_needed: bool) -> dict:
    waits = "waiting" if is_needed else "void"
    return {
        "organisation_id": told.award.issuer_id,
        "award_id": told.award_id,
        "state": "sent" if told.mailed_at else waits,
        "created_at": told.created_at,
        "due_at": told.created_at,
        "attempted_at": told.mailed_at,
        "sent_at": told.mailed_at,
    }


class Migration(migrations.Migration):
    dependencies = [("wallet", "0002_one_table_of_mail")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
