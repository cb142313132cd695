import { type ColumnDefinitionBuilder, type RawBuilder, sql } from "kysely";

/** What the two databases write differently. */
export interface Dialect {
  readonly text: "text" | RawBuilder<unknown>;
  readonly numbered: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
}

export const DIALECTS: { readonly [kind in "sqlite" | "postgres"]: Dialect } = {
  sqlite: { text: "text", numbered: (column) => column.primaryKey().autoIncrement() },
  postgres: {
    // Texts are compared byte by byte as SQLite does, whatever language the server sorts by.
    text: sql`text collate "C"`,
    numbered: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  },
};
