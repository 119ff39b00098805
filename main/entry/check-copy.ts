// The thread that proves a copy of a library, which takes seconds in a large one; wiring only.
import { serve } from '../platform/rpc.ts';
import { threadEnd } from '../platform/worker-port.ts';
import { copyExaminer } from '../store/examine-copy.ts';

serve(threadEnd(), copyExaminer, ['examine']);
