import { run } from "./run";

/** The oldest CLI that knows every flag and event that the tests rely on. */
const oldest = { major: 3, minor: 200 };

const versionLimitMs = 20_000;

/** What `pulumi version` prints, without the leading v; undefined when it prints none (a build without its linker flags). */
export async function pulumiVersion(executable: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { code, stdout } = await run(executable, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: versionLimitMs,
    });
    return code === 0 ? /^v?(\d+\.\d+\.\d+\S*)$/m.exec(stdout.trim())?.[1] : undefined;
  } catch {
    return undefined;
  }
}

export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === oldest.major && minor >= oldest.minor;
}
