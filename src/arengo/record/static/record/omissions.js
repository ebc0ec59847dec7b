// @ts-check
/** How far each omission has come, taken anew while something is under way and nobody is writing. */

const POLL_MS = 4000;
const here = () => /** @type {HTMLElement} */ (document.querySelector("[data-part=omissions]"));
const isBusy = () => document.hidden || here().contains(document.activeElement) || [...here().querySelectorAll("textarea")].some((one) => one.value);

async function look() {
  if (!("underWay" in here().dataset) || isBusy()) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-part=omissions]");
    if (fresh && !isBusy()) here().replaceWith(fresh);
  } catch { /* the service does not answer: the page keeps what it knows, and asks again */ }
}

setInterval(() => void look(), POLL_MS);
