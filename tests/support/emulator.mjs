// The Bot API emulator "telegram-test-api" as a process: its address is the first line of standard output.
import { createRequire } from "node:module";
import net from "node:net";

const TelegramServer = createRequire(process.argv[2] + "/")("telegram-test-api");
const probe = net.createServer().listen(0, "127.0.0.1", async () => {
  const { port } = probe.address();
  probe.close();
  const server = new TelegramServer({ port, host: "127.0.0.1", storage: "RAM", storeTimeout: 600 });
  await server.start();
  console.log(`http://127.0.0.1:${port}`);
});
