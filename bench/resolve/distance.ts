import { ensureTool } from "../../tools";
import { commands, concurrency, contestants, type Contestant } from "./contestants";
import { startSite, type Site } from "./site-process";
import { median, row } from "./table";

const tags = 200;
const repositories = 20;
/** Milliseconds each way. */
const delay = 30;

/** A way to speak to the registry, and the fewest round trips that it allows. */
interface Protocol {
  readonly name: string;
  readonly tls: boolean;
  readonly roundTrips: readonly string[];
}

const protocols: readonly Protocol[] = [
  {
    name: "HTTP/1.1",
    tls: false,
    roundTrips: [
      "connect",
      "probe",
      "connect to the token service",
      "token",
      "one wave of HEADs",
      "last answer",
    ],
  },
  {
    name: "HTTP/2 over TLS 1.3",
    tls: true,
    roundTrips: [
      "connect",
      "TLS",
      "probe",
      "connect to the token service",
      "TLS",
      "token",
      "one wave of HEADs",
      "last answer",
    ],
  },
];

/** What all runs of one contestant took. Seconds, and requests of a single run. */
interface Figures {
  readonly contestant: Contestant;
  /** With the start of the program. */
  readonly walls: number[];
  /** Without it, where it is one program for all tags. */
  readonly resolvings: number[];
  registry: number;
  tokens: number;
}

/** Prints how long everybody takes for the same tags at the same distance. */
export async function benchAtADistance(print: (line: string) => void): Promise<void> {
  print(`${tags} tags in ${repositories} repositories, token authentication, ${delay} ms each way`);
  print(
    `libraries: one process, ${concurrency} requests at once; commands: one for each tag, ${commands} at once`,
  );
  print("medians; wall is the whole of the commands, resolving leaves out the start of the one process");
  for (const protocol of protocols) await benchProtocol(protocol, print);
}

async function benchProtocol(
  { name, tls, roundTrips }: Protocol,
  print: (line: string) => void,
): Promise<void> {
  const limit = (roundTrips.length * 2 * delay) / 1000;
  const all = (await contestants()).map((contestant): Figures => ({
    contestant,
    walls: [],
    resolvings: [],
    registry: 0,
    tokens: 0,
  }));
  const site = await startSite({ registry: await ensureTool("registry"), tags, repositories, delay, tls });
  try {
    // In turn, so that a machine that is busy for a while is so for everybody.
    const rounds = Math.max(...all.map(({ contestant }) => contestant.runs));
    for (let round = 0; round < rounds; round++) {
      for (const figures of all) if (round < figures.contestant.runs) await measure(figures, site);
    }
  } finally {
    await site.close();
  }

  print("");
  print(
    `${name}; physical limit: ${roundTrips.length} round trips of ${2 * delay} ms = ${limit.toFixed(3)} s`,
  );
  print(`(${roundTrips.join(", ")})`);
  print("");
  print(
    row("", "runs", "wall s", "÷ ours", "÷ limit", "resolving s", "÷ ours", "÷ limit", "registry", "tokens"),
  );
  const [ours] = all;
  if (ours === undefined) return;
  for (const figures of all) print(describe(figures, ours, limit));
  print("");
  for (const line of budgets(all, ours, limit)) print(line);
}

async function measure(figures: Figures, site: Site): Promise<void> {
  const { contestant, walls, resolvings } = figures;
  const before = await site.counts();
  const started = performance.now();
  const { digests, resolving } = await contestant.run(site);
  walls.push((performance.now() - started) / 1000);
  if (resolving !== undefined) resolvings.push(resolving);
  const after = await site.counts();
  figures.registry = after.registry - before.registry;
  figures.tokens = after.tokens - before.tokens;
  // Who is fast with the wrong answer has not won.
  const wrong = site.filled.filter(({ digest }, tag) => digests[tag] !== digest).length;
  if (wrong > 0) throw new Error(`${contestant.name} gave ${wrong} wrong digests.`);
}

function describe(
  { contestant, walls, resolvings, registry, tokens }: Figures,
  ours: Figures,
  limit: number,
): string {
  const columns = (values: readonly number[], own: readonly number[]): readonly string[] => {
    if (values.length === 0) return ["–", "–", "–"];
    const seconds = median(values);
    return [seconds.toFixed(3), (seconds / median(own)).toFixed(2), (seconds / limit).toFixed(2)];
  };
  return row(
    contestant.name,
    String(walls.length),
    ...columns(walls, ours.walls),
    ...columns(resolvings, ours.resolvings),
    String(registry),
    String(tokens),
  );
}

/** What was measured beside what is aimed at: one request for each tag and repository, and so on. */
function budgets(all: readonly Figures[], ours: Figures, limit: number): readonly string[] {
  const requests = ours.registry + ours.tokens;
  const walls = all
    .filter(({ contestant }) => contestant.kind === "command")
    .map(({ walls }) => median(walls));
  const libraries = all.filter((one) => one !== ours && one.contestant.kind === "library");
  const resolving = median(ours.resolvings);
  const wall = median(ours.walls);
  return [
    `requests ${requests}; budget ${tags + repositories + 1}`,
    `resolving ÷ limit ${(resolving / limit).toFixed(2)}; budget 3`,
    `wall ÷ best command ${(wall / Math.min(...walls)).toFixed(2)}; budget 0.25`,
    ...libraries.flatMap(({ contestant, resolvings, walls: theirs }) => [
      `resolving ÷ ${contestant.name} ${(resolving / median(resolvings)).toFixed(2)}; budget 1`,
      `wall ÷ ${contestant.name} ${(wall / median(theirs)).toFixed(2)}; budget 1`,
    ]),
  ];
}
