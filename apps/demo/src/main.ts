import { AppModule } from './app.module.js';
import { listen } from './listen.js';

await listen(AppModule, 3000);
