/**
 * Whether an entry's name fits a pattern, in which `*` stands for any characters. `nginx:*` fits as `docker.io/library/nginx:*`
 * does, with a platform behind it or without.
 */
export function fitsImage(pattern: string, name: string): boolean {
  const [image = name] = name.split(" ", 1);
  const familiar = image.replace(/^docker\.io\/(?:library\/(?=[^/]*$))?/, "");
  return [name, image, familiar].some((text) => fits(pattern, text));
}

/** Without a regular expression, which could be made to backtrack. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
