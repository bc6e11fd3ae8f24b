import { listen } from '../listen.js';
import { SealingModule } from './sealing.module.js';

await listen(SealingModule, 3002);
