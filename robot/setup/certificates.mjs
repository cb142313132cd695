// @ts-check

/**
 * Why an encrypted connection was not made, by the code that OpenSSL and Node give the error. `untrusted`: nobody that this computer's Node trusts
 * vouches for the certificate, which is what a firewall or virus scanner that opens encrypted connections looks like.
 * @typedef {{ kind: "untrusted" | "wrong", code: string, zh: string, en: string }} CertificateTrouble
 */

/** @type {Readonly<Record<string, Omit<CertificateTrouble, "code">>>} */
const TROUBLES = {
  SELF_SIGNED_CERT_IN_CHAIN: {
    kind: "untrusted",
    zh: "憑證鏈裡有這台電腦的 Node 不信任的自簽根憑證，多半是公司的防火牆或防毒軟體在檢查加密連線",
    en: "a self-signed root that Node does not trust is in the chain: most likely a firewall or virus scanner opens encrypted connections",
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    kind: "untrusted",
    zh: "對方用的是自簽憑證，這台電腦的 Node 不信任",
    en: "the other side has a self-signed certificate that Node does not trust",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    kind: "untrusted",
    zh: "驗不到發這張憑證的單位，可能是加密檢查，或對方少給了中繼憑證",
    en: "the issuer can't be verified: a TLS inspection, or the server leaves its intermediate certificate out",
  },
  UNABLE_TO_GET_ISSUER_CERT: {
    kind: "untrusted",
    zh: "找不到發這張憑證的單位",
    en: "the issuer's certificate is not known",
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    kind: "untrusted",
    zh: "這台電腦的 Node 不認得發這張憑證的單位，多半是公司的加密檢查",
    en: "Node does not know the issuer of the certificate: most likely a TLS inspection",
  },
  CERT_UNTRUSTED: { kind: "untrusted", zh: "憑證不被信任", en: "the certificate is not trusted" },
  INVALID_CA: { kind: "untrusted", zh: "發憑證的單位不合格", en: "the issuer's certificate is not valid" },
  CERT_HAS_EXPIRED: {
    kind: "wrong",
    zh: "對方的憑證已過期，或這台電腦的時鐘不對",
    en: "the certificate has expired, or this computer's clock is wrong",
  },
  CERT_NOT_YET_VALID: {
    kind: "wrong",
    zh: "對方的憑證還沒生效，多半是這台電腦的時鐘不對",
    en: "the certificate is not valid yet: most likely this computer's clock is wrong",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: "wrong",
    zh: "憑證上的主機名稱和設定的位址不同",
    en: "the certificate is of another host than the address that is set",
  },
  HOSTNAME_MISMATCH: {
    kind: "wrong",
    zh: "憑證上的主機名稱和設定的位址不同",
    en: "the certificate is of another host",
  },
  CERT_REVOKED: { kind: "wrong", zh: "對方的憑證已被撤銷", en: "the certificate was revoked" },
  CERT_SIGNATURE_FAILURE: { kind: "wrong", zh: "憑證的簽章不對", en: "the signature of the certificate is not right" },
};

/** How the same is said without a code. */
const WORDS = /** @type {const} */ ([
  [/self[- ]signed certificate in certificate chain/i, "SELF_SIGNED_CERT_IN_CHAIN"],
  [/self[- ]signed certificate/i, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [/unable to verify the first certificate/i, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  [/unable to get local issuer certificate/i, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  [/unable to get issuer certificate/i, "UNABLE_TO_GET_ISSUER_CERT"],
  [/certificate has expired/i, "CERT_HAS_EXPIRED"],
  [/certificate is not yet valid/i, "CERT_NOT_YET_VALID"],
  [/does not match certificate's altnames/i, "ERR_TLS_CERT_ALTNAME_INVALID"],
]);

/** What makes Node trust what this computer trusts. */
export const TRUST_REMEDY = {
  zh: "請設定環境變數 NODE_OPTIONS=--use-system-ca（採用作業系統信任的憑證），或 NODE_EXTRA_CA_CERTS=公司根憑證的 .pem 檔，再重新啟動機器人。不要關掉憑證檢查。",
  en: "Set NODE_OPTIONS=--use-system-ca (trust what the system's store trusts), or NODE_EXTRA_CA_CERTS=<the office's root certificate, .pem>, and start the robot again. Do not turn the check of certificates off.",
};

/**
 * The trouble with a certificate that a text names: an error's code, its message, or what npm printed.
 * @param {string} text
 * @returns {CertificateTrouble | null}
 */
export function certificateTrouble(text) {
  const named = Object.keys(TROUBLES).find((code) => new RegExp(`(?<![A-Z_])${code}(?![A-Z_])`).test(text));
  const code = named ?? WORDS.find(([words]) => words.test(text))?.[1];
  const found = code === undefined ? undefined : TROUBLES[code];
  return code === undefined || found === undefined ? null : { ...found, code };
}
