// @ts-check
/**
 * Between the sitting's clock and the player's clock.
 *
 * Cues are timed on the sitting's one timeline (seconds from the first recorded
 * sample). The player's `currentTime` starts where it likes: hls.js tells, for each
 * continuity counter, the media time of its zero (`INIT_PTS_FOUND`), so that
 * sitting time = currentTime + offset. A new take may shift the offset by a few
 * milliseconds, hence one anchor for each.
 */

/** @typedef {{from: number, offset: number}} Anchor `from` is player time, in seconds */

export class Timeline {
  constructor() {
    /** @type {Anchor[]} in order of player time */
    this.anchors = [];
  }

  /** Tells whether the mapping is known. */
  get isKnown() {
    return this.anchors.length > 0;
  }

  /** Forgets everything: another playlist begins. */
  clear() {
    this.anchors = [];
  }

  /**
   * Notes that from player time `from` on, sitting time is player time plus `offset`.
   * An anchor at the same place is replaced.
   * @param {number} from @param {number} offset
   */
  anchor(from, offset) {
    const others = this.anchors.filter((known) => Math.abs(known.from - from) > 0.001);
    this.anchors = [...others, { from, offset }].sort((one, two) => one.from - two.from);
  }

  /** @param {number} playerTime @returns {number} sitting time, or NaN when unknown */
  toSitting(playerTime) {
    const anchor = last(this.anchors, (known) => known.from <= playerTime + 0.001);
    return anchor ? playerTime + anchor.offset : NaN;
  }

  /** @param {number} sittingTime @returns {number} player time, or NaN when unknown */
  toPlayer(sittingTime) {
    const anchor = last(this.anchors, (known) => known.from + known.offset <= sittingTime + 0.001);
    return anchor ? sittingTime - anchor.offset : NaN;
  }
}

/**
 * The last anchor that holds, or the first one for times before all of them.
 * @param {Anchor[]} anchors @param {(anchor: Anchor) => boolean} holds
 */
function last(anchors, holds) {
  return anchors.filter(holds).at(-1) ?? anchors[0];
}
