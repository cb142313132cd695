import type { ColumnType, Generated } from "kysely";

/**
 * The tables of the run database, those of the durable engine among them. Instants are UTC ISO 8601 texts with
 * milliseconds (they compare as texts in both databases), JSON is text.
 */
export interface Tables {
  runs: RunsTable;
  effects: EffectsTable;
  effect_events: EffectEventsTable;
  leases: LeasesTable;
  engine_runs: EngineRunsTable;
  engine_steps: EngineStepsTable;
  sign_ins: SignInsTable;
  accounts: AccountsTable;
  questions: QuestionsTable;
  settings: SettingsTable;
  files: FilesTable;
  steps: StepsTable;
  occurrences: OccurrencesTable;
  chain_heads: ChainHeadsTable;
  retention_heads: RetentionHeadsTable;
  head_days: HeadDaysTable;
  console_people: ConsolePeopleTable;
  console_sessions: ConsoleSessionsTable;
  console_links: ConsoleLinksTable;
  audit: AuditTable;
  news: NewsTable;
  letters: LettersTable;
  approvals: ApprovalsTable;
  ledger_teachings: LedgerTeachingsTable;
  page_states: PageStatesTable;
}

export type RunState = "queued" | "running" | "waiting" | "needs-person" | "ended";

export interface RunsTable {
  id: string;
  /** Id of the durable run in the engine; null only between our insert and the engine's. */
  engine_id: string | null;
  flow: string;
  flow_version: number;
  company: string;
  ubn: string;
  period: string | null;
  /** Flow, company and coordinates: at most one run that has not ended has it, so that a second command joins the first run. */
  identity: string;
  input: string;
  started_by: string;
  state: ColumnType<RunState, RunState, RunState>;
  /** What is being done right now, in words for people. */
  progress: string | null;
  waiting_until: string | null;
  outcome: string | null;
  failure: string | null;
  result: string | null;
  folder: string | null;
  cancel_requested: Generated<number>;
  /** 1 where it presses nothing. */
  rehearsal: Generated<number>;
  created_at: string;
  updated_at: string;
  ended_at: string | null;
}

export interface EffectsTable {
  /** Company, flow, effect and business coordinates. Unique for ever. */
  key: string;
  name: string;
  /** What kind of act it is; null of acts that were begun before kinds were kept. */
  effect: string | null;
  /** Where it was sent; null of acts that were begun before that was kept. */
  address: string | null;
  /** The approval with which it was begun; no two acts have the same. */
  approval: string | null;
  run_id: string;
  status: string;
  /** How often a submit was begun under this key. More than one only after a refusal that changed nothing. */
  attempt: number;
  wanted: string;
  baseline: string | null;
  evidence: string | null;
  intended_at: string | null;
  updated_at: string;
}

export interface EffectEventsTable {
  id: Generated<number>;
  key: string;
  run_id: string;
  attempt: number;
  status: string;
  at: string;
  data: string | null;
}

export interface LeasesTable {
  name: string;
  holder: string;
  host: string;
  pid: number;
  until: string;
}

/** A run as the durable engine keeps it: when it is due, and who works on it. */
export interface EngineRunsTable {
  id: string;
  workflow_name: string;
  version: string | null;
  status: string;
  /** Our run id: the same run is never entered twice. */
  idempotency_key: string | null;
  config: string;
  context: string | null;
  input: string | null;
  output: string | null;
  error: string | null;
  attempts: number;
  worker_id: string | null;
  /** The process of that worker; null while nobody holds the run. */
  host: string | null;
  pid: number | null;
  /** When it is due; of a run that is held, when its lease is over. */
  available_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  created_at: string;
  updated_at: string;
}

/** A checkpoint of a run: a step, a sleep, or a wait for a signal. */
export interface EngineStepsTable {
  id: string;
  run_id: string;
  step_name: string;
  kind: string;
  status: string;
  config: string;
  context: string | null;
  output: string | null;
  error: string | null;
  /** What it waits for, and what came, as JSON. */
  signal: string | null;
  delivered: string | null;
  started_at: string | null;
  finished_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface SignInsTable {
  id: string;
  account: string;
  run_id: string;
  at: string;
  /** null: submitted, answer not known (the process ended in between). */
  result: string | null;
  /** Who read the captcha: `machine` or `person`; null where there was none, and of old submits. */
  read_by: string | null;
}

export interface AccountsTable {
  account: string;
  disabled_code: string | null;
  disabled_at: string | null;
  /** When a person last stored its password, or said that it is right: what was tried before counts no more. */
  vouched_at: string | null;
}

export interface QuestionsTable {
  id: string;
  run_id: string;
  kind: string;
  version: number;
  question: string;
  choices: string;
  context: string | null;
  /** What it is about, where that decides how it is shown. */
  topic: string | null;
  /** What has to be filled in with one of the answers, as JSON. */
  form: string | null;
  /** Where in the run's record a picture of what it is about is. */
  form_picture: string | null;
  /** What was filled in, as JSON. */
  answer_values: string | null;
  /** Whether digits may be typed instead of a choice. */
  free: "captcha" | null;
  /** PNG in Base64, until the question is over. */
  picture: string | null;
  /** JSON list of names; null or empty: anyone. */
  may_answer: string | null;
  asked_at: string;
  expires_at: string;
  answered_at: string | null;
  answered_by: string | null;
  answer: string | null;
}

export interface SettingsTable {
  name: string;
  value: string;
}

/** Files that were found right, so that a later run need not fetch them again. */
export interface FilesTable {
  path: string;
  name: string;
  sha256: string;
  run_id: string;
  ubn: string;
  kind: string;
  period: string;
  category: string;
  at: string;
}

/** The steps that a run has begun, in their order: what it is compared with when it goes on in another version of the robot. */
export interface StepsTable {
  run_id: string;
  place: number;
  name: string;
}

/** What became of each occurrence of each schedule. */
export interface OccurrencesTable {
  schedule: string;
  /** When it was to be: the key, with the schedule's name. */
  instant: string;
  /** `due`: its runs are being enqueued. `skipped`: a later one was caught up instead, or it was too late. */
  state: "due" | "enqueued" | "skipped";
  noted_at: string;
}

/** The end of each run's record, by the day in Taipei on which it was noted: what shows later that a record was cut short. */
export interface ChainHeadsTable {
  day: string;
  run_id: string;
  events: number;
  hash: string;
  at: string;
}

/** The end of what was done with a run's record after it was written (holds, deletions), when it last changed on a day in Taipei. */
export interface RetentionHeadsTable {
  day: string;
  run_id: string;
  lines: number;
  hash: string;
  at: string;
}

/** All heads of a day in one document, to be mailed and time-stamped. */
export interface HeadDaysTable {
  day: string;
  document: string;
  sha256: string;
  made_at: string;
  /** The time-stamping service's answer (DER) in Base64. */
  stamp: string | null;
  /** The time that the service attests. */
  stamped_at: string | null;
  mailed_at: string | null;
}

/** Who may sign in to the console with a password. */
export interface ConsolePeopleTable {
  name: string;
  role: string;
  /** scrypt, with its parameters and salt. */
  password: string;
  changed_at: string;
}

/** Sessions of the console. The store knows only the hash of what the browser holds. */
export interface ConsoleSessionsTable {
  id: string;
  person: string;
  role: string;
  began_at: string;
  until: string;
  /** The network address of anyone who signed in. */
  address: string;
  /** `password` or `link`. */
  entered_by: string;
  seen_at: string;
}

/** Links that let a person in once. The store knows only the hash of what stands in them. */
export interface ConsoleLinksTable {
  id: string;
  person: string;
  role: string;
  until: string;
  used_at: string | null;
}

/** What people did in the console, and what was refused them. Nothing of it is ever changed or deleted by the robot. */
export interface AuditTable {
  id: Generated<number>;
  at: string;
  person: string;
  role: string | null;
  action: string;
  /** What it was done to, as JSON. Never a secret. */
  about: string;
  /** `done`, or the code of what kept it from being done. */
  result: string;
  address: string;
}

/** What people are to be notified of by mail, until it has been sent and afterwards, so that nothing is sent twice. */
export interface NewsTable {
  /** What it is about: noted once, anyone who notices it. */
  key: string;
  kind: "person" | "failed" | "deadline" | "settings" | "reminder" | "urgent";
  line: string;
  run_id: string | null;
  question_id: string | null;
  noted_at: string;
  /** When it was mailed, or was found to be over before it was. */
  settled_at: string | null;
}

/** A letter to a person outside, such as a winner: one row for ever, so that nobody gets it twice. No address stands here. */
export interface LettersTable {
  /** Company, flow and what it is about. */
  key: string;
  ubn: string;
  period: string;
  /** What it is about: the number of an invoice. */
  reference: string;
  run_id: string;
  status: string;
  /** How often sending was begun. */
  attempt: number;
  message_id: string;
  /** Whom it went to, with the middle hidden. */
  masked: string;
  /** What the server, or a person, said. */
  words: string | null;
  intended_at: string;
  updated_at: string;
}

/** What a person agreed to before it was sent: good once, for one digest, until its time is over. */
export interface ApprovalsTable {
  /** The question that was answered. */
  id: string;
  run_id: string;
  effect: string;
  ubn: string;
  /** SHA-256 of all that was agreed to. */
  digest: string;
  /** What that was, as JSON. */
  agreed_to: string;
  agreed_by: string;
  agreed_at: string;
  good_until: string;
  used_at: string | null;
  /** Key of the act that used it. */
  used_key: string | null;
}

/** How a page of the portal was found to be when it was last checked. */
export interface PageStatesTable {
  /** The portal's. */
  address: string;
  page: string;
  title: string;
  /** What is no longer as it is known; null where all is well. */
  problem: string | null;
  /** Since when it is well, or is not. */
  since: string;
  /** The check that looked at it last. */
  run_id: string;
  checked_at: string;
  /** Who said that the flows shall go there all the same. */
  overruled_by: string | null;
  overruled_at: string | null;
}

/** What a person said of a layout of a company's ledgers that the robot did not know; the newest counts. */
export interface LedgerTeachingsTable {
  ubn: string;
  layout: string;
  /** As JSON. */
  teaching: string;
  taught_by: string;
  taught_at: string;
  run_id: string;
}
