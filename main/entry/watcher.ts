// Watcher worker thread: walks the registered folders and watches them. Wiring only.
import { systemClock } from '../platform/clock.ts';
import { serve } from '../platform/rpc.ts';
import { threadEnd } from '../platform/worker-port.ts';
import { createFolderWalker, folderWalkerMethods } from '../watching/folder-walker.ts';
import { createFolderWatching, folderWatchingMethods } from '../watching/folder-watching.ts';
import { eventQueueLength } from '../watching/kernel-watches.ts';
import { systemWatchers } from '../watching/open-folder-watcher.ts';

const watching = createFolderWatching({ ...systemWatchers(), clock: systemClock, eventQueue: eventQueueLength() });

serve(threadEnd(), { ...createFolderWalker(), ...watching }, [...folderWalkerMethods, ...folderWatchingMethods]);
