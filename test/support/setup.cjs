// What one run of the tests remembers of its previews is nobody else's business.
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const folder = mkdtempSync(join(tmpdir(), "pinned-images-cache-"));
process.env.PINNED_IMAGES_CACHE = folder;
// Coverage of code that comes out of a cache is less exact: https://nodejs.org/api/module.html#limitations-of-the-compile-cache
process.env.NODE_DISABLE_COMPILE_CACHE = "1";
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
