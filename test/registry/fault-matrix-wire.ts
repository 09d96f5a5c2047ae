import type { Socket } from "node:net";
import { basicAuth, impatient, patienceBound, soon, tokenAuth, type Row } from "./fault-matrix-row";
import { marker, type Wire } from "./fault-matrix-site";

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.oci.image.manifest.v1+json\r\n";
const dripMs = 50;

/** HEAD leads to GET, and GET to what the case is about. */
function onGet(answer: (socket: Socket, attempt: number) => void): Wire {
  return (socket, method, attempt) => {
    if (method === "HEAD") socket.write("HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n");
    else answer(socket, attempt);
  };
}

/** Writes a piece again and again for as long as anybody listens. */
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), dripMs);
  socket.on("close", () => {
    clearInterval(timer);
  });
}

/** Writes as fast as it is read, without an end. */
function pour(socket: Socket, piece: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

function cut(socket: Socket): void {
  socket.write(`${head}content-length: 500\r\n\r\n{"schemaVersion":2,`, () => {
    setTimeout(() => socket.resetAndDestroy(), 20);
  });
}

const whole = `${head}content-length: 2\r\n\r\n{}`;

/** What goes wrong beneath HTTP, and what never ends. */
export const wireRows: readonly Row[] = [
  { name: "connection cut, once", faults: [{ kind: "reset", times: 1 }], ends: "digest", bound: soon },
  {
    name: "connection cut, always",
    faults: [{ kind: "reset" }],
    ends: "unreachable",
    bound: soon,
    requests: 3,
  },
  {
    name: "connection refused",
    reference: () => "localhost:1/api:1",
    ends: "unreachable",
    bound: soon,
    requests: 0,
  },
  {
    name: "host that does not exist",
    reference: () => "nowhere.example/api:1",
    ends: "unreachable",
    bound: soon,
    requests: 0,
    says: /no host of that name/,
  },
  {
    name: "port that cannot be",
    reference: () => "nowhere.example:99999/api:1",
    ends: "unreachable",
    bound: soon,
  },
  { name: "reset in the middle of the body", wire: onGet(cut), ends: "unreachable", bound: soon },
  {
    name: "reset in the middle of the body, once, then a 404",
    wire: onGet((socket, attempt) => {
      if (attempt < 3) cut(socket);
      else socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    }),
    ends: "not-found",
    bound: soon,
  },
  {
    name: "end in the middle of the body",
    wire: onGet((socket) => socket.end(`${head}content-length: 500\r\n\r\n{`)),
    ends: "unreachable",
    bound: soon,
  },
  {
    name: "slow headers (none at all)",
    faults: [{ kind: "hang" }],
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "slow headers (one at a time)",
    wire: (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      drip(socket, "x: y\r\n");
    },
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "slow headers, and then well",
    faults: [{ kind: "delay", milliseconds: 300 }],
    ends: "digest",
    bound: 3 * 300 + soon,
  },
  {
    name: "slow body (a byte at a time)",
    wire: onGet((socket) => {
      socket.write(`${head}content-length: 5000\r\n\r\n`);
      drip(socket, " ");
    }),
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "body that stops half-way",
    faults: [
      { kind: "answer", status: 405, method: "HEAD" },
      { kind: "stall", method: "GET", path: "/manifests/" },
    ],
    auth: basicAuth,
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "slow body of a refusal",
    wire: onGet((socket) => {
      socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 5000\r\n\r\n");
      drip(socket, " ");
    }),
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "slow body of a token",
    faults: [{ kind: "stall", path: "/token" }],
    auth: tokenAuth(),
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "endless body",
    wire: onGet((socket) => {
      socket.write(`${head}\r\n`);
      pour(socket, " ".repeat(65536));
    }),
    ends: "too-large",
    bound: soon,
  },
  {
    name: "endless body, chunked",
    wire: onGet((socket) => {
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
      pour(socket, `10000\r\n${" ".repeat(65536)}\r\n`);
    }),
    ends: "too-large",
    bound: soon,
  },
  {
    name: "endless body of a refusal",
    wire: onGet((socket) => {
      socket.write("HTTP/1.1 404 Not Found\r\n\r\n");
      pour(socket, " ".repeat(65536));
    }),
    ends: "not-found",
    bound: soon,
  },
  {
    name: "body declared as 9 GiB",
    wire: onGet((socket) => socket.write(`${head}content-length: 9663676416\r\n\r\n{`)),
    ends: "too-large",
    bound: soon,
  },
  {
    name: "endless headers",
    wire: (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      pour(socket, `x: ${"y".repeat(4096)}\r\n`);
    },
    ends: "too-large",
    bound: soon,
  },
  {
    name: "endless provisional answers (103)",
    wire: (socket) => {
      drip(socket, "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
    },
    options: impatient,
    ends: "timeout",
    bound: patienceBound,
  },
  {
    name: "answer that is not HTTP",
    wire: (socket) => socket.end("SSH-2.0-OpenSSH\r\n"),
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "answer that is not HTTP, and echoes the secret",
    wire: (socket) =>
      socket.end(`${marker} authorization: Basic ${Buffer.from(marker).toString("base64")}\r\n`),
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "status line that echoes the secret",
    wire: (socket) => socket.write(`HTTP/1.1 403 ${marker}\r\ncontent-length: 0\r\n\r\n`),
    ends: "denied",
    bound: soon,
  },
  {
    name: "two lengths",
    wire: onGet((socket) => socket.write(`${head}content-length: 3\r\ncontent-length: 2\r\n\r\n{}`)),
    ends: "bad-response",
    bound: soon,
  },
  {
    name: "answer that nobody asked for behind the answer",
    wire: onGet((socket) => socket.write(`${whole}${whole}`)),
    ends: "bad-response",
    bound: soon,
  },
];
