import { imageState } from "../images";
import { interpolate, type Interpolated, type Variable } from "./interpolation";
import { endEdits, type Finding, type Fixed } from "./located";
import type { ScalarText } from "./scalar-text";

/**
 * A reference with variables in it, as it reads once they are filled in. What stands in the text itself, a default too, is pinned
 * there; what a variable says is fixed.
 *
 * @param prefix what stands before the reference.
 */
export function interpolatedFinding(
  path: string,
  scalar: ScalarText,
  variable: (name: string) => Variable | undefined,
  prefix = "",
): Finding | undefined {
  return filledFinding(path, scalar, interpolate(scalar.value, variable), prefix);
}

/** The same, of a text whose variables are filled in already. */
export function filledFinding(
  path: string,
  scalar: ScalarText,
  result: Interpolated,
  prefix = "",
): Finding | undefined {
  const { value, offset, span } = scalar;
  const at = { path, start: offset?.(prefix.length) ?? span.start, end: offset?.(value.length) ?? span.end };
  if (result.kind !== "text") {
    return { ...at, ...(result.kind === "invalid" ? invalidVariable : unsetVariable(result.name)) };
  }
  if (!result.text.startsWith(prefix) || result.text === prefix) return undefined;
  const state = imageState(result.text.slice(prefix.length));
  const origin = (index: number): number | undefined => result.origins[prefix.length + index];
  const from =
    "reference" in state ? fixedBy(value, result, prefix.length + state.reference.name.length) : undefined;
  if (from !== undefined) return { ...at, state, fixed: from };
  if (offset === undefined && value !== result.text) return { ...at, state, fixed: escaped };
  return {
    ...at,
    state,
    edits: (digest, form) => {
      const place = (index: number): number | undefined => {
        const written = origin(index);
        return written === undefined ? undefined : offset?.(written);
      };
      if (offset !== undefined) {
        // Where the tag is spread over a variable and its default, it cannot be taken away: it stays beside the digest.
        return endEdits(state, digest, form, place) ?? endEdits(state, digest, "tag-and-digest", place) ?? [];
      }
      const [edit] = endEdits(state, digest, form, (index) => prefix.length + index) ?? [];
      return edit === undefined ? [] : [scalar.whole(value.slice(0, edit.start) + edit.text)];
    },
  };
}

type Unread = Pick<Finding, "state" | "fixed">;

function unread(problem: string, fix: string): Unread {
  return { state: { kind: "unreadable", problem }, fixed: { reason: problem, fix } };
}

export const invalidVariable = unread(
  "has a variable that is not written as one",
  `write it as "\${NAME:-default}", and a dollar as "$$"`,
);

export function unsetVariable(name: string): Unread {
  return unread(
    `takes ${name} from outside, and nothing here says its value`,
    "give it a default with a digest here, or its value in .env",
  );
}

const escaped: Fixed = {
  reason: "is written with escapes around a variable",
  fix: "write it without escapes, and run this again",
};

/** Says which variable holds the end of the reference, where the digest would have to go, or stands behind it. */
function fixedBy(
  written: string,
  { text, origins, used }: Extract<Interpolated, { kind: "text" }>,
  nameEnd: number,
): Fixed | undefined {
  const at = text.indexOf("@", nameEnd);
  const end = origins.slice(at === -1 ? -1 : at);
  const last = end.at(-1);
  if (last === undefined || end.includes(undefined)) {
    const [name = "a variable", from = "outside"] = [...used].at(-1) ?? [];
    return {
      reason: `ends in what ${name} says, which comes from ${from}`,
      fix: `put the digest behind the value of ${name} there, or write the tag and its digest here`,
    };
  }
  // Only the braces of the defaults that it stands in may follow.
  if (/^\}*$/.test(written.slice(last + 1))) return undefined;
  return {
    reason: "has a variable behind its end, which would come behind the digest",
    fix: "write the tag and its digest into the default of the variable",
  };
}
