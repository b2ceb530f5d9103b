import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assumptionsDocument } from './markdown';

writeFileSync(join(__dirname, '../../docs/assumptions.md'), assumptionsDocument());
