"""A template run over facts: words, blocks and the parts in which they stand, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jinja2 import nodes

from arengo.council.engine.record.document import Attendance, Block, Section, Table
from arengo.record.engine.template_errors import TemplateFault
from arengo.record.engine.template_language import unknown

MOST_STEPS = 200_000
MOST_SIGNS = 2_000_000
MOST_BLOCKS = 50_000
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with the entries of the journal it comes from."""

    value: str | int | bool
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of the document as they were made, to be put where the template wants them."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document: its own section, and what a template may say of it."""

    section: Section
    fields: Mapping[str, Value]


Value = Fact | Blocks | Part | Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class Words:
    """Some words: the template's own may hold line ends and marks, those of a fact may not."""

    text: str
    line: int
    is_fact: bool = False
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Blocks put somewhere."""

    blocks: tuple[Block, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a part begins (with its name and section) or ends."""

    name: str
    line: int
    section: Section | None


Chunk = Words | Placed | Edge
Scope = Mapping[str, Any]


@dataclass(slots=True)
class Run:
    """What a run has used so far."""

    macros: dict[str, nodes.Macro]
    names: Scope
    steps: int = 0
    signs: int = 0
    blocks: int = 0
    depth: int = 0
    out: list[list[Chunk]] = field(default_factory=list)


def run(tree: nodes.Template, names: Scope) -> Run:
    """Return a run of a template, of which `macros` are known and nothing is written yet."""
    macros = {one.name: one for one in tree.body if isinstance(one, nodes.Macro)}
    return Run(macros, names)


def written(state: Run, body: Sequence[nodes.Node], scope: Scope) -> list[Chunk]:
    """Return what a body writes.

    Raises
    ------
    TemplateFault
        A name that is not there, or more than a template may use.
    """
    out: list[Chunk] = []
    state.depth += 1
    if state.depth > DEEPEST:
        line = body[0].lineno if body else 1
        raise TemplateFault(
            line, "formule e comandi sono annidati senza fine.", "Una formula non chiami sé stessa."
        )
    for node in body:
        _spend(state, node)
        out += WRITERS.get(type(node), _nothing)(state, node, scope)
    state.depth -= 1
    return out


def _spend(state: Run, node: nodes.Node) -> None:
    state.steps += 1
    if state.steps > MOST_STEPS:
        raise TemplateFault(
            node.lineno, "il modello non finisce mai.", "Togli i cicli l'uno nell'altro."
        )


def _grown(state: Run, node: nodes.Node, chunks: list[Chunk]) -> list[Chunk]:
    state.signs += sum(len(one.text) for one in chunks if isinstance(one, Words))
    state.blocks += sum(len(one.blocks) for one in chunks if isinstance(one, Placed))
    if state.signs > MOST_SIGNS or state.blocks > MOST_BLOCKS:
        raise TemplateFault(
            node.lineno, "il documento diventa troppo grande.", "Togli ciò che si ripete."
        )
    return chunks


# --- what writes ------------------------------------------------------------------------------


def _nothing(state: Run, node: Any, scope: Scope) -> list[Chunk]:
    return []


def _output(state: Run, node: Any, scope: Scope) -> list[Chunk]:
    out: list[Chunk] = []
    for one in node.nodes:
        _spend(state, one)
        if isinstance(one, nodes.TemplateData):
            out.append(Words(one.data, one.lineno))
        else:
            out += _said(value_of(state, one, scope), one.lineno)
    return _grown(state, node, out)


def _said(value: Any, line: int) -> list[Chunk]:
    """Return what a value says where it is put."""
    match value:
        case Fact(value=found, seqs=seqs):
            return [Words(_spelled(found), line, True, seqs)]
        case Blocks(blocks=blocks):
            return [Placed(blocks, line)]
        case Part(fields=fields):
            return _said(fields["contenuto"], line)
        case list() if all(isinstance(one, Words | Placed | Edge) for one in value):
            return value
    raise TemplateFault(
        line,
        "qui c'è un gruppo di cose, non una parola.",
        "Scrivi il nome di una di esse, dopo un punto.",
    )


def _spelled(found: str | int | bool) -> str:
    if isinstance(found, bool):
        return "sì" if found else "no"
    return str(found)


def _if(state: Run, node: Any, scope: Scope) -> list[Chunk]:
    for branch in (node, *node.elif_):
        if is_true(value_of(state, branch.test, scope)):
            return written(state, branch.body, scope)
    return written(state, node.else_, scope)


def is_true(value: Any) -> bool:
    """Tell whether there is something."""
    match value:
        case Fact(value=found):
            return bool(found)
        case Blocks(blocks=blocks):
            return bool(blocks)
    return bool(value)


def _for(state: Run, node: Any, scope: Scope) -> list[Chunk]:
    many = value_of(state, node.iter, scope)
    if not isinstance(many, tuple):
        raise TemplateFault(
            node.lineno, "non è un elenco.", "Dopo «in» scrivi il nome di un elenco."
        )
    out: list[Chunk] = []
    for one in many:
        _spend(state, node)
        inside = written(state, node.body, {**scope, node.target.name: one})
        out += _in_part(one, node, inside) if isinstance(one, Part) else inside
    return out if many else written(state, node.else_, scope)


def _in_part(part: Part, node: nodes.Node, inside: list[Chunk]) -> list[Chunk]:
    name = part.section.kind
    return [Edge(name, node.lineno, part.section), *inside, Edge(name, node.lineno, None)]


def _block(state: Run, node: Any, scope: Scope) -> list[Chunk]:
    """Write a part by its name."""
    parts = scope["parti"]
    if node.name not in parts:
        raise unknown(node.lineno, node.name, list(parts))
    begins = Edge(node.name, node.lineno, parts[node.name])
    return [begins, *written(state, node.body, scope), Edge(node.name, node.lineno, None)]


def _filter_block(state: Run, node: Any, scope: Scope) -> list[Chunk]:
    value = _filtered(state, node.filter, written(state, node.body, scope), scope)
    return _said(value, node.lineno)


WRITERS: dict[type[nodes.Node], Callable[[Run, Any, Scope], list[Chunk]]] = {
    nodes.Output: _output,
    nodes.If: _if,
    nodes.For: _for,
    nodes.Block: _block,
    nodes.FilterBlock: _filter_block,
}


# --- what is worth something ------------------------------------------------------------------


def value_of(state: Run, node: Any, scope: Scope) -> Any:
    """Return what an expression is worth."""
    _spend(state, node)
    match node:
        case nodes.Const(value=value):
            return Fact(value if isinstance(value, str | int | bool) else str(value))
        case nodes.TemplateData(data=data):
            return Fact(data)
        case nodes.Name(name=name):
            return _named(node, name, scope)
        case nodes.Getattr(node=of, attr=attr):
            return _inside(node, value_of(state, of, scope), attr)
        case nodes.Filter():
            return _filtered(state, node, value_of(state, node.node, scope), scope)
        case nodes.Call(node=nodes.Name(name=name), args=args):
            return call(state, name, [value_of(state, one, scope) for one in args], node)
        case nodes.CondExpr():
            is_so = is_true(value_of(state, node.test, scope))
            chosen = node.expr1 if is_so else node.expr2
            return value_of(state, chosen, scope) if chosen else Fact("")
        case nodes.Concat(nodes=many):
            return [
                one for part in many for one in _said(value_of(state, part, scope), node.lineno)
            ]
    return Fact(_judged(state, node, scope))


def _named(node: nodes.Name, name: str, scope: Scope) -> Any:
    if name not in scope or name == "parti":
        raise unknown(node.lineno, name, [one for one in scope if one != "parti"])
    return scope[name]


def _inside(node: nodes.Getattr, value: Any, attr: str) -> Any:
    fields = value.fields if isinstance(value, Part) else value
    if not isinstance(fields, Mapping):
        raise TemplateFault(
            node.lineno, f"«.{attr}» non c'è: è una parola sola.", "Togli il punto."
        )
    if attr not in fields:
        raise unknown(node.lineno, attr, list(fields))
    return fields[attr]


def _judged(state: Run, node: Any, scope: Scope) -> bool:
    """Return whether a condition holds."""
    match node:
        case nodes.Not():
            return not is_true(value_of(state, node.node, scope))
        case nodes.And():
            return all(is_true(value_of(state, one, scope)) for one in (node.left, node.right))
        case nodes.Or():
            return any(is_true(value_of(state, one, scope)) for one in (node.left, node.right))
        case nodes.Compare() if len(node.ops) == 1 and node.ops[0].op in ("eq", "ne", "gt", "lt"):
            return _compared(state, node, scope)
    raise TemplateFault(node.lineno, "il confronto non si capisce.", "Si usano ==, !=, < e >.")


def _compared(state: Run, node: nodes.Compare, scope: Scope) -> bool:
    one = value_of(state, node.expr, scope)
    other = value_of(state, node.ops[0].expr, scope)
    if not (isinstance(one, Fact) and isinstance(other, Fact)):
        raise TemplateFault(
            node.lineno, "si confrontano solo parole e numeri.", "Togli il confronto."
        )
    a, b, op = one.value, other.value, node.ops[0].op
    if op in ("eq", "ne"):
        return (a == b) == (op == "eq")
    if isinstance(a, str) or isinstance(b, str):
        raise TemplateFault(node.lineno, "< e > confrontano numeri.", "Usa == o !=.")
    return a > b if op == "gt" else a < b


def call(state: Run, name: str, args: Sequence[Any], node: nodes.Node) -> list[Chunk]:
    """Return what a formula writes of its arguments."""
    macro = state.macros.get(name)
    if macro is None:
        raise unknown(node.lineno, name, list(state.macros))
    if len(macro.args) != len(args):
        raise TemplateFault(
            node.lineno,
            f"la formula «{name}» vuole {len(macro.args)} valori.",
            "Correggi le parentesi.",
        )
    bound = {one.name: value for one, value in zip(macro.args, args, strict=True)}
    return written(state, macro.body, {**state.names, **bound})


# --- filters ----------------------------------------------------------------------------------


def _filtered(state: Run, node: nodes.Filter, value: Any, scope: Scope) -> Any:
    given = [value_of(state, one, scope) for one in node.args]
    if node.name == "intitolato":
        return _entitled(node, value, given)
    if node.name == "elenco":
        return _joined(node, value)
    chunks = _said(value, node.lineno)
    if any(not isinstance(one, Words) for one in chunks):
        raise TemplateFault(node.lineno, f"«{node.name}» vale per le parole.", "Togli il filtro.")
    words = [one for one in chunks if isinstance(one, Words)]
    if node.name == "frase":
        return _sentence(words)
    change = str.upper if node.name == "maiuscolo" else str.lower
    return [replace(one, text=change(one.text)) for one in words]


def _entitled(node: nodes.Filter, value: Any, given: list[Any]) -> Blocks:
    """Return a table with another title."""
    blocks = value.blocks if isinstance(value, Blocks) else ()
    if len(blocks) == 1 and len(given) == 1 and isinstance(given[0], Fact):
        table = blocks[0]
        if isinstance(table, Table | Attendance):
            return Blocks((replace(table, title=str(given[0].value)),))
    why = "«intitolato» vale per una tabella."
    remedy = 'Scrivi {{ ordine_del_giorno | intitolato("Argomenti") }}.'
    raise TemplateFault(node.lineno, why, remedy)


def _joined(node: nodes.Filter, value: Any) -> list[Chunk]:
    """Return names one after the other: «Rossi, Verdi e Bianchi»."""
    if not isinstance(value, tuple):
        raise TemplateFault(node.lineno, "«elenco» vale per un elenco.", "Togli il filtro.")
    out: list[Chunk] = []
    for place, one in enumerate(value):
        if place:
            out.append(Words(" e " if place == len(value) - 1 else ", ", node.lineno, True))
        out += _said(one, node.lineno)
    return out


def _sentence(words: list[Words]) -> list[Chunk]:
    """Return words on one line, with a capital letter and a full stop where they are missing."""
    made = list(_on_one_line(words))
    while made and not made[0].text.strip():
        made.pop(0)
    while made and not made[-1].text.strip():
        made.pop()
    if not made:
        return []
    first = made[0].text.lstrip()
    made[0] = replace(made[0], text=first[0].upper() + first[1:])
    made[-1] = replace(made[-1], text=made[-1].text.rstrip())
    whole = "".join(one.text for one in made)
    if not whole.endswith((".", "!", "?", "…", ".»", "!»", "?»")):
        made.append(Words(".", made[-1].line, True))
    return [replace(one, is_fact=True) for one in made]


def _on_one_line(words: list[Words]) -> Iterator[Words]:
    """Make line ends spaces, and never two in a row; what a fact holds stays as it is."""
    before = " "
    for one in words:
        text = one.text if one.is_fact else re.sub(r"\s+", " ", one.text)
        if not one.is_fact and before.endswith(" "):
            text = text.lstrip(" ")
        if text:
            before = text
            yield replace(one, text=text)
