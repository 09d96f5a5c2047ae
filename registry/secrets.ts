import { cleanText } from "./text";
import type { TransportRequest } from "./transport";

/** So much of a secret's beginning counts as the secret: what is quoted may have been cut. */
const telling = 8;
/** What is shorter hides nothing, and stands in every text. */
const tooShort = 4;
/** So many are remembered at most; the oldest go first. A token has expired long before so many others were sent. */
const maxRemembered = 4096;
const blot = "***";

/**
 * What a client has sent to prove who it is. Whoever was sent a secret can say it again (as an error code, a media type, an
 * annotation, the name of another host): every text that somebody outside had a hand in is redacted before it leaves the client.
 */
export class Secrets {
  readonly #sent = new Set<string>();
  /** All forms of all secrets by their beginnings; those of what was sent lately are made when they are needed. */
  readonly #forms = new Map<string, Set<string>>();
  #lately: string[] = [];

  /** @param always Secrets that are sent by others (to proxies, by undici), and never forgotten. */
  constructor(private readonly always: readonly string[] = []) {
    this.#add(always);
  }

  /** Remembers the secrets of a request that is about to be sent. */
  remember({ headers, body }: Pick<TransportRequest, "headers" | "body">): void {
    const credentials = headers["authorization"] ?? body;
    if (credentials === undefined || this.#sent.has(credentials)) return;
    this.#sent.add(credentials);
    this.#lately.push(credentials);
    if (this.#sent.size > maxRemembered) this.#forgetOldest();
  }

  /** The text with everything blotted out that begins like a secret, to the end of the word that it stands in. */
  redact(text: string): string {
    this.#learn();
    let redacted = text;
    let lower = lowerCase(redacted);
    for (const [beginning, forms] of this.#forms) {
      if (!lower.includes(beginning)) continue;
      redacted = blotted(redacted, lower, beginning, forms);
      lower = lowerCase(redacted);
    }
    return redacted;
  }

  #learn(): void {
    this.#add(this.#lately.splice(0).flatMap(secretsIn));
  }

  #add(secrets: readonly string[]): void {
    for (const form of secrets.flatMap(formsOf)) {
      const beginning = form.slice(0, telling);
      this.#forms.set(beginning, (this.#forms.get(beginning) ?? new Set()).add(form));
    }
  }

  /** Half of them, so that it is seldom done. */
  #forgetOldest(): void {
    this.#lately = [...this.#sent].slice(maxRemembered / 2);
    this.#sent.clear();
    this.#forms.clear();
    this.#add(this.always);
    for (const credentials of this.#lately) this.#sent.add(credentials);
  }
}

/** The secrets in an Authorization header, or in the form that asks for a token. */
function secretsIn(sent: string): readonly string[] {
  const [, scheme = "", value = ""] = /^(Basic|Bearer) (.*)$/s.exec(sent) ?? [];
  if (scheme === "Bearer") return [value];
  if (scheme === "Basic") {
    const pair = Buffer.from(value, "base64").toString("utf8");
    return [value, pair.slice(pair.indexOf(":") + 1)];
  }
  const token = new URLSearchParams(sent).get("refresh_token");
  return token === null ? [] : [token];
}

/** The ways in which it may come back: as it is, with its white space cleaned, in a URL, in base64. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < tooShort) return [];
  const forms = [
    secret,
    cleanText(secret, secret.length),
    encodeURIComponent(Buffer.from(secret).toString("utf8")),
    Buffer.from(secret).toString("base64"),
  ];
  return [...new Set(forms.map(lowerCase))];
}

/** Registries' texts come in either case. Letters outside ASCII stay: some would change the text's length. */
function lowerCase(text: string): string {
  return /[^\x20-\x7e]/.test(text)
    ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    : text.toLowerCase();
}

/** One pass, however often it stands there: a text may be as long as a manifest, and say nothing else. */
function blotted(text: string, lower: string, beginning: string, forms: ReadonlySet<string>): string {
  const pieces: string[] = [];
  const restOfWord = /[^\s"'<>,;)]*/y;
  let from = 0;
  for (let at = lower.indexOf(beginning); at !== -1; at = lower.indexOf(beginning, from)) {
    pieces.push(text.slice(from, at), blot);
    restOfWord.lastIndex = at + Math.max(...Array.from(forms, (form) => commonLength(form, lower, at)));
    restOfWord.test(text);
    from = restOfWord.lastIndex;
  }
  return [...pieces, text.slice(from)].join("");
}

function commonLength(form: string, text: string, at: number): number {
  let length = 0;
  while (length < form.length && form[length] === text[at + length]) length++;
  return length;
}
