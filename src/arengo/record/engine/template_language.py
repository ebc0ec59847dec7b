"""The language of the templates: the grammar of Jinja, of which a small part is understood.

Jinja only parses (BSD licence). What it parsed is walked here, node by node: nothing becomes
Python, no attribute of any object is read, and every step, sign and level is counted, so that no
template can reach out, go on for ever or fill the memory. See decision 24.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from jinja2 import Environment, TemplateSyntaxError, nodes

from arengo.record.engine.template_errors import TemplateFault

LONGEST = 60_000  # signs of a template
KNOWN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.If, nodes.For, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.Concat, nodes.Macro, nodes.Call, nodes.FilterBlock,
    nodes.Block,
)  # fmt: skip
FILTERS = ("elenco", "frase", "intitolato", "maiuscolo", "minuscolo")
TAGS = "if, for, block, macro, filter"
SYNTAX = (
    (r"unknown tag '(\w+)'.* looking for .*'(end\w+)'", "«{0}» sta dove si aspettava «{1}».", "Chiudi prima con {{% {1} %}}."),
    (r"unknown tag '(\w+)'", "«{0}» non è un comando dei modelli.", f"I comandi sono {TAGS}."),
    (r"looking for .*'(end\w+)'", "manca la chiusura di un comando.", "Aggiungi {{% {0} %}} dove finisce."),
    (r"Missing end of comment", "un commento non è chiuso.", "Chiudilo con #}}."),
)  # fmt: skip


def parse(text: str) -> nodes.Template:
    """Return a template as a tree of which everything is understood.

    Raises
    ------
    TemplateFault
        It cannot be read, or uses what the language does not have.
    """
    if len(text) > LONGEST:
        raise TemplateFault(
            1, "il modello è troppo lungo.", f"Restane sotto i {LONGEST} caratteri."
        )
    try:
        tree = Environment(autoescape=False).parse(text)  # noqa: S701 text, and nothing is run
        _check(tree)
    except TemplateSyntaxError as error:
        raise _translated(error) from error
    except (RecursionError, ValueError, OverflowError) as error:
        remedy = "Semplifica: meno parentesi e comandi l'uno nell'altro, numeri più corti."
        raise TemplateFault(1, "il modello è troppo intricato per essere letto.", remedy) from error
    return tree


def _translated(error: TemplateSyntaxError) -> TemplateFault:
    for pattern, why, remedy in SYNTAX:
        found = re.search(pattern, error.message or "", re.DOTALL)
        if found:
            return TemplateFault(
                error.lineno, why.format(*found.groups()), remedy.format(*found.groups())
            )
    remedy = "Controlla graffe, virgolette e nomi: un fatto si scrive {{ nome }}."
    return TemplateFault(error.lineno, "la scrittura non si capisce.", remedy)


def _check(tree: nodes.Template) -> None:
    """Refuse every construct that the language does not have, wherever it stands."""
    seen: set[str] = set()
    for node in _walk(tree):
        if not isinstance(node, KNOWN):
            why = f"«{type(node).__name__}» di Jinja non si può usare in un modello."
            raise TemplateFault(node.lineno, why, f"I comandi sono {TAGS}.")
        if isinstance(node, nodes.Filter | nodes.FilterBlock):
            _check_filter(node)
        if isinstance(node, nodes.Call):
            _check_call(node)
        if isinstance(node, nodes.For):
            _check_loop(node)
        if isinstance(node, nodes.Block):
            if node.name in seen:
                why = f"la parte «{node.name}» è scritta due volte."
                raise TemplateFault(node.lineno, why, "Tienine una sola.")
            seen.add(node.name)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _walk(child)


def _check_filter(node: nodes.Filter | nodes.FilterBlock) -> None:
    one = node.filter if isinstance(node, nodes.FilterBlock) else node
    if one.name not in FILTERS:
        raise TemplateFault(
            node.lineno, f"il filtro «{one.name}» non c'è.", f"I filtri sono {', '.join(FILTERS)}."
        )


def _check_call(node: nodes.Call) -> None:
    is_plain = isinstance(node.node, nodes.Name) and not (
        node.kwargs or node.dyn_args or node.dyn_kwargs
    )
    if not is_plain:
        why = "si può chiamare solo una formula definita con {% macro %}."
        raise TemplateFault(node.lineno, why, "Togli le parentesi tonde.")


def _check_loop(node: nodes.For) -> None:
    if node.test or node.recursive or not isinstance(node.target, nodes.Name):
        why = "il ciclo ha una forma che qui non si usa."
        raise TemplateFault(node.lineno, why, "Scrivi {% for parte in svolgimento %}.")


def unknown(line: int, name: str, known: list[str]) -> TemplateFault:
    """Return the fault of a name that is not there, with the one that was perhaps meant."""
    near = get_close_matches(name, known, 1)
    remedy = f"Forse volevi «{near[0]}»." if near else f"Ci sono: {', '.join(sorted(known))}."
    return TemplateFault(line, f"«{name}» non c'è.", remedy)
