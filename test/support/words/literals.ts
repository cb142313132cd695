import { parseAst } from "rolldown/parseAst";

/** A string or a template of the code, what is filled in as `{0}` and so on. */
export interface Literal {
  readonly text: string;
  /** The code of what is filled in. */
  readonly gaps: readonly string[];
}

/** One text that the code says in both languages, `{ zh, en }`. */
export interface Pair {
  readonly zh: Literal;
  readonly en: Literal;
}

export interface Words {
  /** Chinese that is said in Chinese only. */
  readonly said: readonly Literal[];
  readonly pairs: readonly Pair[];
}

const HAN = /\p{Script=Han}/u;
/** What belongs to a file or a form and not to what is said while a command runs. */
const NOT_SAID = new Set(["does", "origin"]);

/** The Chinese words of a module: which of them are there in English beside them, and which are not. */
export function wordsOf(source: string, file: string): Words {
  const said: Literal[] = [];
  const pairs: Pair[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    const literal = literalOf(node, source);
    if (literal !== null) {
      if (HAN.test(literal.text)) said.push(literal);
      if (node.type === "TemplateLiteral") visit(node["expressions"]);
      return;
    }
    if (node.type === "ObjectExpression") return visitObject(node, source, { visit, pairs });
    // The first of `say(zh, en)` has its English beside it.
    if (node.type === "CallExpression" && calleeOf(node) === "say" && Array.isArray(node["arguments"])) {
      return visit(node["arguments"].slice(1));
    }
    for (const [key, child] of Object.entries(node)) if (key !== "type") visit(child);
  };
  visit(parseAst(source, { lang: file.endsWith(".mjs") ? "js" : "ts" }));
  return { said, pairs };
}

function visitObject(
  node: Node,
  source: string,
  { visit, pairs }: { visit: (node: unknown) => void; pairs: Pair[] },
): void {
  const properties = Array.isArray(node["properties"]) ? node["properties"].filter(isNode) : [];
  const named = new Map(properties.map((one) => [keyOf(one), one["value"]]));
  const [chinese, english] = ["zh", "en"].map((key) => {
    const value = named.get(key);
    return isNode(value) ? literalOf(value, source) : null;
  });
  if (chinese && english) pairs.push({ zh: chinese, en: english });
  for (const one of properties) {
    const key = keyOf(one);
    if (NOT_SAID.has(key) || ((key === "zh" || key === "en") && named.has("zh") && named.has("en"))) continue;
    visit(one.type === "Property" ? one["value"] : one);
  }
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function keyOf(property: Node): string {
  const { key } = property;
  if (!isNode(key)) return "";
  const name = key["name"] ?? key["value"];
  return typeof name === "string" ? name : "";
}

function calleeOf(node: Node): string {
  const { callee } = node;
  if (!isNode(callee)) return "";
  if (typeof callee["name"] === "string") return callee["name"];
  const { property } = callee;
  return isNode(property) && typeof property["name"] === "string" ? property["name"] : "";
}

function literalOf(node: Node, source: string): Literal | null {
  if (node.type === "Literal") return typeof node["value"] === "string" ? { text: node["value"], gaps: [] } : null;
  // A long text is written in several pieces.
  if (node.type === "BinaryExpression" && node["operator"] === "+") return joined(node, source);
  if (node.type !== "TemplateLiteral") return null;
  const { quasis, expressions } = node;
  if (!Array.isArray(quasis) || !Array.isArray(expressions)) return null;
  const pieces = quasis.map((quasi: unknown) => cookedOf(quasi));
  const text = pieces.map((piece, at) => (at < expressions.length ? `${piece}{${at}}` : piece)).join("");
  return { text, gaps: expressions.map((one: unknown) => codeOf(one, source)) };
}

function joined(node: Node, source: string): Literal | null {
  const [left, right] = [node["left"], node["right"]].map((side) => (isNode(side) ? literalOf(side, source) : null));
  if (!left || !right) return null;
  const moved = right.text.replaceAll(/\{(\d+)\}/g, (_, gap: string) => `{${Number(gap) + left.gaps.length}}`);
  return { text: left.text + moved, gaps: [...left.gaps, ...right.gaps] };
}

function cookedOf(quasi: unknown): string {
  if (!isNode(quasi)) return "";
  const { value } = quasi;
  return typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string"
    ? value.cooked
    : "";
}

function codeOf(node: unknown, source: string): string {
  if (!isNode(node)) return "";
  const { start, end } = node;
  return typeof start === "number" && typeof end === "number" ? source.slice(start, end) : "";
}

/**
 * English of a pair in the order of its Chinese. What is filled in is known by its code; what differs, such as a list that is joined in
 * another way, by its order. Null where the two fill in different things.
 */
export function phraseOf({ zh, en }: Pair): readonly [chinese: string, english: string] | null {
  if (!HAN.test(zh.text) || en.gaps.length > zh.gaps.length) return null;
  const free = new Set(zh.gaps.keys());
  const places = new Map<number, number>();
  const chinese = zh.gaps.map(asChinese);
  for (const [at, code] of en.gaps.entries()) {
    const same = chinese.findIndex((one, place) => free.has(place) && one === asChinese(code));
    if (same < 0) continue;
    places.set(at, same);
    free.delete(same);
  }
  for (const at of en.gaps.keys()) {
    const [next] = free;
    if (places.has(at) || next === undefined) continue;
    places.set(at, next);
    free.delete(next);
  }
  return [zh.text, en.text.replaceAll(/\{(\d+)\}/g, (_, gap: string) => `{${places.get(Number(gap)) ?? gap}}`)];
}

/** `title.en` is filled in where the Chinese has `title.zh`. */
function asChinese(code: string): string {
  return code
    .replaceAll(/\.en\b/g, ".zh")
    .replaceAll(/"(?:en|roc)"/g, '"zh"')
    .replaceAll(/\s+/g, " ");
}
