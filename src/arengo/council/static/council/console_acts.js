// @ts-check
/** What the console can do: each act has a name, a key, and the fact it writes. */

import { say } from "../live/wording.js";
import { ask } from "./console_ask.js";
import { hintOf } from "./console_hint.js";
import { el, newKey } from "./element.js";

const STATUS_KEYS = { p: "present", r: "remote", x: "absent", g: "justified", m: "mission" };
const VOTE_KEYS = { f: "favour", c: "against", a: "abstained", n: "not_voting" };
const SPEECHES = [
  "intervention", "second_intervention", "presentation", "reply", "declaration", "point_of_order",
  "personal", "question", "answer", "rejoinder", "other",
];
const KEYS = {
  a: "roll", o: "open", i: "call", f: "leave", l: "stage", d: "floor", t: "chair", e: "door",
  v: "vote", h: "hands", c: "close", p: "proclaim", u: "undo", s: "suspend", z: "end", b: "note",
  j: "conflict", m: "amend", y: "opinion", w: "verbatim", k: "preside", q: "scrutineers", n: "heard", g: "theme", "?": "keys",
};
/** What the help says of each key, in its order: the end of the sentence's name. */
const HELP = {
  a: "roll", o: "open", i: "call", f: "leave", l: "stage", "1–9": "request", d: "floor", n: "heard", t: "chair", e: "door",
  v: "vote", h: "hands", c: "close", p: "proclaim", j: "conflict", m: "amend", y: "opinion", w: "verbatim",
  k: "preside", q: "scrutineers", s: "suspend", z: "end", b: "note", u: "undo", "⇧R": "secret", g: "theme", "?": "keys",
};
const ROLL_HELP = { p: "present", r: "remote", x: "absent", g: "justified", m: "mission", "←": "rollBack", a: "rollEnd" };
const VOTE_HELP = { f: "favour", c: "against", a: "abstained", n: "not_voting", "⇧C": "closeVote" };

const METHODS = ["hands", "electronic", "roll_call", "secret_papers", "secret_electronic"];
const SUBJECTS = ["proposal", "as_amended", "immediate", "amendment", "procedural", "secret_sitting"];

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
    const first = this.now?.roll_call ? ROLL_HELP : this.calling() ? VOTE_HELP : {};
    const all = [...Object.entries(first), ...Object.entries(HELP).filter(([key]) => !(key in first))];
    return all.map(([key, name]) => [key, say(`help.${name}`)]);
  }

  /** @param {string} name */
  async run(name) {
    const [act, what] = name.split(":");
    const does = {
      roll: () => this.roll(what), status: () => this.status(what), open: () => this.write("sitting_opened", {}),
      call: () => this.call(), leave: () => this.leave(), stage: () => this.stage(), request: () => this.request(Number(what)),
      floor: () => this.floor(), heard: () => this.acceptHint(), chair: () => this.write("floor_ended", {}), door: () => this.door(what), vote: () => this.vote(what),
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
    const chosen = member || (await this.person(say("ask.door"), this.now.members, (one) => say(one.is_here ? "option.exits" : "option.enters", { name: one.surname || one.name })));
    if (!chosen) return;
    const who = this.member(chosen);
    const isHere = who.status === "present" || who.status === "remote";
    return this.write("presence_set", { member: chosen, status: isHere ? "absent" : "present", cause: isHere ? "exit" : "entry" });
  }

  async conflict() {
    const item = this.now.item;
    if (!item) return this.tell(say("refused.conflict"));
    const found = await ask(say("ask.conflict"), [
      this.peopleField("member", say("field.abstains"), this.now.members),
      { name: "reason", label: say("field.why"), required: false },
      { name: "leaves", label: say("field.leaves"), type: "check", value: true },
    ]);
    if (found?.member) return this.write("conflict_declared", { ...found, item });
  }

  async preside() {
    const member = await this.person(say("ask.preside"), this.here());
    if (member) return this.write("chair_taken", { member, reason: "" });
  }

  async scrutineers() {
    const found = await ask(say("ask.scrutineers"), [{ ...this.peopleField("members", say("field.surnames"), this.here()), several: true }]);
    if (found?.members.length) return this.write("scrutineers_named", { members: found.members });
  }

  // --- the agenda ---------------------------------------------------------------------

  current() {
    return this.now.items.find((/** @type {any} */ one) => one.id === this.now.item) ?? null;
  }

  call() {
    const next = this.now.items.find((/** @type {any} */ one) => !one.left_at && one.id !== this.now.item);
    if (!next) return this.tell(say("refused.noMore"));
    return this.write("item_called", { item: next.id });
  }

  async leave() {
    const item = this.current();
    if (!item) return this.tell(say("refused.noItem"));
    const isDecided = this.now.votes.some((/** @type {any} */ vote) => vote.item === item.id && !["immediate", "amendment", "procedural", "secret_sitting"].includes(vote.subject));
    if (isDecided) return this.write("item_left", { item: item.id, result: "decided" });
    const isQuestion = item.type === "question" || item.type === "interpellation";
    const found = await ask(say("ask.leave", { number: item.number }), [{
      name: "result", label: say("field.outcome"), type: "choice", value: isQuestion ? "answered" : "discussed",
      options: [["discussed", say("option.discussed")], ["answered", capital(say("item.answered"))], ["deferred", capital(say("item.deferred"))], ["withdrawn", capital(say("item.withdrawn"))]],
    }]);
    if (found) return this.write("item_left", { item: item.id, ...found });
  }

  stage() {
    const item = this.current();
    if (!item) return this.tell(say("refused.noItem"));
    const stages = item.steps.map((/** @type {any} */ step) => step.stage).filter((/** @type {string} */ one) => one !== "vote");
    const next = stages[stages.indexOf(item.stage) + 1] ?? stages[0];
    return this.write("stage_opened", { stage: next });
  }

  /** The kinds of speech of this stage of the item first, then the others. */
  speeches() {
    const step = this.current()?.steps.find((/** @type {any} */ one) => one.stage === this.current().stage);
    return [...new Set([...(step?.speeches ?? ["other"]), ...SPEECHES])];
  }

  agendaButtons() {
    const isOpen = this.now.phase === "open";
    return [
      button("call", say("do.call"), "i", isOpen && !this.now.item),
      button("stage", say("do.stage"), "l", isOpen && Boolean(this.now.item)),
      button("leave", say("do.leave"), "f", isOpen && Boolean(this.now.item)),
      button("amend", say("do.amend"), "m", isOpen && Boolean(this.now.item)),
    ].filter(Boolean);
  }

  async amend() {
    const item = this.current();
    if (!item) return this.tell(say("refused.noItem"));
    const found = await ask(say("ask.amend"), [
      { name: "title", label: say("field.title"), help: say("field.titleHelp") },
      this.peopleField("proposer", say("field.proposer"), this.here()),
      { name: "effect", label: say("field.effect"), type: "choice", value: "replace", options: [["suppress", say("option.suppress")], ["replace", say("option.replace")], ["add", say("option.add")]] },
      { name: "text", label: say("field.text"), type: "area", required: false },
      { name: "changes_substance", label: say("field.substance"), type: "check" },
      { name: "affects_spending", label: say("field.spending"), type: "check" },
    ]);
    if (found) return this.write("amendment_filed", { ...found, item: item.id, amendment: newKey().slice(0, 8) });
  }

  /** @param {string|undefined} about the amendment, empty for the proposal */
  async opinion(about) {
    const item = this.current();
    if (!item) return this.tell(say("refused.noItem"));
    const amendments = item.amendments.filter((/** @type {any} */ one) => one.fate === "pending");
    const found = await ask(say("ask.opinion"), [
      { name: "amendment", label: say("field.about"), type: "choice", value: about ?? "", options: [["", say("subject.proposal")], ...amendments.map((/** @type {any} */ one) => [one.id, one.title])] },
      { name: "type", label: say("field.regularity"), type: "choice", value: "technical", options: [["technical", say("option.technical")], ["accounting", say("option.accounting")]] },
      { name: "verdict", label: say("field.verdict"), type: "choice", value: "favourable", options: [["favourable", say("option.favourable")], ["contrary", say("option.contrary")], ["waived", say("option.waived")]] },
      { name: "reason", label: say("field.by"), required: false },
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
    if (!found) return this.tell(say("refused.noRequest"));
    return this.write("floor_given", { member: found.member, type: found.type });
  }

  /** @type {import("./console_hint.js").Heard|null} whom microphones or words name */
  heard = null;

  /** Who is to be proposed to the clerk now. */
  hint() {
    return hintOf(this.heard, this.now);
  }

  acceptHint() {
    const hint = this.hint();
    if (!hint) return undefined;
    if (hint.isChair) return this.write("floor_ended", {});
    return this.write("floor_given", { member: hint.member.id, type: "intervention" });
  }

  /** @param {string} [preset] */
  async floor(preset) {
    const kinds = this.speeches();
    const found = await ask(say("ask.floor"), [
      { ...this.peopleField("member", say("field.surname"), this.here()), value: preset ? [preset] : [] },
      { name: "type", label: say("field.speech"), type: "choice", value: kinds[0], options: kinds.map((one) => [one, say(`speech.${one}`)]) },
      { name: "name", label: say("field.guest"), required: false },
    ]);
    if (!found) return;
    if (found.name) return this.write("floor_given", { member: "", name: found.name, type: found.type });
    if (found.member) return this.write("floor_given", { member: found.member, type: found.type });
  }

  async verbatim() {
    const found = await ask(say("ask.verbatim"), [
      { ...this.peopleField("member", say("field.asks"), this.here()), value: this.now.turn?.member ? [this.now.turn.member] : [] },
      { name: "text", label: say("field.what"), type: "area", required: false },
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
    const subjects = SUBJECTS.map((one) => /** @type {[string, string]} */ ([one, say(`subject.${one}`)]));
    if (item && !SUBJECTS.includes(item.subject)) subjects.push([item.subject, say("subject.own")]);
    const isSecret = item?.is_secret_ballot && !["immediate", "procedural", "amendment", "secret_sitting"].includes(usual);
    const found = await ask(say("ask.vote"), [
      { name: "subject", label: say("field.subject"), type: "choice", value: usual, options: subjects },
      { name: "method", label: say("field.method"), type: "choice", value: isSecret ? "secret_papers" : this.lastMethod ?? "hands", options: METHODS.map((one) => [one, capital(say(`method.${one}`))]) },
      { name: "choices", label: say("field.choices"), type: "area", required: false },
      { name: "seats", label: say("field.seats"), type: "number", value: 1, required: false },
      { name: "repeats", label: say("field.repeats"), type: "check" },
    ], { confirm: say("do.openVote") });
    if (!found) return;
    const choices = found.choices.split("\n").map((/** @type {string} */ one) => one.trim()).filter(Boolean);
    const amendment = found.subject === "amendment" ? item?.next_amendment ?? "" : "";
    const what = amendment ? item.amendments.find((/** @type {any} */ one) => one.id === amendment).title : item ? `${item.number}. ${item.title}` : say("written.procedural");
    const title = found.subject === "immediate" ? say("written.immediate", { what }) : what;
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
    if (!ballot) return this.tell(say("refused.noBallot"));
    if (ballot.method === "hands") return this.countHands(ballot);
    if (ballot.method === "secret_papers") return this.countPapers(ballot);
    if (ballot.method === "secret_electronic") return this.write("secret_counted", { ballot: ballot.id, took_part: [], totals: [] });
    return this.tell(say("refused.oneByOne"));
  }

  /** @param {any} ballot */
  async countHands(ballot) {
    const voters = ballot.entitled.map((/** @type {string} */ id) => this.member(id)).filter((/** @type {any} */ one) => one.is_here);
    const cast = (/** @type {string} */ choice) => Object.keys(this.now.cast).filter((id) => this.now.cast[id] === choice);
    const field = (/** @type {string} */ name, /** @type {string} */ label) => ({ ...this.peopleField(name, label, voters), several: true, value: cast(name) });
    const found = await ask(say("ask.hands"), [field("against", capital(say("choice.against"))), field("abstained", capital(say("choice.abstained"))), field("not_voting", capital(say("choice.not_voting")))], {
      note: say("note.hands", { count: voters.length }), confirm: say("do.countClose"),
    });
    if (!found) return;
    if (await this.write("hands_counted", { ballot: ballot.id, ...found })) return this.write("ballot_closed", { ballot: ballot.id });
  }

  /** @param {any} ballot */
  async countPapers(ballot) {
    const voters = ballot.entitled.map((/** @type {string} */ id) => this.member(id)).filter((/** @type {any} */ one) => one.is_here);
    const names = ballot.choices.length ? ballot.choices : ["favour", "against"];
    const words = (/** @type {string} */ name) => (["favour", "against", "blank", "null"].includes(name) ? capital(say(`choice.${name}`)) : name);
    const found = await ask(say("ask.papers"), [
      ...[...names, "blank", "null"].map((/** @type {string} */ name, at) => /** @type {const} */ ({ name: `n${at}`, label: words(name), type: "number", value: 0 })),
      { ...this.peopleField("silent", say("field.silent"), voters), several: true },
    ], { note: say("note.papers", { count: voters.length }), confirm: say("do.writeClose") });
    if (!found) return;
    const totals = [...names, "blank", "null"].map((name, at) => [name, found[`n${at}`]]);
    const tookPart = voters.map((/** @type {any} */ one) => one.id).filter((/** @type {string} */ id) => !found.silent.includes(id));
    if (await this.write("secret_counted", { ballot: ballot.id, took_part: tookPart, totals })) return this.write("ballot_closed", { ballot: ballot.id });
  }

  async close() {
    const ballot = this.now.ballot;
    if (!ballot) return this.tell(say("refused.noBallot"));
    if (ballot.stage === "closed") return this.write("proclaimed", {});
    if (ballot.method === "hands" || ballot.method === "secret_papers") return this.count();
    if (ballot.method === "secret_electronic" && !(await this.count())) return;
    return this.write("ballot_closed", { ballot: ballot.id });
  }

  async voidBallot() {
    const found = await ask(say("ask.void"), [{ name: "reason", label: say("field.reason") }], { isGrave: true, confirm: say("do.void"), note: say("note.void") });
    if (found) return this.write("ballot_voided", { ballot: this.now.ballot.id, ...found });
  }

  // --- the sitting --------------------------------------------------------------------

  async suspend() {
    if (this.now.suspended_at) return this.write("sitting_resumed", {});
    const found = await ask(say("ask.suspend"), [{ name: "reason", label: say("field.reasonMaybe"), required: false }]);
    if (found) return this.write("sitting_suspended", found);
  }

  async end() {
    const usual = this.now.quorum.is_met ? "completed" : "no_quorum";
    const found = await ask(say("ask.end"), [{
      name: "reason", label: say("field.endWhy"), type: "choice", value: usual,
      options: [["completed", capital(say("ended.completed"))], ["no_quorum", say("option.noQuorum")], ["adjourned", say("option.adjourned")]],
    }], { isGrave: true, confirm: say("do.endSitting"), note: say("note.end") });
    if (found) return this.write("sitting_ended", found);
  }

  async note() {
    const found = await ask(say("ask.note"), [{ name: "text", label: say("field.text"), type: "area" }]);
    if (found) return this.write("noted", found);
  }

  async secret() {
    if (this.now.secret_since) return this.write("secret_ended", {});
    const votes = this.now.votes.filter((/** @type {any} */ vote) => vote.subject === "secret_sitting" && vote.result === "approved");
    const found = await ask(say("secret"), [
      { name: "reason", label: say("field.reason"), value: say("written.secretReason"), help: say("field.secretHelp") },
      { name: "requester", label: say("field.requester"), value: this.member(this.now.chair)?.name ?? say("written.president") },
      { name: "ballot", label: say("field.decided"), type: "choice", value: votes.at(-1)?.id ?? "", options: [...votes.map((/** @type {any} */ vote) => [vote.id, say("option.ballot", { title: vote.title })]), ["", say("option.secretAlready")]] },
    ], { isGrave: true, confirm: say("do.cut"), note: say("note.secret") });
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
    const found = await ask(question, [this.peopleField("member", say("field.surnameEnter"), people, words)]);
    return found?.member ?? "";
  }

  /** @type {(sentence: string) => void} why an act cannot be done; set by the page */
  tell = () => {};
}

/**
 * A button that does an act; its key stands beside its words.
 * @param {string} act @param {string} words @param {string} key @param {boolean} [isOffered] @param {string} [style]
 */
export function button(act, words, key, isOffered = true, style = "") {
  if (!isOffered) return null;
  return el("button", { class: `rg-button rg-button--small ${style}`, type: "button", "data-act": act, "data-focus": act, "aria-keyshortcuts": key || null }, words, key ? el("kbd", { "aria-hidden": "true" }, key) : null);
}

/** @param {string} words */
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

export { STATUS_KEYS, VOTE_KEYS };
