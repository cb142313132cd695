import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:https";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { configSchema } from "../../../robot/config/schema.ts";
import { Failure } from "../../../robot/failures/failure.ts";
import { connectionTrouble } from "../../../robot/lib/connection-trouble.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { openMailbox } from "../../../robot/mail/mailbox.ts";
import { mailTransport } from "../../../robot/mail/out/smtp.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { timeStamper } from "../../../robot/recording/verification/time-stamp.ts";
import { certificateTrouble } from "../../../robot/setup/certificates.mjs";
import { robot } from "../../support/kit/installation/robot-process.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { type Certificate, HAS_OPENSSL, makeAuthority } from "../../support/servers/certificates.ts";
import { portOf } from "../../support/servers/port.ts";

describe.skipIf(!HAS_OPENSSL)("a server whose certificate this computer does not trust", () => {
  const authority = makeAuthority();
  afterAll(() => authority.close());

  /** A web server on loopback, which answers every request with 200. */
  async function web(certificate: Certificate): Promise<string> {
    const server = createServer({ ...certificate }, (_request, response) => void response.end("ok"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `https://127.0.0.1:${portOf(server)}`;
  }

  async function failed(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => null,
      (error: unknown) => error,
    );
  }

  test.each([
    ["in a chain with a root of its own", () => authority.server, "untrusted", "SELF_SIGNED_CERT_IN_CHAIN"],
    ["signed by itself", () => authority.selfSigned, "untrusted", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    [
      "without its authority",
      () => ({ ...authority.server, cert: authority.server.cert.split(/(?<=-----END CERTIFICATE-----\n)/)[0] ?? "" }),
      "untrusted",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ],
  ] as const)("%s: fetch's failure is known by its cause", async (_name, certificate, kind, code) => {
    const address = await web(certificate());
    expect(connectionTrouble(await failed(fetch(address)))).toMatchObject({ kind, code });
  });

  test("doctor names the cause and what to set, and with that set the portal answers", async () => {
    const address = await web(authority.server);
    const place = await workplace();
    const configFile = await place.put(
      "doctor.json",
      JSON.stringify({ portal: { address }, browser: { executable: process.execPath, headless: true } }),
    );
    const at = { ...place, configFile };
    const ended = await robot(at, ["doctor"]);
    expect(ended.stdout).toContain("SELF_SIGNED_CERT_IN_CHAIN");
    expect(ended.stdout).toMatch(/✗ 平台.*憑證/);
    expect(ended.stdout).toContain("NODE_OPTIONS=--use-system-ca");
    expect(ended.stdout).toContain("NODE_EXTRA_CA_CERTS");
    expect(ended.stdout).not.toMatch(/→.*doctor/);
    const trusting = await new Promise<string>((resolve) => {
      const script = `fetch(${JSON.stringify(address)}).then(({ status }) => console.log(status), (error) => console.log(error.cause.code))`;
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority.file };
      execFile(process.execPath, ["-e", script], { env }, (_error, stdout) => resolve(stdout.trim()));
    });
    expect(trusting).toBe("200");
  });

  test.each([
    ["untrusted", () => authority.server, "certificate-untrusted", "SELF_SIGNED_CERT_IN_CHAIN"],
    [
      "expired",
      () => authority.expired,
      "certificate-untrusted|certificate-wrong",
      "CERT_HAS_EXPIRED|SELF_SIGNED_CERT_IN_CHAIN",
    ],
  ])("mail in and out, and time stamps: %s", async (_name, certificate, code, cause) => {
    const server = createTlsServer({ ...certificate() }, (socket) => void socket.on("error", () => undefined));
    server.on("error", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const port = portOf(server);
    const password = Secret.read("mail password", new Redactor(), "mailbox password");
    const box = openMailbox({ host: "127.0.0.1", port, secure: true, user: "u", password, folder: "INBOX" });
    const { mail } = configSchema.parse({
      portal: { address: "http://127.0.0.1:9" },
      mail: { host: "127.0.0.1", port, secure: true, from: "robot@office.test", to: ["boss@office.test"] },
    });
    if (!mail) throw new Error("no mail settings");
    for (const error of [await failed(box.mark()), await failed(mailTransport(mail, null).check())]) {
      expect(error).toBeInstanceOf(Failure);
      if (!(error instanceof Failure)) continue;
      expect(error.code).toMatch(new RegExp(code));
      expect(error.detail.seen).toMatch(new RegExp(cause));
    }
    const stamped = await failed(
      timeStamper({ url: await web(certificate()), ca: null, timeout: 5_000 }).stamp(Buffer.from("x")),
    );
    expect(String(stamped)).toMatch(new RegExp(cause));
    expect(String(stamped)).toContain("憑證");
  });

  test("a certificate of another host is told from one that nobody trusts", () => {
    const mismatch = new Error("fetch failed", {
      cause: Object.assign(new Error("Hostname/IP does not match certificate's altnames"), {
        code: "ERR_TLS_CERT_ALTNAME_INVALID",
      }),
    });
    expect(connectionTrouble(mismatch)).toMatchObject({ kind: "wrong", code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(
      connectionTrouble(new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })])),
    ).toMatchObject({ kind: "network" });
    expect(connectionTrouble(new Error("something else"))).toBeNull();
  });
});

test("what npm prints of a certificate is known", () => {
  const printed =
    "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error errno SELF_SIGNED_CERT_IN_CHAIN\nnpm error request to https://registry.npmjs.org/x failed";
  expect(certificateTrouble(printed)).toMatchObject({ kind: "untrusted", code: "SELF_SIGNED_CERT_IN_CHAIN" });
  expect(certificateTrouble("npm error reason: unable to get local issuer certificate")).toMatchObject({
    code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  });
  expect(certificateTrouble("npm error code E404")).toBeNull();
});
