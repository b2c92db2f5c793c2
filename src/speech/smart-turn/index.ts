export { type SmartTurnOptions, smartTurn } from './smart-turn.js';
