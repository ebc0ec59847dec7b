"""A delibera on the albo today, as rows alone: for tests of addresses, not of how it got there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune
    from arengo.record.models import Act, RegisterLine


def hang(comune: Comune, sitting: Sitting, *, year: int) -> RegisterLine:
    """Return the line n. 1 of a year, whose file hangs on the albo as n. 1 of the same year."""
    from arengo.council.queries.people import today
    from arengo.kernel.scope import scope
    from arengo.record.acts import add_versions
    from arengo.record.drafts import Written
    from arengo.record.models import Act, ActState, Publication, RegisterLine, VersionCause
    from arengo.record.publication import albo_rules, snapshot

    day = today()
    ends = {"last_date": day + timedelta(days=15), "enforceable_date": day + timedelta(days=11)}
    both = {"from_start_date": ends["enforceable_date"], "from_end_date": ends["last_date"]}
    given = {"comune": comune, "sitting": sitting, "name": "delibera-1", "adopted_date": day}
    with scope(comune):
        line = RegisterLine.objects.create(
            **given, item="1", subject="Sale civiche", year=year, number=1
        )
        act = Act.objects.create(**given, kind="delibera", state=ActState.PUBLISHED)
        file = Written("delibera.pdf", "application/pdf", b"%PDF-1.7 firmata")
        [version] = add_versions(
            comune=comune, act=act, files=[file], cause=VersionCause.SIGNED, by=None
        )
        Publication.objects.create(
            comune=comune,
            line=line,
            act=act,
            version=version,
            year=year,
            number=1,
            first_date=day,
            personal_data="none",
            rules=snapshot(albo_rules(comune=comune)),
            **ends,
            **both,
        )
    return line


def give_to_everyone(comune: Comune, sitting: Sitting) -> Act:
    """Return the verbale of a sitting, signed and released."""
    from arengo.council.queries.people import today
    from arengo.kernel.scope import scope
    from arengo.record.acts import add_versions
    from arengo.record.drafts import Written
    from arengo.record.models import Act, ActState, VersionCause
    from arengo.record.releases import release

    signed = {"kind": "verbale", "state": ActState.SIGNED, "adopted_date": today()}
    with scope(comune):
        act, _ = Act.objects.update_or_create(
            comune=comune, sitting=sitting, name="verbale", defaults=signed
        )
        file = Written("verbale.pdf", "application/pdf", b"%PDF-1.7 verbale firmato")
        add_versions(comune=comune, act=act, files=[file], cause=VersionCause.SIGNED, by=None)
        release(comune=comune, act=act, by=None)
    return act
