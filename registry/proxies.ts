type Environment = Readonly<Record<string, string | undefined>>;

/** The proxies that an environment names; each is empty where it names none. */
export interface Proxies {
  readonly http: string;
  readonly https: string;
  /** The hosts that are asked straight. */
  readonly none: string;
}

/** Small letters win, as for curl. */
export function proxiesIn(environment: Environment): Proxies {
  return {
    http: environment["http_proxy"] ?? environment["HTTP_PROXY"] ?? "",
    https: environment["https_proxy"] ?? environment["HTTPS_PROXY"] ?? "",
    none: environment["no_proxy"] ?? environment["NO_PROXY"] ?? "",
  };
}

/**
 * The proxy for a URL, `NO_PROXY` apart; empty where there is none. What is for http is not for https, as for curl
 * (https://everything.curl.dev/usingcurl/proxies/env.html) and Go (https://pkg.go.dev/net/http#ProxyFromEnvironment).
 */
export function proxyFor(url: URL, proxies: Proxies): string {
  return url.protocol === "https:" ? proxies.https : proxies.http;
}

/** Shorter than any token, and longer than most names. */
const leastToken = 16;

/** What a proxy is told to prove who asks, in the forms in which it may say it again: the password, as written and meant, and the pair. */
export function proxySecrets(environment: Environment): readonly string[] {
  const { http, https } = proxiesIn(environment);
  return [http, https].flatMap((proxy) => {
    if (!URL.canParse(proxy)) return [];
    const { username, password } = new URL(proxy);
    const pair = `${decoded(username)}:${decoded(password)}`;
    // A token may stand where the name would. A name that is blotted out would take every other text with it that begins like it.
    const written = password === "" && username.length >= leastToken ? username : password;
    return written === "" ? [] : [written, decoded(written), Buffer.from(pair).toString("base64")];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
