"""The command `parvis`: its own verbs, in French; every other verb is Django's."""

import argparse
import gc
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import django
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import execute_from_command_line, get_commands
from django.core.validators import validate_email
from platformdirs import user_data_path
from rich.console import Console
from rich.table import Table

from parvis import __version__, serve

OISE = ["60"]
# What argparse says in English, in the words of the rest of the interface.
ARGPARSE_FRENCH = (
    (r"the following arguments are required: (.+)", r"il manque \1"),
    (r"unrecognized arguments: (.+)", r"argument inconnu : \1"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): expected at least one argument", r"\1 attend au moins une valeur"),
    (r"argument (\S+): invalid choice: (\S+) .*", r"\2 ne convient pas"),
    (r"argument (\S+): (.+)", r"\1 : \2"),
)

console = Console()


class Refusal(Exception):
    """What the person asked cannot be done; the message says why in one French sentence."""


class Parser(argparse.ArgumentParser):
    """Refuses bad arguments with one French sentence."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and leave with status 2."""
        for english, french in ARGPARSE_FRENCH:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
                break
        self.exit(2, f"{self.prog} : {message} (voir {self.prog} --help).\n")


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 when done, 1 when refused, 2 when badly written."""
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    if argv and argv[0] not in VERBS and not argv[0].startswith("-"):
        return _django(argv)
    options = _parser().parse_args(argv)
    try:
        options.run(options)
    except (Refusal, serve.PortBusy) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _django(argv: list[str]) -> int:
    django.setup()
    if argv[0] not in {*get_commands(), "help"}:
        sys.stderr.write(f"parvis ne connaît pas la commande « {argv[0]} » (voir parvis --help).\n")
        return 2
    execute_from_command_line(["parvis", *argv])
    return 0


def _parser() -> Parser:
    parser = Parser(
        prog="parvis",
        description="Parvis, le réseau social de votre territoire.",
        epilog="Les autres commandes (migrate, shell, check…) sont celles de Django.",
    )
    parser.add_argument("--version", action="version", version=f"parvis {__version__}")
    verbs = parser.add_subparsers(metavar="COMMANDE", required=True)
    for name, (run, description) in VERBS.items():
        verb = verbs.add_parser(name, help=description, description=description)
        verb.set_defaults(run=run)
        ARGUMENTS[name](verb)
    return parser


def _init_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--territory", nargs="+", required=True, type=_code, metavar="CODE", help="codes du territoire")


def _update_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien écrire")
    verb.add_argument(
        "--successor",
        nargs="+",
        action="extend",
        default=[],
        type=_succession,
        metavar="ANCIEN=NOUVEAU",
        help="commune (ou intercommunalité) qui succède à une autre, quand les fichiers ne le disent pas",
    )


def _demo_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--port", type=_port, default=8000, help="port d’écoute (8000)")
    verb.add_argument("--territory", nargs="+", type=_code, metavar="CODE", help="codes du territoire (60, l’Oise)")
    verb.add_argument("--fresh", action="store_true", help="repartir d’une démonstration neuve")
    verb.add_argument("--prepare", action="store_true", help="préparer la démonstration sans la servir")


def _file_arguments(kind: str) -> Callable[[argparse.ArgumentParser], None]:
    """The arguments of a verb that imports files of one kind."""

    def arguments(verb: argparse.ArgumentParser) -> None:
        verb.add_argument("what", choices=["import"], metavar="import", help="importer des fichiers")
        verb.add_argument("files", nargs="+", type=Path, metavar="FICHIER", help="fichiers, compressés (.gz) ou non")
        verb.add_argument("--check", action="store_true", help="lire et vérifier, sans rien écrire")
        verb.add_argument("--leave-out", action="store_true", help="laisser de côté les lignes refusées")
        verb.set_defaults(kind=kind)
        if kind == "quartiers":
            natures = ["quartier", "hameau", "village", "lotissement", "residence", "zone-activites", "secteur"]
            verb.add_argument("--nature", choices=natures, default="quartier", help=f"{', '.join(natures)}")
            verb.add_argument("--commune", default="", metavar="INSEE", help="la commune qui les contient toutes")

    return arguments


def _agenda_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("what", choices=["import"], metavar="import", help="importer un calendrier")
    verb.add_argument("source", metavar="FICHIER-OU-ADRESSE", help="iCalendar, OpenAgenda, DATAtourisme ou CSV")
    verb.add_argument(
        "--voice", type=int, required=True, metavar="NUMÉRO", help="l’organisation : la fin de l’adresse de sa page"
    )
    verb.add_argument("--accept", action="store_true", help="importer, et non seulement montrer")


def _address_arguments(verb: argparse.ArgumentParser, port: int) -> None:
    verb.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    verb.add_argument("--port", type=_port, default=port, help=f"port d’écoute ({port})")
    verb.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _serve_arguments(verb: argparse.ArgumentParser) -> None:
    _address_arguments(verb, 8000)
    verb.add_argument("--workers", type=_count, help="processus web (un avec SQLite, un par cœur sinon)")
    verb.add_argument("--no-worker", dest="with_worker", action="store_false", help="sans les tâches de fond")
    verb.add_argument("--live-port", type=_port, help="port du direct, avec Redis (celui qui suit --port)")


def _worker_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _admin_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("what", choices=["create"], metavar="create", help="donner le rôle d’administrateur")
    verb.add_argument("email", type=_email, metavar="EMAIL", help="adresse électronique de la personne")


def _init(options: argparse.Namespace) -> None:
    django.setup()
    _imported("check_codes", options.territory)
    serve.prepare()
    _imported("initialise", options.territory, console)


def _update(options: argparse.Namespace) -> None:
    django.setup()
    serve.prepare()
    _imported("update", console, successors=dict(options.successor), dry_run=options.dry_run)


def _imported(verb: str, *args: Any, **options: Any) -> None:
    refused: type[Exception] = _named("parvis.territory.importer", "TerritoryError")
    # A country is millions of objects and no cycle: looking for some would take a tenth of the time.
    gc.disable()
    try:
        _named("parvis.initialise", verb)(*args, **options)
    except refused as error:
        raise Refusal(str(error)) from error
    finally:
        gc.enable()


def _serve(options: argparse.Namespace) -> None:
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104
    os.environ.setdefault("PARVIS_URL", f"http://{host}:{options.port}")
    serve.check_port(options.host, options.port)
    # What is loaded stays: looking through it for cycles takes a twentieth of a start.
    gc.disable()
    django.setup()
    serve.prepare()
    if settings.EMAIL_FILE_PATH:
        sys.stderr.write(
            "Aucun serveur de courrier (EMAIL_URL) : les codes de connexion sont écrits dans "
            f"{settings.EMAIL_FILE_PATH}.\n"
        )
    console.print(
        f"Parvis répond sur {os.environ['PARVIS_URL']} (Ctrl-C pour arrêter).", highlight=False, soft_wrap=True
    )
    asked = {name: getattr(options, name) for name in ("host", "port", "workers", "with_worker", "live_port")}
    serve.serve(**asked)


def _worker(options: argparse.Namespace) -> None:
    if options.parent:
        serve.follow(options.parent)
    django.setup()
    _named("parvis.core.jobs", "work_forever")()


def _live(options: argparse.Namespace) -> None:
    if options.parent:
        serve.follow(options.parent)
    django.setup()
    if not settings.REDIS_URL:
        raise Refusal("Il n’y a pas de direct sans Redis : donnez son adresse dans REDIS_URL.")
    serve.serve_live(host=options.host, port=options.port)


def _import(options: argparse.Namespace) -> None:
    django.setup()
    serve.prepare()
    asked = {"nature": options.nature, "commune": options.commune} if options.kind == "quartiers" else {}
    refused: type[Exception] = _named("parvis.territory.actions", "UnreadableFile")
    lay = _named("parvis.lay", "lay")
    for path in options.files:
        try:
            done = lay(options.kind, path, console, check=options.check, leave_out=options.leave_out, **asked)
        except refused as error:
            raise Refusal(f"{path.name} : {error}") from error
        if not done:
            raise Refusal(f"{path.name} : rien n’a été écrit.")


def _agenda(options: argparse.Namespace) -> None:
    django.setup()
    serve.prepare()
    try:
        done = _named("parvis.bring", "bring")(options.source, options.voice, console, accept=options.accept)
    except ValidationError as refusal:
        raise Refusal(" ".join(refusal.messages)) from refusal
    except OSError as error:
        raise Refusal(f"{options.source} ne peut pas être lu : vérifiez son chemin.") from error
    if not done:
        raise Refusal("Rien n’a été importé.")


def _admin(options: argparse.Namespace) -> None:
    django.setup()
    serve.prepare()
    _named("parvis.people.actions", "make_administrator")(options.email)
    console.print(f"{options.email} administre désormais ce territoire.", highlight=False, soft_wrap=True)


def _demo(options: argparse.Namespace) -> None:
    folder = Path(os.environ.get("PARVIS_DATA_DIR") or user_data_path("parvis-demo"))
    state = folder / "demonstration.json"
    codes = _demo_codes(folder, state, options)
    # The demonstration never touches another database, nor sends a real mail.
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    address = f"http://127.0.0.1:{options.port}"
    os.environ |= {"PARVIS_DATA_DIR": str(folder), "PARVIS_DEMO": "1", "PARVIS_URL": address}
    if not options.prepare:
        serve.check_port("127.0.0.1", options.port)
    if codes:
        _build_demo(folder, state, codes)
    else:
        django.setup()
        serve.prepare()
    console.print(_accounts_table())
    if options.prepare:
        return
    console.print(f"Parvis répond sur [bold]{address}[/bold] (Ctrl-C pour arrêter).", highlight=False, soft_wrap=True)
    serve.serve(host="127.0.0.1", port=options.port, workers=1, with_worker=True)


def _demo_codes(folder: Path, state: Path, options: argparse.Namespace) -> list[str]:
    """The territory to build anew, or nothing when the demonstration is there and to be kept."""
    known = json.loads(state.read_text("utf-8")) if state.exists() else None
    if known is None and (folder / "parvis.sqlite3").exists():
        raise Refusal(f"{folder} contient un vrai Parvis : la démonstration n’y touche pas, prenez un autre dossier.")
    if known is None or options.fresh or not known["ready"]:
        return options.territory or (known or {}).get("codes") or OISE
    if options.territory and options.territory != known["codes"]:
        raise Refusal(
            f"La démonstration montre déjà le territoire {' '.join(known['codes'])} : "
            "ajoutez --fresh pour la remplacer."
        )
    return []


def _build_demo(folder: Path, state: Path, codes: list[str]) -> None:
    """Make the demonstration from nothing; one that was interrupted is made again at the next start."""
    django.setup()
    _imported("check_codes", codes)
    folder.mkdir(parents=True, exist_ok=True)
    for stale in [*folder.glob("parvis.sqlite3*"), *folder.glob("erasures.jsonl")]:
        stale.unlink()
    for stale in (folder / "media", folder / "mail"):
        shutil.rmtree(stale, ignore_errors=True)
    state.write_text(json.dumps({"codes": codes, "ready": False}), "utf-8")
    serve.prepare()
    _imported("initialise", codes, console)
    _named("parvis.demo.build", "build")(console)
    state.write_text(json.dumps({"codes": codes, "ready": True}), "utf-8")


def _accounts_table() -> Table:
    table = Table(
        "Compte", "Adresse", "Ce que l’on voit", title="Comptes de démonstration (le code arrive sur /courrier/)"
    )
    for account in _named("parvis.demo.build", "accounts")():
        table.add_row(account.name, account.email, account.label)
    return table


def _named(module: str, name: str) -> Any:
    """Something that can only be imported once Django is set up, which the options decide."""
    return getattr(import_module(module), name)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un port (1 à 65535)")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre de processus")
    return int(text)


def _code(text: str) -> str:
    if not re.fullmatch(r"FR|R[0-9]{2}|[0-9][0-9AB][0-9]*", text.upper()):
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas un code de territoire (60, 2A, R32, FR, 31555, 200067965…)"
        )
    return text.upper()


def _succession(text: str) -> tuple[str, str]:
    former, mark, successor = text.upper().partition("=")
    if not mark or not all(re.fullmatch(r"[0-9][0-9AB][0-9]{3}|[0-9]{9}", code) for code in (former, successor)):
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas de la forme 60001=60245")
    return former, successor


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas une adresse électronique") from error
    return text.lower()


VERBS: dict[str, tuple[Callable[[argparse.Namespace], None], str]] = {
    "init": (_init, "importe un territoire de France"),
    "update": (_update, "met à jour le territoire avec les registres installés"),
    "demo": (_demo, "prépare et sert une démonstration"),
    "serve": (_serve, "sert le site et ses tâches de fond"),
    "worker": (_worker, "exécute les tâches de fond"),
    "live": (_live, "annonce ce qui est nouveau aux pages ouvertes"),
    "admin": (_admin, "nomme une personne administratrice"),
    "addresses": (_import, "importe des adresses (BAN, BAL)"),
    "parcels": (_import, "importe des parcelles (cadastre)"),
    "contours": (_import, "importe des contours plus fins"),
    "quartiers": (_import, "importe des zones tracées pour ce site"),
    "agenda": (_agenda, "importe un calendrier tenu ailleurs"),
}
ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "init": _init_arguments,
    "update": _update_arguments,
    "demo": _demo_arguments,
    "serve": _serve_arguments,
    "worker": _worker_arguments,
    "live": partial(_address_arguments, port=8001),
    "admin": _admin_arguments,
    "agenda": _agenda_arguments,
    **{kind: _file_arguments(kind) for kind in ("addresses", "parcels", "contours", "quartiers")},
}

if __name__ == "__main__":
    sys.exit(main())
