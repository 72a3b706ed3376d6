"""`parvis mail receive < message`: the door by which a mail server hands over answers."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from parvis.letters.receiving import receive

# The most read of one mail, and what a mail server understands as « try again later » (sysexits).
MOST, LATER = 5_000_000, 75


class Command(BaseCommand):
    """Takes one mail on the standard input."""

    help = "reçoit, sur l’entrée standard, un courriel qui répond à une discussion"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and for which address the server took the mail."""
        parser.add_argument("what", choices=["receive"], metavar="receive")
        parser.add_argument("--to", default="", metavar="ADRESSE", help="l’adresse que le serveur a acceptée")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say in one word what became of it; a database that is away makes the server try again."""
        raw = sys.stdin.buffer.read(MOST + 1)
        if len(raw) > MOST:
            raise CommandError("Ce courriel est trop lourd.", returncode=69)
        try:
            self.stdout.write(receive(raw, options["to"]))
        except DatabaseError as error:
            raise CommandError(f"La base ne répond pas : {error}", returncode=LATER) from error
