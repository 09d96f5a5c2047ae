import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** The argument types of a provider's Node.js SDK, read with the TypeScript compiler. */
export interface SdkTypes {
  /**
   * Whether a resource's arguments have a property, `spec.containers[].image`.
   *
   * @param module the file of the resource class, from the SDK's folder, without its ending: `apps/v1/deployment`.
   * @returns undefined when there is no such file.
   */
  has(module: string, args: string, path: string): boolean | undefined;
}

/** What an input may be besides its own value. */
const wrappers = new Set(["Promise", "OutputInstance"]);

function isWrapped(type: ts.Type): boolean {
  const symbol = type.getSymbol();
  return symbol !== undefined && wrappers.has(symbol.name);
}

/** @param folder where the SDK's package.json lies. */
export function sdkTypes(folder: string, modules: readonly string[]): SdkTypes {
  const fileOf = (module: string): string => join(folder, `${module}.d.ts`);
  const program = ts.createProgram(modules.map(fileOf).filter(existsSync), {
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Node20,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    typeRoots: [dirname(folder)],
  });
  const checker = program.getTypeChecker();

  function argsType(module: string, args: string): ts.Type | undefined {
    const source = program.getSourceFile(fileOf(module));
    const symbol = source && checker.getSymbolAtLocation(source);
    const found = symbol && checker.getExportsOfModule(symbol).find(({ name }) => name === args);
    return found && checker.getDeclaredTypeOfSymbol(found);
  }

  /** The type of a value, without what wraps inputs. */
  function members(type: ts.Type): readonly ts.Type[] {
    const all = type.isUnion() ? type.types : [type];
    return all.filter(
      (member) => !isWrapped(member) && (member.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0,
    );
  }

  function step(type: ts.Type, name: string): readonly ts.Type[] {
    return members(type).flatMap((member) => {
      const next =
        name === "[]"
          ? checker.getIndexTypeOfType(member, ts.IndexKind.Number)
          : name === "{}"
            ? checker.getIndexTypeOfType(member, ts.IndexKind.String)
            : typeOfProperty(member, name);
      return next === undefined ? [] : [next];
    });
  }

  function typeOfProperty(type: ts.Type, name: string): ts.Type | undefined {
    const symbol = checker.getPropertyOfType(type, name);
    return symbol && checker.getTypeOfSymbol(symbol);
  }

  return {
    has(module, args, path) {
      const type = argsType(module, args);
      if (type === undefined) return undefined;
      const names = path.split(/\.|(?=\[\])|(?=\{\})/).filter((name) => name !== "");
      const ends = names.reduce<readonly ts.Type[]>(
        (types, name) => types.flatMap((each) => step(each, name)),
        [type],
      );
      return ends.length > 0;
    },
  };
}
