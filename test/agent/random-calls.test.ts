import { describe } from 'vitest';
import { anyCall } from './calls/promises.js';

describe('any call keeps its promises', () => anyCall({ script: 60, openai: 20, gemini: 30, lossy: 25 }));
