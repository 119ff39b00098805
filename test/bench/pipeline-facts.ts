// What benchmarks must know of the pipeline to repeat its parts: model ids, stages, sizes. Benchmark process.
import type { OpenedPack } from '../../main/inference/protocol.ts';
import type { StageVersion } from '../../main/library-db/library-rows.ts';
import { stageVersions } from '../../main/services/indexing/stage-versions.ts';
import { type ModelKind, modelId, type Pack } from '../../native-models/pack.ts';

/** As in main/entry/inference.ts, which nothing may import. */
export const thumbnailSide = 320;

/** Ids under which the pipeline stores this pack's vectors and captions. */
export function modelIdsOf(pack: Pack) {
  const id = (kind: ModelKind): string => modelId(pack, kind);
  return { imageModelId: id('image'), sentenceModelId: id('sentence'), captionModelId: id('caption') };
}

/** The stages that count as done for this pack. */
export function stagesOf(pack: Pack): StageVersion[] {
  const facts = { ...modelIdsOf(pack), pipelineVersion: pack.pipelineVersion };
  return stageVersions(facts as OpenedPack);
}
