import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Integer, OctetString } from "asn1js";
import {
  AlgorithmIdentifier,
  Certificate,
  ExtKeyUsage,
  id_ExtKeyUsage,
  MessageImprint,
  SignedData,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from "pkijs";
import { isAboutCertificate } from "../../failures/connection.ts";
import { connectionTrouble } from "../../lib/connection-trouble.ts";
import { TRUST_REMEDY } from "../../setup/certificates.mjs";

/** A time-stamping service as of RFC 3161: proves to strangers that some bytes existed at a time. */
export interface TimeStamper {
  /**
   * Has bytes stamped; only their SHA-256 is sent.
   * @returns the service's whole answer (DER), which `openssl ts -verify -in` takes, and the time that it attests
   * @throws Error when the service can't be reached, refuses, or answers with anything but a right stamp of just these bytes
   */
  stamp(bytes: Buffer): Promise<TimeStamp>;
}

export interface TimeStamp {
  readonly answer: Buffer;
  readonly at: Date;
}

export interface TimeStampSettings {
  readonly url: string;
  /** File with the certificates (PEM) of those who vouch for the service; null: who signed is not judged here. */
  readonly ca: string | null;
  /** Milliseconds to wait for an answer. */
  readonly timeout: number;
}

const SHA256 = "2.16.840.1.101.3.4.2.1";
/** id-kp-timeStamping: what the certificate of such a service must be for, and only for. */
const FOR_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const GRANTED: ReadonlySet<number> = new Set([0, 1]);
/** No right answer is longer (bytes). */
const LONGEST_ANSWER = 100_000;

export function timeStamper({ url, ca, timeout }: TimeStampSettings): TimeStamper {
  return {
    async stamp(bytes) {
      const digest = createHash("sha256").update(bytes).digest();
      const nonce = positiveNonce();
      const answer = await answerOf(url, requestFor(digest, nonce), timeout).catch((error: unknown) => {
        if (error instanceof StampRefused) throw error;
        const { words } = connectionTrouble(error) ?? { words: String(error) };
        const { zh } = TRUST_REMEDY;
        throw new Error(`${url}：${words}。${isAboutCertificate(error) ? zh : ""}`, { cause: error });
      });
      const trusted = ca === null ? null : await readFile(ca, "utf8");
      return { answer, at: await checkTimeStamp(answer, bytes, { trusted, nonce }) };
    },
  };
}

/** What came is no right stamp of these bytes, or none at all. */
export class StampRefused extends Error {
  override readonly name = "StampRefused";
}

/** What the service answers; it is read no further than a right answer can be long, and no longer than is allowed. */
async function answerOf(url: string, body: ArrayBuffer, timeout: number): Promise<Buffer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
    body,
    signal: AbortSignal.timeout(timeout),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new StampRefused(`${url} answered ${response.status} instead of a time-stamp.`);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > LONGEST_ANSWER)
      throw new StampRefused(`${url} answered more than ${LONGEST_ANSWER} bytes: no time-stamp.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Looks whether an answer is a right stamp of these bytes: granted, of their hash, signed by its own certificate, which is meant
 * for that and, where `trusted` (PEM) is given, comes from there.
 * @returns the time that is attested
 * @throws StampRefused saying what is wrong
 */
export async function checkTimeStamp(
  answer: Buffer,
  bytes: Buffer,
  { trusted, nonce = null }: { readonly trusted: string | null; readonly nonce?: Buffer | null },
): Promise<Date> {
  const { status, timeStampToken } = parsed(() => TimeStampResp.fromBER(Uint8Array.from(answer)));
  if (!GRANTED.has(status.status) || !timeStampToken) {
    const why = status.statusStrings?.map(({ valueBlock }) => valueBlock.value).join("; ") ?? "";
    throw new StampRefused(`The time-stamping service refused (status ${status.status}). ${why}`.trim());
  }
  const signed = parsed(() => new SignedData({ schema: timeStampToken.content }));
  const content = signed.encapContentInfo.eContent?.valueBlock.valueHexView;
  if (!content) throw new StampRefused("The time-stamp is empty.");
  const info = parsed(() => TSTInfo.fromBER(Uint8Array.from(content)));
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const digest = createHash("sha256").update(bytes).digest();
  if (hashAlgorithm.algorithmId !== SHA256 || !digest.equals(hashedMessage.valueBlock.valueHexView)) {
    throw new StampRefused("The time-stamp is of other bytes.");
  }
  if (nonce !== null && !(info.nonce && nonce.equals(info.nonce.valueBlock.valueHexView))) {
    throw new StampRefused("The time-stamp answers another request.");
  }
  await checkSigner(signed, bytes, trusted, info.genTime);
  return info.genTime;
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new StampRefused("The answer is no time-stamp.", { cause: error });
  }
}

async function checkSigner(signed: SignedData, bytes: Buffer, trusted: string | null, at: Date): Promise<void> {
  const result = await signed
    .verify({
      signer: 0,
      data: Uint8Array.from(bytes).buffer,
      checkChain: trusted !== null,
      trustedCerts: trusted === null ? [] : certificatesIn(trusted),
      // The certificate counts as of the time that it attests; the stamp outlives it.
      checkDate: at,
      extendedMode: true,
    })
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new StampRefused(`Nobody that is trusted vouches for the time-stamp: ${why}`, { cause: error });
    });
  if (!result.signatureVerified) throw new StampRefused("The signature of the time-stamp is not right.");
  const usage = result.signerCertificate?.extensions?.find(({ extnID }) => extnID === id_ExtKeyUsage)?.parsedValue;
  if (!(usage instanceof ExtKeyUsage) || usage.keyPurposes.join() !== FOR_TIME_STAMPING) {
    throw new StampRefused("The time-stamp is signed with a certificate that is not for time-stamping.");
  }
}

function requestFor(digest: Buffer, nonce: Buffer): ArrayBuffer {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256 }),
      hashedMessage: new OctetString({ valueHex: Uint8Array.from(digest).buffer }),
    }),
    nonce: new Integer({ valueHex: Uint8Array.from(nonce).buffer }),
    certReq: true,
  });
  return request.toSchema().toBER();
}

/** A number that DER writes with just these bytes: not negative, and without a zero in front. */
function positiveNonce(): Buffer {
  const nonce = randomBytes(12);
  nonce.writeUInt8((nonce.readUInt8(0) & 0x3f) | 0x40, 0);
  return nonce;
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificatesIn(pem: string): Certificate[] {
  return (pem.match(PEM) ?? []).map((text) => Certificate.fromBER(Uint8Array.from(new X509Certificate(text).raw)));
}
