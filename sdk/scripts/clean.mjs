// What an earlier build left would be packed with the next.
import { rmSync } from 'node:fs';
import path from 'node:path';

rmSync(path.join(path.dirname(import.meta.dirname), 'dist'), { recursive: true, force: true });
