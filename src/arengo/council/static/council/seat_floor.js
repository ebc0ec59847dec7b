// @ts-check
/** The floor: asking for it, giving it up, one's place and one's time; and words for the record. */

import { clock, say } from "../live/wording.js";
import { el } from "./element.js";
import { capital, enable, isOn, part, redraw, show, speechWords, write } from "./seat_parts.js";
import { clockOf, floorStage, kindsOf, nameOf, placeOf } from "./seat_view.js";

export class FloorCard {
  /** @param {import("./seat_line.js").Line} line @param {() => number} now the server's time, in ms */
  constructor(line, now) {
    this.line = line;
    this.now = now;
    this.usual = "";
    /** @type {any} */
    this.facts = null;
    part("ask").addEventListener("click", () => this.#ask(part("ask"), this.usual));
    part("forgo").addEventListener("click", () => { if (isOn(part("forgo"))) this.line.send("floor_forgone", {}, this.facts.item); });
    part("verbatim-form").addEventListener("submit", (event) => this.#write(event));
  }

  /** @param {any} facts */
  draw(facts) {
    this.facts = facts;
    const isMine = facts.turn?.member === facts.me;
    const pending = this.line.queue.find("floor_asked");
    const kinds = kindsOf(facts);
    this.usual = kinds[0] ?? "";
    write(part("floor-mine"), this.#mine(isMine, pending));
    write(part("floor-now"), [this.#speaker(isMine), facts.requests?.length ? say("floor.waiting", { count: facts.requests.length }) : ""].filter(Boolean).join(" "));
    this.#buttons(kinds, isMine, Boolean(pending));
    this.#verbatim(facts);
    this.tick();
  }

  /** @param {boolean} isMine @param {any} pending */
  #mine(isMine, pending) {
    const { facts } = this;
    if (isMine) return say("floor.yours", { speech: speechWords(facts.turn.type) });
    if (pending) return say("floor.pending");
    if (facts.my_request) return say("floor.asked", { speech: speechWords(facts.my_request), place: placeOf(facts), all: facts.requests.length });
    const { why } = floorStage(facts);
    return why ? say(why) : say("floor.free");
  }

  /** @param {boolean} isMine */
  #speaker(isMine) {
    const { turn, phase, secret_since: isSecret, is_inside: isInside } = this.facts;
    if (isMine || phase !== "open" || (isSecret && !isInside)) return "";
    return turn ? say("floor.other", { name: turn.name || nameOf(this.facts, turn.member), speech: speechWords(turn.type) }) : say("floor.chair");
  }

  /** @param {string[]} kinds @param {boolean} isMine @param {boolean} isPending */
  #buttons(kinds, isMine, isPending) {
    const { my_request: mine, is_member: isMember } = this.facts;
    const title = part("floor-title");
    show(part("forgo"), Boolean(mine), part("ask").hidden ? title : part("ask"));
    enable(part("forgo"), !this.line.queue.find("floor_forgone"));
    const mayAsk = isMember && !mine && !isMine && kinds.length > 0;
    show(part("ask"), mayAsk, mine ? part("forgo") : title);
    enable(part("ask"), !isPending);
    if (this.usual) write(part("ask"), say("floor.ask", { speech: speechWords(this.usual) }));
    show(part("other-block"), mayAsk && kinds.length > 1, title);
    redraw(part("kinds"), kinds, () => kinds.slice(1).map((kind) => this.#kind(kind)));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (part("kinds").querySelectorAll("button"))) enable(button, !isPending);
  }

  /** @param {string} kind */
  #kind(kind) {
    const press = (/** @type {Event} */ event) => this.#ask(/** @type {HTMLElement} */ (event.currentTarget), kind);
    return el("button", { type: "button", class: "rg-button", "data-focus": kind, onclick: press }, capital(speechWords(kind)));
  }

  /** @param {HTMLElement} button @param {string} type */
  #ask(button, type) {
    if (isOn(button) && type) this.line.send("floor_asked", { type }, this.facts.item);
  }

  /** Each second: the time of who speaks, when it is this member. */
  tick() {
    const turn = this.facts?.turn;
    const isMine = Boolean(turn) && turn.member === this.facts.me;
    show(part("clock"), isMine);
    if (!isMine) return;
    const { seconds, level } = clockOf(turn, this.now());
    const sentence = { over: "floor.over", free: "floor.noLimit" }[level] ?? "floor.left";
    part("clock").dataset.level = level;
    write(part("clock"), say(sentence, { time: clock(Math.abs(seconds)) }));
  }

  /* Words for the record ----------------------------------------------------------------------- */

  /** @param {Event} event */
  #write(event) {
    event.preventDefault();
    if (!isOn(part("verbatim-send"))) return;
    const area = /** @type {HTMLTextAreaElement} */ (part("verbatim-text"));
    this.line.send("verbatim_asked", { text: area.value.trim() }, this.facts.item);
  }

  /** @param {any} facts */
  #verbatim(facts) {
    const mayWrite = facts.phase === "open" && facts.is_here;
    const pending = this.line.queue.find("verbatim_asked");
    enable(part("verbatim-send"), mayWrite && !pending);
    write(part("verbatim-why"), mayWrite ? "" : say("verbatim.notHere"));
    const isNew = this.written !== undefined && facts.my_verbatim.length > this.written;
    this.written = facts.my_verbatim.length;
    if (isNew && !pending) /** @type {HTMLTextAreaElement} */ (part("verbatim-text")).value = "";
    redraw(part("written"), facts.my_verbatim, () => facts.my_verbatim.map((/** @type {any} */ one) => el("li", {}, one.text ? say("verbatim.written", { text: one.text }) : say("verbatim.noText"))));
  }
}
