import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseImageReference } from "../../images";
import { createRegistryClient, RegistryError, type RegistryClientOptions } from "../../registry";
import { parseDaemonMirrors } from "../../registry/docker-daemon";
import { parseHostsToml } from "../../registry/hosts-toml";
import { MirrorConfigError } from "../../registry/mirror-config-error";
import { parseRegistriesConf, placesFrom } from "../../registry/registries-conf";
import type { Place, Places } from "../../registry/place";
import { startRegistry, type Registry } from "../support/registry";

function shorthand({ registry, repository, insecure, serves, namespace, root, certificates }: Place): string {
  const about = namespace === undefined ? "" : ` ns=${namespace}`;
  const from = root === undefined ? "" : ` root=${root}`;
  const files = certificates === undefined ? "" : ` ${JSON.stringify(certificates)}`;
  return `${insecure ? "http" : "https"} ${registry}/${repository} ${serves}${about}${from}${files}`;
}
const lines = ({ mirrors, upstream }: Places): string[] => [...mirrors, upstream].map(shorthand);

const conf = `
unqualified-search-registries = ["docker.io"]
[[registry]]
prefix = "docker.io"
location = "docker.io"
[[registry.mirror]]
location = "mirror.example.com/hub"
[[registry.mirror]]
location = "localhost:5000"
insecure = true
pull-from-mirror = "digest-only"

[[registry]]
prefix = "docker.io/acme"
location = "registry.acme.example"
mirror-by-digest-only = true
[[registry.mirror]]
location = "cache.acme.example/x"

[[registry]]
prefix = "*.example.org"
[[registry.mirror]]
location = "wild.example.com"
pull-from-mirror = "tag-only"

[[registry]]
location = "blocked.example"
blocked = true
`;

describe("registries.conf", () => {
  const cases: readonly (readonly [
    registry: string,
    repository: string,
    expected: readonly string[] | undefined,
  ])[] = [
    [
      "docker.io",
      "library/nginx",
      [
        "https mirror.example.com/hub/library/nginx all",
        "http localhost:5000/library/nginx digests",
        "https docker.io/library/nginx all",
      ],
    ],
    // The longest prefix decides, and only at a slash.
    [
      "docker.io",
      "acme/api",
      ["https cache.acme.example/x/api digests", "https registry.acme.example/api all"],
    ],
    ["docker.io", "acmeco/api", undefined],
    ["a.b.example.org", "api", ["https wild.example.com/api tags", "https a.b.example.org/api all"]],
    ["example.org", "api", undefined],
    ["ghcr.io", "acme/api", undefined],
  ];
  for (const [registry, repository, expected] of cases) {
    it(`says where ${registry}/${repository} is`, () => {
      const places = placesFrom(parseRegistriesConf(conf), registry, repository);
      // What no longer prefix covers falls to docker.io's own entry.
      if (registry === "docker.io" && expected === undefined) {
        assert.equal(places?.upstream.repository, repository);
        assert.equal(places.mirrors.length, 2);
      } else assert.deepEqual(places && lines(places), expected);
    });
  }
  it("refuses what is blocked", () => {
    assert.throws(() => placesFrom(parseRegistriesConf(conf), "blocked.example", "x"), MirrorConfigError);
  });
  const broken: readonly (readonly [text: string, message: RegExp])[] = [
    ["[[registry]]\nprefix = ", /^it is not valid TOML \(line \d+, column \d+\)$/],
    ["[[registry]]\nprefix = 7", /^registry\.0\.prefix has not the type or value/],
    ["[[registry]]\ninsecure = true", /^a registry has neither prefix nor location$/],
  ];
  for (const [text, message] of broken) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseRegistriesConf(text), { message });
    });
  }
});

describe("hosts.toml", () => {
  const cases: readonly (readonly [name: string, text: string, expected: readonly string[] | RegExp])[] = [
    [
      "capabilities",
      `server = "https://registry-1.docker.io"
[host."https://both.example"]
[host."https://pull.example"]
capabilities = ["pull"]
[host."http://resolve.example:5000"]
capabilities = ["resolve"]
[host."https://push.example"]
capabilities = ["push"]`,
      [
        "https both.example/library/nginx all ns=docker.io",
        "https pull.example/library/nginx digests ns=docker.io",
        "http resolve.example:5000/library/nginx tags ns=docker.io",
        "https push.example/library/nginx none ns=docker.io",
        "https docker.io/library/nginx all",
      ],
    ],
    [
      "a path below /v2, and another server",
      `server = "https://other.example"
[host."https://proxy.example/v2/hub"]
override_path = true`,
      ["https proxy.example/hub/library/nginx all ns=docker.io", "https other.example/library/nginx all"],
    ],
    ["nothing", "", ["https docker.io/library/nginx all"]],
    [
      "a path elsewhere, which ends in /v2 unless it is said to override that",
      `[host."https://a.example/y"]
[host."https://b.example/y/v2"]
[host."https://c.example/api/docker/x/"]
override_path = true
[host."https://d.example"]
override_path = true
[host."https://e.example/v2/hub"]`,
      [
        "https a.example/library/nginx all ns=docker.io root=/y/v2",
        "https b.example/library/nginx all ns=docker.io root=/y/v2",
        "https c.example/library/nginx all ns=docker.io root=/api/docker/x",
        "https d.example/library/nginx all ns=docker.io root=",
        "https e.example/library/nginx all ns=docker.io root=/v2/hub/v2",
        "https docker.io/library/nginx all",
      ],
    ],
    [
      "certificates, beside the file or by absolute paths",
      `server = "https://s.example/s"
ca = "/s.pem"
override_path = true
[host."https://a.example"]
ca = "a.pem"
client = "both.pem"
[host."https://b.example"]
ca = ["b.pem", "/c.pem"]
client = [["x.cert", "x.key"], ["y.pem", ""], "z.pem"]`,
      [
        `https a.example/library/nginx all ns=docker.io {"ca":["/f/a.pem"],"client":[["/f/both.pem","/f/both.pem"]]}`,
        `https b.example/library/nginx all ns=docker.io {"ca":["/f/b.pem","/c.pem"],"client":[["/f/x.cert","/f/x.key"],["/f/y.pem","/f/y.pem"],["/f/z.pem","/f/z.pem"]]}`,
        `https s.example/library/nginx all root=/s {"ca":["/s.pem"],"client":[]}`,
      ],
    ],
    [
      "certificates of the registry itself",
      `ca = "a.pem"\n[host."https://b.example"]\nskip_verify = true`,
      [
        "https b.example/library/nginx all ns=docker.io",
        `https docker.io/library/nginx all {"ca":["/f/a.pem"],"client":[]}`,
      ],
    ],
    [
      "a client certificate of another type",
      `[host."https://x.example"]\nclient = [["a"]]`,
      /client.* has not the type/,
    ],
    ["user info", `[host."https://user:hunter2@x.example"]`, /^a host has user info in its URL$/],
    ["another scheme", `[host."file:///etc"]`, /^a host is no http or https URL$/],
    ["another type", `[host."https://x.example"]\ncapabilities = "pull"`, /capabilities has not the type/],
  ];
  for (const [name, text, expected] of cases) {
    it(`reads ${name}`, () => {
      const read = () => parseHostsToml(text, "/f", "docker.io", "library/nginx");
      if (expected instanceof RegExp) assert.throws(read, { message: expected });
      else assert.deepEqual(lines(read()), expected);
    });
  }
});

describe("daemon.json", () => {
  it("gives the mirrors of Docker Hub", () => {
    const mirrors = parseDaemonMirrors(
      `{"registry-mirrors": ["https://a.example/", "http://localhost:5000"], "x": 1}`,
    );
    assert.deepEqual(
      mirrors.map(({ registry, insecure, serves }) => `${registry} ${insecure} ${serves}`),
      ["a.example false all", "localhost:5000 true all"],
    );
    assert.deepEqual(parseDaemonMirrors("{}"), []);
  });
  for (const [text, message] of [
    ["{", /^it is not valid JSON$/],
    [`{"registry-mirrors": "x"}`, /is not a list of URLs$/],
    [`{"registry-mirrors": ["x"]}`, /no http or https URL$/],
    [
      `{"registry-mirrors": ["https://a:hunter2@b.example"]}`,
      /^"registry-mirrors" has an entry with user info$/,
    ],
    [`{"registry-mirrors": ["https://b.example/path"]}`, /with a path: b\.example$/],
  ] as const) {
    it(`says what is wrong with ${text}`, () => {
      assert.throws(() => parseDaemonMirrors(text), { message });
    });
  }
});

describe("a client with mirrors", () => {
  let upstream: Registry;
  let mirror: Registry;
  let folder: string;
  beforeEach(async () => {
    [upstream, mirror] = await Promise.all([startRegistry(), startRegistry()]);
    folder = mkdtempSync(join(tmpdir(), "pinned-images-mirrors-"));
    write(
      "containers/registries.conf",
      `[[registry]]\nlocation = "${upstream.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}/cache"\ninsecure = true\n`,
    );
  });
  afterEach(async () => {
    await Promise.all([upstream.close(), mirror.close()]);
    rmSync(folder, { recursive: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  async function withClient<T>(
    options: RegistryClientOptions,
    work: (client: ReturnType<typeof createRegistryClient>) => Promise<T>,
  ): Promise<T> {
    const client = createRegistryClient({
      environment: {},
      home: join(folder, "home"),
      systemConfig: folder,
      ...options,
    });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  const paths = ({ log }: Registry) => log.map(({ method, path }) => `${method} ${path}`);

  it("asks upstream for tags, and the mirror for digests", async () => {
    const digest = upstream.push("app", "1", { seed: "same" });
    mirror.push("cache/app", "1", { seed: "same" });
    await withClient({}, async (client) => {
      const byTag = await client.resolve(parseImageReference(`${upstream.host}/app:1`));
      assert.deepEqual([byTag.digest, byTag.registry], [digest, upstream.host]);
      const byDigest = await client.resolve(parseImageReference(`${upstream.host}/app@${digest}`));
      assert.deepEqual([byDigest.digest, byDigest.registry], [digest, mirror.host]);
    });
    assert.deepEqual(paths(upstream), ["HEAD /v2/app/manifests/1"]);
    assert.deepEqual(paths(mirror), [`HEAD /v2/cache/app/manifests/${digest}`]);
  });

  const policies = [
    ["all", () => mirror.host],
    ["digests", () => upstream.host],
    ["off", () => upstream.host],
  ] as const;
  for (const [policy, host] of policies) {
    it(`says who answered for a tag with mirrors: "${policy}"`, async () => {
      upstream.push("app", "1", {});
      mirror.push("cache/app", "1", {});
      const { registry } = await withClient({ mirrors: policy }, (client) =>
        client.resolve(parseImageReference(`${upstream.host}/app:1`)),
      );
      assert.equal(registry, host());
    });
  }

  it("passes over a mirror that lacks the image, and one that is gone", async () => {
    const digest = upstream.push("app", "1", {});
    const reference = parseImageReference(`${upstream.host}/app@${digest}`);
    const ask = () => withClient({ timeout: 10_000 }, (client) => client.resolve(reference));
    assert.equal((await ask()).registry, upstream.host);
    await mirror.close();
    assert.equal((await ask()).registry, upstream.host);
  });

  it("leaves time for upstream when a mirror hangs", async () => {
    const digest = upstream.push("app", "1", {});
    mirror.fail({ kind: "hang" });
    const reference = parseImageReference(`${upstream.host}/app@${digest}`);
    const { registry } = await withClient({ timeout: 3_000 }, (client) => client.resolve(reference));
    assert.equal(registry, upstream.host);
  });

  it("tells a mirror of many whom it is asked about", async () => {
    rmSync(join(folder, "containers"), { recursive: true });
    const [, port] = upstream.host.split(":");
    write(`containerd/certs.d/localhost_${port}_/hosts.toml`, `[host."http://${mirror.host}"]\n`);
    const digest = upstream.push("app", "1", {});
    mirror.push("app", "1", {});
    const reference = parseImageReference(`${upstream.host}/app@${digest}`);
    const { registry } = await withClient({}, (client) => client.resolve(reference));
    assert.equal(registry, mirror.host);
    assert.deepEqual(paths(mirror), [
      `HEAD /v2/app/manifests/${digest}?ns=${encodeURIComponent(upstream.host)}`,
    ]);
  });

  it("asks below the path of a mirror, and passes over it when that is wrong", async () => {
    rmSync(join(folder, "containers"), { recursive: true });
    write(
      "containerd/certs.d/_default/hosts.toml",
      `[host."http://${mirror.host}/y"]\noverride_path = true\n`,
    );
    const digest = upstream.push("app", "1", {});
    const reference = parseImageReference(`${upstream.host}/app@${digest}`);
    const { registry } = await withClient({}, (client) => client.resolve(reference));
    assert.equal(registry, upstream.host);
    assert.match(paths(mirror)[0] ?? "", new RegExp(`^HEAD /y/app/manifests/${digest}\\?ns=`));
  });

  it("stops at a configuration that cannot be read, and names the file", async () => {
    write("containers/registries.conf", "[[registry");
    await withClient({}, async (client) => {
      await assert.rejects(
        client.resolve(parseImageReference(`${upstream.host}/app:1`)),
        (error: unknown) => {
          assert.ok(error instanceof RegistryError);
          assert.equal(error.code, "mirrors");
          assert.match(error.message, /registries\.conf: it is not valid TOML/);
          return true;
        },
      );
    });
    const registry = await withClient({ mirrors: "off" }, async (client) => {
      upstream.push("app", "1", {});
      return (await client.resolve(parseImageReference(`${upstream.host}/app:1`))).registry;
    });
    assert.equal(registry, upstream.host);
  });

  it("lets a drop-in file replace an entry", async () => {
    write("containers/registries.conf.d/10-none.conf", `[[registry]]\nlocation = "${upstream.host}"\n`);
    const digest = upstream.push("app", "1", { seed: "same" });
    mirror.push("cache/app", "1", { seed: "same" });
    const reference = parseImageReference(`${upstream.host}/app@${digest}`);
    assert.equal((await withClient({}, (client) => client.resolve(reference))).registry, upstream.host);
  });
});
