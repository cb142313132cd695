/**
 * The value that stands after a label in the words of a box or a page, up to the end of the line or the next punctuation mark;
 * undefined when the label is not there. A label in two languages (發票期別 Period：) ends at its colon.
 * @param label as a pattern
 */
export function valueAfterLabel(words: string, label: string): string | undefined {
  const alsoEnglish = "(?:\\s*[（(]?[A-Za-z][A-Za-z .'/-]*[)）]?(?=\\s*[：:]))?";
  return new RegExp(`(?:${label})${alsoEnglish}\\s*[：:]?\\s*([^\\n，,；;]+)`).exec(words)?.[1]?.trim();
}
