import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/app';
import { speakWith } from './data/problem';
import { connect } from './data/session';
import { nonce } from './ui/nonce';
import { problemWords } from './ui/problem-words';
import { spokenLang } from './ui/texts';

import './ui/mantine.css';
import './ui/tokens.css';

setNonce(nonce); // for the dialogs' scroll lock, which inserts a <style> too
connect();
speakWith((said) => problemWords(said, spokenLang()));
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
