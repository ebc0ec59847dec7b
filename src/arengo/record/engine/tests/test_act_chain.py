"""The life of an act and its chain, without a database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.council.engine.record.document import Document, Paragraph, Section, Span, Table
from arengo.record.engine.acts import (
    LAWS,
    SIGNED_KINDS,
    Link,
    Standing,
    chain_json,
    first_break,
    head_of,
    next_step,
    read_chain,
    refusal,
)
from arengo.record.engine.approving import final
from arengo.record.engine.frozen import freeze, thaw

CHAIN = Path(__file__).parents[5] / "docs" / "reference" / "chain.md"
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
KINDS = (*SIGNED_KINDS, "resoconto_sommario", "attendance")


def chain(*names: str) -> tuple[Link, ...]:
    """Return the chain of files of those names."""
    made: list[Link] = []
    for number, name in enumerate(names, start=1):
        previous = made[-1].head if made else ""
        at = AT + timedelta(seconds=number)
        facts = {"number": number, "cause": "shared", "at": at, "file_name": name}
        head = head_of(previous, sha256="ab" * 32, **facts)  # type: ignore[arg-type]  # the keys are those
        made.append(Link(number, "shared", at, name, "ab" * 32, previous, head))
    return tuple(made)


standings = st.builds(
    Standing,
    kind=st.sampled_from(KINDS),
    state=st.sampled_from(["", "recalled", "shared", "approved", "signed", "published"]),
    is_approved=st.booleans(),
    is_ready=st.booleans(),
    signatures=st.integers(0, 2),
    undecided=st.integers(0, 3),
    is_numbered=st.booleans(),
    is_reserved=st.booleans(),
    is_approved_first=st.booleans(),
)


@given(standings)
def test_every_refusal_says_why_and_by_which_rule(act: Standing) -> None:
    for step in LAWS:
        refused = refusal(act, step)
        assert refused is None or (len(refused.why) > 20 and refused.law)


@given(standings)
def test_a_reserved_act_is_never_published_and_a_signed_kind_never_unsigned(act: Standing) -> None:
    if refusal(act, "publish") is None:
        assert not act.is_reserved
        assert act.kind not in SIGNED_KINDS or act.state == "signed"


@given(standings)
def test_nothing_approved_or_signed_is_recalled(act: Standing) -> None:
    if act.is_approved or act.signatures or act.state in ("signed", "published"):
        assert refusal(act, "recall") is not None


def test_a_verbale_waits_for_the_council_and_a_delibera_does_not() -> None:
    assert next_step(Standing("verbale", "shared")) == "approve"
    assert next_step(Standing("verbale", "shared", is_approved_first=False)) == "prepare"
    assert next_step(Standing("delibera", "shared")) == "prepare"
    assert next_step(Standing("resoconto_sommario", "shared")) == "publish"
    assert (
        next_step(Standing("separate_part", "signed", is_approved=True, is_reserved=True)) is None
    )


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6), st.data())
def test_no_change_of_a_chain_goes_unseen(names: list[str], data: st.DataObject) -> None:
    links = chain(*names)
    assert first_break(links) == ""
    assert read_chain(chain_json("a", links)) == ("a", links)
    place = data.draw(st.integers(0, len(links) - 1))
    forged = replace(links[place], sha256="cd" * 32)
    assert first_break([*links[:place], forged, *links[place + 1 :]])
    if place < len(links) - 1:
        assert first_break([*links[:place], *links[place + 1 :]])


def test_the_count_by_hand_in_the_documentation_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run what the page tells people to run, on a whole chain and on one that was changed."""
    found = re.search(r"```python\n(.*?)```", CHAIN.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    code = "\n".join(line[3:] for line in found[1].splitlines())
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "catena.json"
    file.write_bytes(chain_json("a", chain("uno.pdf", "due.pdf")))
    exec(code, {})
    file.write_bytes(file.read_bytes().replace(b"uno.pdf", b"tre.pdf"))
    with pytest.raises(AssertionError):
        exec(code, {})


def document(label: str = "Bozza") -> Document:
    """Return a small document with a trace, a table and an instant."""
    said = Paragraph("Fu detto.", (3,), (Span(0, 1.5, 2.5),), "extract", AT)
    table = Table("Voti", ("Chi",), (("Rossi",),), (4,))
    body = Section("item", "Punto", (said, table), (3,), "7", "1", "proposal", AT)
    ends = Section("signatures", "Firme", (Paragraph("Presidenza: X", (5,)),), (5,))
    return Document("delibera", "Deliberazione n. ____ del 1", label, (body, ends), item="7")


def test_a_frozen_document_thaws_as_it_was() -> None:
    assert thaw(freeze(document())) == document()
    assert freeze(thaw(freeze(document()))) == freeze(document())


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"_": "Nobody"}', b'{"_": "Span"}', b"\xff"])
def test_what_is_no_frozen_document_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 the bytes say which
        thaw(data)


def test_the_final_text_leaves_every_word_where_it_was() -> None:
    made = final(document(), rectified=[("a", "b")], approved="Approvato.", number=7)
    assert made.title == "Deliberazione n. 7 del 1"
    assert made.sections[0] == document().sections[0]
    assert made.sections[-1].kind == "signatures"
    assert [one.title for one in made.sections[1:-1]] == ["Rettifiche accolte", "Approvazione"]
    assert "Bozza" not in made.label
    assert final(
        document("Seduta dimostrativa: persone e fatti sono inventati. X")
    ).label.startswith("Seduta dimostrativa")
