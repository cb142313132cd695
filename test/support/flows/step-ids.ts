import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";

/** The checkpoints of one flow as its code names them, and their digest. */
export interface StepIds {
  readonly ids: readonly string[];
  readonly digest: string;
}

type Node = { readonly type: string; readonly [field: string]: unknown };

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const CHINESE = /\p{Script=Han}/u;

/**
 * The ids of each flow's checkpoints, read off the syntax: whatever stands beside a title in Chinese as its id, and the id and the number of coordinates of
 * each act. What the engine itself adds to every flow is part of each of them.
 */
export function stepIdsOf(flows: readonly { readonly name: string }[]): ReadonlyMap<string, StepIds> {
  const engine = readdirSync(join(ROOT, "robot/engine"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .flatMap((file) => idsIn(modules.read(file).program));
  return new Map(
    flows.map(({ name }) => {
      const own = idsReached(`flows/${name}.ts`);
      return [name, { ids: own, digest: digestOf([...engine, ...own]) }];
    }),
  );
}

function digestOf(ids: readonly string[]): string {
  // Sorted, so that a function may move within its file.
  return createHash("sha256")
    .update([...new Set(ids)].toSorted().join("\n"))
    .digest("hex")
    .slice(0, 16);
}

interface Module {
  readonly program: Node;
  /** Declarations of the module by name. */
  readonly declared: ReadonlyMap<string, Node>;
  /** What it imports from other files of `flows/`: local name → file and name there. */
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
}

const modules = {
  known: new Map<string, Module>(),
  read(file: string): Module {
    const known = this.known.get(file);
    if (known) return known;
    const program: unknown = parseAst(readFileSync(join(ROOT, file), "utf8"), { lang: "ts" });
    if (!isNode(program)) throw new Error(`${file} could not be parsed`);
    const made = moduleOf(file, program);
    this.known.set(file, made);
    return made;
  },
};

function moduleOf(file: string, program: Node): Module {
  const declared = new Map<string, Node>();
  const imported = new Map<string, { file: string; name: string }>();
  for (const statement of nodesOf(program["body"])) {
    if (statement.type === "ImportDeclaration") {
      const source = textOf(statement["source"]);
      const from = source.startsWith(".") ? join(dirname(file), source) : "";
      if (!from.startsWith("flows/")) continue;
      for (const one of nodesOf(statement["specifiers"])) {
        imported.set(nameOf(one["local"]), { file: from, name: nameOf(one["imported"]) });
      }
      continue;
    }
    const inner = isNode(statement["declaration"]) ? statement["declaration"] : statement;
    if (inner.type === "FunctionDeclaration") declared.set(nameOf(inner["id"]), inner);
    for (const one of nodesOf(inner["declarations"])) declared.set(nameOf(one["id"]), one);
  }
  return { program, declared, imported };
}

/** The names of all methods that a flow calls, itself or in other files of `flows/`. */
export function methodsCalledBy(flow: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of reached(`flows/${flow}.ts`)) {
    walk(node, ({ type, callee }) => {
      if (type === "CallExpression" && isNode(callee) && callee.type === "MemberExpression")
        names.add(nameOf(callee["property"]));
    });
  }
  return names;
}

function idsReached(file: string): string[] {
  return reached(file).flatMap(idsIn);
}

/** Whatever the flow's file declares and reaches in other files of `flows/`, each place once. */
function reached(file: string): Node[] {
  const seen = new Set<string>();
  const nodes: Node[] = [];
  const visit = (at: string, name: string): void => {
    if (seen.has(`${at} ${name}`)) return;
    seen.add(`${at} ${name}`);
    const { declared, imported } = modules.read(at);
    const elsewhere = imported.get(name);
    if (elsewhere) return visit(elsewhere.file, elsewhere.name);
    const node = declared.get(name);
    if (!node) return;
    nodes.push(node);
    for (const used of identifiersIn(node)) visit(at, used);
  };
  for (const name of modules.read(file).declared.keys()) visit(file, name);
  return nodes;
}

/** The ids of checkpoints and acts in a piece of code. */
function idsIn(node: Node): string[] {
  const ids: string[] = [];
  walk(node, (one) => {
    if (one.type === "CallExpression") {
      const args = nodesOf(one["arguments"]).map(templateOf);
      for (const [place, id] of args.entries()) {
        const next = args[place + 1];
        const isOfPart = next === undefined && place === 0 && id !== null && /^\$\{\}\/[a-z-]+/.test(id);
        if (id !== null && !CHINESE.test(id) && ((next && CHINESE.test(next)) || isOfPart)) ids.push(id);
        else if (id !== null && /^\$\{\}\/[a-z][a-z-]+-\$\{\}$/.test(id)) ids.push(id);
      }
    }
    if (one.type === "ObjectExpression") {
      const fields = new Map(nodesOf(one["properties"]).map((field) => [nameOf(field["key"]), field["value"]]));
      const id = templateOf(fields.get("id"));
      const title = templateOf(fields.get("title"));
      const coordinates = fields.get("keyParts");
      if (id !== null && title !== null) ids.push(id);
      if (id !== null && isNode(coordinates) && coordinates.type === "ArrayExpression") {
        ids.push([id, ...nodesOf(coordinates["elements"]).map((part) => templateOf(part) ?? "${}")].join("|"));
      }
    }
  });
  return ids;
}

function identifiersIn(node: Node): string[] {
  const names: string[] = [];
  walk(node, (one) => {
    if (one.type === "Identifier") names.push(nameOf(one));
  });
  return names;
}

function walk(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, look);
  }
}

/** A text as it stands in the code, each place to be filled as `${}`; null for what is no text. */
function templateOf(node: unknown): string | null {
  if (!isNode(node)) return null;
  if (node.type === "Literal" && typeof node["value"] === "string") return node["value"];
  if (node.type !== "TemplateLiteral") return null;
  return nodesOf(node["quasis"])
    .map(({ value }) => (typeof value === "object" && value !== null && "cooked" in value ? String(value.cooked) : ""))
    .join("${}");
}

function textOf(node: unknown): string {
  return templateOf(node) ?? "";
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}

function nodesOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
