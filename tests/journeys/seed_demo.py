"""Fills the installation of a journey with the world of `cairn demo`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
django.setup()

from cairn.cli import demo_tour, terminal  # noqa: E402 - after the set-up

if __name__ == "__main__":
    demo_tour.fill(terminal.console())
