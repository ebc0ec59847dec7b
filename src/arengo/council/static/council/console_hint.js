// @ts-check
/** Whom microphones or the chair's words name, where the console's floor says another. */

/**
 * @typedef {[string, "microphones"|"words"]} Heard member's id, and what names him or her
 * @typedef {{member: any, source: "microphones"|"words", isChair: boolean}} Hint
 */

/**
 * What to propose to the clerk: only while speeches follow one another, and only what is not so.
 * @param {Heard|null} heard the last that was told @param {any} now the console's state
 * @returns {Hint|null}
 */
export function hintOf(heard, now) {
  if (!heard || now?.phase !== "open" || now.secret_since || now.roll_call || now.ballot) return null;
  const [id, source] = heard;
  const floor = now.turn ? now.turn.member : now.chair;
  const member = now.members.find((/** @type {any} */ one) => one.id === id);
  const isChair = id === now.chair;
  if (!member || id === floor || !(isChair || member.is_here)) return null;
  return { member, source, isChair };
}
