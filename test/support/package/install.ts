import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as v from "valibot";

import { projectRoot } from "../paths";
import { manifest } from "./manifest";
import { run } from "./run";

export interface InstalledPackage {
  /** A folder with node_modules, where programs that use the package can be written. */
  readonly folder: string;
  /** Where the package itself lies. */
  readonly packageFolder: string;
  /** The files of the tarball, as npm lists them. */
  readonly files: readonly string[];
  remove(): Promise<void>;
}

const packed = v.tuple([v.object({ filename: v.string(), files: v.array(v.object({ path: v.string() })) })]);

/**
 * Packs the project as npm would publish it, and installs the tarball in a folder of its own. What the package needs is
 * linked from the project, so no registry is asked.
 */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-package-"));
  const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // The tests run on what was built before them; packing must not build again beneath them.
    const pack = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: projectRoot,
    });
    assert.equal(pack.code, 0, pack.stderr);
    const [{ filename, files }] = v.parse(packed, JSON.parse(pack.stdout));

    const modules = join(folder, "node_modules");
    const packageFolder = join(modules, manifest.name);
    await mkdir(packageFolder, { recursive: true });
    const tar = await run(
      "tar",
      ["-xzf", join(folder, filename), "--strip-components=1", "-C", packageFolder],
      {
        cwd: folder,
      },
    );
    assert.equal(tar.code, 0, tar.stderr);
    const needed = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies),
      "@types/node",
    ];
    for (const name of needed) {
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(projectRoot, "node_modules", name), join(modules, name), "junction");
    }
    return { folder, packageFolder, files: files.map(({ path }) => path), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
