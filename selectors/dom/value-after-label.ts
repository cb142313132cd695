/**
 * The value that stands after a label in the words of a box or a page, up to the end of the line or the next punctuation mark;
 * undefined when the label is not there.
 * @param label as a pattern
 */
export function valueAfterLabel(words: string, label: string): string | undefined {
  return new RegExp(`(?:${label})\\s*[：:]?\\s*([^\\n，,；;]+)`).exec(words)?.[1]?.trim();
}
