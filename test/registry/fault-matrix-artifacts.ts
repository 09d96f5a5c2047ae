import { gzipSync } from "node:zlib";
import type { FaultKind } from "../support/registry";
import { artifactQuestions, type Question } from "./fault-matrix-question";
import { basicAuth, impatient, patienceBound, planted, soon, type Row } from "./fault-matrix-row";
import { marker, payload, type Site } from "./fault-matrix-site";

const html = "<!doctype html><title>Sign in</title><h1>Sign in</h1>";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";

interface Trouble {
  readonly what: string;
  readonly fault: FaultKind | ((site: Site, question: Question) => FaultKind);
  /** How many requests it befalls. Default: all. */
  readonly times?: number;
  /** One end for all questions, or one for each: referrers, artifact, blob. */
  readonly ends: Row["ends"] | readonly [Row["ends"], Row["ends"], Row["ends"]];
  readonly row?: Partial<Row>;
}

function typed(type: string, body: string | Buffer = "{}"): FaultKind {
  return { kind: "answer", status: 200, headers: { "content-type": type }, body };
}

/** The same, to one who has shown credentials alone. */
function echoed(type: string, body: string): FaultKind {
  return { kind: "echo", answer: () => ({ status: 200, headers: { "content-type": type }, body }) };
}

function said(status: number, code: string): FaultKind {
  return { kind: "echo", answer: () => ({ status, body: JSON.stringify({ errors: [{ code }] }) }) };
}

const patient: Partial<Row> = { options: impatient, bound: patienceBound };
const stranger: Partial<Row> = { host: "registry.example" };

/** What befalls every question about signatures; echoes do once credentials were shown. */
const troubles: readonly Trouble[] = [
  { what: "nothing", fault: { kind: "delay", milliseconds: 0 }, ends: "digest" },
  { what: "403", fault: { kind: "answer", status: 403 }, ends: "denied" },
  { what: "410", fault: { kind: "answer", status: 410 }, ends: "bad-response" },
  { what: "500, then well", fault: { kind: "answer", status: 500 }, times: 1, ends: "digest" },
  { what: "500, again and again", fault: { kind: "answer", status: 500 }, ends: "server-error" },
  {
    what: "429, Retry-After an hour",
    fault: { kind: "answer", status: 429, headers: { "retry-after": "3600" } },
    ends: "rate-limited",
    row: { says: /retry after 3600 s/ },
  },
  { what: "no answer", fault: { kind: "hang" }, ends: "timeout", row: patient },
  { what: "half an answer", fault: { kind: "stall" }, ends: "timeout", row: patient },
  { what: "a cut connection", fault: { kind: "reset" }, ends: "unreachable" },
  { what: "9 MiB", fault: { kind: "huge", bytes: 9 * 1024 * 1024 }, ends: "too-large" },
  {
    // In HTML it says that there is no such question here: see test/registry/artifacts.test.ts.
    what: "a web page in XHTML",
    fault: typed("application/xhtml+xml", html),
    ends: ["bad-response", "unsupported-media-type", "too-large"],
  },
  {
    what: "an empty body",
    fault: typed(ociIndex, ""),
    ends: ["bad-response", "bad-response", "digest-mismatch"],
  },
  {
    what: "a million brackets",
    fault: typed(ociIndex, "[".repeat(1e6)),
    ends: ["bad-response", "bad-response", "too-large"],
  },
  {
    what: "a gzip body",
    fault: {
      kind: "answer",
      status: 200,
      headers: { "content-type": ociIndex, "content-encoding": "gzip" },
      body: gzipSync(""),
    },
    ends: ["bad-response", "bad-response", "too-large"],
  },
  {
    what: "a redirect to another port of this machine",
    fault: ({ other, digest }, { path }) => {
      const target = { "/referrers/": `referrers/${digest}`, "/manifests/": "manifests/1.sig" }[path];
      const location = `http://localhost:${other.port}/v2/api/${target ?? `blobs/${payload.digest}`}`;
      return { kind: "answer", status: 307, headers: { location } };
    },
    ends: "digest",
  },
  {
    what: "a redirect to a private address",
    fault: { kind: "answer", status: 307, headers: { location: "https://169.254.169.254/latest/meta-data" } },
    ends: "forbidden-address",
    row: stranger,
  },
  {
    what: "the password as error code",
    fault: said(403, marker),
    ends: "denied",
    row: { says: /403 \*\*\*/ },
  },
  {
    what: "the password as media type",
    fault: echoed(`text/${marker}`, ""),
    ends: ["bad-response", "unsupported-media-type", "digest-mismatch"],
  },
];

/** Troubles of one question alone. */
const own: readonly Row[] = [
  {
    name: "referrers: a next page elsewhere, with the password in its path",
    question: artifactQuestions.referrers,
    auth: basicAuth,
    faults: [
      {
        kind: "headers",
        headers: { link: `<https://169.254.169.254/${marker}>; rel="next"` },
        path: "/referrers/",
      },
    ],
    ends: "bad-response",
    bound: soon,
    says: /next page that is not on this list's own path: https:\/\/169\.254\.169\.254\/\*\*\*/,
  },
  {
    name: "referrers: the password as a digest",
    question: artifactQuestions.referrers,
    auth: basicAuth,
    faults: [
      {
        ...echoed(
          ociIndex,
          JSON.stringify({ schemaVersion: 2, manifests: [{ digest: marker, mediaType: marker }] }),
        ),
        path: "/referrers/",
      },
    ],
    ends: "bad-response",
    bound: soon,
    says: /at manifests\.0/,
  },
  {
    name: "artifact: the password as the name of an annotation that is no text",
    question: artifactQuestions.artifact,
    auth: basicAuth,
    faults: [
      {
        ...echoed(
          ociManifest,
          JSON.stringify({
            schemaVersion: 2,
            config: { digest: "" },
            layers: [],
            annotations: { [marker]: 1 },
          }),
        ),
        path: "/manifests/",
      },
    ],
    ends: "bad-response",
    bound: soon,
    says: /at annotations\.\*\*\*/,
  },
];

/** What lies beside an image, asked for by the rules that hold for the image. */
export const artifactRows: readonly Row[] = [
  ...Object.entries(artifactQuestions).flatMap(([name, question], index) =>
    troubles.map(({ what, fault, times, ends, row }): Row => {
      const faultOf = (site: Site) => ({
        ...(typeof fault === "function" ? fault(site, question) : fault),
        path: question.path,
        ...(times === undefined ? {} : { times }),
      });
      return {
        name: `${name}: ${what}`,
        question,
        auth: basicAuth,
        options: planted,
        bound: soon,
        more: (site) => [faultOf(site)],
        ends: typeof ends === "string" ? ends : (ends[index] ?? "digest"),
        ...row,
      };
    }),
  ),
  ...own,
];
