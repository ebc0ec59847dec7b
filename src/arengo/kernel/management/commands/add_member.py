"""Give a person a role in a Comune, from the terminal."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from arengo.kernel.access import get_comune
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Role
from arengo.kernel.people import add_member


class Command(BaseCommand):
    """Make the first people of an installation; they need no other person."""

    help = "Assegna a una persona un ruolo in un Comune / Give a person a role in a Comune"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the person, the Comune and the role."""
        parser.add_argument("email")
        parser.add_argument("nome", help="nome e cognome / full name")
        parser.add_argument("--comune", required=True, help="pero, livo-co, …")
        parser.add_argument("--ruolo", required=True, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print the password of a new person once."""
        try:
            person, password = add_member(
                comune=get_comune(options["comune"]),
                email=options["email"],
                full_name=options["nome"],
                role=Role(options["ruolo"]),
                by=None,
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.full_name}: {person.email}")
        if password:
            self.stdout.write(f"password (mostrata solo ora): {password}")
