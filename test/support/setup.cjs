// What one run of the tests remembers of its previews is nobody else's business.
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const folder = mkdtempSync(join(tmpdir(), "pinned-images-cache-"));
process.env.PINNED_IMAGES_CACHE = folder;
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
