import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { cacheHome } from "../registry/cache-home";

// Imported before everything that takes long to compile: a third of what a check of one file takes is compiling, each time the
// same. Node.js looks at the sources before it takes what is kept, goes without where the folder cannot be had, and is told by
// NODE_DISABLE_COMPILE_CACHE to keep nothing: https://nodejs.org/api/module.html#module-compile-cache
enableCompileCache(join(cacheHome(), "compiled"));
