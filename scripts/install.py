"""Install a lock file with pip, hashes required, and show how far it is.

Runs before anything is installed: only the standard library.

    .venv/bin/python scripts/install.py requirements/app.txt
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


def main(lock: Path) -> int:
    """Install `lock`; on failure print all that pip said."""
    total = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    command = [*PIP, "--progress-bar", "off", "--require-hashes", "-r", str(lock)]
    said: list[str] = []
    done = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            done += line.startswith(("Collecting", "Requirement already"))
            _show(line, done, total)
    print(flush=True)
    if pip.returncode:
        print("".join(said[-30:]), file=sys.stderr)
    return pip.returncode


def _show(line: str, done: int, total: int) -> None:
    words = line.split()
    if line.startswith("Collecting"):
        _rewrite(f"  {done:3}/{total}  {words[1].partition('==')[0]}")
    elif line.startswith("Installing"):
        _rewrite(f"  {total:3}/{total}  unpacking")


def _rewrite(text: str) -> None:
    """Replace the line on a terminal; elsewhere (a log) write one in ten."""
    if sys.stdout.isatty():
        print(f"\r{text:<60}", end="", flush=True)
    elif text.split("/")[0].strip().endswith("0") or "unpacking" in text:
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
