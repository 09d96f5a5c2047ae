import { RegistryError } from "./errors";
import type { TransportAnswer } from "./transport";

/** What comes of plain http at a port that speaks TLS, from those that answer nothing at all. */
const cut: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
/** What comes of TLS at a port that does not speak it. */
const plain: ReadonlySet<string> = new Set([
  "EPROTO",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
]);

/** Whether an answer over plain http is one of a port that speaks TLS: Go and nginx say 400, others cut the connection. */
export function mayWantTls(outcome: TransportAnswer | RegistryError): boolean {
  if (!(outcome instanceof RegistryError)) return outcome.status === 400;
  return outcome.code === "bad-response" || (outcome.code === "unreachable" && cut.has(causeOf(outcome)));
}

/** Whether an error over TLS shows that TLS is spoken there: its certificate is not trusted, or it wants one of ours. */
export function speaksTls(error: RegistryError): boolean {
  return error.code === "tls" && !plain.has(causeOf(error));
}

function causeOf({ cause }: RegistryError): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
