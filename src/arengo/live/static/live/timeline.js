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
 * Between the hour in the hall and sitting time.
 *
 * The chamber's facts are told by the hour. The studio tells at what hour each stretch of the
 * recording began (`clock.json`); between two stretches nothing was recorded.
 */
export class WallClock {
  constructor() {
    /** @type {{start: number, wall: number}[]} seconds and ms, in order */
    this.anchors = [];
  }

  /** @param {{start_s: number, wall: string}[]} rows as the studio tells them */
  set(rows) {
    this.anchors = rows.map(({ start_s: start, wall }) => ({ start, wall: Date.parse(wall) }));
  }

  /**
   * The sitting time at which the recording shows an hour; NaN when it had not begun.
   * An hour at which nothing was recorded leads to where the recording goes on.
   * @param {number} wall ms
   */
  toSitting(wall) {
    const at = this.anchors.findLastIndex((anchor) => anchor.wall <= wall);
    if (at < 0) return NaN;
    const { start, wall: from } = this.anchors[at];
    return Math.min(start + (wall - from) / 1000, this.anchors[at + 1]?.start ?? Infinity);
  }

  /** The hour at a sitting time, ms; NaN when unknown. @param {number} time */
  toWall(time) {
    const anchor = this.anchors.findLast(({ start }) => start <= time + 0.001) ?? this.anchors[0];
    return anchor ? anchor.wall + (time - anchor.start) * 1000 : NaN;
  }
}

/**
 * The last anchor that holds, or the first one for times before all of them.
 * @param {Anchor[]} anchors @param {(anchor: Anchor) => boolean} holds
 */
function last(anchors, holds) {
  return anchors.filter(holds).at(-1) ?? anchors[0];
}
