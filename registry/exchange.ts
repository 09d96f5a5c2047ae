import * as v from "valibot";
import { Interrupted, orAborted, type Deadline } from "./deadline";
import { RegistryError, type RegistryErrorCode, type RegistryErrorDetails } from "./errors";
import { Limiter } from "./limiter";
import { backoff, isPassingStatus, maxRetries, parseRetryAfter } from "./retry";
import type { Secrets } from "./secrets";
import { cleanText, formatSeconds } from "./text";
import { TransportFault } from "./fault";
import type { Transport, TransportAnswer, TransportRequest } from "./transport";

/** For whom a request is made; errors speak of it. */
export interface Subject {
  readonly registry: string;
  readonly repository: string;
}

/** The limiter of one origin, when that origin last answered, and when it was last spared (performance.now). */
interface Lane {
  readonly limiter: Limiter;
  answeredAt: number;
  sparedAt: number;
}

/** Sends requests on behalf of one registry: so many at once, again after a passing trouble, all within a deadline. */
export class Exchange {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    private readonly transport: Transport,
    private readonly concurrency: number,
    private readonly secrets: Secrets,
  ) {}

  /**
   * The answer, whatever its status, except that 408, 429 and 5xx (but for 501) that do not pass are errors.
   *
   * @throws RegistryError
   */
  async send(request: TransportRequest, subject: Subject, deadline: Deadline): Promise<TransportAnswer> {
    const lane = this.#laneOf(request.url.origin);
    for (let attempt = 0; ; attempt++) {
      const result = await this.#once(request, subject, deadline, lane);
      if (result.kind === "answer") return result.answer;
      const { error, retryAfter } = result;
      const wait = retryAfter ?? backoff(attempt);
      if (!result.passing || attempt >= maxRetries || wait >= deadline.remaining()) {
        // Those who wait to ask the same host would meet the same fate, one after the other.
        if (isHostWide(error.code) && lane.answeredAt < result.sentAt) lane.limiter.refuseWaiting(error);
        throw error;
      }
      await pause(wait, deadline, request, subject);
    }
  }

  /** Opens connections ahead for so many requests, as far as they may be under way at once; one is open already. */
  prepare(request: TransportRequest, requests: number): void {
    const { slots } = this.#laneOf(request.url.origin).limiter;
    this.transport.prepare?.(request, Math.min(requests, slots - 1));
  }

  async #once(request: TransportRequest, subject: Subject, deadline: Deadline, lane: Lane): Promise<Result> {
    const release = await this.#enter(request, subject, deadline, lane);
    deadline.start();
    const sentAt = performance.now();
    this.secrets.remember(request);
    try {
      const answer = await this.transport.send(request, deadline.signal);
      if (answer.status === 429) spare(lane, sentAt);
      if (isPassingStatus(answer.status)) return { ...refusal(request, subject, answer), sentAt };
      lane.answeredAt = performance.now();
      lane.limiter.succeed();
      return { kind: "answer", answer };
    } catch (error) {
      if (deadline.signal.aborted) {
        return { kind: "fault", passing: false, sentAt, error: interrupted(request, subject, deadline) };
      }
      if (!(error instanceof TransportFault)) throw error;
      const details = { code: error.code, outcome: error.message, cause: error.cause };
      return {
        kind: "fault",
        passing: error.passing,
        sentAt,
        error: new RegistryError({ ...subject, ...details, request: describeRequest(request) }),
      };
    } finally {
      release();
    }
  }

  async #enter(
    request: TransportRequest,
    subject: Subject,
    deadline: Deadline,
    lane: Lane,
  ): Promise<() => void> {
    try {
      return await lane.limiter.acquire(deadline.signal);
    } catch (error) {
      if (error instanceof Interrupted) throw interrupted(request, subject, deadline);
      throw error instanceof RegistryError ? unsent(request, subject, error) : error;
    }
  }

  #laneOf(origin: string): Lane {
    const lane = this.#lanes.get(origin) ?? {
      limiter: new Limiter(this.concurrency),
      answeredAt: -1,
      sparedAt: -1,
    };
    this.#lanes.set(origin, lane);
    return lane;
  }
}

/** Backs off after a 429: once for all requests that were under way together, since they tell of the same burst. */
function spare(lane: Lane, sentAt: number): void {
  if (sentAt <= lane.sparedAt) return;
  lane.limiter.halve();
  lane.sparedAt = performance.now();
}

type Result =
  | { readonly kind: "answer"; readonly answer: TransportAnswer }
  | {
      readonly kind: "fault";
      readonly error: RegistryError;
      readonly passing: boolean;
      readonly sentAt: number;
      /** Milliseconds. */
      readonly retryAfter?: number;
    };

/** Whether an error says something about the host rather than about one repository. */
export function isHostWide(code: RegistryErrorCode): boolean {
  return code === "unreachable" || code === "timeout" || code === "tls" || code === "rate-limited";
}

/** `HEAD /v2/acme/api/manifests/2.3 on ghcr.io`. Leaves out the query: it is long, and says nothing to the reader. */
export function describeRequest({ method, url }: Pick<TransportRequest, "method" | "url">): string {
  return `${method} ${cleanText(url.pathname, 400)} on ${url.host}`;
}

/** The error of a request that was not sent, because another one showed that there is no use. */
export function unsent(
  request: Pick<TransportRequest, "method" | "url">,
  subject: Subject,
  other: RegistryError,
): RegistryError {
  return new RegistryError({
    ...subject,
    code: other.code,
    request: describeRequest(request),
    outcome: `was not sent, because ${other.message}`,
    status: other.status,
    registryCode: other.registryCode,
    lookedIn: other.lookedIn,
    retryAfter: other.retryAfter,
    fix: other.fix,
    cause: other,
  });
}

/** The error of a request whose time was up, or whose caller has gone. */
export function interrupted(
  request: Pick<TransportRequest, "method" | "url">,
  subject: Subject,
  deadline: Deadline,
): RegistryError {
  return new RegistryError({
    ...subject,
    request: describeRequest(request),
    ...(deadline.expired
      ? { code: "timeout", outcome: `was not answered within ${formatSeconds(deadline.milliseconds)}` }
      : { code: "aborted", outcome: "was called off" }),
  });
}

const errorsSchema = v.object({ errors: v.array(v.object({ code: v.string() })) });

/** The first error code in a registry's answer (distribution-spec, "Error Codes"); undefined when it names none. */
export function registryCodeOf(answer: TransportAnswer): string | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), errorsSchema), answer.body.toString("utf8"));
  const code = parsed.success ? parsed.output.errors[0]?.code : undefined;
  return code !== undefined && /^[A-Za-z_]{1,40}$/.test(code) ? code.toUpperCase() : undefined;
}

/** `answered 404 MANIFEST_UNKNOWN`; the status's own name where the registry gave no code (a HEAD has no body). */
export function describeStatus(answer: TransportAnswer): string {
  const name = registryCodeOf(answer) ?? statusNames.get(answer.status);
  return `answered ${answer.status}${name === undefined ? "" : ` ${name}`}`;
}

const statusNames: ReadonlyMap<number, string> = new Map([
  [400, "BAD REQUEST"],
  [401, "UNAUTHORIZED"],
  [403, "DENIED"],
  [404, "NOT FOUND"],
  [405, "METHOD NOT ALLOWED"],
  [408, "REQUEST TIMEOUT"],
  [429, "TOO MANY REQUESTS"],
  [500, "INTERNAL SERVER ERROR"],
  [502, "BAD GATEWAY"],
  [503, "SERVICE UNAVAILABLE"],
  [504, "GATEWAY TIMEOUT"],
]);

function refusal(
  request: TransportRequest,
  subject: Subject,
  answer: TransportAnswer,
): Omit<Extract<Result, { kind: "fault" }>, "sentAt"> {
  const retryAfter = parseRetryAfter(answer.header("retry-after"), Date.now());
  const seconds = retryAfter === undefined ? undefined : Math.ceil(retryAfter / 1000);
  const details: RegistryErrorDetails = {
    ...subject,
    code: answer.status === 429 ? "rate-limited" : answer.status === 408 ? "timeout" : "server-error",
    request: describeRequest(request),
    outcome: `${describeStatus(answer)}${seconds === undefined ? "" : ` (retry after ${seconds} s)`}`,
    status: answer.status,
    registryCode: registryCodeOf(answer),
    retryAfter: seconds,
  };
  return {
    kind: "fault",
    passing: true,
    error: new RegistryError(details),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

async function pause(
  milliseconds: number,
  deadline: Deadline,
  request: TransportRequest,
  subject: Subject,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const rest = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await orAborted(rest, deadline.signal);
  } catch {
    throw interrupted(request, subject, deadline);
  } finally {
    clearTimeout(timer);
  }
}
