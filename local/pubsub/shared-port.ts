import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'node:net';
import { type Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';

/** HTTP/2's connection preface begins `PRI`, which is no method of HTTP/1.1 (https://www.rfc-editor.org/rfc/rfc9113#preface). */
const PREFACE_START = 'PRI';

/** Hands each connection to one of two servers, by its first bytes, as Google's emulator does. */
export class SharedPort extends Server {
  readonly #sockets = new Set<Socket>();

  constructor(http: HttpServer, grpc: GrpcServer) {
    super();
    const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A client may break off at any time; whoever serves the connection sees it close.
      socket.on('error', () => socket.destroy());
      sniff(socket, (start) => {
        if (start === PREFACE_START) injector.injectConnection(socket);
        else http.emit('connection', socket);
      });
    });
  }

  /** Breaks off every connection: the HTTP server knows only those that it has accepted itself. */
  shutDown(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.close(() => resolve()));
  }
}

function sniff(socket: Socket, decide: (start: string) => void): void {
  socket.once('readable', () => {
    const start: Buffer | null = socket.read(PREFACE_START.length);
    if (start === null) return socket.readableEnded ? undefined : sniff(socket, decide);
    socket.unshift(start);
    decide(start.toString('latin1'));
  });
}
