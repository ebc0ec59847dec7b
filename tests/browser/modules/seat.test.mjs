// The pure modules of the councillor's seat, without a browser: `node --test tests/browser/modules/`.

import assert from "node:assert/strict";
import test from "node:test";

const HERE = "../../../src/arengo/council/static/council";
const { Queue, meaningOf, pauseMs } = await import(`${HERE}/seat_queue.js`);
const view = await import(`${HERE}/seat_view.js`);

const member = (id, more = {}) => ({ id, name: `Nome ${id}`, status: "present", is_here: true, is_lost: false, conflict: false, ...more });
const ballot = (more = {}) => ({ id: "b1", item: "1", amendment: "", title: "Proposta", subject: "proposal", method: "electronic", choices: [], stage: "open", entitled: ["7", "8"], checked: [], voted: [], ...more });
const facts = (more = {}) => ({
  seq: 5, phase: "open", item: "1", turn: null, turns: [], requests: [], votes: [], ballot: null, secret_since: null,
  items: [{ id: "1", number: "1", title: "Bilancio", stage: "discussion", amendments: [{ id: "a1", title: "Sabato", text: "e il sabato" }], documents: [] }],
  members: [member("7"), member("8")], me: "7", is_here: true, is_member: true, is_inside: false, my_vote: "", my_vote_at: null, my_request: "", why_not: "",
  speaking: ["intervention", "point_of_order", "personal"], documents: [{ title: "Relazione" }], my_verbatim: [], now: "2026-11-23T20:00:00Z", ...more,
});

/** A tab's storage. */
class Kept {
  rows = new Map();
  getItem(key) { return this.rows.get(key) ?? null; }
  setItem(key, value) { this.rows.set(key, value); }
  removeItem(key) { this.rows.delete(key); }
}

const asked = (kind, event = {}, command = `${kind}-${JSON.stringify(event)}`) => ({ command, kind, event, since: 1 });

test("what waits outlives a reload, in order, and leaves nothing when answered", () => {
  const kept = new Kept();
  const queue = new Queue("s", "7", kept);
  queue.add(asked("floor_asked", { type: "intervention" }, "k1"));
  queue.add(asked("vote_cast", { ballot: "b1", choice: "favour" }, "k2"));
  const again = new Queue("s", "7", kept);
  assert.deepEqual(again.waiting.map((one) => one.command), ["k1", "k2"]);
  again.remove("k1");
  assert.equal(new Queue("s", "7", kept).first.command, "k2");
  again.remove("k2");
  assert.equal(kept.rows.size, 0);
});

test("what one person left waiting is not another's, nor of another sitting", () => {
  const kept = new Kept();
  new Queue("s", "7", kept).add(asked("vote_cast", { ballot: "b1", choice: "favour" }));
  assert.equal(new Queue("s", "8", kept).first, null);
  assert.equal(new Queue("t", "7", kept).first, null);
});

test("a second tap is not a second wish, another ballot is", () => {
  const queue = new Queue("s", "7", null);
  assert.equal(queue.add(asked("vote_cast", { ballot: "b1", choice: "favour" }, "k1")), true);
  assert.equal(queue.add(asked("vote_cast", { ballot: "b1", choice: "against" }, "k2")), false);
  assert.equal(queue.add(asked("vote_cast", { ballot: "b2", choice: "against" }, "k3")), true);
  assert.equal(queue.find("vote_cast", "b1").event.choice, "favour");
});

test("a storage that is broken, or forbidden, is an empty one", () => {
  const kept = new Kept();
  for (const text of ["{", "3", '[{"command": 4}, null]']) {
    kept.setItem("arengo.seat.s.7", text);
    assert.equal(new Queue("s", "7", kept).first, null);
  }
  const forbidden = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); }, removeItem() { throw new Error("no"); } };
  const queue = new Queue("s", "7", forbidden);
  queue.add(asked("floor_asked"));
  assert.equal(queue.waiting.length, 1);
});

test("what an answer means", () => {
  const of = { 200: "done", 0: "again", 500: "again", 503: "again", 429: "again", 401: "expired", 403: "expired", 409: "refused", 422: "refused", 404: "refused" };
  for (const [status, meaning] of Object.entries(of)) assert.equal(meaningOf(Number(status)), meaning, status);
});

test("pauses grow, end at ten seconds, and differ from device to device", () => {
  assert.ok(pauseMs(1, 0) < pauseMs(2, 0) && pauseMs(2, 0) < pauseMs(3, 0));
  assert.equal(pauseMs(50, 1), 10000);
  assert.notEqual(pauseMs(3, 0), pauseMs(3, 1));
});

test("what a member can do about a vote", () => {
  const of = (more, mine = {}, paperIn = "") => view.voteStage(facts({ ballot: more && ballot(more), ...mine }), paperIn);
  assert.equal(of(null), "none");
  assert.equal(of({}), "choose");
  assert.equal(of({}, { my_vote: "favour" }), "voted");
  assert.equal(of({ voted: ["8"] }), "choose");
  assert.equal(of({ entitled: ["8"] }), "no");
  assert.equal(of({}, { is_here: false }), "no");
  assert.equal(of({}, { members: [member("7", { status: "remote" })] }), "identity");
  assert.equal(of({ checked: ["7"] }, { members: [member("7", { status: "remote" })] }), "choose");
  assert.equal(of({ method: "secret_electronic" }), "paper");
  assert.equal(of({ method: "secret_electronic" }, {}, "b1"), "voted");
  assert.equal(of({ method: "secret_electronic" }, {}, "b0"), "paper");
  for (const method of ["hands", "roll_call", "secret_papers"]) assert.equal(of({ method }), "elsewhere", method);
  assert.equal(of({ stage: "closed" }), "closed");
});

test("the act that is voted is the amendment with its own text, or the item", () => {
  const act = view.actOf(facts(), ballot({ amendment: "a1", subject: "amendment" }));
  assert.equal(act.amendment.text, "e il sabato");
  assert.equal(act.item.title, "Bilancio");
  assert.equal(view.actOf(facts(), ballot()).amendment, null);
  assert.equal(view.actOf(facts(), ballot({ item: "gone" })).item, null);
});

test("choices of a secret ballot end with the blank paper; names where people are elected", () => {
  assert.deepEqual(view.choicesOf(ballot()), ["favour", "against", "abstained", "not_voting"]);
  assert.deepEqual(view.choicesOf(ballot({ method: "secret_electronic" })), ["favour", "against", "blank"]);
  assert.deepEqual(view.choicesOf(ballot({ method: "secret_electronic", choices: ["Ada", "Ugo"] })), ["Ada", "Ugo", "blank"]);
});

test("a pushed board keeps what only the server told, and forgets a vote of another ballot", () => {
  const before = facts({ ballot: ballot(), my_vote: "favour", my_vote_at: "x" });
  const board = { ...facts(), ballot: ballot({ voted: ["7"] }), seq: 6, requests: [{ member: "8", type: "intervention" }, { member: "7", type: "personal" }] };
  const after = view.merged(before, board);
  assert.deepEqual([after.my_vote, after.my_vote_at, after.my_request, after.seq], ["favour", "x", "personal", 6]);
  assert.equal(view.placeOf(after), 2);
  assert.equal(view.merged(before, { ...board, ballot: ballot({ id: "b2" }) }).my_vote, "");
  assert.equal(view.merged(before, { ...board, item: "2" }).documents, null);
});

test("the server is asked only for what it alone can tell", () => {
  const before = facts({ ballot: ballot() });
  const others = facts({ ballot: ballot({ voted: ["8"] }), requests: [{ member: "8" }], turns: [{ member: "8" }] });
  assert.equal(view.needsAsking(before, others), false);
  assert.equal(view.needsAsking(before, facts({ ballot: ballot({ voted: ["7"] }) })), true);
  assert.equal(view.needsAsking(before, facts({ ballot: ballot({ checked: ["7"] }) })), true);
  assert.equal(view.needsAsking(before, facts({ ballot: ballot({ stage: "closed" }) })), true);
  assert.equal(view.needsAsking(facts(), facts({ turns: [{ member: "7" }] })), true);
  assert.equal(view.needsAsking(facts(), facts({ item: "" })), true);
  assert.equal(view.needsAsking(facts(), facts({ secret_since: "x" })), true);
});

test("why the floor cannot be asked for, and what can be asked all the same", () => {
  const of = (more) => [view.floorStage(facts(more)).why, view.kindsOf(facts(more))];
  assert.deepEqual(of({}), ["", ["intervention", "point_of_order", "personal"]]);
  assert.deepEqual(of({ phase: "suspended" }), ["floor.notOpen", []]);
  assert.deepEqual(of({ is_here: false }), ["floor.notHere", []]);
  assert.deepEqual(of({ ballot: ballot() }), ["floor.voting", ["point_of_order"]]);
  assert.deepEqual(of({ members: [member("7", { conflict: true })] }), ["floor.conflict", ["personal"]]);
  assert.deepEqual(of({ speaking: [] }), ["floor.usedUp", []]);
});

test("the clock of a speech counts down, warns, and says by how much it is over", () => {
  const turn = { began_at: "2026-11-23T20:00:00+00:00", limit_s: 300, warn_s: 30 };
  const at = (seconds) => view.clockOf(turn, Date.parse(turn.began_at) + seconds * 1000);
  assert.deepEqual(at(60), { seconds: 240, level: "good" });
  assert.deepEqual(at(270), { seconds: 30, level: "warn" });
  assert.deepEqual(at(310), { seconds: -10, level: "over" });
  assert.deepEqual(at(-5), { seconds: 300, level: "good" });
  assert.deepEqual(view.clockOf({ ...turn, limit_s: 0 }, Date.parse(turn.began_at) + 9000), { seconds: 9, level: "free" });
});

test("what is said aloud, once", () => {
  const open = facts({ ballot: ballot() });
  assert.equal(view.newsOf(null, open), null);
  assert.equal(view.newsOf(facts(), open).what, "opened");
  assert.equal(view.newsOf(open, open), null);
  assert.equal(view.newsOf(open, facts({ ballot: ballot({ stage: "closed" }) })).what, "closed");
  assert.equal(view.newsOf(facts(), facts({ votes: [{ id: "b1" }] })).what, "result");
  assert.equal(view.newsOf(facts(), facts({ turn: { member: "7" } })).what, "floor");
  assert.equal(view.newsOf(facts(), facts({ item: "" })).what, "noItem");
});

test("one's own vote among the names of a proclaimed one", () => {
  const vote = { names: { favour: ["8"], against: ["7"], abstained: [] } };
  assert.equal(view.choiceIn(vote, "7"), "against");
  assert.equal(view.choiceIn({ names: {} }, "7"), "");
});
