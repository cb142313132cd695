import { z } from "zod";
import { duration } from "../fields/duration.ts";

/** Where an OAuth2 access token is got: what a command prints, each time again. The program and its arguments, no shell. */
export const oauth2 = z.strictObject({ command: z.tuple([z.string().min(1)], z.string()) });

/** What the robot mails to people, over an SMTP server. Its password: `credentials set --smtp`. */
export const mailSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(465),
  /** TLS from the first byte (port 465). Otherwise STARTTLS is demanded, but on this machine. */
  secure: z.boolean().default(true),
  /** Left out: the server asks for no password. */
  user: z.string().min(1).optional(),
  /** Where access tokens come from instead of a password; see `mailbox.oauth2`. */
  oauth2: oauth2.optional(),
  from: z.email("寄件人不是電子郵件地址"),
  to: z.array(z.email("收件人不是電子郵件地址")).min(1),
  /** The console's address as the receivers reach it, such as `https://robot.office.example`; left out: mails have no links. */
  console: z.url({ protocol: /^https?$/, error: "主控台網址須是 http:// 或 https:// 開頭" }).optional(),
  /** At most one mail in this time; what happens meanwhile comes in one. */
  every: duration.prefault("10m"),
  /** Days before the last day for blank numbers on which is reminded, where no upload has been proved; 0 is that day. */
  deadlineDays: z.array(z.int().min(0).max(9)).default([5, 2, 0]),
});
