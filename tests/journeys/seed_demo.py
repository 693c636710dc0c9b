"""Fills the installation of a journey with the world of `cairn demo`, prints what to open."""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
django.setup()

from cairn.catalogue.models import AchievementVersion  # noqa: E402 - after the set-up
from cairn.cli import demo_tour, terminal  # noqa: E402
from cairn.organisations.models import Register  # noqa: E402
from cairn.wallet.addresses import share_url  # noqa: E402
from cairn.wallet.models import Holding  # noqa: E402


def main() -> None:
    """Print addresses by what they show; write the demo's files into a folder if one is named."""
    demo_tour.fill(terminal.console(stderr=True))
    for folder in sys.argv[1:]:
        demo_tour.write_examples(Path(folder))
    waiting = AchievementVersion.objects.get(state=AchievementVersion.State.SUBMITTED)
    found = {
        "register": f"/registers/{Register.objects.get().id}",
        "review": f"{waiting.achievement_id}/v/1",
    }
    for holding in Holding.objects.select_related("award__version__achievement__creator"):
        award = holding.award
        provider = award.version.achievement.creator.slug
        learner = award.learner.email.partition(".")[0]
        name = f"{learner} {provider} {holding.visibility} {award.state}"
        found[f"award of {name}"] = f"/console/{provider}/awards/{award.id}/"
        if holding.claimed_at:
            found[f"holding of {name}"] = f"/me/credentials/{holding.id}/"
            found[name] = share_url(holding, award.credentials.get().id)
    print(json.dumps(found))  # noqa: T201 - it is the answer


if __name__ == "__main__":
    main()
