export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** One line of a table: a name, and columns to the right of it. */
export function row(name: string, ...columns: readonly string[]): string {
  return `${name.padEnd(34)}${columns.map((column) => column.padStart(14)).join("")}`;
}
