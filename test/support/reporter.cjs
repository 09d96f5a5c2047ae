"use strict";
// The spec reporter, which also leaves the counts for tools/run-tests.mjs to print as the run's last line.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      writeFileSync("build/test-counts.json", JSON.stringify({ passes, failures, pending }));
    });
  }
};
