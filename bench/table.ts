import type { Figures } from "./benchmark";

/** Rows as aligned text; the columns are those of the first row. */
export function table(rows: Figures["rows"]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => format(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map((line) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Numbers to what is known of them: three digits, or whole. */
function format(cell: string | number | undefined): string {
  if (typeof cell !== "number") return cell ?? "";
  if (Number.isInteger(cell) || cell >= 100) return cell.toFixed(0);
  return cell.toFixed(cell >= 10 ? 1 : 2);
}
