import { once } from "node:events";
import type { Server, Socket } from "node:net";

/** The only address the practice portal ever listens on: nobody outside this machine may take it for the real one. */
export const LOOPBACK = "127.0.0.1";

const openSockets = new WeakMap<Server, Set<Socket>>();

/**
 * Listens on loopback and remembers the connections, so that `closeServer` need not wait for clients that stay.
 *
 * @param port 0 takes any free port.
 * @returns the port that was taken.
 */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  openSockets.set(server, sockets);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(port, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string" || address.address !== LOOPBACK) {
    server.close();
    throw new Error(`the practice portal may listen on ${LOOPBACK} only, and it got ${JSON.stringify(address)}`);
  }
  return address.port;
}

export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of openSockets.get(server) ?? []) socket.destroy();
  await closed;
}
