"""Search over a thousand sittings of one Comune: thirty million words in SQLite.

python tests/bench/bench_search.py [sittings]

Words are drawn with Zipf's frequencies, the demo's transcript first, then the lexicon: invented,
but as repetitive as a council is. One row an utterance of some 25 words, one transaction a sitting,
as they come in life; nothing is optimised before it is measured unless the figure says so.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np
from figures import Figures

from arengo.council.engine.italian import STOP, fold, name_forms
from arengo.council.engine.search import (
    FTS5_TOKENIZER,
    Utterance,
    Vote,
    fts5_document,
    key_range,
    parse,
    row_key,
    to_fts5,
)
from arengo.live.demo.reference import load_reference
from arengo.live.hearing.roll import lexicon

SITTINGS = 1000
UTTERANCES, WORDS = 1200, 25  # thirty thousand words a sitting, some four hours
COMUNE = "015170"
FIRST_DAY = date(2004, 1, 12)
ITEMS = 12
CHOICES: tuple[Vote, ...] = ("favour", "against", "abstained")
PAGE, MOST_COUNTED = 20, 1000
PLANTED = (
    ("piano di governo del territorio", 0.01),
    ("via Sempione", 0.0005),
    ("dell'edilizia scolastica", 0.005),
)
ROLL = tuple(
    f"{first} {last}"
    for first in ("Anna", "Carlo", "Lucia", "Marco", "Teresa")
    for last in ("Rossi", "De Santis", "Brambilla", "Conti", "D'Angelo", "Galbiati")
)
SCHEMA = f"""
    CREATE TABLE utterance (
        id INTEGER PRIMARY KEY, sitting INTEGER, start_ms INTEGER, person INTEGER, text TEXT);
    CREATE VIRTUAL TABLE words USING fts5(
        tokens, content='', columnsize=0, tokenize="{FTS5_TOKENIZER}");
"""
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
FIND = """
    SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?
    ORDER BY rowid DESC LIMIT ?"""
FIND_BY_DATE = "SELECT id FROM utterance WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?"


Row = tuple[tuple[int, int, int, int, str], tuple[int, str]]  # of the text, of the index


@dataclass(frozen=True, slots=True)
class Corpus:
    """The words, the most frequent first, and how often each is said."""

    words: np.ndarray
    shares: np.ndarray

    def draw(self, dice: np.random.Generator, count: int) -> Sequence[str]:
        """Return that many words of speech."""
        picked: list[str] = self.words[
            np.searchsorted(self.shares, dice.random(count), side="right")
        ].tolist()
        return picked


def corpus() -> Corpus:
    """Return the demo's words by how often they are said, then the lexicon's in any order."""
    said = Counter(word.word for word in load_reference().words)
    rest = sorted(lexicon() - {fold(word) for word in said})
    random.Random(7).shuffle(rest)
    words = np.array([word for word, _ in said.most_common()] + rest, dtype=object)
    shares = 1 / (np.arange(len(words)) + 2.7)
    return Corpus(words, np.minimum(np.cumsum(shares / shares.sum()), 1))


def sitting_rows(words: Corpus, number: int) -> list[Row]:
    """Return the utterances of a sitting, and what the index holds of each."""
    rows: list[Row] = []
    dice = np.random.default_rng(number)
    chance = random.Random(number)
    day = FIRST_DAY + timedelta(days=8 * number)
    titles = [" ".join(words.draw(dice, 8)) for _ in range(ITEMS)]
    outcomes: list[Vote] = ["approved" if chance.random() < 0.9 else "rejected" for _ in titles]
    spoken = words.draw(dice, UTTERANCES * WORDS)
    person = 0
    for order in range(UTTERANCES):
        if order % 8 == 0:
            person, item = chance.randrange(len(ROLL)), order * ITEMS // UTTERANCES
            choice = chance.choices(CHOICES, [16, 3, 1])[0]
        text = " ".join(spoken[order * WORDS : (order + 1) * WORDS])
        text = " ".join([text, *(one for one, share in PLANTED if chance.random() < share)])
        key = row_key(COMUNE, day, 0, order)
        said = Utterance(text, ROLL[person], str(item + 1), titles[item], (outcomes[item], choice))
        rows.append(((key, number, order * 10_000, person, text), (key, fts5_document(said))))
    return rows


def analysed(words: Corpus, sittings: int) -> Iterator[list[Row]]:
    """Yield the rows of each sitting in order, made on both cores."""
    with multiprocessing.Pool(2) as pool:
        yield from pool.imap(partial(sitting_rows, words), range(sittings), chunksize=4)


def build(path: Path, words: Corpus, sittings: int) -> float:
    """Index the sittings one transaction each; return the seconds of SQLite alone."""
    database = connect(path)
    database.executescript(SCHEMA)
    spent = 0.0
    for number, rows in enumerate(analysed(words, sittings)):
        start = time.perf_counter()
        with database:
            database.executemany("INSERT INTO utterance VALUES (?,?,?,?,?)", (r for r, _ in rows))
            database.executemany(
                "INSERT INTO words(rowid, tokens) VALUES (?,?)", (t for _, t in rows)
            )
        spent += time.perf_counter() - start
        if sys.stdout.isatty():
            print(f"\r{number + 1}/{sittings}", end="", flush=True)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return spent


def connect(path: Path) -> sqlite3.Connection:
    """Open the database as a process of the pages does."""
    database = sqlite3.connect(path)
    database.executescript(PRAGMAS)
    return database


def queries(words: Corpus, sittings: int) -> dict[str, list[str]]:
    """Return what is asked, by kind: thirty of each."""
    chance = random.Random(2026)
    telling = [word for word in words.words if fold(word) not in STOP and len(fold(word)) > 2]
    last_year = FIRST_DAY.year + sittings * 8 // 365

    def common() -> str:
        return str(chance.choice(telling[:40]))

    def usual() -> str:
        return str(chance.choice(telling[200:3000]))

    def rare() -> str:
        return str(chance.choice(telling[20_000:]))

    def surname() -> str:
        return chance.choice(ROLL).split(" ", 1)[1]

    def said(length: int) -> str:
        rows = sitting_rows(words, chance.randrange(sittings))
        spoken = chance.choice(rows)[0][4].replace('"', "").split()
        first = chance.randrange(WORDS - length)
        return " ".join(spoken[first : first + length])

    def year() -> int:
        return chance.randint(FIRST_DAY.year, last_year)

    kinds: dict[str, Callable[[], str]] = {
        "common": common,
        "usual": usual,
        "rare": rare,
        "absent": lambda: f"{usual()} zzyzx{chance.randrange(10**6)}",
        "two_common": lambda: f"{common()} {common()}",
        "common_and_rare": lambda: f"{common()} {rare()}",
        "five": lambda: " ".join((usual(), usual(), usual(), common(), common())),
        "planted": lambda: f'"{chance.choice(PLANTED)[0]}"',
        "phrase_of_grammar": lambda: (
            f'"{" ".join(chance.sample(("e", "di", "la", "il", "che", "per", "si", "a"), 2))}"'
        ),
        "phrase_said": lambda: f'"{said(3)}"',
        "grammar": lambda: chance.choice(("che", "la", "di", "non", "per")),
        "name": surname,
        "person": lambda: f'persona:"{chance.choice(ROLL)}"',
        "person_word": lambda: f'persona:"{surname()}" {usual()}',
        "person_phrase_date": lambda: f'persona:"{surname()}" "via Sempione" dal:{year()}',
        "date_common": lambda: f"{common()} dal:1/3/{(y := year())} al:30/9/{y}",
        "date_rare": lambda: f"{rare()} al:{year()}",
        "date_only": lambda: f"dal:{(y := year())} al:{y}",
        "item": lambda: f"punto:{chance.randint(1, ITEMS)} {usual()}",
        "item_title": lambda: f"punto:{usual()} {common()}",
        "vote": lambda: f"voto:contrario {common()}",
        "vote_person": lambda: f'voto:respinto voto:astenuto persona:"{surname()}" {usual()}',
    }
    return {kind: [ask() for _ in range(30)] for kind, ask in kinds.items()}


def search(database: sqlite3.Connection, text: str, names: frozenset[str]) -> int:
    """Do all that a page does: read the query, find, count up to a thousand, fetch a page."""
    query = parse(text, names)
    span = key_range(COMUNE, query.since, query.until)
    match = to_fts5(query)
    values = (match, *span, MOST_COUNTED) if match else (*span, MOST_COUNTED)
    found = [key for (key,) in database.execute(FIND if match else FIND_BY_DATE, values)]
    marks = ",".join("?" * len(found[:PAGE]))
    shown = database.execute(f"SELECT * FROM utterance WHERE id IN ({marks})", found[:PAGE])
    assert len(shown.fetchall()) == min(len(found), PAGE)
    return len(found)


def ask_all(path: Path, asked: dict[str, list[str]], *, cold: bool) -> dict[str, list[float]]:
    """Return the milliseconds of each query, asked once each on one connection in any order."""
    names = name_forms(ROLL)
    order = [(kind, text) for kind, texts in asked.items() for text in texts]
    random.Random(3).shuffle(order)
    times: dict[str, list[float]] = {kind: [] for kind in asked}
    database = connect(path)
    for kind, text in order:
        if cold:
            database.close()
            forget(path)
            database = connect(path)
        start = time.perf_counter()
        search(database, text, names)
        times[kind].append(1000 * (time.perf_counter() - start))
    database.close()
    return times


def forget(path: Path) -> None:
    """Ask the system to drop what it keeps of the file in memory."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def processor_s() -> float:
    """Return the processor time of this process and of those it has ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def p95(times: Sequence[float]) -> float:
    """Return the time that one query in twenty exceeds."""
    return float(np.percentile(times, 95))


def report(figures: Figures, name: str, times: dict[str, list[float]], goal: str) -> None:
    """Print the figure of all, and of each kind without a goal."""
    every = [one for some in times.values() for one in some]
    figures.add(f"{name}.p95", p95(every), "ms", goal)
    figures.add(f"{name}.median", float(np.median(every)), "ms", "-")
    figures.add(f"{name}.worst", max(every), "ms", "-")
    for kind, some in times.items():
        print(
            f"  {kind:20} p50 {np.median(some):8.2f}  p95 {p95(some):8.2f}  max {max(some):8.2f} ms"
        )


def main() -> None:
    """Build, measure as it stands, cold, and after `optimize`."""
    sittings = int(sys.argv[1]) if len(sys.argv) > 1 else SITTINGS
    figures = Figures()
    words = corpus()
    folder = Path(tempfile.mkdtemp(prefix="arengo-search-"))
    path = folder / "search.sqlite3"
    try:
        start = time.perf_counter()
        inside = build(path, words, sittings)
        figures.add("search.build", time.perf_counter() - start, "s", "-")
        figures.add("search.build.cpu", processor_s(), "s", "<=480")
        figures.add("search.build.sqlite", inside, "s", "-")
        figures.add("search.size", path.stat().st_size / 1e6, "MB", "<=6000")
        figures.add("search.words", sittings * UTTERANCES * WORDS / 1e6, "million", "-")
        asked = queries(words, sittings)
        report(figures, "search", ask_all(path, asked, cold=False), "<=150")
        report(figures, "search.cold", ask_all(path, asked, cold=True), "-")
        start = time.perf_counter()
        database = connect(path)
        with database:
            database.execute("INSERT INTO words(words) VALUES ('optimize')")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        figures.add("search.optimize", time.perf_counter() - start, "s", "-")
        report(figures, "search.optimized", ask_all(path, asked, cold=False), "-")
    finally:
        shutil.rmtree(folder)
    figures.finish()


if __name__ == "__main__":
    main()
