/** The portal's address, as in its mails. */
export const PORTAL = "einvoice@einvoice.nat.gov.tw";

/** A notice as the portal may send it; the names of the parts are made up where nothing is known of them. */
export function notice(
  parts: {
    id?: string;
    from?: string;
    to?: string;
    subject?: string;
    date?: string;
    headers?: string[];
    text?: string;
  } = {},
): string {
  const {
    id = "1",
    from = `財政部電子發票整合服務平台 <${PORTAL}>`,
    to = "shop@example.tw",
    subject = "電子發票配號結果通知",
    date = "Sat, 21 Nov 2026 09:00:00 +0800",
    headers = [],
    text = "營業人 12345675 配號完成。",
  } = parts;
  return [
    ...headers,
    `From: ${encoded(from)}`,
    `To: ${to}`,
    `Subject: ${encoded(subject)}`,
    `Date: ${date}`,
    `Message-ID: <${id}>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(text).toString("base64"),
    "",
  ].join("\r\n");
}

/** RFC 2047 for the runs of letters that need it. */
function encoded(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, (run) => `=?utf-8?B?${Buffer.from(run).toString("base64")}?=`);
}
