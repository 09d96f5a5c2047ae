export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly userAgent: string;
}

/** One line of the registry's access log, which is in Apache's combined format; undefined for any other line. */
export function parseAccessLogLine(line: string): LoggedRequest | undefined {
  const match = /"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3}) \S+ "[^"]*" "([^"]*)"/.exec(line);
  if (match === null) return undefined;
  const [, method = "", path = "", status = "", userAgent = ""] = match;
  return { method, path, status: Number(status), userAgent };
}
