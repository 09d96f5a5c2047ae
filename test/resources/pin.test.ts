import assert from "node:assert/strict";
import * as policy from "@pulumi/policy";
import { parseDigest } from "../../images";
import { findImages, pinImagesIn, placement } from "../../resources";

const digest = parseDigest(`sha256:${"0".repeat(64)}`);
const pod = "kubernetes:core/v1:Pod";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("pinImagesIn", () => {
  it("keeps secrets in the boxes of the policy SDK, and leaves unknown values alone", () => {
    const env = new policy.Secret([{ name: "PASSWORD", value: "hunter2" }]);
    const properties = {
      spec: new policy.Secret({
        containers: [
          { name: "a", image: new policy.Secret("a:1"), env },
          { name: "b", image: unknown },
          new policy.Secret({ name: "c", image: "c:1" }),
        ],
      }),
    };
    const pinned = pinImagesIn(pod, properties, () => digest);
    assert.deepEqual(
      pinned.map(({ placed }) => placed),
      [
        { path: "spec.containers[0].image", value: `a:1@${digest}` },
        { path: "spec.containers[2].image", value: `c:1@${digest}` },
      ],
    );
    assert.deepEqual(properties, {
      spec: new policy.Secret({
        containers: [
          { name: "a", image: new policy.Secret(`a:1@${digest}`), env },
          { name: "b", image: unknown },
          new policy.Secret({ name: "c", image: `c:1@${digest}` }),
        ],
      }),
    });
  });

  it("puts a digest in place of a tag that would be refused beside it, in the tag's box", () => {
    const image = { registryType: "DOCKER_HUB", registry: "library", repository: "nginx" };
    const properties = { spec: { services: [{ image: { ...image, tag: new policy.Secret("1") } }] } };
    pinImagesIn("digitalocean:index/app:App", properties, () => digest);
    assert.deepEqual(properties, {
      spec: { services: [{ image: { ...image, tag: new policy.Secret(""), digest } }] },
    });
  });

  it("changes nothing, and says so, where no digest is known", () => {
    const properties = { spec: { containers: [{ image: "a:1" }] } };
    assert.deepEqual(
      pinImagesIn(pod, properties, () => undefined),
      [],
    );
    assert.deepEqual(properties, { spec: { containers: [{ image: "a:1" }] } });
  });

  it("asks for nobody's digest in vain", () => {
    const asked: string[] = [];
    const containers = [
      { image: `a:1@${digest}` },
      { image: "b:1@sha256:12" },
      { image: unknown },
      { image: "c:1", env: [{ name: "SIDE_IMAGE", value: "d:1" }] },
    ];
    pinImagesIn(pod, { spec: { containers } }, (reference) => {
      asked.push(reference.original);
      return undefined;
    });
    assert.deepEqual(asked, ["c:1"]);
  });
});

describe("placement", () => {
  it("names the field and the value that pin an image", () => {
    const properties = { values: { image: { repository: "a", tag: "1" }, side: { image: "b:1" } } };
    assert.deepEqual(
      findImages("kubernetes:helm.sh/v3:Release", properties).map((found) => placement(found, digest)),
      [
        { path: "values.image.digest", value: digest },
        { path: "values.side.image", value: `b:1@${digest}` },
      ],
    );
  });
});
