import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { FILE_PAGES } from "../../common/file-pages/index.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The module by which `browser/parts/template.js` gets the templates. */
const TEMPLATES = "templates";
/** The module by which the application learns which pages of one kind there are. */
const PAGES = "file-pages";
const STYLES = ["portal", "parts", "over"];

let script: Promise<string> | null = null;
let style: Promise<string> | null = null;

/** The whole application with Vue and every template in one file, as single-page applications are delivered. Made once a process. */
export function bundledScript(): Promise<string> {
  return (script ??= bundle());
}

/** The style sheets, one after the other. */
export function bundledStyle(): Promise<string> {
  return (style ??= Promise.all(STYLES.map((name) => readFile(here(`../${name}.css`), "utf8"))).then((all) =>
    all.join("\n"),
  ));
}

async function bundle(): Promise<string> {
  const bundled = await rolldown({
    input: here("../browser/app.js"),
    resolve: { alias: { vue: fileURLToPath(import.meta.resolve("vue/dist/vue.esm-browser.prod.js")) } },
    plugins: [
      {
        name: TEMPLATES,
        resolveId: (id) => (id === TEMPLATES || id === PAGES ? id : null),
        load: async (id) => {
          if (id === TEMPLATES) return `export default ${JSON.stringify(await templates())};`;
          return id === PAGES ? `export default ${JSON.stringify(FILE_PAGES)};` : null;
        },
      },
    ],
  });
  try {
    const { output } = await bundled.generate({ format: "es" });
    return output[0].code;
  } finally {
    await bundled.close();
  }
}

/** HTML by the name of its file in `pages/`. */
async function templates(): Promise<{ readonly [name: string]: string }> {
  const names = (await readdir(here("../pages"))).filter((name) => name.endsWith(".html"));
  const texts = names.map(async (name) => [
    name.slice(0, -".html".length),
    await readFile(here(`../pages/${name}`), "utf8"),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}
