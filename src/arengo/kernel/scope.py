"""The scope guard: no query of a Comune's rows outside that Comune's scope.

`with scope(comune):` says for whom the code inside works; outside it, touching a
`ComuneModel` raises `ScopeMissing`, and opening another Comune's scope inside it
raises `ScopeConflict`. `Model.across` is the deliberate way over the fence, for
the few queries of the whole installation; a contract test lists its users.

The guard filters reads; writes are fenced by the triggers of `same_comune`.
A lazy queryset keeps the scope it was born in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from django.db import models, transaction

if TYPE_CHECKING:
    from arengo.kernel.models import Comune

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)


class ScopeMissing(RuntimeError):
    """A Comune's rows were asked for outside any scope: a bug, never a person's fault."""


class ScopeConflict(RuntimeError):
    """Work for one Comune was asked for inside the scope of another: a bug."""


_current: ContextVar[str | None] = ContextVar("arengo_comune", default=None)


@contextmanager
def scope(comune: Comune) -> Iterator[None]:
    """Work for `comune` inside the block."""
    before = _current.get()
    if before not in (None, comune.pk):
        message = f"scope of {comune.pk} asked for inside the scope of {before}"
        raise ScopeConflict(message)
    token = _current.set(comune.pk)
    try:
        yield
    finally:
        _current.reset(token)


def current_istat_code(what: str = "this query") -> str:
    """Return the ISTAT code of the Comune in scope, or raise `ScopeMissing`."""
    code = _current.get()
    if code is None:
        message = f"{what} needs a Comune: wrap it in `with scope(comune):`"
        raise ScopeMissing(message)
    return code


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Run a write in the scope of its `comune` keyword, all of it or nothing."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with scope(cast("Comune", kwargs["comune"])), transaction.atomic():
            return function(*args, **kwargs)

    return run


def query(function: Callable[P, R]) -> Callable[P, R]:
    """Run a read in the scope of its `comune` keyword; it returns data, not a lazy queryset."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with scope(cast("Comune", kwargs["comune"])):
            return function(*args, **kwargs)

    return run


class ComuneManager(models.Manager[M]):
    """Query the rows of the Comune in scope, and no others."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return the rows of the Comune in scope; raise `ScopeMissing` without one."""
        code = current_istat_code(f"a query of {self.model.__name__}")
        return super().get_queryset().filter(comune_id=code)


class ComuneModel(models.Model):
    """A row that belongs to one Comune, for ever (a trigger refuses to move it)."""

    comune = models.ForeignKey(
        "kernel.Comune", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = ComuneManager()
    across = models.Manager()  # noqa: DJ012 a manager too, which the rule takes for a field

    class Meta:
        abstract = True
