import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const HAS_OPENSSL = spawnSync("openssl", ["version"]).status === 0;

export type Certificate = { readonly key: string; readonly cert: string };

/** An authority that nobody knows, as a firewall that opens encrypted connections has one, and what it signs for servers on loopback. */
export interface Authority {
  /** Its own certificate (PEM file). */
  readonly file: string;
  /** Signed for 127.0.0.1, with the authority's certificate behind it. */
  readonly server: Certificate;
  /** Signed by itself. */
  readonly selfSigned: Certificate;
  readonly expired: Certificate;
  readonly ofAnotherHost: Certificate;
  close(): void;
}

export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  const openssl = (...args: string[]): Buffer =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const self = (name: string, subject: string, ...more: string[]): void =>
    void openssl(
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-subj",
      subject,
      ...more,
    );
  self("root", "/CN=Office firewall", "-days", "30");
  const signed = (name: string, alternative: string, ...dates: string[]): Certificate => {
    openssl(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      "/CN=portal",
    );
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternative}\n`);
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "root.pem",
      "-CAkey",
      "root.key",
      "-CAcreateserial",
      "-out",
      `${name}.pem`,
      "-extfile",
      `${name}.ext`,
      ...dates,
    );
    return { key: read(`${name}.key`), cert: read(`${name}.pem`) + read("root.pem") };
  };
  const server = signed("server", "IP:127.0.0.1", "-days", "30");
  const ofAnotherHost = signed("other", "DNS:mail.example.tw", "-days", "30");
  const expired = signed("old", "IP:127.0.0.1", "-days", "-1");
  self("self", "/CN=127.0.0.1", "-days", "30", "-addext", "subjectAltName=IP:127.0.0.1");
  return {
    file: join(folder, "root.pem"),
    server,
    ofAnotherHost,
    expired,
    selfSigned: { key: read("self.key"), cert: read("self.pem") },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
