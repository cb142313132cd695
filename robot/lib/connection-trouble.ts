import { certificateTrouble } from "../setup/certificates.mjs";

/** Why a connection was not made, in words for people. */
export type ConnectionTrouble = {
  /** `untrusted` and `wrong` are about the certificate of an encrypted connection. */
  readonly kind: "untrusted" | "wrong" | "network";
  readonly code: string;
  readonly words: string;
  readonly english: string;
};

const NETWORK: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  ENOTFOUND: ["找不到這個主機名稱，請確認位址與 DNS", "there is no such host; check the address and DNS"],
  EAI_AGAIN: ["查不到主機名稱，網路或 DNS 暫時不通", "the host name can't be looked up: network or DNS are away"],
  ECONNREFUSED: ["對方沒有在這個連接埠等連線", "nothing listens on this port"],
  ECONNRESET: ["連線被對方或中途的設備切斷", "the connection was cut off"],
  ETIMEDOUT: ["連線逾時，沒有回應", "no answer in time"],
  UND_ERR_CONNECT_TIMEOUT: ["連線逾時，沒有回應", "no answer in time"],
  UND_ERR_HEADERS_TIMEOUT: ["連上了，但一直沒有回應", "connected, but no answer came"],
  ENETUNREACH: ["網路不通", "the network is away"],
  EHOSTUNREACH: ["到不了這台主機", "the host can't be reached"],
  EPROTO: ["對方不會說加密連線（TLS），請確認連接埠與位址", "it does not speak TLS; check port and address"],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    "對方不會說加密連線（TLS），請確認連接埠與位址",
    "it does not speak TLS; check port and address",
  ],
  TimeoutError: ["在時限內沒有回應", "no answer within the limit"],
};

/**
 * The cause of a connection that failed, however deep fetch, a mail library or Node has wrapped it.
 * @returns null for an error that is of no connection
 */
export function connectionTrouble(error: unknown): ConnectionTrouble | null {
  const marks = marksOf(error, 0);
  const certificate = certificateTrouble(marks.join("\n"));
  if (certificate !== null) {
    const { kind, code, zh, en } = certificate;
    return { kind, code, words: `${zh}（${code}）`, english: `${en} (${code})` };
  }
  const code = marks.find((mark) => Object.hasOwn(NETWORK, mark));
  if (code === undefined) return null;
  const [zh, en] = NETWORK[code] ?? ["", ""];
  return { kind: "network", code, words: `${zh}（${code}）`, english: `${en} (${code})` };
}

/** How deep errors are looked into. */
const DEPTH = 6;

/** Codes, names and messages of an error and of all that caused it. */
function marksOf(error: unknown, depth: number): string[] {
  if (!(error instanceof Error) || depth > DEPTH) return [];
  const code: unknown = Reflect.get(error, "code");
  const inner = [error.cause, ...(error instanceof AggregateError ? error.errors : [])];
  return [
    ...(typeof code === "string" ? [code] : []),
    error.name,
    error.message,
    ...inner.flatMap((one) => marksOf(one, depth + 1)),
  ];
}
