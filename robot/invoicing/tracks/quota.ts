/**
 * How many books may still be taken of a period and category. 可取用本數 on the portal's page is the whole allowance of the period, of
 * which 已取用本數 has been asked for: the portal refuses what makes the sum larger.
 */
export function booksLeft(available: number, taken: number): number {
  return Math.max(0, available - taken);
}
