import { execFile, execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { join } from "node:path";
import { promisify } from "node:util";
import { Certificate, ContentInfo, IssuerAndSerialNumber, SignedData, SignerInfo, TimeStampResp } from "pkijs";
import { onTestFinished } from "vitest";
import { temporaryRoot } from "./recording-support.ts";

export const HAS_OPENSSL = spawnSync("openssl", ["version"]).status === 0;

export interface TimeStampService {
  readonly url: string;
  /** Certificates of who vouches for it, and of a stranger (PEM files). */
  readonly ca: string;
  readonly stranger: string;
  /** What it answers from now on. */
  behave(how: Behaviour): void;
  /** The requests it got, in its own words. */
  readonly asked: readonly string[];
}

/**
 * `right` · `refuses` (a status of its own) · `other-bytes`: stamps something else · `replays`: the answer to an earlier request ·
 * `broken`: its signature is not right · `error`: HTTP 500 · `wrong-purpose`: signs with a certificate for web sites
 */
export type Behaviour = "right" | "refuses" | "other-bytes" | "replays" | "broken" | "error" | "wrong-purpose";

const CONFIG = `
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial.txt
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
`;

/** A responder made of OpenSSL: an authority, a certificate for time-stamping, and `openssl ts` behind a door on loopback. */
export async function startTimeStampService(): Promise<TimeStampService> {
  const folder = temporaryRoot();
  const openssl = (...args: string[]): Buffer =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  writeFileSync(join(folder, "tsa.cnf"), CONFIG);
  writeFileSync(join(folder, "serial.txt"), "01\n");
  for (const name of ["ca", "stranger"]) {
    openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    );
  }
  for (const [name, purpose] of [
    ["tsa", "critical,timeStamping"],
    ["web", "serverAuth"],
  ]) {
    writeFileSync(join(folder, `${name}.ext`), `keyUsage=critical,digitalSignature\nextendedKeyUsage=${purpose}\n`);
    openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "30",
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.pem`,
    );
  }
  let behaviour: Behaviour = "right";
  let earlier: Buffer | null = null;
  const asked: string[] = [];
  const reply = async (query: Buffer): Promise<Buffer> => {
    writeFileSync(join(folder, "query.tsq"), query);
    await promisify(execFile)(
      "openssl",
      ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"],
      { cwd: folder },
    );
    return readFileSync(join(folder, "reply.tsr"));
  };
  const answer = async (query: Buffer): Promise<Buffer> => {
    switch (behaviour) {
      case "right":
      case "error":
        return reply(query);
      case "refuses":
        return reply(Buffer.from("no request"));
      case "other-bytes": {
        writeFileSync(join(folder, "other"), "other bytes");
        openssl("ts", "-query", "-data", "other", "-sha256", "-cert", "-out", "other.tsq");
        return reply(readFileSync(join(folder, "other.tsq")));
      }
      case "replays":
        return earlier ?? reply(query);
      case "broken": {
        const right = await reply(query);
        // The signature stands at the end.
        right.writeUInt8(right.readUInt8(right.length - 5) ^ 1, right.length - 5);
        return right;
      }
      case "wrong-purpose":
        return signedWith(await reply(query), folder, "web");
    }
  };
  const handle = async (request: IncomingMessage): Promise<{ status: number; body: Buffer }> => {
    const query = await buffer(request);
    writeFileSync(join(folder, "asked.tsq"), query);
    asked.push(openssl("ts", "-query", "-in", "asked.tsq", "-text").toString());
    if (behaviour === "error") return { status: 500, body: Buffer.from("out of order") };
    const body = await answer(query);
    if (behaviour === "right") earlier = body;
    return { status: 200, body };
  };
  const server = createServer((request, response) => {
    handle(request).then(
      ({ status, body }) => response.writeHead(status, { "content-type": "application/timestamp-reply" }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    ca: join(folder, "ca.pem"),
    stranger: join(folder, "stranger.pem"),
    behave: (how) => void (behaviour = how),
    asked,
  };
}

/** An answer signed anew with another certificate: OpenSSL itself refuses to sign with one that is not for time-stamping. */
async function signedWith(answer: Buffer, folder: string, name: string): Promise<Buffer> {
  const response = TimeStampResp.fromBER(Uint8Array.from(answer));
  const { timeStampToken } = response;
  if (!timeStampToken) throw new Error("no token");
  const certificate = certificateIn(join(folder, `${name}.pem`));
  const right = new SignedData({ schema: timeStampToken.content });
  const signed = new SignedData({
    version: 3,
    encapContentInfo: right.encapContentInfo,
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
      }),
    ],
    certificates: [certificate, certificateIn(join(folder, "ca.pem"))],
  });
  const pkcs8 = createPrivateKey(readFileSync(join(folder, `${name}.key`))).export({ type: "pkcs8", format: "der" });
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", Uint8Array.from(pkcs8), algorithm, false, ["sign"]);
  const content = right.encapContentInfo.eContent?.valueBlock.valueHexView ?? new Uint8Array();
  await signed.sign(key, 0, "SHA-256", Uint8Array.from(content));
  response.timeStampToken = new ContentInfo({
    contentType: ContentInfo.SIGNED_DATA,
    content: signed.toSchema(true),
  });
  return Buffer.from(response.toSchema().toBER());
}

function certificateIn(file: string): Certificate {
  return Certificate.fromBER(Uint8Array.from(new X509Certificate(readFileSync(file)).raw));
}
