"""How every fault test ends: all is done, the AUDIT finds nothing, each letter came once."""

from tests.faults.conftest import Seeded
from tests.faults.letters import Letters


def finish(seeded: Seeded, letters: Letters, issued: int, seconds: float = 90) -> float:
    """Wait for the end, at most so many `seconds`, and audit it; the seconds that took."""
    taken = seeded.installation.wait_until_idle(seconds)
    problems = seeded.installation.act("audit", seeded.batch)["problems"]
    assert not problems, "\n".join(problems)
    assert not letters.doubled, letters.doubled
    assert len(letters.count) == issued
    return taken
