/** One function for each public route, their types, and the client that they share. */
export { createClient, createConfig, type Client, type Config } from './generated/client/index.js';
export { client } from './generated/client.gen.js';
export * from './generated/sdk.gen.js';
export type * from './generated/types.gen.js';
export { PreviewRefused, previewOf, readPreview, type Draft, type PreviewLink } from './preview.js';
