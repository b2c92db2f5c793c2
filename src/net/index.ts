export { type ConnectOptions, connectWebSocket } from './connect.js';
export { type LinkedSocket, linkedPair } from './linked-pair.js';
export { acceptedSocket, type WebSocketLike } from './ws-socket.js';
