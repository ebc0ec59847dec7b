// @ts-check
/**
 * How far behind the hall the page plays, and what to do about it.
 *
 * hls.js nudges the rate only inside one target duration and otherwise never comes
 * back: a slow start stays slow. This decides ten lines' worth of policy, purely.
 */

/**
 * @typedef {object} Situation
 * @property {number|null} latency seconds behind the live edge, null when unknown
 * @property {number} target seconds wanted
 * @property {"sync"|"low"} mode
 * @property {boolean} isFollowing false when the viewer paused or went back
 * @property {boolean} isFresh the first seconds of playing: nobody is listening yet, so the picture may wait
 * @property {boolean} isStarved no new picture reaches us: signal lost, or the playlist stands still
 * @property {number} rate the rate now
 */
/** @typedef {{seek: boolean, rate: number}} Decision `seek`: jump to the target */

const FAR_S = 3; // beyond this, nobody wants to hear it sped up: jump
const NEAR_S = 0.6; // inside this, leave it alone
const WAITING_RATE = 0.0625; // the slowest browsers know: a still picture, without sound
const SETTLED_S = 0.1; // a correction goes on until here, so that it does not flutter

/** @param {Situation} now @returns {Decision} */
export function decide({ latency, target, mode, isFollowing, isFresh, isStarved, rate }) {
  if (isStarved) return { seek: false, rate: isFollowing && mode === "sync" ? 0.85 : 1 };
  if (!isFollowing || latency === null || !Number.isFinite(latency)) return { seek: false, rate: 1 };
  const excess = latency - target;
  if (excess > FAR_S) return { seek: true, rate: 1 };
  if (excess > (rate > 1 ? SETTLED_S : NEAR_S)) return { seek: false, rate: 1.1 };
  if (isFresh && excess < -SETTLED_S) return { seek: false, rate: WAITING_RATE };
  if (excess < -FAR_S) return { seek: false, rate: 0.85 };
  if (excess < -2) return { seek: false, rate: 0.9 };
  if (excess < (rate < 1 ? -SETTLED_S : -NEAR_S)) return { seek: false, rate: 0.95 };
  return { seek: false, rate: 1 };
}

/**
 * The latency wanted in a mode: the studio's hold-back keeps captions on the lips.
 * @param {"sync"|"low"} mode @param {number} holdBack seconds
 */
export function target(mode, holdBack) {
  return mode === "low" ? 1.5 : holdBack;
}

/**
 * Tells whether the playlist stands still: older than three parts (or two segments).
 * @param {{age: number, partTarget?: number, targetduration: number}|null} details
 */
export function isStanding(details) {
  if (!details) return false;
  const limit = details.partTarget ? 3 * details.partTarget : 2 * details.targetduration;
  return details.age > limit;
}
