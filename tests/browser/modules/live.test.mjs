// The pure modules of the live pages, without a browser: `node --test tests/browser/modules/`.

import assert from "node:assert/strict";
import test from "node:test";

const HERE = "../../../src/arengo/live/static/live";
const { Timeline } = await import(`${HERE}/timeline.js`);
const { decide, isStanding, target } = await import(`${HERE}/latency.js`);
const { CueList } = await import(`${HERE}/cues.js`);
const { parse } = await import(`${HERE}/vtt.js`);
const { stay } = await import(`${HERE}/pace.js`);
const { phaseOf, troubleOf } = await import(`${HERE}/phase.js`);
const { clock, size, units } = await import(`${HERE}/wording.js`);
const { commandOf } = await import(`${HERE}/keys.js`);

const cue = (id, start, text, more = {}) => ({ id, rev: 0, start, end: start + 2, lines: [text], final: true, ...more });

test("sitting time is player time plus the offset of its take", () => {
  const timeline = new Timeline();
  assert.ok(Number.isNaN(timeline.toSitting(3)));
  timeline.anchor(0, 100);
  timeline.anchor(20, 100.25);
  assert.equal(timeline.toSitting(10), 110);
  assert.equal(timeline.toSitting(20), 120.25);
  assert.equal(timeline.toPlayer(110), 10);
  assert.equal(timeline.toPlayer(130.25), 30);
});

test("there and back is the same time, on both sides of a new take", () => {
  const timeline = new Timeline();
  timeline.anchor(0, 40);
  timeline.anchor(8, 40.04);
  for (const time of [0, 3.5, 7.9, 8, 8.5, 60]) {
    assert.ok(Math.abs(timeline.toPlayer(timeline.toSitting(time)) - time) < 1e-9, String(time));
  }
});

test("times before the first anchor use it too", () => {
  const timeline = new Timeline();
  timeline.anchor(5, 100);
  assert.equal(timeline.toSitting(2), 102);
  assert.equal(timeline.toPlayer(101), 1);
});

test("an anchor at the same place replaces the old one", () => {
  const timeline = new Timeline();
  timeline.anchor(0, 1);
  timeline.anchor(0, 2);
  assert.equal(timeline.toSitting(0), 2);
  assert.equal(timeline.anchors.length, 1);
});

const calm = { latency: 5.5, target: 5.5, mode: "sync", isFollowing: true, isFresh: false, isStarved: false, rate: 1 };
const CASES = [
  ["on target", {}, { seek: false, rate: 1 }],
  ["a little late is left alone", { latency: 6 }, { seek: false, rate: 1 }],
  ["late plays faster", { latency: 6.2 }, { seek: false, rate: 1.1 }],
  ["a correction goes on until settled", { latency: 5.8, rate: 1.1 }, { seek: false, rate: 1.1 }],
  ["and then ends", { latency: 5.55, rate: 1.1 }, { seek: false, rate: 1 }],
  ["very late jumps", { latency: 8.6 }, { seek: true, rate: 1 }],
  ["early after an outage plays slower", { latency: 4.5 }, { seek: false, rate: 0.95 }],
  ["two seconds early, slower still", { latency: 3.2 }, { seek: false, rate: 0.9 }],
  ["very early, or a hold-back that has grown, slowest", { latency: 2 }, { seek: false, rate: 0.85 }],
  ["fresh and early waits for its hold-back", { isFresh: true, latency: 4.5 }, { seek: false, rate: 0.0625 }],
  ["starved in sync stretches what is left", { isStarved: true, latency: 9 }, { seek: false, rate: 0.85 }],
  ["starved in low latency has nothing to stretch", { isStarved: true, mode: "low" }, { seek: false, rate: 1 }],
  ["who went back is left in peace", { isFollowing: false, latency: 60 }, { seek: false, rate: 1 }],
  ["unknown latency decides nothing", { latency: null }, { seek: false, rate: 1 }],
];
for (const [name, change, wanted] of CASES) {
  test(`latency: ${name}`, () => assert.deepEqual(decide({ ...calm, ...change }), wanted));
}

test("the target is the studio's hold-back, or 1.5 s in low latency", () => {
  assert.equal(target("sync", 6.1), 6.1);
  assert.equal(target("low", 6.1), 1.5);
});

test("a playlist stands still after three parts, or two segments without parts", () => {
  assert.equal(isStanding(null), false);
  assert.equal(isStanding({ age: 1.4, partTarget: 0.5, targetduration: 2 }), false);
  assert.equal(isStanding({ age: 1.6, partTarget: 0.5, targetduration: 2 }), true);
  assert.equal(isStanding({ age: 3, targetduration: 2 }), false);
});

test("cues stay in order and newer revisions replace older ones", () => {
  const list = new CueList();
  assert.ok(list.put(cue("b", 4, "secondo")));
  assert.ok(list.put(cue("a", 1, "primo")));
  assert.ok(list.put(cue("b", 3.9, "secondo, corretto", { rev: 1 })));
  assert.equal(list.put(cue("b", 4, "secondo")), false, "an older revision is ignored");
  assert.equal(list.put(cue("a", 1, "primo")), false, "the same again is ignored");
  assert.deepEqual(list.cues.map(({ lines }) => lines[0]), ["primo", "secondo, corretto"]);
});

test("a cue revised to nothing is withdrawn and does not come back", () => {
  const list = new CueList();
  list.put(cue("a", 1, "parola inventata"));
  assert.ok(list.put(cue("a", 1, "", { rev: 1, lines: [] })));
  assert.equal(list.put(cue("a", 1, "parola inventata")), false);
  assert.deepEqual(list.cues, []);
});

test("the cue at a time is the one spoken then, or the last before", () => {
  const list = new CueList();
  for (const one of [cue("a", 1, "uno"), cue("b", 4, "due")]) list.put(one);
  assert.equal(list.at(0.5), null);
  assert.equal(list.at(1)?.id, "a");
  assert.equal(list.at(3.5)?.id, "a");
  assert.equal(list.at(99)?.id, "b");
});

test("search wants every word, without case or accents", () => {
  const list = new CueList();
  list.put(cue("a", 1, "La città di Pero"));
  list.put(cue("b", 4, "La raccolta dei rifiuti"));
  assert.deepEqual(list.search("CITTA pero").map(({ id }) => id), ["a"]);
  assert.deepEqual(list.search("  "), []);
});

test("WebVTT: ids, times, entities, notes", () => {
  const text = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\nNOTE prova\n\n"
    + "c7\n00:00:01.500 --> 00:00:03.000 line:85%\nTizio &amp; <i>Caio</i>\nseconda riga\n\n"
    + "01:02.250 --> 01:04.000\nsenza numero\n";
  assert.deepEqual(parse(text), [
    { id: "c7", rev: 0, start: 1.5, end: 3, lines: ["Tizio & Caio", "seconda riga"], final: true },
    { id: "t62250", rev: 0, start: 62.25, end: 64, lines: ["senza numero"], final: true },
  ]);
  assert.deepEqual(parse("WEBVTT\r\n\r\n"), []);
});

test("a caption stays as long as its text needs, half of it in a crowd", () => {
  assert.equal(stay("x".repeat(70), "middle", 0), 5);
  assert.equal(stay("x".repeat(70), "middle", 3), 2.5);
  assert.equal(stay("sì", "slow", 0), 1);
});

test("phases follow from sitting and signal", () => {
  const phase = (sitting, signal) => phaseOf({ sitting, signal });
  assert.equal(phase("prepared", "waiting"), "before");
  assert.equal(phase("open", "waiting"), "waiting");
  assert.equal(phase("open", "live"), "live");
  assert.equal(phase("open", "lost"), "lost");
  assert.equal(phase("closed", "live"), "closed");
});

test("trouble is told only after a while, and the network first", () => {
  assert.equal(troubleOf(true, 1), null);
  assert.equal(troubleOf(true, 5), "unreachable");
  assert.equal(troubleOf(false, 0), "offline");
});

test("times and sizes", () => {
  assert.equal(clock(62.9), "1:02");
  assert.equal(clock(3723), "1:02:03");
  assert.equal(clock(-1), "0:00");
  assert.deepEqual(units(90061), [[1, "day"], [1, "hour"]]);
  assert.deepEqual(units(3605), [[1, "hour"]]);
  assert.deepEqual(units(0), [[0, "second"]]);
  assert.equal(size(1_234_000_000), "1,2\u00a0GB");
  assert.equal(size(999), "999\u00a0B");
});

test("keys: what is typed into a field is never ours", () => {
  const press = (key, target = null, more = {}) =>
    commandOf({ key, ctrlKey: false, altKey: false, metaKey: false, target, ...more });
  const inside = (...selectors) => ({ closest: (wanted) => selectors.some((one) => wanted.split(", ").includes(one)) });
  assert.equal(press("k")?.name, "toggle");
  assert.deepEqual(press("ArrowLeft"), { name: "skip", by: -5 });
  assert.deepEqual(press("5"), { name: "jump", by: 0.5 });
  assert.equal(press("k", inside("input")), null);
  assert.equal(press(" ", inside("button")), null);
  assert.equal(press("k", inside("button"))?.name, "toggle");
  assert.equal(press("c", null, { ctrlKey: true }), null);
});

const { SpeakerList } = await import(`${HERE}/speakers.js`);
const told = (rows, more = {}) => ({ spans: rows, names: { 1: "Anna Rossi", 2: "Luca Bianchi" }, ...more });
const nameAt = (list, start, end) => { const one = list.of(start, end); return one && (one.name || "?"); };

test("who speaks is who speaks for most of a line", () => {
  const list = new SpeakerList();
  assert.equal(list.of(0, 5), null);
  list.put(told([[0, 4, null, 0], [4, 9, "1", 1], [9, 30, "2", 0.6]]));
  assert.equal(nameAt(list, 0, 5), "?");
  assert.equal(nameAt(list, 3, 6), "Anna Rossi");
  assert.equal(nameAt(list, 8, 9.5), "Anna Rossi");
  assert.equal(nameAt(list, 8.9, 12), "Luca Bianchi");
  assert.equal(nameAt(list, 40, 42), "Luca Bianchi", "after the last row it lasts");
  assert.deepEqual([list.of(5, 6).isSure, list.of(10, 12).isSure], [true, false]);
});

test("news of who speaks takes the place of what was told from then on", () => {
  const list = new SpeakerList();
  list.put(told([[0, 4, null, 0], [4, 9, "1", 1], [9, 30, "2", 1]]));
  list.put(told([[6, 12, "2", 1], [12, 20, null, 0]], { from: 6 }));
  assert.deepEqual(list.rows, [[0, 4, null, 0], [4, 6, "1", 1], [6, 12, "2", 1], [12, 20, null, 0]]);
  list.put({ from: 4, spans: [], names: {} });
  assert.deepEqual(list.rows, [[0, 4, null, 0]]);
  list.put({ spans: [], names: {} });
  assert.equal(list.of(1, 2), null);
});

test("a member without a name is nobody", () => {
  const list = new SpeakerList();
  list.put({ spans: [[0, 9, "77", 1]], names: {} });
  assert.deepEqual(list.of(1, 2), { member: null, name: "", isSure: true });
});
