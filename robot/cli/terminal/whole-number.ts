import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError for anything but a positive whole number in digits */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("要是正整數 (a positive whole number)");
  return Number(text);
}
