export * from './sound/index.js';
