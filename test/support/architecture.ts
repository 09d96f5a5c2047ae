import { posix } from "node:path";

/** A source file as the rules see it. Paths are relative to the project, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Module specifiers as they are written, type-only ones too. */
  readonly imports: readonly string[];
}

/** A folder imports itself and folders of a lower layer, never a neighbour. */
const layers: ReadonlyMap<string, number> = new Map([
  ["images", 0],
  ["registry", 1],
  ["lock", 1],
  ["resources", 1],
  ["report", 1],
  ["sources", 2],
  ["pinning", 2],
  ["signatures", 2],
  ["policies", 3],
  ["components", 3],
  ["cli", 4],
  ["plugin", 4],
]);

/** They may use everything, and nothing above may use them. */
const outside: ReadonlySet<string> = new Set(["test", "tools", "examples", "bench"]);

/** Where a package may be imported; a package that is not named here may be imported everywhere but in images/. */
const homes: readonly { readonly package: RegExp; readonly allowed: RegExp; readonly says: string }[] = [
  {
    package: /^@pulumi\/policy$/,
    allowed: /^policies\/(?:pack|index)\.ts$/,
    says: "policies/pack.ts and policies/index.ts",
  },
  { package: /^@sigstore\//, allowed: /^signatures\//, says: "signatures/" },
  { package: /^undici$/, allowed: /^registry\//, says: "registry/" },
  { package: /^@pulumi\/(?!pulumi$|policy$)/, allowed: /^components\//, says: "components/" },
];

/** Everything in the sources that goes against the import direction, in the order of the files; empty when all is well. */
export function architectureProblems(files: readonly SourceFile[]): string[] {
  const inside = files.filter(({ path }) => !outside.has(folderOf(path)));
  return [
    ...inside.flatMap((file) => [
      ...folderProblems(file.path),
      ...file.imports.flatMap((specifier) => importProblems(file.path, specifier)),
    ]),
    ...headProblems(inside),
  ];
}

/** The top-level folder of a path; empty for a file in the project's own folder. */
function folderOf(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

function folderProblems(path: string): string[] {
  const folder = folderOf(path);
  if (folder !== "")
    return layers.has(folder) ? [] : [`${path}: the folder ${folder}/ has no place in the table`];
  return path === "index.ts" ? [] : [`${path}: only index.ts lies beside the folders`];
}

function importProblems(path: string, specifier: string): string[] {
  return specifier.startsWith(".") ? relativeProblems(path, specifier) : packageProblems(path, specifier);
}

function relativeProblems(path: string, specifier: string): string[] {
  const from = folderOf(path);
  const target = posix.join(posix.dirname(path), specifier);
  const to = target.includes("/") || layers.has(target) ? folderOf(`${target}/`) : "";
  // The library's entry passes the folders on; whoever imports it from within would close a circle.
  if (from === "" && layers.has(to)) return [];
  if (from === to) return [];
  const [lower, upper] = [layers.get(to), layers.get(from)];
  if (lower === undefined) return [`${path}: imports ${target}, which is no folder of the table`];
  if (upper === undefined || lower < upper) return [];
  return [`${path}: ${from}/ must not import ${to}/`];
}

function packageProblems(path: string, specifier: string): string[] {
  if (folderOf(path) === "images") return [`${path}: images/ must not import ${specifier}`];
  const name = packageOf(specifier);
  if (name === "pulumi-pinned-images") return [`${path}: imports the package itself`];
  return homes
    .filter((home) => home.package.test(name) && !home.allowed.test(path))
    .map(({ says }) => `${path}: ${name} is imported in ${says} alone`);
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Every top-level folder has an index.ts, and every index.ts beneath says in one to three lines what its folder is. */
function headProblems(files: readonly SourceFile[]): string[] {
  const folders = new Set(files.map(({ path }) => folderOf(path)).filter((folder) => folder !== ""));
  const missing = [...folders]
    .filter((folder) => !files.some(({ path }) => path === `${folder}/index.ts`))
    .map((folder) => `${folder}/: has no index.ts`);
  const heads = files
    .filter(({ path }) => path.endsWith("/index.ts"))
    .flatMap(({ path, text }) => {
      const lines = headLines(text);
      if (lines === 0) return [`${path}: does not start with a comment that says what the folder is`];
      return lines > 3 ? [`${path}: its comment has ${lines} lines; three are enough`] : [];
    });
  return [...missing, ...heads];
}

/** How many lines the comment at the head has, behind a `#!` line if there is one. */
function headLines(text: string): number {
  const body = text.replace(/^#!.*\n/, "");
  const block = /^\/\*[^]*?\*\//.exec(body)?.[0];
  if (block !== undefined) return block.split("\n").length;
  const lines = body.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return end === -1 ? lines.length : end;
}
