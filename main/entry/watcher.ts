// Watcher worker thread: walks the registered folders. Wiring only.
import { serve } from '../platform/rpc.ts';
import { threadEnd } from '../platform/worker-port.ts';
import { createFolderWalker, folderWalkerMethods } from '../watching/folder-walker.ts';

serve(threadEnd(), createFolderWalker(), folderWalkerMethods);
