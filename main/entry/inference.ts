// Inference child process: image decode, metadata and the models of one pack. Wiring only.
import { locatePacks, shippedPacksFolder } from '../../native-models/files/locate-packs.ts';
import { rememberFacts } from '../../native-models/files/remembered-facts.ts';
import { decodePhoto } from '../../native-models/image/decode-photo.ts';
import { maxImageBytes, watchdogLimits } from '../../native-models/image/limits.ts';
import { decoderVersion } from '../../native-models/image/locked-sharp.ts';
import { partBoxes, withoutPart } from '../../native-models/image/picture-parts.ts';
import { colourOfThumbnail } from '../../native-models/image/thumbnail.ts';
import { silentLogger } from '../../native-models/logger.ts';
import { openPack } from '../../native-models/open-pack.ts';
import { choosePack, refuseOtherRevision } from '../inference/choose-pack.ts';
import { describePack, listPack } from '../inference/describe-pack.ts';
import { createInferenceService } from '../inference/inference-service.ts';
import { type InferenceInit, inferenceMethods } from '../inference/protocol.ts';
import { toAppError } from '../inference/to-app-error.ts';
import { processWatchdog } from '../inference/watchdog.ts';
import { readSidecar } from '../metadata/find-sidecar.ts';
import { readMetadata } from '../metadata/read-metadata.ts';
import { serveSupervised } from '../platform/handshake.ts';
import { processEnd } from '../platform/worker-port.ts';

/** Longest side of the stored thumbnails, in pixels: sharp on a tile of a dense gallery at double density. */
const thumbnailSide = 320;

const end = processEnd();
// Nothing here outlives its owner: what is in hand would have nobody to go to.
end.onExit(() => process.exit(0));
// Ctrl+C reaches the whole process group; the owner decides when this process ends, and a death now would be blamed on a photo.
process.on('SIGINT', () => undefined);

serveSupervised(end, async (init: InferenceInit) => {
  try {
    const { packs, refused } = await locatePacks([...init.packFolders, shippedPacksFolder]);
    const chosen = choosePack(init.packId, packs, refused);
    refuseOtherRevision(chosen.pack, init.revision);
    const pack = await openPack(chosen.folder, {
      threads: init.threads,
      ...(init.factsFile === undefined ? {} : rememberFacts(init.factsFile, silentLogger)),
    });
    const service = createInferenceService({
      pack,
      decode: decodePhoto,
      readMetadata,
      readSidecar,
      colourOfThumbnail,
      partBoxes,
      withoutPart,
      toAppError,
      guard: processWatchdog(watchdogLimits),
      maxFileBytes: maxImageBytes,
      thumbnailSide,
    });
    const facts = await describePack(
      pack,
      packs.map((found) => listPack(found.pack)),
      decoderVersion,
    );
    return { service, methods: inferenceMethods, facts };
  } catch (error) {
    throw toAppError(error);
  }
});
