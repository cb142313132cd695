import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { Failure } from "../../failures/failure.ts";

/** Cost of one guess: 32 MB of memory and about a tenth of a second. The parameters are kept with each hash. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
/** Node refuses to take more memory than this unless it is allowed to. */
const MOST_MEMORY = 128 * 1024 * 1024;

export const SHORTEST_PASSWORD = 10;

/** @throws Failure `wrong-use` when it is too short */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < SHORTEST_PASSWORD) {
    throw new Failure("wrong-use", { wanted: `至少 ${SHORTEST_PASSWORD} 個字的密碼`, seen: "太短" });
  }
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Takes as long for a name that nobody has (`null`) as for one that a person has, so that names can't be guessed by the clock. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, n, r, p, salt = "", key = ""] = (hash ?? NOBODY).split("$");
  const derived = await derive(password, Buffer.from(salt, "base64url"), { N: Number(n), r: Number(r), p: Number(p) });
  const wanted = Buffer.from(key, "base64url");
  return derived.length === wanted.length && timingSafeEqual(derived, wanted) && hash !== null;
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFC"), salt, KEY_BYTES, { ...cost, maxmem: MOST_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
