// @ts-check
/** The page of the second hearing's proposals: each is heard, then accepted or put away. */

const AROUND_S = 1;
const root = /** @type {HTMLElement} */ (document.getElementById("proposals"));
const video = /** @type {HTMLVideoElement} */ (root.querySelector("video"));
const rows = [...root.querySelectorAll(".pa-one")];
let until = Infinity;

function play(/** @type {HTMLElement} */ button) {
  until = Number(button.dataset.until) + AROUND_S;
  video.currentTime = Math.max(0, Number(button.dataset.play) - AROUND_S);
  void video.play();
}

video.addEventListener("timeupdate", () => {
  if (video.currentTime < until) return;
  until = Infinity;
  video.pause();
});

root.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-play]"));
  if (button) play(button);
});

const at = () => rows.findIndex((row) => row.contains(document.activeElement));
const press = (/** @type {string} */ what) => /** @type {HTMLElement|null} */ (rows[Math.max(0, at())]?.querySelector(what))?.click();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === video) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const row = rows[Math.min(rows.length - 1, Math.max(0, at() + step))];
    /** @type {HTMLElement|null} */ (row.querySelector("[data-play]"))?.focus();
    event.preventDefault();
  } else if (event.key === "p") press("[data-play]");
  else if (event.key === "a") press("[value=accetta]");
  else if (event.key === "r") press("[value=scarta]");
});
