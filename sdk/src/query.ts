/** TanStack Query options, keys and infinite lists for the same routes. */
export * from './generated/@tanstack/react-query.gen.js';
