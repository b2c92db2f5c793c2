import { describe } from 'vitest';
import { anyCall } from './calls/promises.js';

describe('any call keeps its promises', () => anyCall({ script: 40, openai: 15, gemini: 20, lossy: 20 }));
