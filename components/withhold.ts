import * as pulumi from "@pulumi/pulumi";

/** Hooks have names, each its own within a program. */
let hooks = 0;

/**
 * The options of a resource that must not be deployed: its creation and its update fail before the provider hears of them, and
 * nothing is deleted first. In a preview they change nothing.
 *
 * Of an error that a transform throws, the SDK shows a trace of its own insides; of a hook that fails, the engine shows the message.
 */
export function withhold(opts: pulumi.ResourceOptions): pulumi.CustomResourceOptions {
  hooks += 1;
  const hook = new pulumi.ResourceHook(`pinned-images-${hooks}`, () => {
    throw new Error("an image of this resource has no digest, so that it is not deployed");
  });
  return {
    ...opts,
    hooks: {
      ...opts.hooks,
      beforeCreate: [hook, ...(opts.hooks?.beforeCreate ?? [])],
      beforeUpdate: [hook, ...(opts.hooks?.beforeUpdate ?? [])],
    },
    deleteBeforeReplace: false,
  };
}
