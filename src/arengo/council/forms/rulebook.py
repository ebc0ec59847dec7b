"""What a clerk types of the council's rules: the questions of the guided page, and the facts they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from arengo.council.engine.errors import ProfileUnusable
from arengo.council.forms.people import day_field
from arengo.council.rule_steps import STEPS, Question

Facts = dict[str, Any]
SECONDS = 60
SECOND_CALL = "second"  # a question about the section itself, not a key of it


class ClassForm(forms.Form):
    """The class of population of the Comune: asked once."""

    key = forms.ChoiceField(label=_("Classe di popolazione"))
    valid_from = day_field(
        _("In vigore dal"), help_text=_("Di solito l’inizio del mandato del Consiglio")
    )

    def __init__(self, *args: Any, classes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(classes.items())


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic with its fields, as the template lists them."""

    title: Any
    fields: tuple[BoundField, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error, the topic it is in, and the field to go to."""

    topic: Any
    field: BoundField
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its topics."""

    key: str
    title: Any
    law: Any
    topics: tuple[ShownTopic, ...]


class RulesForm(forms.Form):
    """Every question of the guided page, filled from the rules that hold now."""

    name = forms.CharField(
        label=_("Nome del regolamento"),
        max_length=200,
        help_text=_("Per esempio: Regolamento del Consiglio comunale, delibera n. 12 del 2024"),
    )
    valid_from = day_field(
        _("In vigore dal"), help_text=_("Le regole di prima restano per le sedute di prima")
    )

    def __init__(self, data: Any, *, facts: Facts, initial: Facts) -> None:
        self.base = facts
        self.questions = tuple(
            one for step in STEPS for one in step.questions if _is_asked(one, facts)
        )
        answers = {one.name: _answer(facts, one) for one in self.questions}
        super().__init__(data, initial={**answers, **initial})
        for one in self.questions:
            self.fields[one.name] = _field(one)

    def steps(self) -> Iterator[ShownStep]:
        """Yield the steps with their fields."""
        for step in STEPS:
            topics = tuple(
                ShownTopic(topic.title, found)
                for topic in step.topics
                if (
                    found := tuple(
                        self[one.name] for one in topic.questions if one.name in self.fields
                    )
                )
            )
            yield ShownStep(step.key, step.title, step.law, topics)

    def problems(self) -> Iterator[Problem]:
        """Yield every error with the place where it is."""
        for name in ("name", "valid_from"):
            for error in self[name].errors:
                yield Problem(self[name].label, self[name], str(error))
        for step in self.steps():
            for topic in step.topics:
                for field in topic.fields:
                    for error in field.errors:
                        yield Problem(topic.title or step.title, field, str(error))

    def facts(self) -> Facts:
        """Return the rule profile that the answers make, on top of what is not asked."""
        facts = deepcopy(self.base)
        facts["name"] = self.cleaned_data["name"]
        facts["valid_from"] = self.cleaned_data["valid_from"].isoformat()
        facts["chair"]["order"] = []
        _put_second_call(facts, is_allowed=self.cleaned_data[SECOND_CALL])
        for one in self.questions:
            if one.path != SECOND_CALL and one.name in self.cleaned_data:
                _put(facts, one, self.cleaned_data[one.name])
        _tidy(facts)
        return facts

    def refuse(self, refusal: ProfileUnusable) -> None:
        """Show a refusal of the rules beside the question it is about."""
        where, sentence = str(refusal.facts["where"]), str(refusal.facts["sentence"])
        self.add_error(self._name_of(where), sentence[:1].upper() + sentence[1:])

    def _name_of(self, where: str) -> str | None:
        """Return the field of a key, or the first one of the section it names."""
        if where in ("name", "valid_from"):
            return where
        exact = [one.name for one in self.questions if one.path == where]
        inside = [one.name for one in self.questions if one.path.startswith(f"{where}.")]
        return next(iter(exact + inside), None)


def _is_asked(question: Question, facts: Facts) -> bool:
    """Leave out majorities and speeches that the profile does not have."""
    parts = question.path.split(".")
    return parts[0] not in ("majorities", "speaking_times") or parts[1] in facts[parts[0]]


def _answer(facts: Facts, question: Question) -> Any:
    if question.path == SECOND_CALL:
        return "second" in facts["quorum"]
    value: Any = facts
    for part in question.path.split("."):
        value = _step_into(value, part)
    if question.kind == "minutes":
        return _minutes(int(value or 0))
    if question.kind == "lines":
        return "\n".join(value or ())
    return ",".join(value) if isinstance(value, list) else value


def _minutes(seconds: int) -> int | Decimal:
    """Return whole minutes as they are read, others with two decimals."""
    whole, rest = divmod(seconds, SECONDS)
    return (Decimal(seconds) / SECONDS).quantize(Decimal("0.01")) if rest else whole


def _step_into(value: Any, part: str) -> Any:
    if isinstance(value, list):
        return value[int(part)] if int(part) < len(value) else ""
    return value.get(part, "") if isinstance(value, Mapping) else ""


def _field(question: Question) -> forms.Field:
    common: Facts = {
        "label": question.label,
        "help_text": question.help_text,
        "required": False,
    }
    match question.kind:
        case "yes":
            return forms.BooleanField(**common)
        case "number":
            return forms.IntegerField(min_value=0, max_value=10_000, **common)
        case "minutes":
            return forms.DecimalField(min_value=0, max_value=600, decimal_places=2, **common)
        case "choice":
            return forms.ChoiceField(choices=question.choices, **common)
        case "lines":
            return forms.CharField(
                widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **common
            )
    return forms.CharField(max_length=400, **common)


def _put(facts: Facts, question: Question, answer: Any) -> None:
    """Write an answer where it goes; a section that is not there (no second call) is passed over."""
    *sections, last = question.path.split(".")
    place: Any = facts
    for part in sections:
        place = place.get(part) if isinstance(place, dict) else place
    if isinstance(place, list):
        place.extend([answer] if answer and answer not in place else [])
    elif isinstance(place, dict):
        place[last] = _plain(question, answer)


def _plain(question: Question, answer: Any) -> Any:
    match question.kind:
        case "minutes":
            return round((answer or 0) * SECONDS)
        case "number":
            return answer or 0
        case "lines":
            return [line for text in answer.splitlines() if (line := " ".join(text.split()))]
    return answer.split(",") if question.path == "amendments.order" else answer


def _put_second_call(facts: Facts, *, is_allowed: bool) -> None:
    if not is_allowed:
        facts["quorum"].pop("second", None)
    else:
        facts["quorum"].setdefault("second", deepcopy(facts["quorum"]["first"]))


def _tidy(facts: Facts) -> None:
    """Empty the fraction or the number that the chosen measure does not use."""
    for rule in (facts["quorum"]["first"], facts["quorum"].get("second")):
        if rule is not None:
            rule["fraction"] = rule["fraction"] if rule["measure"] == "fraction" else ""
            rule["number"] = rule["number"] if rule["measure"] == "number" else 0
    for majority in facts["majorities"].values():
        if majority["rule"] != "fraction":
            majority["fraction"] = ""
