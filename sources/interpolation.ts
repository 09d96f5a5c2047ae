/** A variable's value, and where it comes from as a message says it: `.env`, `the environment`. */
export interface Variable {
  readonly value: string;
  readonly from: string;
}

/** A text with its variables filled in. */
export type Interpolated =
  | {
      readonly kind: "text";
      readonly text: string;
      /** For each character of the text, the index in what was written that it stands at; undefined for what a variable says. */
      readonly origins: readonly (number | undefined)[];
      /** The variables that were filled in from outside, with where from. */
      readonly used: ReadonlyMap<string, string>;
    }
  /** A variable that nothing here says, and that has no default; `name` is its name. */
  | { readonly kind: "unset"; readonly name: string }
  | { readonly kind: "invalid" };

/** Defaults may hold further variables; nobody nests them deeper. */
const maxDepth = 16;

/**
 * Fills in variables as Compose does (https://docs.docker.com/reference/compose-file/interpolation/): `$NAME`, `${NAME}`,
 * `${NAME:-default}` for one that is unset or empty, `${NAME-default}` for one that is unset, `${NAME:?error}`, `${NAME?error}`,
 * `${NAME:+other}`, `${NAME+other}`, and `$$` for a dollar. Linear in the length of the text.
 *
 * @param unset what stands for a variable that nothing here says, and that has no default; without it, the text counts as `unset`.
 */
export function interpolate(
  written: string,
  variable: (name: string) => Variable | undefined,
  unset?: (name: string) => string,
): Interpolated {
  return new Interpolation(written, variable, unset).all();
}

class Unset extends Error {
  constructor(readonly variable: string) {
    super();
  }
}
class Invalid extends Error {}

interface Piece {
  readonly text: string;
  readonly origins: readonly (number | undefined)[];
}

class Interpolation {
  private readonly used = new Map<string, string>();
  private at = 0;

  constructor(
    private readonly written: string,
    private readonly variable: (name: string) => Variable | undefined,
    private readonly unset: ((name: string) => string) | undefined,
  ) {}

  all(): Interpolated {
    try {
      return { kind: "text", ...this.piece(0, true), used: this.used };
    } catch (error) {
      if (error instanceof Unset) return { kind: "unset", name: error.variable };
      if (error instanceof Invalid) return { kind: "invalid" };
      throw error;
    }
  }

  /** Up to the end, or within braces up to the one that closes them. `isWanted` says whether anybody will read it. */
  private piece(depth: number, isWanted: boolean): Piece {
    if (depth > maxDepth) throw new Invalid();
    const parts: string[] = [];
    const origins: (number | undefined)[] = [];
    const add = (text: string, from: (index: number) => number | undefined): void => {
      if (!isWanted) return;
      parts.push(text);
      for (let index = 0; index < text.length; index++) origins.push(from(index));
    };
    while (this.at < this.written.length) {
      const start = this.at;
      const character = this.written.charAt(start);
      if (character === "}" && depth > 0) break;
      if (character !== "$") {
        add(character, () => start);
        this.at++;
      } else if (this.written[start + 1] === "$") {
        add("$", () => start + 1);
        this.at += 2;
      } else {
        const { text, origins: inner } = this.filledIn(depth, isWanted);
        add(text, (index) => inner[index]);
      }
    }
    return { text: parts.join(""), origins };
  }

  private filledIn(depth: number, isWanted: boolean): Piece {
    const name = /\$(\{?)([A-Za-z_]\w*)/y;
    name.lastIndex = this.at;
    const [whole = "", brace, variable] = name.exec(this.written) ?? [];
    if (variable === undefined) throw new Invalid();
    this.at += whole.length;
    const known = this.variable(variable);
    if (brace === "") return this.value(variable, known, isWanted);

    const operator = /:?[-?+]/y;
    operator.lastIndex = this.at;
    const [op = ""] = operator.exec(this.written) ?? [];
    this.at += op.length;
    const isSet = known !== undefined && (!op.startsWith(":") || known.value !== "");
    const isAlternative = op.endsWith("+");
    const takesOther = isWanted && (isAlternative ? isSet : op.endsWith("-") && !isSet);
    if (op === "" && this.written[this.at] !== "}") throw new Invalid();
    const other = this.piece(depth + 1, takesOther);
    if (this.written[this.at++] !== "}") throw new Invalid();
    if (isAlternative && isSet && isWanted) this.used.set(variable, known.from);
    if (takesOther || isAlternative) return other;
    return this.value(variable, isSet ? known : undefined, isWanted);
  }

  private value(name: string, known: Variable | undefined, isWanted: boolean): Piece {
    if (!isWanted) return { text: "", origins: [] };
    const text = known?.value ?? this.unset?.(name);
    if (text === undefined) throw new Unset(name);
    if (known !== undefined) this.used.set(name, known.from);
    return { text, origins: new Array<undefined>(text.length).fill(undefined) };
  }
}
