// @ts-check
/** Registers the worker that shows a page of ours when there is no network. */

const address = document.querySelector('meta[name="worker"]')?.getAttribute("content");
if (address && "serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {}));
}
