// @ts-check
/**
 * The captions of a sitting, in order, each at its latest revision.
 *
 * A cue revised to no lines is withdrawn: it leaves `cues`, and its id is remembered.
 */

/**
 * @typedef {object} Cue
 * @property {string} id
 * @property {number} rev
 * @property {number} start sitting time, seconds
 * @property {number} end
 * @property {string[]} lines
 * @property {boolean} final
 */

export class CueList {
  constructor() {
    /** @type {Cue[]} by start */
    this.cues = [];
    /** @type {Map<string, Cue>} */
    this.byId = new Map();
  }

  /**
   * Puts a cue in, or its newer revision in the old one's place.
   * @param {Cue} cue @returns {boolean} false when we already knew as much
   */
  put(cue) {
    const known = this.byId.get(cue.id);
    if (known && (known.rev > cue.rev || same(known, cue))) return false;
    const at = known ? this.cues.indexOf(known) : -1;
    if (at >= 0) this.cues.splice(at, 1);
    this.byId.set(cue.id, cue);
    if (textOf(cue)) this.cues.splice(this.#place(cue.start), 0, cue);
    return true;
  }

  /** Index of the first cue that starts after `time`. @param {number} time */
  #place(time) {
    let low = 0;
    let high = this.cues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cues[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The cue being spoken at `time`, or the last one before it.
   * @param {number} time sitting time @returns {Cue|null}
   */
  at(time) {
    return this.cues[this.#place(time + 0.001) - 1] ?? null;
  }

  /**
   * The cues that hold every word of `query`, without regard to case or accents.
   * @param {string} query @returns {Cue[]}
   */
  search(query) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    return this.cues.filter((cue) => {
      const text = plain(textOf(cue));
      return words.every((word) => text.includes(word));
    });
  }
}

/** @param {Cue} cue */
export function textOf(cue) {
  return cue.lines.join(" ");
}

/** Lower case without accents: "Citta" finds "Città". @param {string} text */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

/** @param {Cue} one @param {Cue} two */
function same(one, two) {
  return one.rev === two.rev && one.start === two.start && one.end === two.end
    && one.final === two.final && textOf(one) === textOf(two);
}
