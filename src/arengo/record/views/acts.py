"""The clerk's steps with an act: share, decide rectifications, write the approval, have it signed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council.access import CLERKS
from arengo.council.queries import get_sitting
from arengo.council.views.convocation import base_url
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.record import acts as store
from arengo.record import approvals, signatures
from arengo.record.errors import SignatureRefused
from arengo.record.models import Act, ActVersion, Signer, SigningOrder
from arengo.record.signing import LARGEST

ARTICLES = {
    Signer.PRESIDENT: "TUEL art. 39 e statuto (chi presiede in sua vece)",
    Signer.SECRETARY: "TUEL art. 97 c. 5 (vicesegretario) e statuto",
}


@members(*CLERKS)
@require_POST
def share(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Freeze a document and give it to the councillors."""
    sitting = get_sitting(comune=comune, uid=uid)
    store.share(
        comune=comune, sitting=sitting, name=name, by=request.user, base_url=base_url(request)
    )
    messages.success(
        request, _("Documento condiviso: i consiglieri con un indirizzo sono avvisati.")
    )
    return redirect("record:draft", comune.slug, uid, name)


@members(*CLERKS)
@require_POST
def recall(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Take a shared document back to the draft."""
    act = _act(comune, uid, name)
    store.recall(comune=comune, act=act, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Documento richiamato: è di nuovo una bozza."))
    return redirect("record:draft", comune.slug, uid, name)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def rectifications(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str
) -> HttpResponse:
    """Show what councillors would have written otherwise beside the text; POST decides one."""
    act = _act(comune, uid, name)
    if request.method == "POST":
        approvals.decide(
            comune=comune,
            act=act,
            rectification_id=_number(request.POST.get("rectification", "")),
            accept=request.POST.get("outcome") == "accepted",
            why=request.POST.get("why", ""),
            by=request.user,
        )
        messages.success(request, _("Rettifica decisa."))
        return redirect("record:rectifications", comune.slug, uid, name)
    found = approvals.rectifications_of(comune=comune, act=act)
    context = _context(comune, act) | {"rectifications": found}
    return render(request, "record/rectifications.html", context)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def approval(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Show the facts of the later sittings that may be the approval; POST takes one."""
    act = _act(comune, uid, name)
    if request.method == "POST":
        approvals.approve(comune=comune, act=act, key=request.POST.get("fact", ""), by=request.user)
        messages.success(request, _("Approvazione annotata."))
        return redirect("record:draft", comune.slug, uid, name)
    context = _context(comune, act) | {
        "approval": approvals.approval_of(comune=comune, act=act),
        "candidates": approvals.candidates(comune=comune, act=act),
    }
    return render(request, "record/approval.html", context)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def signing(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Show who signs and what; POST takes the signed file back, and says why when it cannot."""
    act = _act(comune, uid, name)
    if request.method == "POST":
        try:
            made = signatures.take_back(
                comune=comune, act=act, returned=_uploaded(request), by=request.user
            )
        except SignatureRefused as refused:
            told = _(refused.message).format(**refused.facts)
            return _signing_page(request, comune, act, refused=told, status=refused.status)
        names = ", ".join(one.name for one in made)
        messages.success(request, _("Firma verificata: {names}.").format(names=names))
        return redirect("record:signing", comune.slug, uid, name)
    return _signing_page(request, comune, act)


def _signing_page(
    request: AuthenticatedRequest, comune: Comune, act: Act, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = _context(comune, act) | {
        "seats": signatures.seats_of(comune=comune, act=act),
        "version": signatures.to_sign(comune=comune, act=act),
        "rule": store.signing_rule(comune=comune),
        "orders": SigningOrder.choices,
        "signers": [(value, label, ARTICLES[Signer(value)]) for value, label in Signer.choices],
        "refused": refused,
    }
    return render(request, "record/signing.html", context, status=status)


def _uploaded(request: AuthenticatedRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise SignatureRefused(why=_("Scegli il file firmato"))
    if (file.size or 0) > LARGEST:
        raise SignatureRefused(why=_("Il file è troppo grande per essere uno dei nostri"))
    return bytes(file.read())


@members(*CLERKS)
@require_POST
def prepare(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Freeze the text to sign."""
    approvals.prepare(comune=comune, act=_act(comune, uid, name), by=request.user)
    return redirect("record:signing", comune.slug, uid, name)


@members(*CLERKS)
@require_POST
def trial(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Sign a demonstration's act with the authority of trials."""
    act = _act(comune, uid, name)
    signer = _signer(request)
    signatures.sign_as_trial(comune=comune, act=act, signer=signer, by=request.user)
    messages.success(request, _("Firma di prova messa."))
    return redirect("record:signing", comune.slug, uid, name)


@members(*CLERKS)
@require_POST
def impediment(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str
) -> HttpResponse:
    """Say who signs in whose place."""
    told = {key: request.POST.get(key, "") for key in ("name", "title", "reason", "article")}
    approvals.declare_impediment(
        comune=comune,
        act=_act(comune, uid, name),
        signer=_signer(request),
        by=request.user,
        **told,
    )
    messages.success(request, _("Impedimento dichiarato: il testo da firmare lo dice."))
    return redirect("record:signing", comune.slug, uid, name)


@members(*CLERKS)
@require_POST
def signing_rule(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str
) -> HttpResponse:
    """Say how the Comune signs from now on."""
    order = request.POST.get("order", "")
    if order not in SigningOrder.values:
        raise NotFound
    approvals.set_signing_rule(
        comune=comune,
        order=SigningOrder(order),
        is_approved_first="is_approved_first" in request.POST,
        article=request.POST.get("article", ""),
        by=request.user,
    )
    messages.success(request, _("Regola delle firme salvata."))
    return redirect("record:signing", comune.slug, uid, name)


@members(*CLERKS)
@never_cache
@require_GET
def version_file(
    request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str, version: str
) -> HttpResponse:
    """Give a frozen file of an act."""
    act = _act(comune, uid, name)
    if act.is_reserved:
        store.audit_act("record.read_reserved", act, request.user)
    return file_answer(comune, act, version)


def file_answer(comune: Comune, act: Act, number: str) -> HttpResponse:
    """Return a version of an act as a download, or raise `NotFound`."""
    found = next(
        (one for one in store.versions_of(comune=comune, act=act) if str(one.number) == number),
        None,
    )
    if found is None:
        raise NotFound
    return _download(store.read_version(comune=comune, version=found), found)


def _download(data: bytes, version: ActVersion) -> HttpResponse:
    answer = HttpResponse(data, content_type=version.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{version.file_name}"'
    return answer


def _signer(request: AuthenticatedRequest) -> Signer:
    asked = request.POST.get("signer", "")
    if asked not in Signer.values:
        raise NotFound
    return Signer(asked)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _act(comune: Comune, uid: str, name: str) -> Act:
    sitting = get_sitting(comune=comune, uid=uid)
    return store.get_act(comune=comune, sitting=sitting, name=name)


def _context(comune: Comune, act: Act) -> dict[str, object]:
    title = store.read_tree(comune=comune, act=act).title
    return {"comune": comune, "sitting": act.sitting, "act": act, "title": title}
