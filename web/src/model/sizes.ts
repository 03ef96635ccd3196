const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes in the unit that fits, in steps of 1,000: `820 B`, `4.2 kB`, `1.3 GB`. */
export function formatBytes(bytes: number): string {
  let [rest, unit] = [bytes, 0];
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && rest < 99.95 ? 1 : 0;
  return `${rest.toFixed(digits)} ${UNITS[unit]}`;
}
