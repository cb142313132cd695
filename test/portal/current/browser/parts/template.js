import templates from "templates";

/** A component whose template is the file of that name in `pages/`. */
export function component(name, definition) {
  return { name, ...definition, template: templates[name] };
}
