/**
 * What a status word says about the number of its row.
 * `issued`, `voided`, `cancelled`, `allowance`: it was given out, see {@link Says}. `blank`: it was not used. `not-a-use`: the row is
 * about something else, the number is left aside. `undecided`: issuing has not ended (待開立, 開立失敗), so the word alone does not
 * say whether the number was used: where such a row has a number, a person is asked.
 */
export const STATUS_MEANINGS = [
  "issued",
  "voided",
  "cancelled",
  "allowance",
  "blank",
  "not-a-use",
  "undecided",
] as const;
export type StatusMeaning = (typeof STATUS_MEANINGS)[number];
