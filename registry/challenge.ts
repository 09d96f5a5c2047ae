/** One way in which a server lets itself be asked with credentials (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const maxHeader = 8192;
const maxChallenges = 16;

// Sticky, and each with one way to match at every character: the parser is linear in the length of the header.
const separators = /[\s,]*/y;
const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const assignment = /[ \t]*=[ \t]*/y;
const quoted = /"((?:[^"\\]|\\[^])*)"/y;
const token68 = /[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)/y;
const blank = /[ \t]+/y;

/**
 * Reads a WWW-Authenticate header, which may hold several challenges (several header lines are joined by commas). What does
 * not fit the grammar ends the reading: the challenges before it stand.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const text = header.slice(0, maxHeader);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  };

  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  while (challenges.length <= maxChallenges) {
    take(separators);
    const name = take(token)?.[0].toLowerCase();
    if (name === undefined) break;
    // "name = value" goes on with the challenge before; a name alone starts the next one.
    if (parameters !== undefined && take(assignment) !== undefined) {
      const value = take(quoted)?.[1]?.replace(/\\([^])/g, "$1") ?? take(token)?.[0];
      if (value === undefined) break;
      if (!parameters.has(name)) parameters.set(name, value);
      continue;
    }
    parameters = new Map();
    challenges.push({ scheme: name, parameters });
    // Negotiate and its kind carry one opaque value instead of parameters.
    if (take(blank) !== undefined) take(token68);
  }
  return challenges.slice(0, maxChallenges);
}
