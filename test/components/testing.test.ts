import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { pinnedImage, PinnedImage, pinnedImages } from "../../components";
import { fakeRegistry, type FakeRegistry } from "../../components/testing";
import { pinText } from "../../components/pin-text";
import { parseImageReference, type ReferenceForm } from "../../images";
import { testDigest } from "../support/fake-registry-client";

async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

describe("a program's unit test", () => {
  let registry: FakeRegistry;
  before(async () => {
    // As people's own tests set mocks: without an organization.
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name, state: inputs as Record<string, unknown> }),
      call: ({ inputs }) => inputs as Record<string, unknown>,
    });
  });
  afterEach(() => {
    registry.restore();
  });

  it("gets the digests that it names", async () => {
    registry = fakeRegistry({ "nginx:1.27": testDigest("a") });
    assert.equal(await valueOf(pinnedImage("nginx:1.27")), `nginx:1.27@${testDigest("a")}`);
    assert.deepEqual(registry.asked, ["docker.io/library/nginx:1.27"]);
  });
  it("gets the same digest for the same image each time, whatever it is", async () => {
    registry = fakeRegistry();
    const first = await valueOf(pinnedImage("ghcr.io/acme/api:2"));
    assert.match(first, /^ghcr\.io\/acme\/api:2@sha256:[0-9a-f]{64}$/);
    registry = fakeRegistry();
    assert.equal(await valueOf(pinnedImage("ghcr.io/acme/api:2")), first);
  });
  it("needs no lock, whatever the program says of one", async () => {
    registry = fakeRegistry({ "nginx:1": testDigest("a") });
    for (const options of [{ strategy: "locked" }, { lock: "nowhere.lock.json" }] as const) {
      assert.equal(await valueOf(pinnedImage("nginx:1", options)), `nginx:1@${testDigest("a")}`);
    }
  });
  it("is told of a form that is none, which no compiler has refused", async () => {
    registry = fakeRegistry();
    const options: Readonly<Record<string, unknown>> = { form: "Digest" };
    await assert.rejects(pinText("nginx:1", options["form"] as ReferenceForm, "pinnedImage"), {
      message:
        'pinnedImage: cannot resolve "nginx:1": the option form is "Digest"; it can be tag-and-digest or digest',
    });
    assert.deepEqual(registry.asked, []);
  });
  it("pins several images by name", async () => {
    registry = fakeRegistry({ "nginx:1": testDigest("a"), "redis:7": testDigest("b") });
    const images = pinnedImages({ web: "nginx:1", cache: pulumi.output("redis:7") }, { form: "digest" });
    assert.equal(await valueOf(images.web), `nginx@${testDigest("a")}`);
    assert.equal(
      await valueOf(pulumi.jsonStringify([{ image: images.cache }])),
      `[{"image":"redis@${testDigest("b")}"}]`,
    );
  });
  it("gets components whose outputs are known", async () => {
    registry = fakeRegistry({ "nginx:1": testDigest("a") });
    const image = new PinnedImage("web", { image: "nginx:1", form: "digest" });
    assert.equal(await valueOf(image.reference), `nginx@${testDigest("a")}`);
    assert.deepEqual(await valueOf(image.platforms), ["linux/amd64", "linux/arm64"]);
  });
  it("can have a tag be missing", async () => {
    registry = fakeRegistry({ "nginx:9": null });
    const nginx = parseImageReference("nginx:9");
    await assert.rejects(registry.resolve(nginx), { code: "not-found", status: 404 });
    assert.deepEqual(await registry.exists(nginx), { exists: false, platforms: [] });
  });
  it("hears of an image or a digest that is none", () => {
    assert.throws(() => fakeRegistry({ Nginx: null }), { code: "repository-uppercase" });
    assert.throws(() => fakeRegistry({ nginx: "sha256:abc" }), { code: "digest-length" });
  });
});
