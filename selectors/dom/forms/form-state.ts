import type { ElementHandle, Locator, Page } from "playwright";
import type { FormControl, FormState } from "../../pages.ts";
import { askElements, canBeAskedAtOnce } from "../reading/handle.ts";

/** A control that an act asks for. */
export interface AskedControl {
  readonly at: Locator;
  /** `sets` it whatever it held, or `adds` something where nothing is. */
  readonly how: "sets" | "adds";
  /** What it holds is read by nobody. */
  readonly secret?: true;
}

/** Every control of the page that a person could change, as it stands in one moment. */
export async function readFormState(page: Page, asked: readonly AskedControl[]): Promise<FormState> {
  const places = asked.map(({ at }) => at);
  if (places.every(canBeAskedAtOnce)) {
    const hows = asked.map(({ how, secret }) => ({ how, secret: secret === true }));
    return numbered(await askElements(page, places, readControls, hows));
  }
  const elements: ElementHandle[] = [];
  const hows: How[] = [];
  for (const { at, how, secret } of asked) {
    for (const element of await at.elementHandles()) {
      elements.push(element);
      hows.push({ how, secret: secret === true });
    }
  }
  try {
    // The form may stand in its own frame.
    const frame = (await elements[0]?.ownerFrame()) ?? page.mainFrame();
    return numbered(await frame.evaluate(readControls, [elements, hows] as const));
  } finally {
    for (const element of elements) element.dispose().catch(() => undefined);
  }
}

interface How {
  readonly how: "sets" | "adds";
  readonly secret: boolean;
}

/** Controls of the same name are distinguished by their order. */
function numbered(controls: readonly FormControl[]): FormState {
  const met = new Map<string, number>();
  return controls.map((control) => {
    const count = (met.get(control.name) ?? 0) + 1;
    met.set(control.name, count);
    return count === 1 ? control : { ...control, name: `${control.name}（第 ${count} 個）` };
  });
}

/** Runs in the page. What is only shown, such as a count in a field that can't be changed, is not part of the form's state. */
function readControls([elements, hows]: readonly [readonly (Node | null)[], readonly How[]]): FormControl[] {
  const own = hows.flatMap((how, index) => {
    const element = elements[index];
    return element === null || element === undefined ? [] : [{ element, ...how }];
  });
  const tight = (text: string | null | undefined): string => (text ?? "").replaceAll(/\s+/g, " ").trim();
  const isSeen = (element: Element): boolean =>
    element instanceof HTMLInputElement && element.type === "file" ? true : element.checkVisibility();
  const isOpen = (element: Element): boolean => {
    if (element.closest("[inert], fieldset:disabled, [aria-disabled=true]")) return false;
    if (element instanceof HTMLSelectElement) return !element.disabled;
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)
      return !element.disabled && (!element.readOnly || element.getAttribute("role") === "combobox");
    return true;
  };
  const nameOf = (element: Element): string => {
    const labels = "labels" in element && element.labels instanceof NodeList ? [...element.labels] : [];
    const labelled = (element.getAttribute("aria-labelledby") ?? "")
      .split(/\s+/)
      .map((id) => element.ownerDocument.querySelector(`[id="${CSS.escape(id)}"]`)?.textContent);
    const said = [element.getAttribute("aria-label"), ...labelled, ...labels.map((label) => label.textContent)];
    const shown = tight(said.find((text) => tight(text) !== "") ?? element.getAttribute("placeholder"));
    if (shown !== "") return shown.slice(0, 40);
    const row = tight(element.closest("tr, [role=row], li")?.textContent);
    return (row || element.getAttribute("title") || element.getAttribute("name") || "（沒有名稱的欄位）").slice(0, 40);
  };
  const textOf = (element: Element): string => {
    if (element instanceof HTMLSelectElement)
      return [...element.selectedOptions].map((option) => tight(option.textContent)).join("、");
    if (element instanceof HTMLTextAreaElement) return element.value.trim();
    if (!(element instanceof HTMLInputElement)) {
      const checked = element.getAttribute("aria-checked");
      return checked === null ? tight(element.textContent) : checked === "true" ? "✓" : "";
    }
    if (element.type === "checkbox" || element.type === "radio") return element.checked ? "✓" : "";
    if (element.type === "file") return [...(element.files ?? [])].map((file) => file.name).join("、");
    return element.value.trim();
  };
  /** Ticks all rows by itself, and is ticked by the page once all are: it says nothing of its own. */
  const isForAll = (element: Element): boolean =>
    element.matches("[type=checkbox], [role=checkbox]") &&
    (element.closest("thead, th, [role=columnheader]") !== null || /全選/.test(nameOf(element)));
  const CONTROLS =
    "input:not([type=hidden], [type=button], [type=submit], [type=reset], [type=image]), select, textarea, [role=combobox], [role=textbox], [role=spinbutton], [role=checkbox], [role=radio], [role=switch], [contenteditable='true']";
  const all = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll("*")].flatMap((one) => [
      ...(one.matches(CONTROLS) ? [one] : []),
      ...(one.shadowRoot === null ? [] : all(one.shadowRoot)),
    ]);
  return all(document)
    .filter((element) => isSeen(element) && isOpen(element) && !isForAll(element))
    .map((element) => {
      const mine = own.find(
        (one) => one.element === element || one.element.contains(element) || element.contains(one.element),
      );
      const text = textOf(element);
      const isSecret = mine?.secret === true || (element instanceof HTMLInputElement && element.type === "password");
      return {
        name: nameOf(element),
        value: isSecret && text !== "" ? "（有內容）" : text,
        asked: mine?.how ?? null,
      };
    });
}
