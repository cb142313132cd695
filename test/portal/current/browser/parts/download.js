import { send } from "../session.js";

/** Fetches a file from an API and hands it to the browser as a download; what an API refuses is told as everywhere else. */
export async function download(path, options = {}) {
  const response = await send(path, options);
  if (response === null) return;
  const name = /filename="(.+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "download.csv";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
