import { allLocations } from "../../resources";

/** The tables as rows of a Markdown table, in their order: what docs/locations.md ends with. */
export function locationRows(): readonly string[] {
  return allLocations.map(({ tokens, images = [], hints = [] }) => {
    const paths = images.map(({ path, fields }) => {
      if (fields === undefined) return code(path);
      const names = [fields.registry, fields.name, fields.tag, fields.digest].filter(
        (name) => name !== undefined,
      );
      return code(`${path === "" ? "" : `${path}.`}{${names.join(", ")}}`);
    });
    const advice = hints.length === 0 ? [] : [`advice: ${hints.map(code).join(" ")}`];
    return `| ${tokens.map(code).join(" ")} | ${[...paths, ...advice].join(" ")} |`;
  });
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
