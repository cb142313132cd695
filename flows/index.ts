import type { AnyFlow } from "../robot/engine/flow.ts";
import { bindCarrier } from "./bind-carrier.ts";
import { checkMissingUploads } from "./check-missing-uploads.ts";
import { checkPages } from "./check-pages.ts";
import { correctBlankNumbers } from "./correct-blank-numbers.ts";
import { downloadFailureDetails } from "./download-failure-details.ts";
import { downloadTracks } from "./download-tracks.ts";
import { fetchWinningList } from "./fetch-winning-list.ts";
import { keepNoticeList } from "./keep-notice-list.ts";
import { learnFileFormats } from "./learn-file-formats.ts";
import { notifyWinners } from "./notify-winners.ts";
import { platformBlankNumbers } from "./platform-blank-numbers.ts";
import { platformWinningList } from "./platform-winning-list.ts";
import { takeTracks } from "./take-tracks.ts";
import { trySignIn } from "./try-sign-in.ts";
import { uploadBlankNumbers } from "./upload-blank-numbers.ts";
import { verifyBlankNumbers } from "./verify-blank-numbers.ts";

/** Every flow there is. */
export const FLOWS: readonly AnyFlow[] = [
  takeTracks,
  downloadTracks,
  uploadBlankNumbers,
  verifyBlankNumbers,
  downloadFailureDetails,
  correctBlankNumbers,
  learnFileFormats,
  checkPages,
  trySignIn,
  keepNoticeList,
  bindCarrier,
  checkMissingUploads,
  fetchWinningList,
  notifyWinners,
  platformBlankNumbers,
  platformWinningList,
];
