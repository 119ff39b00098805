// Child process in which the stages run alone: as clean as the process that the pipeline runs them in. Wiring only.
import { openStages } from './stages-alone.ts';

/** First message: what to load. Each later one: photos to measure. */
type Order =
  | { readonly kind: 'open'; readonly packFolder: string; readonly warmWith: string }
  | { readonly kind: 'measure'; readonly paths: readonly string[] };

let measure: Awaited<ReturnType<typeof openStages>> | undefined;

async function answer(order: Order): Promise<unknown> {
  if (order.kind === 'measure') return measure?.(order.paths);
  measure = await openStages(order.packFolder, order.warmWith);
  return 'ready';
}

process.on('message', (order: Order) => {
  answer(order).then(
    (value) => process.send?.({ value }),
    (error: Error) => process.send?.({ error: error.stack ?? error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
