import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../deployments";

/** What a tree of files is to hold. */
export interface TreeWish {
  readonly manifests: number;
  readonly dockerfiles: number;
  /** How many images there are between them, beside the two that all have. */
  readonly images: number;
}

/** A tree that was written, and what has to be found in it. */
export interface Tree {
  readonly folder: string;
  /** The manifests, from the folder. */
  readonly manifestFiles: readonly string[];
  /** Places of images that are not pinned. */
  readonly unpinned: { readonly manifests: number; readonly dockerfiles: number };
  /** How many different images stand there. */
  readonly distinct: number;
}

/** One image in so many places is not pinned. */
const oneIn = 50;
const teams = 100;

/** Writes manifests of two documents and two images, and Dockerfiles of two stages, into the folders of a hundred teams. */
export async function writeTree(folder: string, wish: TreeWish): Promise<Tree> {
  const distinct = new Set<string>();
  const unpinned = { manifests: 0, dockerfiles: 0 };
  const manifestFiles: string[] = [];
  const image = (name: string, n: number, kind: keyof typeof unpinned): string => {
    const number = n % wish.images;
    const pinned = n % oneIn !== 0;
    if (!pinned) unpinned[kind]++;
    const text = `ghcr.io/acme/${name}${number}:1.2.3${pinned ? `@${digestOf(number)}` : ""}`;
    if (!pinned) distinct.add(text);
    return text;
  };
  for (let team = 0; team < teams; team++) await mkdir(join(folder, `team${team}`), { recursive: true });
  for (let n = 0; n < wish.manifests; n++) {
    const file = `team${n % teams}/app${n}.yaml`;
    manifestFiles.push(file);
    await writeFile(join(folder, file), manifest(n, image("app", n, "manifests")));
  }
  for (let n = 0; n < wish.dockerfiles; n++) {
    const build = join(folder, `team${n % teams}`, `build${n}`);
    await mkdir(build);
    await writeFile(join(build, "Dockerfile"), dockerfile(n, image("base", n, "dockerfiles")));
  }
  return { folder, manifestFiles, unpinned, distinct: distinct.size };
}

function manifest(n: number, image: string): string {
  return `# application ${n}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app${n}
  labels: { app: app${n} }
spec:
  replicas: 2
  selector:
    matchLabels: { app: app${n} }
  template:
    metadata:
      labels: { app: app${n} }
    spec:
      initContainers:
        - name: migrate
          image: docker.io/library/busybox:1.36@${digestOf(1)}
      containers:
        - name: web
          image: ${image}
          ports: [{ containerPort: 8080 }]
          resources:
            limits: { cpu: "1", memory: 256Mi }
---
apiVersion: v1
kind: Service
metadata: { name: app${n} }
spec:
  selector: { app: app${n} }
  ports: [{ port: 80 }]
`;
}

function dockerfile(n: number, image: string): string {
  return `# application ${n}
FROM docker.io/library/golang:1.24@${digestOf(2)} AS build
WORKDIR /src
COPY . .
RUN go build -o /app${n} ./cmd/app${n}

FROM ${image}
COPY --from=build /app${n} /app
USER 10001
ENTRYPOINT ["/app"]
`;
}
