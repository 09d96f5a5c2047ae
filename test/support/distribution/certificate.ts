import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { run } from "../../../tools/run";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate that signs itself. Node.js can read X.509 but not write it, so this is openssl's work. */
export async function makeCertificate(
  folder: string,
  hosts: readonly string[] = ["localhost"],
): Promise<Certificate> {
  const made = { certificate: join(folder, "localhost.crt"), key: join(folder, "localhost.key") };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = [
    "-subj",
    "/CN=localhost",
    "-addext",
    `subjectAltName=${hosts.map((host) => `DNS:${host},`).join("")}IP:127.0.0.1`,
  ];
  const { code, stderr } = await run(
    "openssl",
    ["req", "-x509", ...curve, ...names, "-days", "2", "-keyout", made.key, "-out", made.certificate],
    { timeoutMs: 20_000 },
  );
  if (code !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return made;
}

/** What a server shows, in PEM. */
export async function readCertificate({
  certificate,
  key,
}: Certificate): Promise<{ cert: string; key: string }> {
  return { cert: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
}
