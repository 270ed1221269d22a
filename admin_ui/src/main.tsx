import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/app';
import { connect } from './data/session';
import { nonce } from './ui/nonce';

import './ui/mantine.css';
import './ui/tokens.css';

setNonce(nonce); // for the dialogs' scroll lock, which inserts a <style> too
connect();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
