// @ts-check
/** What the console can do: each act has a name, a key, and the fact it writes. */

import { ask } from "./console_ask.js";
import { el, newKey } from "./element.js";

const STATUS_KEYS = { p: "present", r: "remote", x: "absent", g: "justified", m: "mission" };
const VOTE_KEYS = { f: "favour", c: "against", a: "abstained", n: "not_voting" };
const SPEECH = {
  intervention: "intervento", second_intervention: "secondo intervento", presentation: "relazione",
  reply: "replica", declaration: "dichiarazione di voto", point_of_order: "mozione d’ordine",
  personal: "fatto personale", question: "illustrazione dell’interrogazione", answer: "risposta",
  rejoinder: "replica dell’interrogante", other: "comunicazione",
};
const KEYS = {
  a: "roll", o: "open", i: "call", f: "leave", l: "stage", d: "floor", t: "chair", e: "door",
  v: "vote", h: "hands", c: "close", p: "proclaim", u: "undo", s: "suspend", z: "end", b: "note",
  j: "conflict", m: "amend", y: "opinion", w: "verbatim", k: "preside", q: "scrutineers", g: "theme", "?": "keys",
};
const WORDS = {
  a: "appello, o verifica del numero legale", o: "dichiara aperta la seduta", i: "chiama il prossimo punto",
  f: "chiudi il punto", l: "passa alla fase successiva del punto", "1–9": "dai la parola a chi è in coda",
  d: "dai la parola a chi vuoi", t: "la parola torna al presidente", e: "entra o esce qualcuno",
  v: "apri una votazione", h: "conta le mani o le schede", c: "chiudi la votazione", p: "proclama l’esito",
  j: "astensione obbligatoria (art. 78)", m: "emendamento", y: "parere (art. 49)", w: "«chiedo a verbale»",
  k: "presiede un altro", q: "nomina gli scrutatori", s: "sospendi o riprendi", z: "fine della seduta",
  b: "nota del segretario", u: "annulla l’ultima operazione", "⇧R": "seduta segreta", g: "tema chiaro o scuro", "?": "questo aiuto",
};
const ROLL_WORDS = { p: "presente", r: "presente da remoto", x: "assente", g: "assente giustificato", m: "in missione", "←": "torna al nome prima", a: "appello concluso" };
const VOTE_WORDS = { f: "favorevole", c: "contrario", a: "astenuto", n: "presente non votante", "⇧C": "chiudi" };

const STAGES = ["presentation", "discussion", "replies", "declarations"];
const METHODS = [
  ["hands", "Per alzata di mano"], ["electronic", "Elettronica palese"], ["roll_call", "Per appello nominale"],
  ["secret_papers", "Segreta con schede"], ["secret_electronic", "Segreta elettronica"],
];
const SUBJECTS = {
  proposal: "la proposta", as_amended: "la proposta come emendata", immediate: "l’immediata eseguibilità",
  amendment: "un emendamento", procedural: "una questione procedurale", secret_sitting: "la seduta segreta",
};

export class Acts {
  /** @param {() => any} now @param {(kind: string, event: Record<string, any>) => Promise<boolean>} write */
  constructor(now, write) {
    this.read = now;
    this.write = write;
    this.at = 0; // where the appello is
  }

  get now() {
    return this.read();
  }

  // --- keys ---------------------------------------------------------------------------

  /** Which act a key means now. @param {string} key */
  nameOf(key) {
    const now = this.now;
    if (!now) return "";
    if (now.roll_call) {
      if (key in STATUS_KEYS) return `status:${STATUS_KEYS[/** @type {keyof typeof STATUS_KEYS} */ (key)]}`;
      if (key === "arrowleft" || key === "arrowup") return "roll:back";
      if (key === "arrowright" || key === "arrowdown") return "roll:on";
    }
    if (this.calling() && key in VOTE_KEYS) return `cast:${VOTE_KEYS[/** @type {keyof typeof VOTE_KEYS} */ (key)]}`;
    if (/^[1-9]$/.test(key)) return `request:${Number(key) - 1}`;
    return KEYS[/** @type {keyof typeof KEYS} */ (key)] ?? "";
  }

  /** @returns {[string, string][]} */
  help() {
    const words = this.now?.roll_call ? ROLL_WORDS : this.calling() ? VOTE_WORDS : {};
    return [...Object.entries(words), ...Object.entries(WORDS).filter(([key]) => !(key in words))];
  }

  /** @param {string} name */
  async run(name) {
    const [act, what] = name.split(":");
    const does = {
      roll: () => this.roll(what), status: () => this.status(what), open: () => this.write("sitting_opened", {}),
      call: () => this.call(), leave: () => this.leave(), stage: () => this.stage(), request: () => this.request(Number(what)),
      floor: () => this.floor(), chair: () => this.write("floor_ended", {}), door: () => this.door(what), vote: () => this.vote(what),
      cast: () => this.cast(what), hands: () => this.count(), close: () => this.close(), proclaim: () => this.write("proclaimed", {}),
      undo: () => this.write("undo", {}), suspend: () => this.suspend(), end: () => this.end(), note: () => this.note(),
      conflict: () => this.conflict(), amend: () => this.amend(), opinion: () => this.opinion(what), verbatim: () => this.verbatim(),
      preside: () => this.preside(), scrutineers: () => this.scrutineers(), secret: () => this.secret(), public: () => this.write("secret_ended", {}),
      item: () => this.write("item_called", { item: what }), give: () => this.floor(what), recognise: () => this.write("identity_checked", { ballot: this.now.ballot.id, member: what }),
      void: () => this.voidBallot(), withdraw: () => this.write("amendment_withdrawn", { item: this.now.item, amendment: what }),
    }[act];
    return does?.();
  }

  // --- who is here --------------------------------------------------------------------

  /** The names of the appello, in order. */
  rollNames() {
    return this.now.members;
  }

  /** Who the appello is at; null when everyone has answered. */
  rollAt() {
    return this.rollNames()[this.at] ?? null;
  }

  /** @param {string|undefined} move */
  async roll(move) {
    const names = this.rollNames();
    if (move === "back") return this.moveTo(this.at - 1);
    if (move === "on") return this.moveTo(this.at + 1);
    if (this.now.roll_call) return this.write("roll_call_ended", {});
    this.at = 0;
    const purpose = this.now.opened_at ? (this.now.suspended_at ? "resumption" : "verification") : "opening";
    await this.write("roll_call_began", { purpose });
    return names;
  }

  /** @param {number} place */
  moveTo(place) {
    this.at = Math.max(0, Math.min(this.rollNames().length, place));
    return this.redraw?.();
  }

  /** @type {(() => void)|undefined} set by the page to draw again without news */
  redraw;

  /** @param {string} status */
  async status(status) {
    const member = this.rollAt();
    if (!this.now.roll_call || !member) return;
    const before = this.at;
    this.at += 1;
    if (!(await this.write("presence_set", { member: member.id, status, cause: "roll_call" }))) this.at = before;
  }

  /** @param {string|undefined} member */
  async door(member) {
    const chosen = member || (await this.person("Chi entra o esce?", this.now.members, (one) => `${one.surname || one.name} — ${one.is_here ? "presente: esce" : "assente: entra"}`));
    if (!chosen) return;
    const who = this.member(chosen);
    const isHere = who.status === "present" || who.status === "remote";
    return this.write("presence_set", { member: chosen, status: isHere ? "absent" : "present", cause: isHere ? "exit" : "entry" });
  }

  async conflict() {
    const item = this.now.item;
    if (!item) return this.say("Prima chiama il punto su cui qualcuno deve astenersi.");
    const found = await ask("Astensione obbligatoria (TUEL art. 78)", [
      this.peopleField("member", "Chi si astiene", this.now.members),
      { name: "reason", label: "Perché (facoltativo)", required: false },
      { name: "leaves", label: "lascia l’aula", type: "check", value: true },
    ]);
    if (found?.member) return this.write("conflict_declared", { ...found, item });
  }

  async preside() {
    const member = await this.person("Chi presiede da adesso?", this.here());
    if (member) return this.write("chair_taken", { member, reason: "" });
  }

  async scrutineers() {
    const found = await ask("Scrutatori", [{ ...this.peopleField("members", "Scrivi un cognome e premi Invio, per ciascuno", this.here()), several: true }]);
    if (found?.members.length) return this.write("scrutineers_named", { members: found.members });
  }

  // --- the agenda ---------------------------------------------------------------------

  current() {
    return this.now.items.find((/** @type {any} */ one) => one.id === this.now.item) ?? null;
  }

  call() {
    const next = this.now.items.find((/** @type {any} */ one) => !one.left_at && one.id !== this.now.item);
    if (!next) return this.say("Non ci sono altri punti: con «z» si chiude la seduta.");
    return this.write("item_called", { item: next.id });
  }

  async leave() {
    const item = this.current();
    if (!item) return this.say("Nessun punto in trattazione.");
    const isDecided = this.now.votes.some((/** @type {any} */ vote) => vote.item === item.id && !["immediate", "amendment", "procedural", "secret_sitting"].includes(vote.subject));
    if (isDecided) return this.write("item_left", { item: item.id, result: "decided" });
    const isQuestion = item.type === "question" || item.type === "interpellation";
    const found = await ask(`Chiudere il punto ${item.number}?`, [{
      name: "result", label: "Com’è finito", type: "choice", value: isQuestion ? "answered" : "discussed",
      options: [["discussed", "Discusso, senza voto"], ["answered", "Risposta data"], ["deferred", "Rinviato"], ["withdrawn", "Ritirato"]],
    }]);
    if (found) return this.write("item_left", { item: item.id, ...found });
  }

  stage() {
    const item = this.current();
    if (!item) return this.say("Nessun punto in trattazione.");
    const next = STAGES[STAGES.indexOf(item.stage) + 1] ?? "discussion";
    return this.write("stage_opened", { stage: next });
  }

  agendaButtons() {
    const isOpen = this.now.phase === "open";
    return [
      button("call", "Chiama il prossimo", "i", isOpen && !this.now.item),
      button("stage", "Fase successiva", "l", isOpen && Boolean(this.now.item)),
      button("leave", "Chiudi il punto", "f", isOpen && Boolean(this.now.item)),
      button("amend", "Emendamento", "m", isOpen && Boolean(this.now.item)),
    ].filter(Boolean);
  }

  async amend() {
    const item = this.current();
    if (!item) return this.say("Nessun punto in trattazione.");
    const found = await ask("Nuovo emendamento", [
      { name: "title", label: "Titolo", help: "Per esempio: Emendamento 1, gruppo Lista Ponte" },
      this.peopleField("proposer", "Proponente", this.here()),
      { name: "effect", label: "Che cosa fa", type: "choice", value: "replace", options: [["suppress", "Sopprime"], ["replace", "Sostituisce"], ["add", "Aggiunge"]] },
      { name: "text", label: "Testo", type: "area", required: false },
      { name: "changes_substance", label: "cambia la sostanza: serve di nuovo il parere tecnico", type: "check" },
      { name: "affects_spending", label: "tocca la spesa: serve il parere contabile", type: "check" },
    ]);
    if (found) return this.write("amendment_filed", { ...found, item: item.id, amendment: newKey().slice(0, 8) });
  }

  /** @param {string|undefined} about the amendment, empty for the proposal */
  async opinion(about) {
    const item = this.current();
    if (!item) return this.say("Nessun punto in trattazione.");
    const amendments = item.amendments.filter((/** @type {any} */ one) => one.fate === "pending");
    const found = await ask("Parere (TUEL art. 49)", [
      { name: "amendment", label: "Su", type: "choice", value: about ?? "", options: [["", "la proposta"], ...amendments.map((/** @type {any} */ one) => [one.id, one.title])] },
      { name: "type", label: "Regolarità", type: "choice", value: "technical", options: [["technical", "tecnica"], ["accounting", "contabile"]] },
      { name: "verdict", label: "Esito", type: "choice", value: "favourable", options: [["favourable", "Favorevole"], ["contrary", "Contrario"], ["waived", "Si procede senza, per un motivo"]] },
      { name: "reason", label: "Chi lo esprime, o il motivo", required: false },
    ]);
    if (!found) return;
    const { verdict, reason, ...rest } = found;
    if (verdict === "waived") return this.write("opinion_waived", { ...rest, item: item.id, reason });
    return this.write("opinion_given", { ...rest, item: item.id, verdict, by: reason });
  }

  // --- the floor ----------------------------------------------------------------------

  /** @param {number} place in the queue, from 0 */
  request(place) {
    const found = this.now.requests[place];
    if (!found) return this.say("Nessuno è in coda a quel posto.");
    return this.write("floor_given", { member: found.member, type: found.type });
  }

  /** @param {string} [preset] */
  async floor(preset) {
    const usual = this.current()?.stage === "declarations" ? "declaration" : this.current()?.stage === "presentation" ? "presentation" : this.current()?.stage === "replies" ? "reply" : "intervention";
    const found = await ask("A chi la parola?", [
      { ...this.peopleField("member", "Scrivi l’inizio del cognome", this.here()), value: preset ? [preset] : [] },
      { name: "type", label: "A che titolo", type: "choice", value: usual, options: Object.entries(SPEECH) },
      { name: "name", label: "Oppure il nome di un ospite", required: false },
    ]);
    if (!found) return;
    if (found.name) return this.write("floor_given", { member: "", name: found.name, type: found.type });
    if (found.member) return this.write("floor_given", { member: found.member, type: found.type });
  }

  async verbatim() {
    const found = await ask("«Chiedo a verbale»", [
      { ...this.peopleField("member", "Chi lo chiede", this.here()), value: this.now.turn?.member ? [this.now.turn.member] : [] },
      { name: "text", label: "Che cosa (facoltativo)", type: "area", required: false },
    ]);
    if (found?.member) return this.write("verbatim_asked", found);
  }

  // --- votes --------------------------------------------------------------------------

  /** Whether a vote by appello nominale is being called. */
  calling() {
    const ballot = this.now?.ballot;
    return Boolean(ballot && ballot.method === "roll_call" && ballot.stage === "open" && this.nextVoter());
  }

  /** Who has not voted yet and may, in the order of the roll. */
  nextVoter() {
    const ballot = this.now.ballot;
    const waiting = ballot?.entitled.find((/** @type {string} */ id) => !(id in this.now.cast) && this.member(id)?.is_here);
    return waiting ? this.member(waiting) : null;
  }

  /** What would be voted now. */
  usualSubject() {
    const item = this.current();
    if (!item) return "procedural";
    if (item.next_amendment) return "amendment";
    const done = this.now.votes.filter((/** @type {any} */ vote) => vote.item === item.id && !["amendment", "procedural", "secret_sitting"].includes(vote.subject));
    if (done.length && item.wants_immediate && !done.some((/** @type {any} */ vote) => vote.subject === "immediate")) return "immediate";
    if (item.amendments.some((/** @type {any} */ one) => one.fate === "approved")) return "as_amended";
    return item.subject;
  }

  /** @param {string|undefined} subject */
  async vote(subject) {
    const item = this.current();
    const usual = subject ?? this.usualSubject();
    const names = /** @type {Record<string, string>} */ ({ ...SUBJECTS, ...(item && !(item.subject in SUBJECTS) ? { [item.subject]: "la proposta (maggioranza propria)" } : {}) });
    const isSecret = item?.is_secret_ballot && !["immediate", "procedural", "amendment", "secret_sitting"].includes(usual);
    const found = await ask("Che cosa si vota?", [
      { name: "subject", label: "Si vota", type: "choice", value: usual, options: Object.entries(names) },
      { name: "method", label: "Modo", type: "choice", value: isSecret ? "secret_papers" : this.lastMethod ?? "hands", options: /** @type {[string, string][]} */ (METHODS) },
      { name: "choices", label: "Nomi tra cui si elegge, uno per riga (solo per le nomine)", type: "area", required: false },
      { name: "seats", label: "Quanti se ne eleggono", type: "number", value: 1, required: false },
      { name: "repeats", label: "ripete una votazione annullata o in parità", type: "check" },
    ], { confirm: "Apri la votazione" });
    if (!found) return;
    const choices = found.choices.split("\n").map((/** @type {string} */ one) => one.trim()).filter(Boolean);
    const amendment = found.subject === "amendment" ? item?.next_amendment ?? "" : "";
    const what = amendment ? item.amendments.find((/** @type {any} */ one) => one.id === amendment).title : item ? `${item.number}. ${item.title}` : "Questione procedurale";
    const title = found.subject === "immediate" ? `Immediata eseguibilità: ${what}` : what;
    const earlier = found.repeats ? this.lastBallotOf(item?.id ?? "") : "";
    if (!isSecret && !found.method.startsWith("secret")) this.lastMethod = found.method;
    return this.write("ballot_opened", {
      ballot: newKey().slice(0, 8), item: item?.id ?? "", subject: found.subject, title, method: found.method, amendment,
      choices, seats: choices.length ? found.seats : 0, repeats: earlier,
    });
  }

  /** @type {string|undefined} how the last open vote was held: the next one begins there */
  lastMethod;

  /** @param {string} item */
  lastBallotOf(item) {
    const votes = this.now.votes.filter((/** @type {any} */ vote) => vote.item === item);
    return votes.length ? votes[votes.length - 1].id : "";
  }

  /** @param {string} choice */
  cast(choice) {
    const voter = this.nextVoter();
    if (voter) return this.write("vote_cast", { ballot: this.now.ballot.id, member: voter.id, choice });
  }

  async count() {
    const ballot = this.now.ballot;
    if (!ballot) return this.say("Nessuna votazione aperta.");
    if (ballot.method === "hands") return this.countHands(ballot);
    if (ballot.method === "secret_papers") return this.countPapers(ballot);
    if (ballot.method === "secret_electronic") return this.write("secret_counted", { ballot: ballot.id, took_part: [], totals: [] });
    return this.say("In questa votazione i voti arrivano uno per uno.");
  }

  /** @param {any} ballot */
  async countHands(ballot) {
    const voters = ballot.entitled.map((/** @type {string} */ id) => this.member(id)).filter((/** @type {any} */ one) => one.is_here);
    const cast = (/** @type {string} */ choice) => Object.keys(this.now.cast).filter((id) => this.now.cast[id] === choice);
    const field = (/** @type {string} */ name, /** @type {string} */ label) => ({ ...this.peopleField(name, label, voters), several: true, value: cast(name) });
    const found = await ask("Conta delle mani", [field("against", "Contrari"), field("abstained", "Astenuti"), field("not_voting", "Presenti non votanti")], {
      note: `Possono votare in ${voters.length}. Chi non è indicato qui sotto è favorevole. Scrivi l’inizio del cognome e premi Invio; Tab passa all’elenco successivo.`, confirm: "Conta e chiudi",
    });
    if (!found) return;
    if (await this.write("hands_counted", { ballot: ballot.id, ...found })) return this.write("ballot_closed", { ballot: ballot.id });
  }

  /** @param {any} ballot */
  async countPapers(ballot) {
    const voters = ballot.entitled.map((/** @type {string} */ id) => this.member(id)).filter((/** @type {any} */ one) => one.is_here);
    const names = ballot.choices.length ? ballot.choices : ["favour", "against"];
    const words = /** @type {Record<string, string>} */ ({ favour: "Favorevoli", against: "Contrari", blank: "Schede bianche", null: "Schede nulle" });
    const found = await ask("Scrutinio delle schede", [
      ...[...names, "blank", "null"].map((/** @type {string} */ name, at) => /** @type {const} */ ({ name: `n${at}`, label: words[name] ?? name, type: "number", value: 0 })),
      { ...this.peopleField("silent", "Chi non ha ritirato la scheda", voters), several: true },
    ], { note: `Possono votare in ${voters.length}: la somma delle schede deve tornare.`, confirm: "Registra e chiudi" });
    if (!found) return;
    const totals = [...names, "blank", "null"].map((name, at) => [name, found[`n${at}`]]);
    const tookPart = voters.map((/** @type {any} */ one) => one.id).filter((/** @type {string} */ id) => !found.silent.includes(id));
    if (await this.write("secret_counted", { ballot: ballot.id, took_part: tookPart, totals })) return this.write("ballot_closed", { ballot: ballot.id });
  }

  async close() {
    const ballot = this.now.ballot;
    if (!ballot) return this.say("Nessuna votazione aperta.");
    if (ballot.stage === "closed") return this.write("proclaimed", {});
    if (ballot.method === "hands" || ballot.method === "secret_papers") return this.count();
    if (ballot.method === "secret_electronic" && !(await this.count())) return;
    return this.write("ballot_closed", { ballot: ballot.id });
  }

  async voidBallot() {
    const found = await ask("Annullare la votazione?", [{ name: "reason", label: "Motivo" }], { isGrave: true, confirm: "Annulla la votazione", note: "Resta nel registro come annullata; poi si può ripetere." });
    if (found) return this.write("ballot_voided", { ballot: this.now.ballot.id, ...found });
  }

  // --- the sitting --------------------------------------------------------------------

  async suspend() {
    if (this.now.suspended_at) return this.write("sitting_resumed", {});
    const found = await ask("Sospendere la seduta?", [{ name: "reason", label: "Motivo (facoltativo)", required: false }]);
    if (found) return this.write("sitting_suspended", found);
  }

  async end() {
    const usual = this.now.quorum.is_met ? "completed" : "no_quorum";
    const found = await ask("Chiudere la seduta?", [{
      name: "reason", label: "Perché", type: "choice", value: usual,
      options: [["completed", "Esauriti i punti"], ["no_quorum", "Deserta: manca il numero legale"], ["adjourned", "Aggiornata ad altra data"]],
    }], { isGrave: true, confirm: "Chiudi la seduta", note: "La diretta si chiude dalla regia." });
    if (found) return this.write("sitting_ended", found);
  }

  async note() {
    const found = await ask("Nota del segretario", [{ name: "text", label: "Testo", type: "area" }]);
    if (found) return this.write("noted", found);
  }

  async secret() {
    if (this.now.secret_since) return this.write("secret_ended", {});
    const votes = this.now.votes.filter((/** @type {any} */ vote) => vote.subject === "secret_sitting" && vote.result === "approved");
    const found = await ask("Seduta segreta", [
      { name: "reason", label: "Motivo", value: "Giudizi su qualità e comportamenti di persone", help: "Il motivo deve essere tra quelli del regolamento." },
      { name: "requester", label: "Chiesta da", value: this.member(this.now.chair)?.name ?? "Presidente" },
      { name: "ballot", label: "Decisa con", type: "choice", value: votes.at(-1)?.id ?? "", options: [...votes.map((/** @type {any} */ vote) => [vote.id, `Votazione: ${vote.title}`]), ["", "Punto già convocato in segreta, o il voto segue"]] },
    ], { isGrave: true, confirm: "Interrompi tutto adesso", note: "Entro un secondo si fermano diretta, registrazione, sottotitoli e testo. Di quel momento non resta nulla." });
    if (found) return this.write("secret_began", found);
  }

  secretWords() {
    const line = [...this.now.log].reverse().find((/** @type {any} */ one) => one.kind === "secret_began" && !one.is_undone);
    return line?.text ?? "";
  }

  // --- small --------------------------------------------------------------------------

  /** @param {string} id */
  member(id) {
    return this.now.members.find((/** @type {any} */ one) => one.id === id) ?? null;
  }

  here() {
    return this.now.members.filter((/** @type {any} */ one) => one.is_here);
  }

  /** @param {string} name @param {string} label @param {any[]} people @param {(one: any) => string} [words] */
  peopleField(name, label, people, words = (one) => one.name) {
    return /** @type {import("./console_ask.js").Field} */ ({ name, label, type: "people", options: people.map((one) => [one.id, words(one)]) });
  }

  /** @param {string} question @param {any[]} people @param {(one: any) => string} [words] */
  async person(question, people, words) {
    const found = await ask(question, [this.peopleField("member", "Scrivi l’inizio del cognome, poi Invio", people, words)]);
    return found?.member ?? "";
  }

  /** @type {(sentence: string) => void} set by the page */
  say = () => {};
}

/**
 * A button that does an act; its key stands beside its words.
 * @param {string} act @param {string} words @param {string} key @param {boolean} [isOffered] @param {string} [style]
 */
export function button(act, words, key, isOffered = true, style = "") {
  if (!isOffered) return null;
  return el("button", { class: `rg-button rg-button--small ${style}`, type: "button", "data-act": act, "data-focus": act, "aria-keyshortcuts": key || null }, words, key ? el("kbd", { "aria-hidden": "true" }, key) : null);
}

export { SPEECH, STATUS_KEYS, VOTE_KEYS };
