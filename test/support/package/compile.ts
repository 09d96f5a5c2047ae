import ts from "typescript";

/** `file.cts:3 TS2322` for each complaint, in the order of the files. */
export type Complaint = string;

const node16: ts.CompilerOptions = {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
};

/** As the tsconfig.json has it that Pulumi wrote for new programs over years. It knows nothing of `exports`. */
export const node10: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as long as a compiler takes it, users have it
  moduleResolution: ts.ModuleResolutionKind.Node10,
  ignoreDeprecations: "6.0",
};

/**
 * Compiles programs as their authors would, strictly and for Node.js, and writes the JavaScript beside them. The
 * declarations of @pulumi/policy need skipLibCheck, so every user of it has that on.
 */
export function compile(
  folder: string,
  files: readonly string[],
  resolution: ts.CompilerOptions = node16,
): Complaint[] {
  const program = ts.createProgram([...files], {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    ...resolution,
    types: ["node"],
    typeRoots: [`${folder}/node_modules/@types`],
    skipLibCheck: true,
  });
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(complaint);
}

function complaint({ file, start, code, messageText }: ts.Diagnostic): Complaint {
  if (file === undefined || start === undefined) {
    return `TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  }
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName.slice(file.fileName.lastIndexOf("/") + 1)}:${line + 1} TS${code}`;
}
