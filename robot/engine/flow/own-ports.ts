/**
 * A port that only some jobs need: declared beside the flows, filled by the installation, handed on by the engine, which does not know what it is.
 */
export interface OwnPort<Port> {
  readonly name: string;
  /** Fills it, for one run. */
  provide(port: Port): ProvidedPort;
  /** What it was filled with. @throws Error where this installation does not fill it */
  among(provided: readonly ProvidedPort[]): Port;
}

/** A filled port; what is in it only the key that filled it can tell. */
export interface ProvidedPort {
  readonly name: string;
}

/** Declares such a port by the name under which people look for it. */
export function ownPort<Port>(name: string): OwnPort<Port> {
  const ports = new WeakMap<ProvidedPort, { readonly port: Port }>();
  return {
    name,
    provide(port) {
      const provided = { name };
      ports.set(provided, { port });
      return provided;
    },
    among(provided) {
      for (const one of provided) {
        const found = ports.get(one);
        if (found) return found.port;
      }
      throw new Error(`Nobody has filled the port ${name}: robot/app/own-ports.ts does.`);
    },
  };
}
