// Whom the clerk is told about: only what the floor does not say already.

import assert from "node:assert/strict";
import test from "node:test";

const { hintOf } = await import("../../../src/arengo/council/static/council/console_hint.js");
const members = [{ id: "1", name: "Il presidente", is_here: true }, { id: "2", name: "Rossi", is_here: true }, { id: "3", name: "Bianchi", is_here: false }];
const now = { phase: "open", secret_since: null, roll_call: "", ballot: null, chair: "1", turn: null, members };

test("who is heard and has not the floor is proposed", () => {
  assert.deepEqual(hintOf(["2", "microphones"], now), { member: members[1], source: "microphones", isChair: false });
  assert.equal(hintOf(["1", "words"], { ...now, turn: { member: "2" } })?.isChair, true);
});

for (const [words, heard, more] of [
  ["nobody is heard", null, {}],
  ["the floor says so already", ["2", "words"], { turn: { member: "2" } }],
  ["the chair has it back", ["1", "words"], {}],
  ["absent", ["3", "microphones"], {}],
  ["of no seat", ["9", "microphones"], {}],
  ["in a roll call", ["2", "microphones"], { roll_call: "opening" }],
  ["in a vote", ["2", "microphones"], { ballot: {} }],
  ["in secret", ["2", "microphones"], { secret_since: "2026-11-23T20:00:00Z" }],
  ["suspended", ["2", "microphones"], { phase: "suspended" }],
]) {
  test(`nobody is proposed: ${words}`, () => assert.equal(hintOf(heard, { ...now, ...more }), null));
}
