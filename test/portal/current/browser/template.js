import { defineAsyncComponent } from "vue";

/** A component whose template is the file of that name in `pages/`. */
export function component(name, definition) {
  return defineAsyncComponent(async () => {
    const response = await fetch(`/assets/${name}.html`);
    return { name, ...definition, template: await response.text() };
  });
}
