// @ts-check
/** Who speaks when: rows by sitting time, the newest told over the older. */

/**
 * Start, end, member's id or null where nobody is known, confidence from 0 to 1.
 * @typedef {[number, number, string|null, number]} Row
 * @typedef {{from?: number, spans: Row[], names: Record<string, string>}} News
 * @typedef {{member: string|null, name: string, isSure: boolean}} Speaker
 */

export const SURE = 0.75; // below it a name is only likely; studio/rows.py has the same

export class SpeakerList {
  constructor() {
    /** @type {Row[]} in order, without holes */
    this.rows = [];
    /** @type {Map<string, string>} */
    this.names = new Map();
  }

  /** Takes rows in place of all from a time on. @param {News} news @returns {number} that time */
  put({ from = 0, spans, names }) {
    const kept = this.rows.filter((row) => row[0] < from);
    const last = kept.at(-1);
    if (last) kept[kept.length - 1] = [last[0], from, last[2], last[3]];
    this.rows = [...kept, ...spans];
    for (const [member, name] of Object.entries(names)) this.names.set(member, name);
    return from;
  }

  /**
   * Who speaks for most of a stretch; after the last row, who spoke last.
   * @param {number} start @param {number} end
   * @returns {Speaker|null} null when nothing is known of who speaks in this sitting
   */
  of(start, end) {
    const last = this.rows.at(-1);
    if (!last || start < this.rows[0][0]) return null;
    if (start >= last[1]) return this.#speaker(last);
    let best = last;
    let most = -1;
    for (let at = this.#place(start); at < this.rows.length && this.rows[at][0] <= end; at += 1) {
      const shared = Math.min(this.rows[at][1], end) - Math.max(this.rows[at][0], start);
      if (shared > most) [best, most] = [this.rows[at], shared];
    }
    return this.#speaker(best);
  }

  /** The row that holds a time. @param {number} time */
  #place(time) {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle][0] <= time) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** @param {Row} row @returns {Speaker} */
  #speaker([, , member, confidence]) {
    const name = member === null ? "" : this.names.get(member) ?? "";
    return { member: name ? member : null, name, isSure: confidence >= SURE };
  }
}
