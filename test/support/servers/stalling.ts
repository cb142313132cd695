import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { portOf } from "./port.ts";

/** A server in front of a real one, until the test has ended; it keeps every connection open for ever. */
export interface Stalling {
  readonly port: number;
  /** How often something was held back. */
  stalled(): number;
}

/**
 * Passes on what a real server says up to a place, and from then on nothing more, without closing the connection.
 * @param at what the server says there: half of it still comes through
 */
export async function stallingAt(port: number, at: RegExp): Promise<Stalling> {
  let times = 0;
  return serving(
    (client) => {
      const server = connect(port, "127.0.0.1");
      server.on("error", () => undefined);
      client.once("close", () => server.destroy());
      client.on("data", (data) => server.write(data));
      let isOver = false;
      server.on("data", (data) => {
        if (isOver) return;
        const found = at.exec(data.toString("latin1"));
        if (found === null) return void client.write(data);
        isOver = true;
        times++;
        client.write(data.subarray(0, found.index + Math.floor(found[0].length / 2)));
      });
    },
    () => times,
  );
}

/** Takes every connection, says what it is told to say at once, and nothing more. */
export async function mute(beginning: Uint8Array | string = ""): Promise<Stalling> {
  let times = 0;
  return serving(
    (client) => {
      times++;
      client.on("data", () => undefined);
      if (beginning.length > 0) client.write(beginning);
    },
    () => times,
  );
}

async function serving(handle: (client: Socket) => void, stalled: () => number): Promise<Stalling> {
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    open.add(client);
    client.on("error", () => undefined);
    handle(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const client of open) client.destroy();
    server.close();
  });
  return { port: portOf(server), stalled };
}
