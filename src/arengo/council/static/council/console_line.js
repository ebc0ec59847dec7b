// @ts-check
/** The console's line to the server: one request at a time, asked again until it is answered. */

import { newKey } from "./element.js";

const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

export class Refusal extends Error {}

export class Line {
  /**
   * @param {{fact: string, undo: string, state: string}} addresses
   * @param {string} token against forged forms
   * @param {(trouble: ""|"offline"|"busy") => void} onTrouble "" when the line is there again
   */
  constructor(addresses, token, onTrouble) {
    this.addresses = addresses;
    this.token = token;
    this.onTrouble = onTrouble;
    /** @type {Promise<any>} */
    this.turn = Promise.resolve();
  }

  /** Ask for everything. @returns {Promise<any>} */
  async state() {
    return this.#ask(this.addresses.state, null, 1);
  }

  /** Write a fact, after those asked before it. @param {string} kind @param {Record<string, any>} event @param {number} expected */
  fact(kind, event, expected) {
    return this.#inTurn(this.addresses.fact, { kind, event, expected });
  }

  /** Undo the last thing done. @param {number} expected */
  undo(expected) {
    return this.#inTurn(this.addresses.undo, { expected });
  }

  /** @param {string} address @param {Record<string, any>} body */
  #inTurn(address, body) {
    const whole = { ...body, command: newKey() };
    const next = this.turn.then(() => this.#ask(address, whole, PAUSES_MS.length + 1));
    this.turn = next.catch(() => {});
    return next;
  }

  /** @param {string} address @param {Record<string, any>|null} body @param {number} tries */
  async #ask(address, body, tries) {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#once(address, body).catch(() => null);
      if (answer && answer.status < 500) return this.#read(answer);
      this.onTrouble(answer ? "busy" : "offline");
      if (attempt + 1 >= tries) throw new Error("no answer");
      await new Promise((go) => setTimeout(go, PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]));
    }
  }

  /** @param {string} address @param {Record<string, any>|null} body */
  #once(address, body) {
    const headers = { Accept: "application/json" };
    if (!body) return fetch(address, { headers });
    return fetch(address, { method: "POST", body: JSON.stringify(body), headers: { ...headers, "Content-Type": "application/json", "X-CSRFToken": this.token } });
  }

  /** @param {Response} answer */
  async #read(answer) {
    this.onTrouble("");
    const found = await answer.json();
    if (answer.ok) return found;
    if (answer.status === 401) location.reload(); // the session is over: sign in again
    throw new Refusal(found.detail ?? "");
  }
}
