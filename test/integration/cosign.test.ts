import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as v from "valibot";
import { parseImageReference } from "../../images";
import { createRegistryClient, type Artifact } from "../../registry";
import { createCosign, type Cosign, type CosignKeys, type SignatureForm } from "../support/cosign";
import {
  startDistribution,
  type DistributionOptions,
  type DistributionRegistry,
} from "../support/distribution";

type Client = ReturnType<typeof createRegistryClient>;

const platforms = ["linux/amd64", "linux/arm64"];
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
const signatureArtifact = "application/vnd.dev.cosign.artifact.sig.v1+json";
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
const provenance = "https://slsa.dev/provenance/v1";
const predicate = {
  buildDefinition: { buildType: "https://example.com/build", externalParameters: { ref: "refs/heads/main" } },
  runDetails: { builder: { id: "https://example.com/builder" } },
};

const sites: readonly (readonly [string, DistributionOptions])[] = [
  ["open", {}],
  ["token and TLS", { auth: { kind: "token", credentials: "required" }, tls: true }],
];

for (const [site, options] of sites) {
  describe(`what cosign writes, in CNCF Distribution (${site})`, function () {
    // The first run builds cosign.
    this.timeout(600_000);
    let registry: DistributionRegistry;
    let client: Client;
    const clients: Client[] = [];
    let folder: string;
    let cosign: Cosign;
    let key: CosignKeys;

    /** A client with the registry's own configuration folder, as a user has one. */
    function connect(): Client {
      const { certificate, host, dockerConfig } = registry;
      const environment = { DOCKER_CONFIG: dockerConfig };
      const made = createRegistryClient({
        // The token service is another host, which the registry's certificates are not for.
        environment: { ...environment, ...(certificate === undefined ? {} : { SSL_CERT_FILE: certificate }) },
        home: "/nonexistent",
        ...(certificate === undefined
          ? {}
          : { certificates: { [host]: { ca: readFileSync(certificate, "utf8") } } }),
      });
      clients.push(made);
      return made;
    }

    const image = (name: string) => parseImageReference(`${registry.host}/${name}`);

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "pinned-images-cosign-"));
      registry = await startDistribution(options);
      cosign = await createCosign(folder, registry);
      key = await cosign.generateKeyPair(join(folder, "keys"));
      client = connect();
    });
    after(async () => {
      await Promise.all(clients.map((each) => each.close()));
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    });

    async function textOf(reference: string, artifact: Artifact | undefined, layer = 0): Promise<unknown> {
      const descriptor = artifact?.layers[layer];
      assert.ok(descriptor !== undefined);
      return JSON.parse((await client.blob(image(reference), descriptor)).toString("utf8"));
    }

    /** What is behind a list's only entry. */
    async function only(repository: string, digest: string): Promise<Artifact> {
      const list = await client.referrers(image(`${repository}@${digest}`));
      assert.equal(list.length, 1);
      const artifact = await client.artifact(image(`${repository}@${list[0]?.digest ?? ""}`));
      assert.ok(artifact !== undefined);
      assert.equal(artifact.subject, digest);
      return artifact;
    }

    const payload = (repository: string, digest: string, optional: unknown) => ({
      critical: {
        identity: { "docker-reference": `${registry.host}/${repository}` },
        image: { "docker-manifest-digest": digest },
        type: "cosign container image signature",
      },
      optional,
    });

    it("is a tag with a signed payload for each signature", async () => {
      const digest = await registry.push.image("legacy", "1");
      const reference = `${registry.host}/legacy@${digest}`;
      await cosign.sign({ reference, key, bundle: "legacy", annotations: { team: "payments" } });
      await cosign.sign({ reference, key, bundle: "legacy" });
      await cosign.verify({ reference, key, bundle: "legacy", annotations: { team: "payments" } });

      const tag = `legacy:${digest.replace(":", "-")}.sig`;
      const artifact = await client.artifact(image(tag));
      assert.ok(artifact !== undefined);
      assert.equal(artifact.mediaType, ociManifest);
      assert.equal(artifact.artifactType, "application/vnd.oci.image.config.v1+json");
      assert.equal(artifact.subject, undefined);
      for (const layer of artifact.layers) {
        assert.equal(layer.mediaType, simpleSigning);
        assert.deepEqual(Object.keys(layer.annotations), ["dev.cosignproject.cosign/signature"]);
        assert.match(layer.annotations["dev.cosignproject.cosign/signature"] ?? "", /^MEQC|^MEUC|^MEYC/);
      }
      assert.deepEqual(await textOf(tag, artifact, 0), payload("legacy", digest, { team: "payments" }));
      assert.deepEqual(await textOf(tag, artifact, 1), payload("legacy", digest, null));
      assert.deepEqual(await client.referrers(image(`legacy@${digest}`)), []);
    });

    it("is a tag with an envelope for each attestation", async () => {
      const digest = await registry.push.image("attested", "1");
      const about = { reference: `${registry.host}/attested@${digest}`, key, bundle: "legacy" as const };
      await cosign.attest({ ...about, type: "slsaprovenance1", predicate });
      await cosign.verifyAttestation({ ...about, type: "slsaprovenance1" });

      const tag = `attested:${digest.replace(":", "-")}.att`;
      const artifact = await client.artifact(image(tag));
      const [layer] = artifact?.layers ?? [];
      assert.equal(layer?.mediaType, "application/vnd.dsse.envelope.v1+json");
      assert.deepEqual(layer.annotations, {
        "dev.cosignproject.cosign/signature": "",
        predicateType: provenance,
      });
      assert.deepEqual(statementIn(await textOf(tag, artifact)), {
        _type: "https://in-toto.io/Statement/v0.1",
        predicateType: provenance,
        subject: [{ name: `${registry.host}/attested`, digest: { sha256: digest.slice("sha256:".length) } }],
        predicate: { ...predicate, runDetails: { ...predicate.runDetails, metadata: {} } },
      });
    });

    it("is a referrer of a type of its own in the older form", async () => {
      const digest = await registry.push.image("referrer", "1");
      const about = {
        reference: `${registry.host}/referrer@${digest}`,
        key,
        bundle: "legacy-referrer" as const,
      };
      await cosign.sign(about);
      await cosign.verify(about);

      const artifact = await only("referrer", digest);
      assert.equal(artifact.artifactType, signatureArtifact);
      assert.equal(artifact.layers[0]?.mediaType, simpleSigning);
      assert.deepEqual(await textOf("referrer:1", artifact), payload("referrer", digest, null));
      assert.equal(await client.artifact(image(`referrer:${digest.replace(":", "-")}.sig`)), undefined);
    });

    it("is a referrer with a bundle, for a signature and for an attestation", async () => {
      const digest = await registry.push.image("bundle", "1");
      const about = { reference: `${registry.host}/bundle@${digest}`, key, bundle: "bundle" as const };
      await cosign.sign({ ...about, annotations: { team: "payments" } });
      await cosign.verify(about);

      const artifact = await only("bundle", digest);
      assert.equal(artifact.artifactType, bundleType);
      assert.equal(artifact.annotations["dev.sigstore.bundle.content"], "dsse-envelope");
      const signType = "https://sigstore.dev/cosign/sign/v1";
      assert.equal(artifact.annotations["dev.sigstore.bundle.predicateType"], signType);
      assert.equal(artifact.layers.length, 1);
      assert.equal(artifact.layers[0]?.mediaType, bundleType);
      assert.deepEqual(statementIn(await textOf("bundle:1", artifact)), {
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ digest: { sha256: digest.slice("sha256:".length) } }],
        predicateType: signType,
      });

      await cosign.attest({ ...about, type: "slsaprovenance1", predicate });
      await cosign.verifyAttestation({ ...about, type: "slsaprovenance1" });
      // A list is kept for a client's life once something was in it.
      const list = await connect().referrers(image(`bundle@${digest}`));
      const artifacts = await Promise.all(
        list.map((entry) => client.artifact(image(`bundle@${entry.digest}`))),
      );
      assert.deepEqual(
        artifacts.map((found) => found?.annotations["dev.sigstore.bundle.predicateType"]).sort(),
        [signType, provenance],
      );
    });

    const forms: readonly SignatureForm[] = ["legacy", "legacy-referrer", "bundle"];
    for (const bundle of forms) {
      it(`is there for every image of an index that is signed recursively (${bundle})`, async () => {
        const repository = `index-${bundle}`;
        const index = await registry.push.multiPlatform(repository, "1", platforms);
        const reference = `${registry.host}/${repository}@${index.digest}`;
        await cosign.sign({ reference, key, bundle, recursive: true });
        const children = (await client.index(image(`${repository}@${index.digest}`)))?.children ?? [];
        assert.deepEqual(
          new Set(children.map(({ digest }) => String(digest))),
          new Set(index.children.values()),
        );
        for (const digest of [index.digest, ...index.children.values()]) {
          if (bundle === "legacy") {
            const tag = `${repository}:${digest.replace(":", "-")}.sig`;
            assert.equal((await client.artifact(image(tag)))?.layers.length, 1);
          } else {
            await only(repository, digest);
          }
        }
      });
    }

    it("needs nothing of Sigstore's own services", async () => {
      const digest = await registry.push.image("alone", "1");
      const own = join(folder, "alone");
      const alone = await createCosign(own, registry);
      const about = { reference: `${registry.host}/alone@${digest}`, key, bundle: "bundle" as const };
      await alone.sign(about);
      await alone.verify(about);
      // What it fetches of their roots of trust would lie beside this.
      assert.deepEqual(await readdir(own), ["trusted-root.json"]);
    });

    it("is refused by cosign itself with another key", async () => {
      const digest = await registry.push.image("other-key", "1");
      const reference = `${registry.host}/other-key@${digest}`;
      await cosign.sign({ reference, key, bundle: "legacy" });
      const other = await cosign.generateKeyPair(join(folder, "other-keys"));
      await assert.rejects(
        cosign.verify({ reference, key: other, bundle: "legacy" }),
        /^Error: cosign verify .* failed: .*invalid signature/s,
      );
    });
  });
}

const envelopeSchema = v.object({ payload: v.string() });
const textSchema = v.union([envelopeSchema, v.object({ dsseEnvelope: envelopeSchema })]);

/** The in-toto statement in a DSSE envelope, or in a bundle around one. */
function statementIn(text: unknown): unknown {
  const parsed = v.parse(textSchema, text);
  const { payload } = "payload" in parsed ? parsed : parsed.dsseEnvelope;
  return JSON.parse(Buffer.from(payload, "base64").toString("utf8"));
}
