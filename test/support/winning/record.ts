import { encodeText } from "../../../robot/invoicing/reading/encoding.ts";
import type { FileSource } from "../../../robot/invoicing/reading/table.ts";

/** Where each field of the portal's list of winners lies: offset and length in bytes, as the ministry gives them. */
export const FIELDS = {
  headUbn: [0, 10],
  period: [10, 5],
  track: [15, 2],
  number: [17, 8],
  sellerName: [25, 60],
  sellerUbn: [85, 10],
  sellerAddress: [95, 100],
  day: [195, 10],
  time: [205, 8],
  total: [213, 12],
  carrierType: [225, 6],
  carrierName: [231, 60],
  carrierClear: [291, 64],
  carrierHidden: [355, 64],
  randomNumber: [419, 4],
  prizeType: [423, 1],
  prizeAmount: [424, 10],
  buyerUbn: [434, 10],
  paid: [444, 1],
  dataType: [445, 1],
  exception: [446, 2],
  printFormat: [448, 2],
  uid: [450, 24],
} as const satisfies Readonly<Record<string, readonly [offset: number, length: number]>>;

export type Fields = Partial<Record<keyof typeof FIELDS, string | Uint8Array>>;

const USUAL: Fields = {
  headUbn: "12345675",
  period: "11512",
  track: "AB",
  number: "00012345",
  sellerName: "晨光小舖",
  sellerUbn: "12345675",
  sellerAddress: "臺北市中正區忠孝東路一段1號",
  day: "2026/11/03",
  time: "12:34:56",
  total: "000000000100",
  carrierType: "3J0002",
  carrierName: "手機條碼",
  carrierClear: "/ABC1234",
  carrierHidden: "/ABC1234",
  randomNumber: "0042",
  prizeType: "6",
  prizeAmount: "0000000200",
  buyerUbn: "0000000000",
};

/** One record: 474 bytes, blanks where nothing is. A text that is too long is cut off at its field's last byte, wherever that falls. */
export function record(fields: Fields = {}): Buffer {
  const bytes = Buffer.alloc(474, " ");
  for (const [name, value] of Object.entries({ ...USUAL, ...fields })) {
    for (const [field, [offset, length]] of Object.entries(FIELDS)) {
      if (field !== name) continue;
      const content = typeof value === "string" ? encodeText(value, "big5") : value;
      Buffer.from(content).copy(bytes, offset, 0, Math.min(length, content.length));
    }
  }
  return bytes;
}

/** The last line of a list. */
export function footer({ period = "11512", count = 1, sum = 200 } = {}): Buffer {
  return Buffer.from(
    `M${period}${String(count).padStart(7, "0")}${String(sum).padStart(15, "0")}11602061160505`,
    "latin1",
  );
}

/** A list of records with a line end after each, or none. */
export function listOf(records: readonly Uint8Array[], end = "\r\n"): Buffer {
  return Buffer.concat(records.flatMap((one) => [one, Buffer.from(end)]));
}

/** Bytes as a file that comes in pieces of some size. */
export function fileOf(bytes: Uint8Array, name = "list.txt", piece = 65_536): FileSource {
  return {
    name,
    async *read() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
  };
}
