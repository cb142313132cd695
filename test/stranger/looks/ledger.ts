/** What somebody did here that changes something, in order. */
export type Act =
  | {
      kind: "take";
      period: string;
      category: string;
      books: number;
      extra: number;
      stop: boolean;
      refused: string | null;
    }
  | { kind: "notice-added"; email: string }
  | { kind: "notice-removed"; email: string }
  | { kind: "upload"; period: string; name: string; sha256: string; refused: string | null }
  | { kind: "deletion"; runs: string[] }
  | { kind: "consent" }
  | { kind: "trap"; name: string };

export type LooksLedger = {
  acts: Act[];
  logins: ("ok" | "captcha" | "credentials")[];
  /** Passwords that were asked for again: right or wrong. */
  passwords: ("right" | "wrong")[];
  downloads: number[][];
  logouts: number;
  /** How often a page was loaded. */
  pages: number;
};
