"""The `arengo` command: everything a person does with Arengo from a terminal."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version

from arengo import doctor
from arengo.council import commands as council
from arengo.council import journal_commands
from arengo.live.hearing import commands as hearing
from arengo.live.microphones import commands as microphones
from arengo.record import archive_commands, second_pass_commands
from arengo.record import commands as record

EPILOG = """esempi / examples:
  arengo demo                              la seduta di prova / the demo sitting
  arengo demo --input consiglio.mp4        con un filmato proprio / with your own file
  arengo serve                             avvia tutto / start everything
  arengo transcribe seduta.mp4 --format srt --output seduta.srt
  arengo models fetch whisper-base         scarica il modello / fetch the model
  arengo doctor                            che cosa manca / what is missing
"""


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 failed, 2 asked for wrongly."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arengo.settings")
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    whole = argparse.ArgumentParser(
        prog="arengo",
        description="Il municipio digitale aperto / the open digital town hall.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"arengo {version('arengo')}")
    commands = whole.add_subparsers(metavar="comando", required=True)
    _add_serve(commands)
    _add_demo(commands)
    hearing.add_parsers(commands)
    microphones.add_parsers(commands)
    council.add_parsers(commands)
    journal_commands.add_parsers(commands)
    record.add_parsers(commands)
    archive_commands.add_parsers(commands)
    second_pass_commands.extend(commands)
    doctor.add_parser(commands)
    return whole


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser(
        "serve",
        help="avvia tutti i processi e li tiene in vita / start and supervise every process",
        epilog="esempio / example:\n  ARENGO_PORT=8080 arengo serve",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.set_defaults(run=_serve)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="una seduta dal vivo di prova / a live demo sitting",
        epilog="esempi / examples:\n  arengo demo\n  arengo demo --input consiglio.mp4",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo.add_argument(
        "--input", metavar="FILE", help="il filmato da trasmettere / the file to send"
    )
    demo.add_argument(
        "--exit", action="store_true", help="termina a seduta chiusa / end when the sitting closes"
    )
    demo.set_defaults(run=_demo)


def _serve(arguments: argparse.Namespace) -> int:
    from arengo.start import serve

    return serve()


def _demo(arguments: argparse.Namespace) -> int:
    from arengo.start import demo

    return demo(arguments.input, ends=arguments.exit)


if __name__ == "__main__":
    sys.exit(main())
