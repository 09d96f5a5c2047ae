import type { Outcome, Workplace } from "./command-line";
import type { Registry } from "./registry";

/** What stands in a drill: a registry with one image whose tag moves, and the folder of the program that deploys it. */
export interface Drill {
  readonly registry: Registry;
  readonly place: Workplace;
  /** The image as the program names it. */
  readonly image: string;
  readonly good: string;
  readonly bad: string;
  /** Every command with what it printed, and when, as in a terminal. */
  readonly transcript: string[];
  /** Milliseconds since the start of the drill. */
  readonly since: () => number;
}

/** One step of the drill; any may be played alone once those before it were. */
export interface DrillStep {
  readonly title: string;
  readonly play: (drill: Drill) => Promise<Outcome>;
}

const repository = "shop/api";

/** Sets the scene: the tag has the good image, and the bad one waits to be pushed. */
export function beginDrill(registry: Registry, place: Workplace): Drill {
  const bad = registry.push(repository, "2.3", { seed: "bad" });
  const good = registry.push(repository, "2.3", { seed: "good" });
  const start = performance.now();
  return {
    registry,
    place,
    image: `${registry.host}/${repository}:2.3`,
    good,
    bad,
    transcript: [],
    since: () => performance.now() - start,
  };
}

/** The steps of docs/guides/rollback.md, in their order. What each must come to is for the test to say. */
export const drillSteps = {
  pin: {
    title: "the good image is locked",
    play: async (drill) => command(drill, ["pin", drill.image, "--reason", "release 2.3"]),
  },
  refresh: {
    title: "the tag moves to a bad image, and the weekly refresh takes it",
    play: async (drill) => {
      drill.registry.setTag(repository, "2.3", drill.bad);
      return command(drill, ["refresh", "--reason", "weekly update"]);
    },
  },
  rollback: {
    title: "alarm: back to the last digest",
    play: async (drill) =>
      command(drill, ["rollback", `${drill.image}@${drill.bad}`, "--reason", "INC-42: crashes on start"]),
  },
  refreshHeld: {
    title: "the tag still has the bad image, and refresh does not bring it back",
    play: async (drill) => command(drill, ["refresh"]),
  },
  release: {
    title: "it was the database after all: the image is released",
    play: async (drill) =>
      command(drill, ["rollback", "--release", drill.image, "--reason", "INC-42 closed: not the image"]),
  },
  refreshReleased: {
    title: "refresh takes it again",
    play: async (drill) => command(drill, ["refresh"]),
  },
} as const satisfies Record<string, DrillStep>;

/** The digest that the lock has now. */
export async function lockedDigest({ place, image }: Drill): Promise<string | undefined> {
  return (await place.lock()).images.get(image)?.digest;
}

/** Runs a command as people do, and writes it down with its time and output. */
async function command(drill: Drill, args: readonly string[]): Promise<Outcome> {
  const began = drill.since();
  const outcome = await drill.place.spawn(args);
  const words = args.map((word) => (/[\s:]/.test(word) && word.includes(" ") ? `"${word}"` : word)).join(" ");
  drill.transcript.push(
    `[${seconds(began)}] $ pinned-images ${words}`,
    `${outcome.stdout}${outcome.stderr}`.trimEnd(),
    `[${seconds(drill.since())}] exit code ${outcome.code ?? "none"}`,
    "",
  );
  return outcome;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(5)} s`;
}
