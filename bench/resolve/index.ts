// What it takes to resolve 200 tags in 20 repositories, beside crane, regctl and the go-containerregistry library, and how
// the cost of a tag grows with their number.
// Figures are printed, never asserted: a machine with other things to do would make liars of them.
import { benchAtADistance } from "./distance";
import { benchGrowth } from "./growth";

export async function benchResolve(print: (line: string) => void): Promise<void> {
  await benchAtADistance(print);
  print("");
  await benchGrowth(print);
}

if (require.main === module) {
  void benchResolve((line) => {
    process.stdout.write(`${line}\n`);
  });
}
