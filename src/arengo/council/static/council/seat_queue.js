// @ts-check
/**
 * What a seat has asked and the server has not yet answered, in order.
 *
 * It outlives a reload (the tab's own storage), belongs to one person in one sitting, and never
 * holds a secret choice: papers do not come through here.
 */

const MAX = 20;

/** @typedef {{command: string, kind: string, event: Record<string, any>, item?: string, since: number}} Asked */

export class Queue {
  /** @param {string} uid @param {string} me @param {Pick<Storage, "getItem"|"setItem"|"removeItem">|null} storage */
  constructor(uid, me, storage) {
    this.key = `arengo.seat.${uid}.${me}`;
    this.storage = storage;
    this.waiting = this.#read();
  }

  /** @returns {Asked|null} */
  get first() {
    return this.waiting[0] ?? null;
  }

  /** Whether something of this kind waits, for this ballot where one is named. @param {string} kind @param {string} [ballot] */
  find(kind, ballot) {
    return this.waiting.find((one) => one.kind === kind && (ballot === undefined || one.event.ballot === ballot)) ?? null;
  }

  /**
   * Add what is asked, unless the same already waits: a second tap is not a second wish.
   * @param {Asked} asked @returns {boolean} whether it was added
   */
  add(asked) {
    const isThere = this.find(asked.kind, asked.kind === "vote_cast" ? asked.event.ballot : undefined);
    if (isThere || this.waiting.length >= MAX) return false;
    this.waiting = [...this.waiting, asked];
    this.#write();
    return true;
  }

  /** It was answered. @param {string} command */
  remove(command) {
    this.waiting = this.waiting.filter((one) => one.command !== command);
    this.#write();
  }

  /** @returns {Asked[]} */
  #read() {
    try {
      const found = JSON.parse(this.storage?.getItem(this.key) ?? "[]");
      return Array.isArray(found) ? found.filter(isAsked) : [];
    } catch {
      return []; // a browser that forbids storage, or what another program left there
    }
  }

  #write() {
    try {
      if (this.waiting.length) this.storage?.setItem(this.key, JSON.stringify(this.waiting));
      else this.storage?.removeItem(this.key);
    } catch {
      // a browser that forbids it: the queue lasts as long as the page
    }
  }
}

/** @param {any} one */
function isAsked(one) {
  return typeof one?.command === "string" && typeof one.kind === "string" && typeof one.event === "object" && one.event !== null;
}

/** Milliseconds before trying again, after so many failures; `chance` spreads the devices of a hall. @param {number} failures @param {number} chance 0 to 1 */
export function pauseMs(failures, chance) {
  const steps = [500, 1000, 2000, 4000, 8000];
  return steps[Math.min(failures, steps.length) - 1] * (0.75 + chance / 2);
}

/**
 * What an answer means for what was asked: "done", "refused", "expired" (sign in again), "again".
 * @param {number} status of the answer; 0 when there was none
 */
export function meaningOf(status) {
  if (status >= 200 && status < 300) return "done";
  if (status === 401 || status === 403) return "expired";
  return status === 0 || status >= 500 || status === 408 || status === 429 ? "again" : "refused";
}
