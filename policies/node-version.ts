/** The oldest Node.js that undici 8 and @pulumi/pulumi run on. Keep in step with package.json's engines (a test does). */
export const oldestNode = [22, 19] as const;

/** What to tell somebody whose Node.js is too old, in one sentence; undefined when it is not. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needMajor, needMinor] = oldestNode;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return undefined;
  return `pulumi-pinned-images needs Node.js ${needMajor}.${needMinor} or newer, and this is ${version}: install a newer Node.js`;
}
