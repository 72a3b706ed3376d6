"""`parvis erasures replay`: after a backup was restored, and before the site opens."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.people.ledger import replay


class Command(BaseCommand):
    """Erases again whoever a backup brought back (R-LAW-8)."""

    help = "efface de nouveau les comptes qu’une sauvegarde a ramenés"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("what", choices=["replay"], metavar="replay")

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many, and who cannot leave yet; the backup may be of an older version."""
        call_command("migrate", verbosity=0)
        done, left = replay()
        self.stdout.write(f"Comptes effacés de nouveau : {done}.")
        for person, why in left:
            self.stdout.write(f"{person.email} ne peut pas l’être : {why}")
        if left:
            raise CommandError("Réglez ces cas, puis relancez la commande avant d’ouvrir le site.")
