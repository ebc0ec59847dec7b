// Copies what the pages serve from npm's folder to the static files of the web room.
//
// Run after `npm ci`. Only what a page really asks for is copied. Cut out: the comment
// that names a source map, which is not served, and the style's one font written as a
// data address (icons of a video player we do not use), which our policy refuses.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PACKAGES = join(ROOT, "node_modules");
const VENDOR = join(ROOT, "src/arengo/web/static/vendor");
const ITALIA = "bootstrap-italia/dist";

/** @type {[string, string][]} from npm's folder, to the vendor folder */
const TEXTS = [
  [`${ITALIA}/css/bootstrap-italia.min.css`, "bootstrap-italia/bootstrap-italia.min.css"],
  ["hls.js/dist/hls.min.js", "hls/hls.min.js"],
  ["hls.js/dist/hls.worker.js", "hls/hls.worker.js"],
];
const COPIES = [
  [`${ITALIA}/svg/sprites.svg`, "bootstrap-italia/sprites.svg"],
  ["bootstrap-italia/LICENSE", "bootstrap-italia/LICENSE.txt"],
  ["hls.js/LICENSE", "hls/LICENSE.txt"],
];
const FONTS = ["Titillium_Web", "Lora", "Roboto_Mono"];

rmSync(VENDOR, { recursive: true, force: true });
for (const [from, to] of TEXTS) write(to, plain(readFileSync(join(PACKAGES, from), "utf8")));
for (const [from, to] of COPIES) copy(from, to);
for (const family of FONTS) copyFonts(family);
console.log(`assets: copied to ${VENDOR}`);

/** @param {string} text */
function plain(text) {
  return text
    .replace(/\/\*# sourceMappingURL=[^*]*\*\/|\/\/# sourceMappingURL=\S*/g, "")
    .replace(/@font-face\{[^}]*url\(data:[^}]*\}/g, "");
}

/** @param {string} to @param {string} text */
function write(to, text) {
  const path = join(VENDOR, to);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  cpSync(join(PACKAGES, from), join(VENDOR, to), { recursive: true });
}

/** Copies the woff2 files and the licence of one family. @param {string} family */
function copyFonts(family) {
  const folder = join(PACKAGES, ITALIA, "fonts", family);
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".woff2") || name.endsWith(".txt")) {
      copy(join(ITALIA, "fonts", family, name), join("fonts", family, name));
    }
  }
}
