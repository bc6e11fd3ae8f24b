import { render } from 'preact';
import { App } from './app/app.js';
import { acceptDrops } from './app/import-files.js';
import { startKeys } from './app/keys.js';
import { startState } from './app/state.js';
import { startTogether } from './app/together.js';
import { startTheme } from './app/theme.js';
import './style.css';

const place = document.getElementById('page');
if (!place) throw new Error('The page has no place to be in.');
startTheme();
startState();
startTogether();
startKeys();
acceptDrops();
render(<App />, place);
