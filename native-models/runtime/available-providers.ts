// What this machine's ONNX Runtime build offers, and what each provider still lacks. Inference process.
import './no-telemetry.ts';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { env, listSupportedBackends } from 'onnxruntime-node';
import { type ProviderName, providerOrder } from './providers.ts';

/** Part of the key a provider choice is kept under: a new runtime must prove itself anew. */
export const runtimeVersion = `onnxruntime-node ${env.versions.node ?? env.versions.common}`;

/** Leaves a core to the rest of the program; more than four threads bring little for these graphs. */
export function defaultThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(4, cores - 1));
}

/**
 * Providers of the build in our order. A listed one may still lack libraries: asking the runtime for it then prints native
 * warnings, so those two cases are looked up first and named.
 */
export async function availableProviders(): Promise<{ name: ProviderName; usable: true | string }[]> {
  const listed = new Set(listSupportedBackends().map((backend) => backend.name));
  const offers: { name: ProviderName; usable: true | string }[] = [];
  for (const name of providerOrder) {
    if (name === 'cpu' || listed.has(name)) offers.push({ name, usable: await lacks(name) });
  }
  return offers;
}

async function lacks(name: ProviderName): Promise<true | string> {
  if (process.platform !== 'linux') return true;
  if (name === 'cuda' && !(await existsIn([bindingFolder()], 'libonnxruntime_providers_cuda.so'))) {
    return 'its libraries are not installed';
  }
  if (name === 'webgpu' && !(await existsIn(libraryFolders(), 'libvulkan.so.1'))) {
    return 'the system has no Vulkan loader (libvulkan.so.1)';
  }
  return true;
}

function bindingFolder(): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

function libraryFolders(): string[] {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const extra = process.env['LD_LIBRARY_PATH']?.split(delimiter).filter((folder) => folder !== '') ?? [];
  return [...extra, `/usr/lib/${triplet}`, `/lib/${triplet}`, '/usr/lib64', '/lib64', '/usr/lib', '/usr/local/lib'];
}

async function existsIn(folders: readonly string[], file: string): Promise<boolean> {
  for (const folder of folders) {
    const found = await access(join(folder, file)).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
