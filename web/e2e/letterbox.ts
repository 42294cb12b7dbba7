import { createServer, type Socket } from "node:net";

/** Letterbox is an SMTP server that keeps the letters it is given. */
export interface Letterbox {
  url: string;
  /** next waits for the next letter with these words in it and answers its text, as a reader sees it. */
  next(words: string): Promise<string>;
  close(): void;
}

/** openLetterbox listens on 127.0.0.1; it knows as much of SMTP (RFC 5321) as a client needs that logs in nowhere. */
export async function openLetterbox(): Promise<Letterbox> {
  const letters: string[] = [];
  const sockets = new Set<Socket>();
  let wake = () => {};
  const server = createServer((socket) => {
    sockets.add(socket);
    let inLetter = false;
    let rest = "";
    let letter: string[] = [];
    socket.setEncoding("utf8");
    socket.on("error", () => undefined);
    socket.write("220 letterbox\r\n");
    socket.on("data", (data: string) => {
      const lines = (rest + data).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!inLetter) {
          const word = line.slice(0, 4).toUpperCase();
          inLetter = word === "DATA";
          socket.write(word === "DATA" ? "354 go on\r\n" : word === "QUIT" ? "221 bye\r\n" : "250 letterbox\r\n");
          if (word === "QUIT") socket.end();
        } else if (line === ".") {
          letters.push(letter.join("\r\n"));
          letter = [];
          inLetter = false;
          socket.write("250 kept\r\n");
          wake();
        } else letter.push(line.replace(/^\./, ""));
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port");
  return {
    url: `smtp://127.0.0.1:${address.port}?from=desk@evenhand.example`,
    async next(words) {
      for (;;) {
        const letter = letters.shift();
        if (letter !== undefined) {
          const text = readable(letter);
          if (text.includes(words)) return text;
          continue;
        }
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    },
    close() {
      for (const s of sockets) s.destroy();
      server.close();
    },
  };
}

/** readable undoes quoted-printable or base64 (RFC 2045); a letter of ours has one part. */
function readable(letter: string): string {
  const at = letter.indexOf("\r\n\r\n");
  const head = letter.slice(0, at);
  const body = letter.slice(at + 4);
  if (/^content-transfer-encoding: *base64/im.test(head)) return Buffer.from(body, "base64").toString("utf8");
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
