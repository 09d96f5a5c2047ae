// What is demanded of images: one file for each policy, listed in all.ts, bound to resources in pack.ts.
// This file is what the engine starts; it is the only one that constructs a PolicyPack, which starts a server.
// A pack of your own imports "pulumi-pinned-images/policies" (pack.ts) instead.
import "./require-node";
import { PolicyPack } from "@pulumi/policy";
import { pinnedImagesPolicies } from "./pack";

new PolicyPack("pulumi-pinned-images", { policies: pinnedImagesPolicies() });
