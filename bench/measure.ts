export interface Pair {
  readonly work: number;
  readonly peer: number;
}

/**
 * Measures the work and its peer by turns, so that a machine that slows down in the middle slows both. Who goes first
 * changes with every pair: the second finds warmer caches.
 */
export async function measurePairs(
  count: number,
  work: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index++) {
    if (index % 2 === 0) {
      const first = await work();
      pairs.push({ work: first, peer: await peer() });
    } else {
      const first = await peer();
      pairs.push({ work: await work(), peer: first });
    }
  }
  return pairs;
}

export interface Comparison {
  readonly work: number;
  readonly peer: number;
  /** The median of the pairs' own ratios, steadier than the ratio of the medians on a busy machine. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

export function compare(pairs: readonly Pair[]): Comparison {
  const ratios = pairs.map(({ work, peer }) => work / peer);
  return {
    work: median(pairs.map(({ work }) => work)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}
