/**
 * How a portal may look and behave that was made from the same facts by other hands. The business behind it is always the same; a look is a
 * combination of these habits. The first of each list is what is taken where a look says nothing.
 */
export type Habits = {
  /** Names in the markup: none, those of the ministry's sign-in page, or machine made ones. */
  ids: "none" | "facts" | "random";
  classes: "made-up" | "usual";
  /** Elements that say what they are, or `div` and `span` without any role. */
  tags: "plain" | "soup" | "roles";
  /** What stands in a frame of its own. */
  frame: "none" | "content" | "list" | "form" | "nested";
  /** Whether what the page holds stands in an open shadow root. */
  shadow: boolean;
  /** Where the words of a field stand. */
  labels:
    | "for"
    | "wrapped"
    | "beside"
    | "above"
    | "header-cell"
    | "header-row"
    | "placeholder"
    | "floating"
    | "aria"
    | "tooltip"
    | "css"
    | "legend";
  /** How the words of a field are written. */
  words: "plain" | "spaced" | "full-width" | "asterisk" | "required" | "bilingual" | "english" | "zero-width";
  /** How the words of a button are written. */
  buttonWords: "plain" | "spaced" | "full-width";
  buttons:
    | "button"
    | "submit"
    | "image"
    | "div"
    | "anchor"
    | "icon"
    | "custom"
    | "slotted"
    | "bare-anchor"
    | "svg-title"
    | "split";
  choices: "select" | "reload" | "drawn" | "lazy" | "read-only" | "radios" | "cards" | "chips" | "late";
  /** How a period is chosen: from one list, from two, a year typed beside a list of months, or in a calendar of pairs of months. */
  picker: "one" | "year-and-months" | "year-field" | "grid";
  /** How a period is printed. */
  periods: "common-era" | "republic" | "slashes" | "months" | "code" | "han";
  /** How a number of books is printed. */
  figures: "plain" | "units";
  /** Buttons that do nothing before the form is complete. */
  validity: "always" | "when-complete";
  loading: "none" | "layer";
  lists:
    | "table"
    | "split"
    | "grid"
    | "soup"
    | "cards"
    | "definitions"
    | "inputs"
    | "virtual"
    | "ordered"
    | "clone"
    | "totals"
    | "spans"
    | "again";
  /** Buttons for ticked rows that are there only while some are. */
  toolbar: "always" | "when-ticked";
  columns: "usual" | "reordered" | "extra" | "split";
  paging: "numbers" | "arrows" | "more" | "scroll" | "hover";
  /** Whether what is searched by has to be opened first. */
  filter: "open" | "collapsed";
  /** Whether what is found stands below what was searched by, or in its place. */
  results: "below" | "page";
  notices: "rows" | "tick" | "numbered";
  confirm: "box" | "browser" | "none" | "review" | "panel" | "dialog" | "reversed" | "yes-no";
  receipt: "message" | "box" | "page" | "alert";
  messages: "toast" | "brief" | "live" | "role-alert" | "alert" | "invalid-feedback" | "swal2" | "plain";
  /** What the button of 取號 is called. */
  submit: "提交取號" | "送出申請" | "確認取號";
  /** A second button of the same name, or a heading of the same name as a button. */
  twins: "none" | "buttons" | "heading";
  /** How many steps the form of 取號 has. */
  steps: "one" | "two" | "panels";
  applyIn: "page" | "window";
  file: "input" | "label" | "after-click" | "drop-zone";
  render: "once" | "stages" | "redraw" | "late-redirect" | "late-figure";
  announcement: "none" | "two-closes" | "unknown-class" | "cross" | "dialog" | "consent";
  cookies: boolean;
  menu: "groups" | "root" | "drawer" | "open";
  tabs: "plain" | "links" | "buttons";
  toastOverButton: boolean;
  /** A save asks for the password of the sign-in once more. */
  reauthenticate: "none" | "notices" | "takes" | "uploads" | "deletions";
  /** Where it is asked for: in a box over the page, or in the place of the page. */
  reauthenticateIn: "box" | "page";
  /** Rows that are not the ones in question. */
  others: "none" | "second-row" | "other-company";
  /** The session ends once while somebody looks around. */
  session: "lasts" | "ends";
  /** Whether an inner address can be opened, or leads to the first page. */
  links: "deep" | "menu";
  language: "zh" | "en";
  /** How addresses are written. */
  routes: "paths" | "hash";
  /** What the page holds stands in the slot of a component. */
  slots: boolean;
  /** Whether a page says what it is: in a breadcrumb and a title. */
  titles: "both" | "none";
  /** Where the menu opens its pages. */
  opens: "here" | "windows";
  /** A bar that stays at the foot of the window, over what is there. */
  footer: boolean;
};

export const PLAIN: Habits = {
  ids: "none",
  classes: "made-up",
  tags: "plain",
  frame: "none",
  shadow: false,
  labels: "for",
  words: "plain",
  buttonWords: "plain",
  buttons: "button",
  choices: "select",
  picker: "one",
  periods: "common-era",
  figures: "plain",
  validity: "always",
  loading: "none",
  lists: "table",
  toolbar: "always",
  columns: "usual",
  paging: "numbers",
  filter: "open",
  results: "below",
  notices: "rows",
  confirm: "box",
  receipt: "message",
  messages: "toast",
  submit: "提交取號",
  twins: "none",
  steps: "one",
  applyIn: "page",
  file: "input",
  render: "once",
  announcement: "none",
  cookies: false,
  menu: "groups",
  tabs: "plain",
  toastOverButton: false,
  reauthenticate: "none",
  reauthenticateIn: "box",
  others: "none",
  session: "lasts",
  links: "deep",
  language: "zh",
  routes: "paths",
  slots: false,
  titles: "both",
  opens: "here",
  footer: false,
};

export interface Look {
  readonly name: string;
  readonly habits: Partial<Habits>;
  /** A person has to decide here: a robot that goes on alone has done wrong. */
  readonly needsPerson?: true;
  /** Under which name it is right to stop here before anything was sent. */
  readonly mayStopAs?: "session-expired";
}

/** Every way in which the markup is other than the usual one; some are two at once, as they are met together. */
export const LOOKS: readonly Look[] = [
  { name: "the plain one", habits: {} },
  { name: "the facts' own ids and classes", habits: { ids: "facts", classes: "usual", tags: "roles" } },
  { name: "machine-made ids", habits: { ids: "random", labels: "beside" } },
  { name: "div soup without roles", habits: { tags: "soup", buttons: "div", labels: "beside", lists: "soup" } },
  { name: "content in a frame", habits: { frame: "content" } },
  { name: "list in a frame", habits: { frame: "list", labels: "wrapped" } },
  { name: "form in a frame", habits: { frame: "form", labels: "beside" } },
  { name: "open shadow root", habits: { shadow: true } },
  { name: "shadow root, buttons that are components", habits: { shadow: true, buttons: "custom", labels: "beside" } },
  { name: "labels spaced with full-width blanks", habits: { words: "spaced", labels: "beside" } },
  { name: "labels in full width with asterisks", habits: { words: "full-width", labels: "for" } },
  { name: "labels with asterisks, above", habits: { words: "asterisk", labels: "above" } },
  { name: "labels that say 必填", habits: { words: "required", labels: "wrapped" } },
  { name: "floating labels", habits: { labels: "floating" } },
  { name: "labels in header cells", habits: { labels: "header-cell", words: "spaced" } },
  { name: "labels in a row of headers above the fields", habits: { labels: "header-row" } },
  { name: "placeholders only", habits: { labels: "placeholder", buttons: "submit" } },
  { name: "accessible names only", habits: { labels: "aria", tags: "roles" } },
  { name: "tooltips only", habits: { labels: "tooltip", buttons: "icon" } },
  { name: "bilingual labels", habits: { words: "bilingual", labels: "beside" } },
  { name: "buttons that are pictures", habits: { buttons: "image", labels: "header-cell" } },
  { name: "buttons that are links", habits: { buttons: "anchor", tabs: "links" } },
  { name: "buttons that are plain divs", habits: { buttons: "div", labels: "above" } },
  { name: "icon buttons with tooltips", habits: { buttons: "icon", labels: "beside" } },
  { name: "selects drawn by the page", habits: { choices: "drawn", labels: "beside", tags: "roles" } },
  { name: "choices that exist only while open", habits: { choices: "lazy", labels: "beside" } },
  { name: "choices behind a read-only input", habits: { choices: "read-only", labels: "above" } },
  { name: "radio buttons in place of selects", habits: { choices: "radios", labels: "beside" } },
  { name: "chips in place of selects", habits: { choices: "chips", labels: "beside" } },
  { name: "a choice that reloads the page", habits: { choices: "reload" } },
  { name: "periods of the Republic", habits: { periods: "republic" } },
  { name: "periods with slashes", habits: { periods: "slashes", lists: "split" } },
  { name: "periods as months of two years' counts", habits: { periods: "months" } },
  { name: "periods as codes", habits: { periods: "code", columns: "extra" } },
  { name: "buttons that wait for a complete form", habits: { validity: "when-complete" } },
  { name: "a layer while it loads", habits: { loading: "layer", lists: "split" } },
  { name: "header apart from the body", habits: { lists: "split", paging: "arrows" } },
  { name: "ARIA grids", habits: { lists: "grid", paging: "more", tags: "roles" } },
  { name: "rows drawn only where they are seen", habits: { lists: "virtual" } },
  { name: "cards in place of tables", habits: { lists: "cards", paging: "more" } },
  { name: "definition lists in place of tables", habits: { lists: "definitions", paging: "scroll" } },
  { name: "values in inputs", habits: { lists: "inputs" } },
  { name: "columns in another order", habits: { columns: "reordered", paging: "arrows" } },
  { name: "more columns", habits: { columns: "extra" } },
  { name: "columns split in two", habits: { columns: "split" } },
  { name: "paging by scrolling", habits: { paging: "scroll" } },
  { name: "a list for notices with one 刪除 for ticked rows", habits: { notices: "tick" } },
  { name: "numbered fields for notices", habits: { notices: "numbered", labels: "beside" } },
  { name: "a question of the browser", habits: { confirm: "browser", receipt: "alert" } },
  { name: "no question at all", habits: { confirm: "none", receipt: "page" } },
  { name: "a review page", habits: { confirm: "review" } },
  { name: "a question inside the page", habits: { confirm: "panel" } },
  { name: "a receipt box with 確認 and a cross", habits: { receipt: "box" } },
  { name: "a form in two steps", habits: { steps: "two" } },
  { name: "another name for the button", habits: { submit: "送出申請" } },
  { name: "two buttons of one name", habits: { twins: "buttons" } },
  { name: "headings called as buttons are", habits: { twins: "heading", labels: "above" } },
  { name: "a form in a window", habits: { applyIn: "window" } },
  { name: "a file input behind a label", habits: { file: "label" } },
  { name: "a file input that exists only after a click", habits: { file: "after-click" } },
  { name: "a drop zone", habits: { file: "drop-zone", labels: "above" } },
  { name: "drawn in three stages", habits: { render: "stages" } },
  { name: "drawn a second time 0.4 s later", habits: { render: "redraw" } },
  { name: "a late redirect", habits: { render: "late-redirect" } },
  { name: "the usual figure written late into 取用本數", habits: { render: "late-figure" } },
  { name: "an announcement with two things called 關閉", habits: { announcement: "two-closes" } },
  { name: "an announcement of no known class", habits: { announcement: "unknown-class", tags: "soup" } },
  { name: "an announcement with a cross only", habits: { announcement: "cross" } },
  { name: "an announcement in a dialog of the browser", habits: { announcement: "dialog" } },
  { name: "an announcement that asks for consent", habits: { announcement: "consent" }, needsPerson: true },
  { name: "a cookie bar", habits: { cookies: true } },
  { name: "a toast over the button", habits: { toastOverButton: true } },
  { name: "a menu that lies over the page", habits: { menu: "drawer" } },
  { name: "a collapsed root of the menu", habits: { menu: "root", links: "menu" } },
  { name: "only the menu leads inside", habits: { links: "menu", menu: "groups" } },
  { name: "a menu that is always open", habits: { menu: "open", tabs: "buttons" } },
  { name: "a second row of the period", habits: { others: "second-row" } },
  { name: "a row of another company", habits: { others: "other-company" } },
  { name: "messages in role=alert", habits: { messages: "role-alert" } },
  { name: "messages in .alert", habits: { messages: "alert" } },
  { name: "messages in .invalid-feedback", habits: { messages: "invalid-feedback" } },
  { name: "messages of SweetAlert", habits: { messages: "swal2" } },
  { name: "messages in plain text", habits: { messages: "plain" } },
  { name: "texts in English beside the names", habits: { words: "bilingual", language: "en" } },
  { name: "the password again for the notice list", habits: { reauthenticate: "notices" } },
  { name: "the password again for 取號", habits: { reauthenticate: "takes" } },
  { name: "the password again for an upload", habits: { reauthenticate: "uploads" } },
  { name: "a session that ends", habits: { session: "ends" }, mayStopAs: "session-expired" },
  { name: "a frame within a frame", habits: { frame: "nested", labels: "beside" } },
  { name: "labels that only the style sheet writes", habits: { labels: "css" } },
  { name: "labels in legends", habits: { labels: "legend" } },
  { name: "names in English only", habits: { words: "english", language: "en" } },
  { name: "buttons with blanks between their characters", habits: { buttonWords: "spaced", buttons: "anchor" } },
  { name: "buttons in brackets", habits: { buttonWords: "full-width" } },
  { name: "links that lead nowhere as buttons", habits: { buttons: "bare-anchor", labels: "beside" } },
  { name: "icons that say their names in a title", habits: { buttons: "svg-title" } },
  { name: "choices that are filled late", habits: { choices: "late" } },
  { name: "columns in an order of the style sheet", habits: { lists: "ordered", labels: "beside" } },
  { name: "a header that is there twice", habits: { lists: "clone", paging: "arrows" } },
  { name: "a pager that shows under the mouse", habits: { paging: "hover" } },
  { name: "conditions that have to be opened", habits: { filter: "collapsed" } },
  { name: "results in the place of the form", habits: { results: "page" } },
  { name: "addresses behind a hash", habits: { routes: "hash" } },
  { name: "a bar at the foot of the window", habits: { footer: true, receipt: "box" } },
  { name: "a period of a year and two months", habits: { picker: "year-and-months" } },
  { name: "a period of a typed year and two months", habits: { picker: "year-field", labels: "beside" } },
  { name: "a calendar of pairs of months", habits: { picker: "grid", labels: "above" } },
  { name: "cards in place of radio buttons", habits: { choices: "cards", labels: "legend" } },
  { name: "content in the slot of a component", habits: { slots: true, buttons: "slotted" } },
  { name: "buttons with a menu of further actions", habits: { buttons: "split" } },
  { name: "steps that are folded panels", habits: { steps: "panels" } },
  { name: "a last row that adds up", habits: { lists: "totals" } },
  { name: "a header again after every three rows", habits: { lists: "again" } },
  { name: "cells that reach over several rows", habits: { lists: "spans" } },
  { name: "tools that are there once a row is ticked", habits: { toolbar: "when-ticked", labels: "beside" } },
  { name: "a question in a dialog of the browser", habits: { confirm: "dialog" } },
  { name: "a question whose no stands first", habits: { confirm: "reversed", receipt: "box" } },
  { name: "a question of 是 and 否", habits: { confirm: "yes-no" } },
  { name: "figures with their units", habits: { figures: "units", paging: "arrows" } },
  { name: "invisible characters in names", habits: { words: "zero-width" } },
  { name: "periods in Chinese digits", habits: { periods: "han" } },
  { name: "pages without a title", habits: { titles: "none" } },
  { name: "messages of less than a second", habits: { messages: "brief" } },
  { name: "messages in a live region only", habits: { messages: "live" } },
  { name: "pages that open in windows", habits: { opens: "windows" } },
];
