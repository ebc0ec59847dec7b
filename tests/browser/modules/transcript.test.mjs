import assert from "node:assert/strict";
import { test } from "node:test";
import { edit, nextUnsure, wordAt } from "../../../src/arengo/record/static/record/transcript_words.js";

const words = [["a", 1, "via", 0.9, "machine", ""], ["b", 2, "Sempio", 0.3, "machine", ""], ["c", 3, "oggi", 0.2, "confirmed", "user 1"]];
const segments = [{ id: "s1", speaker: "7", words: words.slice(0, 1) }, { id: "s2", speaker: "", words: words.slice(1) }];

test("the word being said is the last that has begun", () => {
  assert.deepEqual([0, 1, 2.5, 99].map((at) => wordAt(words, at)), [-1, 0, 1, 2]);
});

test("only words that nobody answers for are to be heard again", () => {
  assert.equal(nextUnsure(words, 0), 1);
  assert.equal(nextUnsure(words, 1), 1);
  assert.equal(nextUnsure(words.slice(0, 1), 0), -1);
});

test("an edit says what its author saw", () => {
  assert.deepEqual(edit("fix", segments, "b", "Sempione"), { kind: "text_fixed", facts: { words: ["b"], seen: ["Sempio"], text: "Sempione" } });
  assert.deepEqual(edit("merge", segments, "b").facts, { first: "s1", second: "s2", seen: ["7", ""] });
  assert.equal(edit("merge", segments, "a"), null);
  assert.equal(edit("fix", segments, "gone", "x"), null);
});
