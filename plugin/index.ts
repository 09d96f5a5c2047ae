// The components as a package for programs in other languages: YAML, Python, Go.
// The engine starts this file through plugin/PulumiPlugin.yaml and plugin/package.json. Nobody imports it.
import "../policies/require-node";
import { main } from "@pulumi/pulumi/provider";
import { componentProvider } from "./provider";

void main(componentProvider(), process.argv.slice(2));
