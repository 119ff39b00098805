// Which work a pack stands for: its stages with the version that makes stored results of another pack count as missing. Shell process.
import type { OpenedPack } from '../../inference/protocol.ts';
import type { Stage, StageVersion } from '../../library-db/library-rows.ts';

/** In order of use: a photo can be found by its picture before it has a caption. */
export function stageVersions(pack: OpenedPack): StageVersion[] {
  const pipeline = `p${pack.pipelineVersion}`;
  return [
    { stage: 'look', version: `${pack.imageModelId}/${pipeline}` },
    { stage: 'own', version: `${pack.sentenceModelId}/${pipeline}` },
    { stage: 'caption', version: `${pack.captionModelId}/${pipeline}` },
  ];
}

export function versionOf(wanted: readonly StageVersion[], stage: Stage): StageVersion {
  const found = wanted.find((entry) => entry.stage === stage);
  if (!found) throw new Error(`stage ${stage} is not wanted`);
  return found;
}
