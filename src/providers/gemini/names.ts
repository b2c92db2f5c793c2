export const provider = 'gemini';
export const defaultModel = 'gemini-3.8-live';
