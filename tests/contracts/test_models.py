"""Every model of a Comune has its three fences, and its indexes begin with the Comune."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from arengo.kernel import same_comune
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import ComuneModel, ScopeMissing

SOURCES = Path(__file__).parents[2] / "src" / "arengo"
OURS = [model for model in apps.get_models() if model.__module__.startswith("arengo.")]
OF_A_COMUNE = same_comune.comune_models()
OF_NONE = {Comune, User}  # the Comuni themselves, and people, who may work for several

# Looked up without knowing the Comune, each for a reason.
ACROSS_COMUNI = {
    "council_sitting.uid",  # the studio's addresses name the sitting alone
    "live_streamkey.key_id",  # an encoder sends its key alone
    "council_notice.token",  # a read receipt's address holds the token alone
    "council_document.uid",  # a document's address, checked against its sitting by the view
    "kernel_membership.user_id",  # the Comuni of who signed in
    "kernel_job.leased_until",  # the sweeper, on the few running rows
}
# Who may look over the fence (`Model.across`), each read and agreed on.
ACROSS_USERS = {
    "council/queries/convocation.py",  # a read receipt's link holds the token alone
    "council/journal_commands.py",  # the command line names a sitting by its code alone
    "record/albo_tasks.py",  # once a day, the Comuni with something on the albo
    "record/queries/open_data.py",  # the Comuni that publish here, for the interface
    "record/queries/catalogue.py",  # the same, for the catalogue of the installation
    "record/commands.py",  # a sitting by its uid, from the command line
    "council/queries/seat.py",  # the sittings of every council in which one sits
    "kernel/access.py",  # the roles of who signed in
    "kernel/jobs.py",  # workers serve every Comune
    "live/queries.py",  # home page, list of the regia
    "live/rehearsal.py",  # makes the demo's operator
    "live/sitting_file.py",  # at start, the files of every pending sitting
    "web/queries.py",  # home page
}

each_model = pytest.mark.parametrize("model", OF_A_COMUNE, ids=lambda model: model.__name__)


def test_every_model_is_of_a_comune_or_known_to_be_of_none() -> None:
    assert {model for model in OURS if not issubclass(model, ComuneModel)} == OF_NONE
    assert OF_A_COMUNE


@each_model
def test_a_query_out_of_scope_raises(model: type[ComuneModel]) -> None:
    with pytest.raises(ScopeMissing):
        model.objects.all()


@each_model
def test_every_index_begins_with_the_comune(model: type[ComuneModel]) -> None:
    firsts = {_column(model, first) for first in _first_fields(model)}
    strangers = {f"{model._meta.db_table}.{name}" for name in firsts - {"comune_id"}}
    assert strangers <= ACROSS_COMUNI
    assert "comune_id" in firsts, "rows are always asked for by Comune: give it an index"


def _first_fields(model: type[models.Model]) -> list[str]:
    lists: list[Any] = [index.fields for index in model._meta.indexes]
    lists += [
        constraint.fields
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    columns: Any = model._meta.concrete_fields
    single = [
        column.name
        for column in columns
        if (column.db_index or column.unique) and not column.primary_key
    ]
    return [fields[0] for fields in lists] + single


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name.lstrip("-")).attname)  # type: ignore[union-attr]  # a column


@each_model
def test_no_many_to_many_escapes_the_triggers(model: type[ComuneModel]) -> None:
    for relation in model._meta.many_to_many:
        through = relation.remote_field.through
        assert through is not None
        assert issubclass(through, ComuneModel)


@each_model
def test_a_foreign_row_is_refused_by_a_trigger(model: type[ComuneModel]) -> None:
    names = {rule.name for rule in same_comune.rules()}
    assert f"arengo_{model._meta.db_table}_stays" in names
    for field in model._meta.concrete_fields:
        if isinstance(field.related_model, type) and issubclass(field.related_model, ComuneModel):
            assert f"arengo_{model._meta.db_table}_{field.attname}" in names


def test_only_those_agreed_on_look_over_the_fence() -> None:
    users = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if ".across" in path.read_text(encoding="utf-8") and "tests" not in path.parts
    }
    assert users - {"kernel/scope.py", "kernel/models.py"} <= ACROSS_USERS


def test_every_model_is_in_a_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
