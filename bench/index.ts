// The budgets of this project as benchmarks, each beside a peer in the same run. They report; no test fails by the clock.
import { parseArgs } from "node:util";

import type { Benchmark } from "./benchmark";
import { checkFiles } from "./check";
import { largeLock } from "./lock";
import { machine } from "./machine";
import { packLoad } from "./pack-load";
import { packPreview } from "./pack-preview";
import { policyCheck } from "./policy-check";
import { table } from "./table";

const benchmarks: readonly Benchmark[] = [policyCheck, packLoad, packPreview, largeLock, checkFiles];
const defaultPairs = 5;
const defaultDeployments = 1_000;

const help = `Usage: npm run bench [-- [options] [name…]]

${benchmarks.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join("\n")}

Options:
  --pairs <n>        measure the work and its peer n times by turns (${defaultPairs})
  --deployments <n>  previews of so many Deployments (${defaultDeployments})
  --json             figures as JSON on stdout
  --help             this text
`;

/** Ends with 0 whether budgets were kept or not, with 2 for wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pairs: { type: "string" },
      deployments: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const pairs = Number(values.pairs ?? defaultPairs);
  if (!Number.isSafeInteger(pairs) || pairs < 1) return wrongUsage("--pairs takes a whole number from 1 on");
  const deployments = Number(values.deployments ?? defaultDeployments);
  if (!Number.isSafeInteger(deployments) || deployments < 1) {
    return wrongUsage("--deployments takes a whole number from 1 on");
  }
  const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) return wrongUsage(`there is no benchmark named ${unknown.join(", ")}`);

  const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const on = await machine();
  const results: object[] = [];
  if (values.json !== true) process.stdout.write(`${on}\n`);
  for (const { name, about, run } of chosen) {
    const progress = (text: string): void => void process.stderr.write(`${name}: ${text}\n`);
    const { budget, rows } = await run({ pairs, deployments, progress });
    results.push({ name, about, budget, rows });
    if (values.json !== true) {
      process.stdout.write(`\n${name}: ${about}\nbudget: ${budget}\n${table(rows)}\n`);
    }
  }
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ machine: on, benchmarks: results }, undefined, 2)}\n`);
  }
  return 0;
}

function wrongUsage(problem: string): number {
  process.stderr.write(`${problem}\n\n${help}`);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const usage =
      error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    if (usage) process.exitCode = wrongUsage(error.message);
    else {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 3;
    }
  },
);
