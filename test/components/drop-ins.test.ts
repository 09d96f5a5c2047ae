import assert from "node:assert/strict";
import * as docker from "@pulumi/docker";
import * as kubernetes from "@pulumi/kubernetes";
import { describe, it } from "mocha";
import * as pinnedDocker from "../../components/docker";
import * as pinnedKubernetes from "../../components/kubernetes";

// Most of this is for the compiler: the build fails where a drop-in does not take what the provider's class takes, or does not
// give what it gives.

interface DropIn {
  readonly name: string;
  readonly own: object;
  readonly pinned: object;
}

/** Compiles when the drop-in can be called as the provider's class is, and is one of its kind. */
function dropIn<Own extends abstract new (...args: never[]) => object>(
  own: Own,
  pinned: new (...args: ConstructorParameters<Own>) => InstanceType<Own>,
): DropIn {
  return { name: pinned.name, own, pinned };
}

const dropIns: readonly DropIn[] = [
  dropIn(kubernetes.core.v1.Pod, pinnedKubernetes.Pod),
  dropIn(kubernetes.apps.v1.Deployment, pinnedKubernetes.Deployment),
  dropIn(kubernetes.apps.v1.StatefulSet, pinnedKubernetes.StatefulSet),
  dropIn(kubernetes.apps.v1.DaemonSet, pinnedKubernetes.DaemonSet),
  dropIn(kubernetes.apps.v1.ReplicaSet, pinnedKubernetes.ReplicaSet),
  dropIn(kubernetes.batch.v1.Job, pinnedKubernetes.Job),
  dropIn(kubernetes.batch.v1.CronJob, pinnedKubernetes.CronJob),
  dropIn(kubernetes.helm.v3.Release, pinnedKubernetes.Release),
  dropIn(kubernetes.helm.v4.Chart, pinnedKubernetes.Chart),
  dropIn(kubernetes.yaml.v2.ConfigFile, pinnedKubernetes.ConfigFile),
  dropIn(kubernetes.yaml.v2.ConfigGroup, pinnedKubernetes.ConfigGroup),
  dropIn(kubernetes.kustomize.v2.Directory, pinnedKubernetes.Directory),
  dropIn(docker.Container, pinnedDocker.Container),
  dropIn(docker.Service, pinnedDocker.Service),
  dropIn(docker.RemoteImage, pinnedDocker.RemoteImage),
];

/** Compiles when all that the provider's class takes is taken. */
export const containerArgs = (args: docker.ContainerArgs): pinnedDocker.PinnedContainerArgs => args;
export const releaseArgs = (args: kubernetes.helm.v3.ReleaseArgs): pinnedKubernetes.PinnedReleaseArgs => args;

describe("the drop-in", () => {
  for (const { name, own, pinned } of dropIns) {
    it(`${name} is the provider's own class, with its type and its way to read what is there`, () => {
      assert.equal(Object.getPrototypeOf(pinned), own);
      for (const inherited of ["__pulumiType", "get", "isInstance"]) {
        assert.equal(Reflect.get(pinned, inherited), Reflect.get(own, inherited));
      }
    });
  }

  it("is there for every class that the entries export, components of our own left out", () => {
    const names = [...Object.keys(pinnedDocker), ...Object.keys(pinnedKubernetes)];
    assert.deepEqual(
      names.filter((name) => !/^[pP]inned/.test(name)).sort(),
      dropIns.map(({ name }) => name).sort(),
    );
  });
});
