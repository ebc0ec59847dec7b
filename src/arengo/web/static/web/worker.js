// @ts-check
/// <reference lib="webworker" />
/**
 * Keeps one page for when there is no network, with its style, and nothing else.
 *
 * Every page still comes from the network: a sitting must never be an old copy.
 */

const KEPT = "arengo-offline-1";
const PAGE = new URL("senza-rete/", self.registration.scope).pathname;

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isAsset = request.destination === "style" || request.destination === "font";
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => stored(PAGE)));
  else if (isAsset) event.respondWith(fetch(request).catch(() => stored(request)));
});

/** The page and the style sheets it names, with the one font they need. */
async function keep() {
  const cache = await caches.open(KEPT);
  const answer = await fetch(PAGE, { cache: "no-cache" });
  const sheets = [...(await answer.clone().text()).matchAll(/rel="stylesheet" href="([^"]+)"/g)];
  await cache.put(PAGE, answer);
  await cache.addAll(sheets.map(([, address]) => address));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

/** @param {RequestInfo} what */
async function stored(what) {
  return (await caches.match(what, { ignoreSearch: true })) ?? Response.error();
}
