"""The way of an act: rectified beside the text, approved by a later vote, signed by the two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from approved_act import close, hold_next
from spoken_sitting import hold

from arengo import cli
from arengo.council import akn_schema
from arengo.council.engine.record.document import words_of
from arengo.council.models import Sitting
from arengo.council.queries.journal import state_of
from arengo.kernel import clock
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.kernel.scope import scope
from arengo.record import acts, approvals, signatures
from arengo.record.engine.acts import first_break
from arengo.record.errors import SignatureRefused, StepRefused
from arengo.record.models import Act, ActState, Signer, SigningOrder, VersionCause
from arengo.record.render.flow import Line, flow
from arengo.record.trial_authority import new_authority, sign_envelope, sign_pdf, signer_of

DAY = timedelta(days=1)


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting of a demonstration that is over."""
    sitting = hold(pero, make_sitting)
    with scope(pero):
        Sitting.objects.filter(pk=sitting.pk).update(is_demo=True)
    return close(sitting)


@pytest.fixture
def shared(pero: Comune, held: Sitting) -> Act:
    """Return the verbale, shared."""
    return acts.share(comune=pero, sitting=held, name="verbale", by=None)


def line_of(comune: Comune, act: Act, words: str) -> int:
    pieces = flow(acts.read_tree(comune=comune, act=act))
    return next(n for n, one in enumerate(pieces) if isinstance(one, Line) and words in one.text)


def approved(comune: Comune, act: Act, make_sitting: Callable[..., Sitting]) -> Act:
    hold_next(comune, make_sitting)
    (one,) = approvals.candidates(comune=comune, act=act)
    approvals.approve(comune=comune, act=act, key=one.key, by=None)
    return ready(comune, act)


def ready(comune: Comune, act: Act) -> Act:
    approvals.prepare(comune=comune, act=act, by=None)
    act.refresh_from_db()
    return act


def test_a_rectification_stands_beside_the_text_which_does_not_change(
    pero: Comune, shared: Act, anna: User, bruno: User
) -> None:
    before = acts.read_tree(comune=pero, act=shared)
    piece = line_of(pero, shared, "via Sempione")
    one = approvals.propose(
        comune=pero, act=shared, piece=piece, text="via Olona", reason="", by=bruno
    )
    assert "via Sempione" in one.quote
    assert acts.read_tree(comune=pero, act=shared) == before
    with pytest.raises(StepRefused, match="perché non la accogli"):
        approvals.decide(
            comune=pero, act=shared, rectification_id=one.pk, accept=False, why="", by=anna
        )
    approvals.decide(comune=pero, act=shared, rectification_id=one.pk, accept=True, why="", by=anna)
    with pytest.raises(StepRefused, match="già decisa"):
        approvals.decide(
            comune=pero, act=shared, rectification_id=one.pk, accept=False, why="No", by=anna
        )
    (kept,) = approvals.rectifications_of(comune=pero, act=shared)
    assert (kept.state, kept.decided_by) == ("accepted", anna)


def test_an_undecided_rectification_stops_the_approval(
    pero: Comune, shared: Act, bruno: User, make_sitting: Callable[..., Sitting]
) -> None:
    piece = line_of(pero, shared, "via Sempione")
    approvals.propose(comune=pero, act=shared, piece=piece, text="via Olona", reason="", by=bruno)
    hold_next(pero, make_sitting)
    (one,) = approvals.candidates(comune=pero, act=shared)
    with pytest.raises(StepRefused, match="ne restano 1"):
        approvals.approve(comune=pero, act=shared, key=one.key, by=None)


def test_only_a_proclaimed_yes_of_a_later_sitting_approves(
    pero: Comune, shared: Act, make_sitting: Callable[..., Sitting]
) -> None:
    assert approvals.candidates(comune=pero, act=shared) == ()
    hold_next(pero, make_sitting, result="rejected")
    assert approvals.candidates(comune=pero, act=shared) == ()
    with pytest.raises(StepRefused, match="Scegli il punto"):
        approvals.approve(comune=pero, act=shared, key="inventata-1", by=None)


def test_the_approval_names_sitting_item_vote_and_row(
    pero: Comune, shared: Act, make_sitting: Callable[..., Sitting]
) -> None:
    later = hold_next(pero, make_sitting)
    (one,) = approvals.candidates(comune=pero, act=shared)
    made = approvals.approve(comune=pero, act=shared, key=one.key, by=None)
    ballot = state_of(comune=pero, sitting=later).ballots[made.ballot]
    assert made.sitting == later
    assert made.approved_at == ballot.proclaimed_at
    assert "non delibera" in made.sentence
    assert "favorevoli" in made.sentence


def test_the_final_text_has_the_notes_after_the_words_that_were_shared(
    pero: Comune, shared: Act, anna: User, make_sitting: Callable[..., Sitting]
) -> None:
    before = acts.read_tree(comune=pero, act=shared)
    piece = line_of(pero, shared, "via Sempione")
    one = approvals.propose(
        comune=pero, act=shared, piece=piece, text="via Olona", reason="", by=anna
    )
    approvals.decide(comune=pero, act=shared, rectification_id=one.pk, accept=True, why="", by=anna)
    approved(pero, shared, make_sitting)
    after = acts.read_tree(comune=pero, act=shared)
    told = words_of(after)
    assert "si legga: «via Olona»" in told
    assert "Approvato dal Consiglio comunale" in told
    assert "Bozza" not in told
    kept = [section for section in after.sections if section in before.sections]
    assert kept == list(before.sections)
    akn = acts.latest(comune=pero, act=shared, content_type=acts.AKN, cause=VersionCause.READY)
    assert akn
    assert akn_schema.validate(acts.read_version(comune=pero, version=akn)) == ()


def test_both_sign_a_demonstration_and_the_chain_holds(
    pero: Comune, shared: Act, make_sitting: Callable[..., Sitting], anna: User
) -> None:
    act = approved(pero, shared, make_sitting)
    for signer in (Signer.PRESIDENT, Signer.SECRETARY):
        (made,) = signatures.sign_as_trial(comune=pero, act=act, signer=signer, by=anna)
        assert made.trust == "test"
    act.refresh_from_db()
    assert act.state == ActState.SIGNED
    assert first_break(acts.links_of(acts.versions_of(comune=pero, act=act))) == ""
    with pytest.raises(StepRefused, match="già tutte"):
        signatures.sign_as_trial(comune=pero, act=act, signer=Signer.PRESIDENT, by=anna)
    with pytest.raises(StepRefused):
        acts.recall(comune=pero, act=act, reason="Troppo tardi", by=anna)
    assert AuditEntry.across.filter(action="record.sign").count() == 2


def test_a_real_act_bears_no_trial_signature(
    pero: Comune, shared: Act, make_sitting: Callable[..., Sitting]
) -> None:
    act = approved(pero, shared, make_sitting)
    with scope(pero):
        Sitting.objects.filter(pk=act.sitting_id).update(is_demo=False)
    with pytest.raises(SignatureRefused, match="dimostrative"):
        signatures.sign_as_trial(
            comune=pero, act=acts.get_act(comune=pero, sitting=act.sitting, name="verbale"),
            signer=Signer.PRESIDENT, by=None,
        )  # fmt: skip


def test_who_was_not_expected_signs_only_after_an_impediment(
    pero: Comune, shared: Act, make_sitting: Callable[..., Sitting]
) -> None:
    act = approved(pero, shared, make_sitting)
    authority, now = new_authority(clock.now() - DAY), clock.now()
    vice = signer_of(authority, "VERDI LUIGI", begins=now - DAY, ends=now + DAY)

    def returned() -> bytes:
        version = signatures.to_sign(comune=pero, act=act)
        assert version
        return sign_pdf(acts.read_version(comune=pero, version=version), vice, field="Presidente")

    with pytest.raises(SignatureRefused, match="dichiara prima l’impedimento"):
        signatures.take_back(comune=pero, act=act, returned=returned(), by=None)
    facts = {"title": "Vicepresidente", "reason": "assenza", "article": "statuto, art. 12"}
    approvals.declare_impediment(
        comune=pero, act=act, signer=Signer.PRESIDENT, name="Luigi Verdi", by=None, **facts
    )
    assert "impedito (assenza)" in words_of(acts.read_tree(comune=pero, act=act))
    (made,) = signatures.take_back(comune=pero, act=act, returned=returned(), by=None)
    assert (made.name, made.trust, made.title) == ("VERDI LUIGI", "unknown", "Vicepresidente")
    with pytest.raises(StepRefused, match="non può più cambiare"):
        approvals.declare_impediment(
            comune=pero, act=act, signer=Signer.SECRETARY, name="X Y", by=None, **facts
        )


def test_the_order_of_the_rule_is_kept_and_the_first_signature_must_stay(
    pero: Comune, shared: Act, make_sitting: Callable[..., Sitting]
) -> None:
    approvals.set_signing_rule(
        comune=pero, order=SigningOrder.SECRETARY, is_approved_first=True, article="12", by=None
    )
    act = approved(pero, shared, make_sitting)
    authority, now = new_authority(clock.now() - DAY), clock.now()
    seats = {one.signer: one for one in signatures.seats_of(comune=pero, act=act)}
    assert seats[Signer.SECRETARY].is_turn
    assert not seats[Signer.PRESIDENT].is_turn
    first = signatures.to_sign(comune=pero, act=act)
    assert first
    text = acts.read_version(comune=pero, version=first)
    by_president = signer_of(
        authority, seats[Signer.PRESIDENT].name, begins=now - DAY, ends=now + DAY
    )
    with pytest.raises(SignatureRefused, match="la firma attesa"):
        signatures.take_back(
            comune=pero, act=act, returned=sign_envelope(text, by_president), by=None
        )
    by_secretary = signer_of(
        authority, seats[Signer.SECRETARY].name, begins=now - DAY, ends=now + DAY
    )
    signatures.take_back(comune=pero, act=act, returned=sign_envelope(text, by_secretary), by=None)
    with pytest.raises(SignatureRefused, match="manca la firma messa prima"):
        signatures.take_back(
            comune=pero, act=act, returned=sign_envelope(text, by_president), by=None
        )
    second = signatures.to_sign(comune=pero, act=act)
    assert second
    nested = sign_envelope(acts.read_version(comune=pero, version=second), by_president)
    signatures.take_back(comune=pero, act=act, returned=nested, by=None)
    act.refresh_from_db()
    assert act.state == ActState.SIGNED


def test_a_delibera_is_signed_without_approval_but_not_without_number(
    pero: Comune, held: Sitting
) -> None:
    act = acts.share(comune=pero, sitting=held, name="delibera-1", by=None)
    with scope(pero):
        Act.objects.filter(pk=act.pk).update(year=None, number=None)
    act.refresh_from_db()
    with pytest.raises(StepRefused, match="non ha ancora un numero"):
        approvals.prepare(comune=pero, act=act, by=None)
    with scope(pero):
        Act.objects.filter(pk=act.pk).update(year=2026, number=7)
    act.refresh_from_db()
    ready(pero, act)
    assert "n. 7 del" in acts.read_tree(comune=pero, act=act).title


def test_a_verbale_is_not_signed_before_approval_unless_the_rule_says_so(
    pero: Comune, shared: Act
) -> None:
    with pytest.raises(StepRefused, match="approvato prima"):
        approvals.prepare(comune=pero, act=shared, by=None)
    approvals.set_signing_rule(
        comune=pero, order=SigningOrder.ANY, is_approved_first=False, article="", by=None
    )
    ready(pero, shared)


def test_what_is_no_act_is_neither_approved_nor_signed(pero: Comune, held: Sitting) -> None:
    act = acts.share(comune=pero, sitting=held, name="resoconto-sommario", by=None)
    with pytest.raises(StepRefused, match="non si firma"):
        approvals.prepare(comune=pero, act=act, by=None)


def test_a_signed_act_is_checked_with_one_command_and_a_changed_one_told(
    pero: Comune,
    shared: Act,
    make_sitting: Callable[..., Sitting],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    act = approved(pero, shared, make_sitting)
    for signer in (Signer.PRESIDENT, Signer.SECRETARY):
        signatures.sign_as_trial(comune=pero, act=act, signer=signer, by=None)
    version = acts.latest(comune=pero, act=act)
    assert version
    data = acts.read_version(comune=pero, version=version)
    file = tmp_path / "verbale.pdf"
    file.write_bytes(data)
    assert cli.main(["record", "verify", str(file)]) == 0
    told = capsys.readouterr().out
    assert version.sha256 in told
    assert "integra, emittente non verificato" in told
    assert "Firme e catena integre." in told
    shared_pages = acts.latest(comune=pero, act=act, cause=VersionCause.SHARED)
    assert shared_pages
    assert shared_pages.sha256 in told
    file.write_bytes(data[:9000] + bytes([data[9000] ^ 1]) + data[9001:])
    assert cli.main(["record", "verify", str(file)]) == 1
    file.write_bytes(acts.read_version(comune=pero, version=shared_pages))
    assert cli.main(["record", "verify", str(file)]) == 1
    assert "nessuna firma" in capsys.readouterr().out
