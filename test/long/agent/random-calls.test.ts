import { describe } from 'vitest';
import { anyCall } from '../../agent/calls/promises.js';

describe('many calls keep their promises', () =>
  anyCall({ script: 250, openai: 80, gemini: 120, lossy: 100 }));
