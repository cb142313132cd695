import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../robot/config/load.ts";
import { carrierCodeName, platformPasswordName, portalPasswordName } from "../../../robot/config/secret-names.ts";
import { Failure } from "../../../robot/failures/failure.ts";

const REAL = "https://www.einvoice.nat.gov.tw";
const COMPANY = { name: "晨光小舖", ubn: "12345675", user: "robot01" };

function refusalOf(written: object): string {
  try {
    parseConfig(written, "/robot.config.json");
    return "";
  } catch (error) {
    if (error instanceof Failure) return error.detail.seen ?? "";
    throw error;
  }
}

const PLACES: readonly (readonly [place: string, settings: (address: string) => object])[] = [
  ["the portal", (address) => ({ portal: { address } })],
  [
    "the value-added platform",
    (address) => ({ portal: { address: REAL }, companies: [{ ...COMPANY, platform: { address, user: "a" } }] }),
  ],
  ["the member site", (address) => ({ portal: { address: REAL }, carriers: { memberPage: `${address}/{member}` } })],
];

describe.each(PLACES)("the address of %s", (_place, settings) => {
  test.each([
    "http://www.einvoice.nat.gov.tw",
    "http://192.168.1.20:8080",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://0.0.0.0:8080",
    "http://[::ffff:10.0.0.1]",
    "http://2130706433.evil.example",
  ])("is not %s, where everybody on the way reads the password", (address) => {
    expect(refusalOf(settings(address))).toContain("https://");
  });

  test.each(["https://www.einvoice.nat.gov.tw@evil.example", "https://user:word@evil.example"])(
    "is not %s, which looks like another",
    (address) => expect(refusalOf(settings(address))).toContain("@"),
  );

  test.each([REAL, "https://portal.test:8443", "http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])(
    "may be %s",
    (address) => expect(refusalOf(settings(address))).toBe(""),
  );
});

test.each(["//evil.example/login", "/\\evil.example/login", "login"])(
  "the path of the sign-in page can't lead to another host: %s",
  (signInPath) => expect(refusalOf({ portal: { address: REAL, signInPath } })).toContain("signInPath"),
);

test.each([
  "https://proxy.example",
  "https://www.einvoice.nat.gov.tw.proxy.example",
  "https://www.einvoice.nat.gov.tw:8443",
  "http://127.0.0.1:8080",
  "https://wwwtest.einvoice.nat.gov.tw",
])("what is stored for the portal has another name at %s", (address) => {
  const [real, other] = [{ portal: { address: REAL } }, { portal: { address } }];
  expect(portalPasswordName(other, COMPANY)).not.toBe(portalPasswordName(real, COMPANY));
  expect(carrierCodeName(other, "0912345678")).not.toBe(carrierCodeName(real, "0912345678"));
  expect(platformPasswordName({ address, user: "a" })).not.toBe(platformPasswordName({ address: REAL, user: "a" }));
});

test("another page of the same site needs no other password", () => {
  const name = (address: string): string => portalPasswordName({ portal: { address } }, COMPANY);
  expect(name(`${REAL}/portal/`)).toBe(name(REAL));
  expect(name("https://WWW.einvoice.nat.gov.tw:443")).toBe(name(REAL));
});
