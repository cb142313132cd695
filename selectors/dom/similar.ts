import type { Page } from "playwright";

/** How many proposals a report of a changed page carries. */
const PROPOSALS = 4;

/**
 * The visible controls and headings whose words are most like the wanted ones, best first. A proposal for people: nothing is
 * ever clicked because it is similar.
 */
export async function mostSimilar(page: Page, wanted: string): Promise<string[]> {
  const texts = await page
    .locator("button, a, input, select, label, [role=button], [role=tab], th, h1, h2, h3, legend")
    .filter({ visible: true })
    .evaluateAll((elements) =>
      elements
        .slice(0, 400)
        .map((element) =>
          (element.getAttribute("aria-label") ?? element.textContent ?? element.getAttribute("placeholder") ?? "")
            .replaceAll(/\s+/g, " ")
            .trim()
            .slice(0, 40),
        ),
    )
    .catch((): string[] => []);
  return [...new Set(texts)]
    .map((text) => ({ text, score: likeness(text, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, PROPOSALS)
    .map(({ text }) => text);
}

/** Dice's coefficient over characters: Chinese labels are too short for pairs of characters. */
function likeness(a: string, b: string): number {
  const left = new Set(a);
  const right = new Set(b);
  const common = [...left].filter((character) => right.has(character)).length;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}
