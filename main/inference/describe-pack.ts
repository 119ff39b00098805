// The facts of the packs that the shell keeps: ids for stored vectors, licences to show, providers tried. Inference child.
import type { ModelPack } from '../../native-models/open-pack.ts';
import type { Pack } from '../../native-models/pack.ts';
import type { OpenedPack, PackListing } from './protocol.ts';

export async function describePack(
  pack: ModelPack,
  packs: readonly PackListing[],
  decoder: string,
): Promise<OpenedPack> {
  const facts = await pack.describe();
  const { image, captioner, fusion, judgement } = pack.manifest;
  return {
    id: facts.id,
    revision: facts.revision,
    pipelineVersion: facts.pipelineVersion,
    title: facts.title,
    licence: facts.licence,
    notice: facts.notice ?? '',
    sizeBytes: facts.bytes,
    packs,
    imageModelId: pack.modelId('image') ?? '',
    sentenceModelId: pack.modelId('sentence') ?? '',
    captionModelId: pack.modelId('caption') ?? '',
    sharesImageRun: captioner?.architecture === 'grid-decoder' && captioner.hiddenStates.graph === image.graph,
    decoder,
    fusion: fusion ?? null,
    judgement: judgement ?? null,
    providers: facts.provider.tried.map(({ name, reason }) => ({ name, reason, used: name === facts.provider.name })),
    runtime: facts.runtime,
  };
}

export function listPack(pack: Pack): PackListing {
  const { id, revision, title, licence, notice, files } = pack;
  return {
    id,
    revision,
    title,
    licence,
    notice: notice ?? '',
    sizeBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    state: 'ok',
  };
}
