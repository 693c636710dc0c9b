"""What happens inside an installation under test, in a process of its own; answers in JSON.

`python -m tests.faults.acts ACT [ARGUMENT...]` with the environment of that installation.
"""

import json
import secrets
import sys

import django


def main(act: str, *arguments: str) -> None:
    """Do it, and print the answer."""
    django.setup()

    from tests import world
    from tests.faults.acting import ACTS

    # Each act is a process: its names must not be those of the one before.
    world.count_from(secrets.randbelow(10**9))

    print(json.dumps(ACTS[act](*arguments)))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
