"""What every test stands on: a data folder, a database, a cast, and no Internet.

The suite runs on SQLite; `ARENGO_TEST_DATABASE=postgresql pytest` starts a server
of its own and runs on that. `-m database` picks the tests that touch the database.

The cast, all invented: in Pero Anna is segretaria, Bruno consigliere; Carla signed
in but has no role anywhere. Dario is segretario of the next town, Rho: the stranger.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from throwaway_postgresql import Cluster

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune, User

DATA = Path(tempfile.mkdtemp(prefix="arengo-test-"))
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

_cluster: Cluster | None = None


def _prepare_environment() -> None:
    """Forget the developer's settings, before Django reads any."""
    global _cluster
    models = os.environ.get("ARENGO_MODELS", str(Path(__file__).parent / "var" / "models"))
    url = os.environ.get("ARENGO_TEST_DATABASE_URL", "")  # an xdist worker inherits it
    if os.environ.get("ARENGO_TEST_DATABASE", "sqlite") == "postgresql" and not url:
        import throwaway_postgresql

        _cluster = throwaway_postgresql.start()
        url = os.environ["ARENGO_TEST_DATABASE_URL"] = _cluster.url
    for name in [name for name in os.environ if name.startswith("ARENGO_")]:
        if not name.startswith("ARENGO_TEST_"):
            del os.environ[name]
    os.environ.update(ARENGO_DATA=str(DATA), ARENGO_MODELS=models, ARENGO_DATABASE_URL=url)
    os.environ["ARENGO_SECOND_PASS"] = "off"  # the tests of it hear by themselves
    os.environ["DJANGO_SETTINGS_MODULE"] = "arengo.settings"


_prepare_environment()


def pytest_configure() -> None:
    """Serve static files from their sources, and hash passwords cheaply."""
    from django.conf import settings

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _let_tests_empty_the_tables()


def _let_tests_empty_the_tables() -> None:
    """Drop the triggers before a flush, which deletes even what is never deleted.

    The flush ends with the signal that installs them again. The list of Comuni stays where it can
    (SQLite): writing 7,896 rows again takes longer than most tests.
    """
    from django.db import models  # noqa: F401 - Django imports its parts in this order only
    from django.db.backends.base.operations import BaseDatabaseOperations

    flush = BaseDatabaseOperations.execute_sql_flush

    def without_triggers(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        from arengo.kernel import same_comune

        same_comune.uninstall(self.connection.alias)
        flush(self, [one for one in sql_list if 'DELETE FROM "kernel_comune";' not in one])

    BaseDatabaseOperations.execute_sql_flush = without_triggers  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _cluster is not None:
        _cluster.stop()
    shutil.rmtree(DATA, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if (
            "db" in fixtures
            or "transactional_db" in fixtures
            or item.get_closest_marker("django_db")
        ):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep the test database of SQLite in a file, so that processes of a test share it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = DATA / "tested.sqlite3"  # each xdist worker has a folder of its own
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a data folder of its own (`config.load().data`)."""
    folder = tmp_path / "var"
    monkeypatch.setenv("ARENGO_DATA", str(folder))
    return folder


@pytest.fixture(autouse=True, scope="session")
def _no_internet() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        is_local = self.family == socket.AF_UNIX or str(address[0]) in LOOPBACK
        if not is_local:
            message = f"a test wanted to reach {address}: tests stay on this machine"
            raise RuntimeError(message)
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_only)
        yield


LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """Return the address of the test database, for a process that the test starts."""
    from django.db import connection

    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{quote(str(parts['NAME']))}"
    return f"postgres://{parts['USER']}@{quote(parts['HOST'], safe='')}/{parts['NAME']}"


@pytest.fixture
def frozen_now() -> Iterator[datetime]:
    """Stop the clock of the pages at `NOW`, Monday evening, when councils sit."""
    from arengo.kernel import clock

    with clock.frozen(NOW):
        yield NOW


@pytest.fixture
def pero(db: None) -> Comune:
    """Return the Comune of the tests."""
    from arengo.kernel.access import get_comune

    return get_comune("pero")


@pytest.fixture
def rho(db: None) -> Comune:
    """Return the next town, where strangers come from."""
    from arengo.kernel.access import get_comune

    return get_comune("rho")


@pytest.fixture
def anna(pero: Comune) -> User:
    """Return Pero's segretaria."""
    return _person("Anna", pero, "segretario")


@pytest.fixture
def bruno(pero: Comune) -> User:
    """Return a consigliere of Pero."""
    return _person("Bruno", pero, "consigliere")


@pytest.fixture
def carla(db: None) -> User:
    """Return a citizen who signed in and has no role."""
    return _person("Carla")


@pytest.fixture
def dario(rho: Comune) -> User:
    """Return Rho's segretario: to Pero a stranger."""
    return _person("Dario", rho, "segretario")


def _person(name: str, comune: Comune | None = None, role: str = "") -> User:
    from arengo.kernel.models import Membership, Role, User

    user = User.objects.create_user(f"{name.lower()}@example.org", name, "una parola lunga")
    if comune is not None:
        Membership.across.create(comune=comune, user=user, role=Role(role))
    return user


@pytest.fixture
def make_sitting(db: None) -> Callable[..., Sitting]:
    """Return a maker of sittings: `make_sitting(comune, title="…")`."""
    from arengo.council.operations import convene_sitting

    def make(comune: Comune, **over: Any) -> Sitting:
        given = {"title": "Consiglio comunale", "scheduled_at": NOW, "by": None, **over}
        return convene_sitting(comune=comune, **given)

    return make


@pytest.fixture
def sitting(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a prepared sitting of Pero."""
    return make_sitting(pero)


@pytest.fixture
def foreign_sitting(rho: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a prepared sitting of Rho."""
    return make_sitting(rho, title="Consiglio di Rho")
