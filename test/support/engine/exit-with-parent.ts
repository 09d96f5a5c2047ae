/**
 * Loaded first into every stand-in process: ends it when the process that started it is gone. An engine that had to be
 * killed cannot end its plugins itself, and they would wait forever.
 */
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 1_000).unref();
