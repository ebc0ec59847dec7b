// @ts-check
/**
 * What the page shows: one phase at a time, out of what the studio says and whether we hear it.
 *
 * @typedef {"before"|"waiting"|"live"|"lost"|"secret"|"closed"} Phase
 * @typedef {{sitting: string, signal: string, secret?: boolean}} State the studio's `state` event
 */

/** @param {State} state @returns {Phase} */
export function phaseOf({ sitting, signal, secret }) {
  if (sitting === "closed" || signal === "closed") return "closed";
  if (secret || signal === "secret") return "secret";
  if (sitting === "prepared") return "before";
  if (signal === "live") return "live";
  return signal === "lost" ? "lost" : "waiting";
}

/**
 * What to say about the line to us: nothing, while the studio can be heard.
 * @param {boolean} isOnline @param {number} silence seconds since the stream of events broke
 * @returns {"offline"|"unreachable"|null}
 */
export function troubleOf(isOnline, silence) {
  if (!isOnline) return "offline";
  return silence > 4 ? "unreachable" : null;
}
