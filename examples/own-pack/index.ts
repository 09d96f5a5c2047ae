import { PolicyPack } from "@pulumi/policy";
import { pinnedImagesPolicies } from "pulumi-pinned-images/policies";

const images = pinnedImagesPolicies({ settings: { registries: ["docker.io/library", "ghcr.io/acme"] } });
new PolicyPack("acme", { policies: [...images] }, { "image-registry-allowed": "mandatory" });
