/** A share from 0 to 1 as a percentage with as many digits as matter; empty where there is none. */
export function percent(share: number | null): string {
  if (share === null) return "";
  const hundredths = share * 100;
  const digits = hundredths === 0 || hundredths >= 10 ? 0 : 1;
  return `${hundredths.toFixed(digits)} %`;
}
