import { manifest } from "./manifest";

const digest = `sha256:${"a".repeat(64)}`;

/** For each entry, a few lines of a program that uses it rightly. What would deploy or ask somebody is only compiled. */
const uses: Readonly<Record<string, { readonly imports: string; readonly body: string }>> = {
  ".": {
    imports: `formatPinned, parseDigest, parseImageReference, pinnedImage, PinnedImage, pinnedImages, type PinnedReference`,
    body: `
const pinned: PinnedReference = formatPinned(parseImageReference("nginx:1.27"), parseDigest("${digest}"));
if (String(pinned) !== "nginx:1.27@${digest}") throw new Error(pinned);
export const task = () => pinnedImages({ web: "nginx:1.27", side: Promise.resolve("redis:7") }).side.apply((image: PinnedReference) => image);
export const library = () => [pinnedImage("nginx:1.27"), new PinnedImage("web", { image: "nginx" }).reference];`,
  },
  "./images": {
    imports: `imageState, ImageReferenceError, type ImageState`,
    body: `
const state: ImageState = imageState("nginx@sha256:abc");
if (state.kind !== "malformed" || !(state.error instanceof ImageReferenceError)) throw new Error(state.kind);`,
  },
  "./registry": {
    imports: `createRegistryClient, RegistryError, type RegistryClient`,
    body: `
const client: RegistryClient = createRegistryClient({ timeout: 1_000 });
void client.close();
export const isRefusal = (error: unknown): boolean => error instanceof RegistryError && error.code !== undefined;`,
  },
  "./lock": {
    imports: `emptyLock, formatLock, parseLock, type Lock`,
    body: `
const lock: Lock = parseLock(formatLock(emptyLock()));
if (lock.images.size !== 0) throw new Error("no empty lock");`,
  },
  "./pinning": {
    imports: `createPinner, openLock, type Pinner`,
    body: `
import { parseImageReference } from "${manifest.name}/images";
export const pinner: Pinner = createPinner({ lock: openLock("images.lock.json"), strategy: "locked" });
export const pin = async () => (await pinner.pin(parseImageReference("nginx:1.27"))).digest;`,
  },
  "./resources": {
    imports: `findImages, type FoundImage`,
    body: `
const found: readonly FoundImage[] = findImages("kubernetes:core/v1:Pod", { spec: { containers: [{ image: "a" }] } });
if (found[0]?.path !== "spec.containers[0].image") throw new Error(JSON.stringify(found));`,
  },
  "./signatures": {
    imports: `parsePublicKey, SignatureError, verifyImage, type TrustRule`,
    body: `
import { generateKeyPairSync } from "node:crypto";
const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = parsePublicKey(publicKey.export({ type: "spki", format: "pem" }).toString());
export const rule: TrustRule = { keys: [key], identities: [], atLeast: 1, sameRepository: true, logged: false };
if (!key.fingerprint.startsWith("SHA256:") || typeof verifyImage !== "function") throw new Error(key.fingerprint);
export const isUnsigned = (error: unknown): boolean => error instanceof SignatureError && error.code === "unsigned";`,
  },
  "./policies": {
    imports: `allPolicies, pinnedImagesPolicies, type Policy`,
    body: `
import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
const policies: ResourceValidationPolicy[] = pinnedImagesPolicies({ settings: { onUnknown: "advise" } });
const first: Policy | undefined = allPolicies[0];
if (!policies.some(({ name }) => name === first?.name)) throw new Error("no policy");
export const pack = () => new PolicyPack("ours", { policies });`,
  },
  "./components": {
    imports: `pinInputs, type PinnedImageArgs`,
    body: `
const inputs: PinnedImageArgs = { image: Promise.resolve("nginx"), form: "digest" };
if (pinInputs("acme:index:None", "none", inputs) !== inputs) throw new Error("changed");`,
  },
  "./components/docker": {
    imports: `PinnedContainer, type PinnedContainerArgs`,
    body: `
const container: PinnedContainerArgs = { image: "nginx:1.27", ports: [{ internal: 80 }] };
export const run = () => new PinnedContainer("web", container).container.name;`,
  },
  "./testing": {
    imports: `fakeRegistry, type FakeRegistry`,
    body: `
const registry: FakeRegistry = fakeRegistry({ "nginx:1.27": "${digest}", "nginx:0": null });
if (registry.asked.length !== 0) throw new Error("asked");
registry.restore();`,
  },
  "./components/kubernetes": {
    imports: `CronJob, Deployment, pinnedValues`,
    body: `
export const values = () => pinnedValues({ image: { repository: "nginx", tag: "1.27", digest: "" } }).image.repository;
export const job = () => new CronJob("job");
export const deploy = () => new Deployment("web", { spec: {
  selector: { matchLabels: { app: "web" } },
  template: { spec: { containers: [{ name: "web", image: "nginx:1.27" }] } },
} });`,
  },
};

/** A program that uses one entry rightly. */
export function rightUse(key: string): string {
  const use = uses[key];
  if (use === undefined) throw new Error(`no program uses the entry ${key}: write one`);
  return `import { ${use.imports} } from "${specifier(key)}";${use.body}\n`;
}

export interface WrongUse {
  readonly name: string;
  /** The second line is the one that must not compile. */
  readonly source: string;
  readonly code: number;
}

function wrongUse(name: string, key: string, imports: string, line: string, code: number): WrongUse {
  return { name, source: `import { ${imports} } from "${specifier(key)}";\n${line}\n`, code };
}

const notAssignable = 2322;
const wrongArgument = 2345;
const noSuchProperty = 2339;
const misspelledProperty = 2561;

export const wrongUses: readonly WrongUse[] = [
  wrongUse(
    "a string where a pinned reference is asked for",
    ".",
    "type PinnedReference",
    `export const image: PinnedReference = String("nginx:1.27");`,
    notAssignable,
  ),
  wrongUse(
    "a literal that only looks pinned",
    "./images",
    "type PinnedReference",
    `export const image: PinnedReference = "nginx@${digest}";`,
    notAssignable,
  ),
  wrongUse(
    "a tag where one of pinnedImages is asked for",
    ".",
    "type pinnedImages",
    `((image: ReturnType<typeof pinnedImages<"web">>["web"]) => image)("nginx:1.27");`,
    wrongArgument,
  ),
  wrongUse(
    "a name that pinnedImages was not given",
    ".",
    "pinnedImages",
    `pinnedImages({ web: "nginx:1.27" }).api;`,
    noSuchProperty,
  ),
  wrongUse(
    "a pinned reference that was taken apart",
    "./components",
    "pinnedImages",
    `((image: ReturnType<typeof pinnedImages<"web">>["web"]) => image)(pinnedImages({ web: "nginx" }).web.apply((text) => text.slice(1)));`,
    wrongArgument,
  ),
  wrongUse(
    "a string where a digest is asked for",
    "./images",
    "formatPinned, parseImageReference",
    `formatPinned(parseImageReference("nginx"), "${digest}");`,
    wrongArgument,
  ),
  wrongUse(
    "a string where a reference is asked for",
    "./registry",
    "createRegistryClient",
    `void createRegistryClient().resolve("nginx");`,
    wrongArgument,
  ),
  wrongUse("a number for an image", "./components", "pinnedImage", `pinnedImage(1.27);`, wrongArgument),
  wrongUse(
    "a setting that there is not",
    "./policies",
    "pinnedImagesPolicies",
    `pinnedImagesPolicies({ settings: { onUnkown: "advise" } });`,
    misspelledProperty,
  ),
  wrongUse(
    "a container without an image",
    "./components/docker",
    "PinnedContainer",
    `new PinnedContainer("web", {});`,
    wrongArgument,
  ),
];

function specifier(key: string): string {
  return manifest.name + key.slice(1);
}
