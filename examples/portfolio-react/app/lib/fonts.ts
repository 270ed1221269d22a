/** Fonts that the first view needs: fetched with the page, so that they are there before it is drawn. */
import sans from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import italic from '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2?url';
import serif from '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2?url';
import type { LinkDescriptor } from 'react-router';

function preload(href: string): LinkDescriptor {
  return { rel: 'preload', as: 'font', type: 'font/woff2', crossOrigin: 'anonymous', href };
}

export const everywhere = [preload(serif), preload(sans)];

/** Texts have emphasis and quotations. */
export const inTexts = [preload(italic)];
