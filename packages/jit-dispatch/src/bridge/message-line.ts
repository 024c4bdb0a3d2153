import type { Socket } from 'node:net';

/** Messages over a socket, a line of JSON each. What is no such line is passed over. */
export function onMessages<T>(socket: Socket, take: (message: T) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse<T>(line);
      if (message !== null) take(message);
    }
  });
}

/** Sends a message. What can't be sent any more is dropped: the end of the socket tells. */
export function sendMessage<T>(socket: Socket, message: T): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

function parse<T>(line: string): T | null {
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}
