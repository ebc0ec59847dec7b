// What a board means, without a browser: `node --test tests/browser/modules/`.

import assert from "node:assert/strict";
import test from "node:test";

const COUNCIL = "../../../src/arengo/council/static/council";
const LIVE = "../../../src/arengo/live/static/live";
const board = await import(`${COUNCIL}/board.js`);
const { hemicycle } = await import(`${COUNCIL}/seats.js`);
const { WallClock } = await import(`${LIVE}/timeline.js`);
const { phaseOf } = await import(`${LIVE}/phase.js`);

const T0 = Date.parse("2026-11-23T21:00:00.000+01:00");
const at = (seconds) => new Date(T0 + seconds * 1000).toISOString();
const member = (id, more = {}) => ({ id, name: `Nome ${id}`, surname: id, office: "", group: "Uno", side: "majority", votes: true, is_mayor: false, status: "present", is_here: true, is_lost: false, conflict: false, ...more });
const item = (id, more = {}) => ({ id, number: id, title: `Punto ${id}`, type: "proposal", stage: "", called_at: null, left_at: null, result: "", is_secret: false, is_sensitive: false, ...more });
const turn = (who, from, to = null, more = {}) => ({ member: who, name: "", type: "intervention", item: "1", began_at: at(from), ended_at: to === null ? null : at(to), limit_s: 300, warn_s: 60, ...more });
const vote = (id, when, more = {}) => ({ id, item: "1", title: id, subject: "proposal", amendment: "", method: "electronic", present: 2, opened_at: at(when - 20), proclaimed_at: at(when), result: "approved", formula: "", article: "", elected: [], totals: { favour: 2, against: 0, abstained: 0, not_voting: 0 }, names: { favour: ["A", "B"], against: [], abstained: [], not_voting: [] }, ...more });
const open = (more = {}) => ({ seq: 1, at: at(0), title: "", phase: "open", opened_at: at(0), ended: "", suspended_for: "", roll_call: "", secret_since: null, chair: "A", quorum: null, members: [member("A"), member("B")], items: [item("1", { called_at: at(0) })], item: "1", turn: null, requests: [], turns: [], ballot: null, votes: [], ...more });

const ballot = { id: "v", item: "1", stage: "open", method: "electronic", entitled: ["A", "B"], voted: [] };
const VIEWS = [
  ["no board yet", null, "before"],
  ["no journal", open({ phase: "absent" }), "before"],
  ["constituted, nobody called", open({ phase: "prepared", members: [member("A", { is_here: false, status: "absent" })] }), "before"],
  ["roll call", open({ phase: "prepared", roll_call: "opening" }), "roll"],
  ["roll call done, not open", open({ phase: "prepared" }), "roll"],
  ["under way", open(), "item"],
  ["between two items", open({ item: "" }), "item"],
  ["a vote", open({ ballot }), "vote"],
  ["a vote has the screen over a fresh result", open({ ballot, votes: [vote("v0", 5)] }), "vote"],
  ["a fresh result", open({ votes: [vote("v0", 5)] }), "result"],
  ["suspended", open({ phase: "suspended", votes: [vote("v0", 5)] }), "suspended"],
  ["roll call to resume", open({ phase: "suspended", roll_call: "resumption" }), "roll"],
  ["secret over everything that goes on", open({ ballot, secret_since: at(3), votes: [vote("v0", 5)] }), "secret"],
  ["ended", open({ phase: "ended", votes: [vote("v0", 5)] }), "ended"],
];

for (const [name, state, view] of VIEWS) {
  test(`the screen shows one thing: ${name}`, () => assert.equal(board.viewOf(state, T0 + 10_000), view));
}

test("a result has the screen for a minute, or until someone speaks or an item is called", () => {
  const state = open({ votes: [vote("v0", 5)] });
  assert.equal(board.freshVote(state, T0 + 64_900)?.id, "v0");
  assert.equal(board.freshVote(state, T0 + 65_000), null);
  const now = T0 + 20_000;
  assert.equal(board.freshVote({ ...state, turn: turn("B", 10) }, now), null);
  assert.equal(board.freshVote({ ...state, turns: [turn("B", 10, 12)] }, now), null);
  assert.equal(board.freshVote({ ...state, turns: [turn("B", 1, 4)] }, now)?.id, "v0");
  assert.equal(board.freshVote({ ...state, items: [item("1", { called_at: at(9) })] }, now), null);
  assert.equal(board.freshVote({ ...state, item: "" }, now)?.id, "v0", "an item that is left does not take it away");
  assert.equal(board.freshVote({ ...state, requests: [{ member: "B", type: "intervention" }] }, now)?.id, "v0");
});

test("of two votes proclaimed in the same instant the later one is latest", () => {
  const state = open({ votes: [vote("v1", 5), vote("v2", 5), vote("v0", 1)] });
  assert.deepEqual(board.latestVotes(state).map(({ id }) => id), ["v2", "v1", "v0"]);
});

test("a speech's clock warns, then tells by how much it is over", () => {
  const speech = turn("A", 0);
  assert.deepEqual(board.turnClock(speech, T0 + 239_000), { elapsed: 239, left: 61, level: "good" });
  assert.deepEqual(board.turnClock(speech, T0 + 240_000), { elapsed: 240, left: 60, level: "warn" });
  assert.deepEqual(board.turnClock(speech, T0 + 300_000), { elapsed: 300, left: 0, level: "warn" });
  assert.deepEqual(board.turnClock(speech, T0 + 301_000), { elapsed: 301, left: -1, level: "over" });
  assert.equal(board.turnClock(turn("A", 0, null, { limit_s: 0 }), T0 + 9e6).level, "free");
  assert.equal(board.turnClock(speech, T0 - 5_000).elapsed, 0, "never below zero");
});

test("nobody's turn is the chair's; a guest has a name and no group", () => {
  assert.equal(board.speakerOf(open(), null).isChair, true);
  assert.deepEqual(board.speakerOf(open(), turn("", 0, null, { name: "La revisora" })), { name: "La revisora", group: "", office: "", isChair: false });
  assert.equal(board.speakerOf(open({ chair: "" }), null), null);
});

test("groups: majority first, members by surname, who has no vote apart", () => {
  const members = [member("Z"), member("M", { group: "Due", side: "minority" }), member("E", { votes: false }), member("B", { is_here: false, status: "absent" })];
  const groups = board.groupsOf(open({ members }));
  assert.deepEqual(groups.map(({ name, side, here, members: all }) => [name, side, here, all.map(({ id }) => id).join("")]), [
    ["Uno", "majority", 1, "BZ"], ["Due", "minority", 1, "M"], ["", "none", 1, "E"],
  ]);
});

test("two of one surname are told apart", () => {
  const members = [member("1", { surname: "Galli", name: "Anna Galli" }), member("2", { surname: "Galli", name: "Bruno Galli" }), member("3", { surname: "Riva" })];
  assert.deepEqual([...board.shortNames(open({ members })).values()], ["Galli A.", "Galli B.", "Riva"]);
});

test("a member whose connection is lost is neither present nor simply absent", () => {
  assert.equal(board.standing(member("A", { status: "remote" })), "remote");
  assert.equal(board.standing(member("A", { status: "remote", is_lost: true })), "lost");
  assert.equal(board.standing(member("A", { status: "mission", is_here: false })), "mission");
});

test("totals: choices in the chair's order, or names by their votes", () => {
  const names = (one) => board.totalsOf(one).map(({ choice, count }) => `${choice} ${count}`);
  assert.deepEqual(names(vote("v", 1)), ["favour 2", "against 0", "abstained 0"]);
  assert.deepEqual(names(vote("v", 1, { totals: { favour: 8, against: 2, blank: 1, null: 0, took_part: 11 } })), ["favour 8", "against 2", "blank 1"]);
  assert.deepEqual(names(vote("v", 1, { totals: { Bianchi: 3, Rossi: 9, blank: 1, null: 0, took_part: 13 } })), ["Rossi 9", "Bianchi 3", "blank 1"]);
});

test("an item says what was decided on it, not how a motion about it went", () => {
  const decided = item("1", { called_at: at(0), left_at: at(50), result: "decided" });
  const votes = [vote("a", 10, { subject: "amendment" }), vote("b", 20, { result: "rejected" }), vote("c", 30, { subject: "immediate" })];
  assert.equal(board.itemState(open({ item: "", votes }), decided), "result.rejected");
  assert.equal(board.itemState(open(), item("2")), "agenda.waiting");
  assert.equal(board.itemState(open(), item("1")), "agenda.now");
  assert.equal(board.itemState(open({ item: "" }), item("2", { called_at: at(1), result: "deferred" })), "item.deferred");
});

test("a board's own speeches replace what was known of that time, and only that", () => {
  const known = [turn("A", 0, 5), turn("B", 10, 15), turn("wrong", 20, 25)];
  const merged = board.mergeTurns(known, open({ turns: [turn("B", 10, 15), turn("A", 21, 30)] }));
  assert.deepEqual(merged.map((one) => one.member), ["A", "B", "A"]);
  assert.equal(board.mergeTurns(known, open({ turns: [] })).length, 3, "a secret board tells none: the public ones stay");
});

test("who was speaking at an hour", () => {
  const turns = [turn("A", 0, 5), turn("B", 10, 15)];
  const current = turn("C", 20);
  const who = (seconds) => board.turnAt(turns, current, T0 + seconds * 1000)?.member ?? "nobody";
  assert.deepEqual([-1, 0, 4, 5, 12, 15, 19, 20, 500].map(who), ["nobody", "A", "A", "nobody", "B", "nobody", "nobody", "C", "C"]);
});

test("the server's clock is found from an answer, and never left behind a board", () => {
  let local = T0;
  const clock = new board.ServerClock(() => local);
  clock.answered(at(-300), T0 - 100, T0 + 100); // this machine is five minutes ahead
  assert.equal(clock.now(), T0 - 300_000);
  clock.pushed(at(-301)); // written a second before: tells nothing new
  assert.equal(clock.now(), T0 - 300_000);
  clock.pushed(at(-290)); // written ten seconds in what we took for the future
  assert.equal(clock.now(), T0 - 290_000);
  local += 1000;
  assert.equal(clock.now(), T0 - 289_000);
  clock.pushed(null);
  assert.equal(clock.now(), T0 - 289_000);
});

test("seats: all of them drawn, none over another, left to right", () => {
  for (const count of [1, 7, 9, 10, 13, 17, 25, 33, 41, 49, 60]) {
    const { places, radius } = hemicycle(count);
    assert.equal(places.length, count);
    for (let one = 0; one < count; one += 1) {
      for (let two = one + 1; two < count; two += 1) {
        const far = Math.hypot(places[one].x - places[two].x, places[one].y - places[two].y);
        assert.ok(far > 2 * radius * 0.99, `${count} seats: ${one} over ${two}`);
      }
    }
    assert.ok(places.every(({ angle }, n) => n === 0 || angle <= places[n - 1].angle));
  }
});

test("an hour leads to its sitting time, in a pause to where the recording goes on", () => {
  const wall = new WallClock();
  assert.ok(Number.isNaN(wall.toSitting(T0)));
  assert.ok(Number.isNaN(wall.toWall(0)));
  wall.set([{ start_s: 0, wall: at(0) }, { start_s: 60, wall: at(600) }]);
  assert.ok(Number.isNaN(wall.toSitting(T0 - 1)), "before anything was recorded there is nothing to see");
  assert.deepEqual([0, 30, 60, 300, 600, 620].map((s) => wall.toSitting(T0 + s * 1000)), [0, 30, 60, 60, 60, 80]);
  assert.deepEqual([0, 59, 60, 70].map((s) => (wall.toWall(s) - T0) / 1000), [0, 59, 600, 610]);
});

test("secret is a phase of its own, but what is closed is closed", () => {
  assert.equal(phaseOf({ sitting: "open", signal: "secret", secret: true }), "secret");
  assert.equal(phaseOf({ sitting: "open", signal: "live", secret: true }), "secret");
  assert.equal(phaseOf({ sitting: "closed", signal: "closed", secret: true }), "closed");
  assert.equal(phaseOf({ sitting: "open", signal: "live", secret: false }), "live");
});
