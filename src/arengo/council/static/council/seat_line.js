// @ts-check
/**
 * The line between a seat and the server, made for poor Wi-Fi: it asks how things stand every few
 * seconds (the device's sign of life), and sends what is asked one at a time, again and again with
 * the same key, until there is an answer.
 */

import { newKey } from "./element.js";
import { meaningOf, pauseMs } from "./seat_queue.js";

const EVERY_MS = 8000;
const EVERY_WITHOUT_PUSH_MS = 4000;
const PATIENCE_MS = 8000;

/** @typedef {import("./seat_queue.js").Asked} Asked */
/** @typedef {{status: number, facts: any}} Answer */

export class Line {
  /**
   * @param {{state: string, fact: string, token: string, me: string, device: string}} to
   * @param {import("./seat_queue.js").Queue} queue
   * @param {{onFacts: (facts: any) => void, onRefused: (asked: Asked, problem: any) => void, onChange: () => void, hasPush: () => boolean}} hooks
   */
  constructor(to, queue, hooks) {
    this.to = to;
    this.queue = queue;
    this.hooks = hooks;
    this.failures = 0;
    this.isExpired = false;
    this.isBusy = false; // the server answers, but with a fault of its own
    this.heardAt = Date.now();
    this.isSending = false;
    this.isAsking = false;
    this.isStale = false; // asked again while an answer was on its way
    this.timer = 0;
    this.dueAt = Infinity;
  }

  /** Begin, and go on for as long as the page is open. */
  start() {
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.#failed(0));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
    this.hurry();
  }

  /** Whether the last word of the server is recent. */
  get isThere() {
    return this.failures === 0;
  }

  /** Try now what was waiting for its turn. */
  hurry() {
    clearTimeout(this.timer);
    void this.#turn();
  }

  /** Ask how things stand within `ms`, sooner than its turn. @param {number} ms */
  soon(ms) {
    if (!this.failures && Date.now() + ms < this.dueAt) this.#schedule(ms);
  }

  /** @param {number} ms */
  #schedule(ms) {
    clearTimeout(this.timer);
    this.dueAt = Date.now() + ms;
    this.timer = window.setTimeout(() => void this.#turn(), ms);
  }

  /** Send a fact; false when the same one waits already. @param {string} kind @param {Record<string, any>} event @param {string} [item] */
  send(kind, event, item) {
    const isNew = this.queue.add({ command: newKey(), kind, event, item, since: Date.now() });
    this.hooks.onChange();
    if (isNew) this.hurry();
    return isNew;
  }

  async #turn() {
    if (this.isSending || this.isAsking) {
      this.isStale = true;
      return;
    }
    this.isStale = false;
    const isWell = (await this.#sendAll()) && (await this.#ask());
    const usual = this.hooks.hasPush() ? EVERY_MS : EVERY_WITHOUT_PUSH_MS;
    const wait = isWell ? (this.isStale ? 50 : usual) : this.isExpired ? EVERY_MS : pauseMs(this.failures, Math.random());
    this.#schedule(wait);
  }

  /** @returns {Promise<boolean>} whether the line held */
  async #sendAll() {
    this.isSending = true;
    try {
      for (let asked = this.queue.first; asked; asked = this.queue.first) {
        if (!(await this.#sendOne(asked))) return false;
      }
      return true;
    } finally {
      this.isSending = false;
    }
  }

  /** @param {Asked} asked */
  async #sendOne(asked) {
    const { since, ...body } = asked;
    const { status, facts } = await post(this.to.fact, { ...body, me: this.to.me }, this.to.token);
    const meaning = status < 300 ? this.#own(status, facts) : meaningOf(status);
    if (meaning === "again" || meaning === "expired") return this.#failed(meaning === "expired" ? 401 : status);
    this.queue.remove(asked.command);
    this.#heard();
    if (meaning === "done") this.hooks.onFacts(facts);
    else this.hooks.onRefused(asked, facts);
    return true;
  }

  async #ask() {
    this.isAsking = true;
    const { status, facts } = await post(this.to.state, { device: this.to.device }, this.to.token);
    this.isAsking = false;
    const meaning = status < 300 ? this.#own(status, facts) : meaningOf(status);
    if (meaning !== "done") return this.#failed(meaning === "expired" ? 401 : status);
    this.#heard();
    this.hooks.onFacts(facts);
    return true;
  }

  /** What a good answer means: it must be about this member, not a Wi-Fi's own page nor another person's. @param {number} status @param {any} facts */
  #own(status, facts) {
    if (!status || !facts.me) return "again";
    return facts.me === this.to.me ? "done" : "expired";
  }

  #heard() {
    this.failures = 0;
    this.isExpired = this.isBusy = false;
    this.heardAt = Date.now();
    this.hooks.onChange();
  }

  /** @param {number} status @returns {false} */
  #failed(status) {
    this.failures += 1;
    this.isExpired = meaningOf(status) === "expired";
    this.isBusy = status > 0 && !this.isExpired;
    this.hooks.onChange();
    return false;
  }
}

/**
 * Send JSON and return the answer; status 0 when there was none in time.
 * @param {string} address @param {Record<string, any>} body @param {string} token against forged forms; "" sends no cookie either
 * @returns {Promise<Answer>}
 */
export async function post(address, body, token) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: JSON.stringify(body),
      credentials: token ? "same-origin" : "omit",
      headers: { Accept: "application/json", "Content-Type": "application/json", ...(token ? { "X-CSRFToken": token } : {}) },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const facts = await answer.json().catch(() => null);
    return { status: facts || !answer.ok ? answer.status : 0, facts: facts ?? {} }; // a Wi-Fi's own page is no answer
  } catch {
    return { status: 0, facts: {} };
  }
}

/** What a refusal says, in the server's words. @param {any} problem @returns {string} */
export function sentenceOf(problem) {
  return problem?.facts?.sentence ?? problem?.detail ?? problem?.message ?? "";
}
