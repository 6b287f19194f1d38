// The tour of a server by an official TypeScript SDK; prints what it saw as JSON.
// Argument: {generation, folder, era} and either {command, args} or {url, token}, as JSON.
// While a call hangs it prints a line, and gives the call up when a line comes in; it goes on at the next one.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(process.argv[2]);
const load = (path) => import(pathToFileURL(`${asked.folder}/${path}`));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// The first generation names its handlers by schemas, and takes a schema of the answer with a call.
const first = asked.generation === 1;
const [{ Client }, stdio, http] = first
  ? await Promise.all(["index", "stdio", "streamableHttp"].map((name) => load(`dist/esm/client/${name}.js`)))
  : await Promise.all(["index", "stdio", "index"].map((name) => load(`dist/${name}.mjs`)));
const options = { capabilities: { elicitation: {} } };
if (!first) options.versionNegotiation = { mode: asked.era === "modern" ? { pin: "2026-07-28" } : "legacy" };
const client = new Client({ name: "tour", version: "1" }, options);

const questions = [];
const answers = [{ action: "decline" }, { action: "accept", content: { agree: true } }];
const answer = async (request) => {
  questions.push(request.params.message.split("\n")[0]);
  return answers.shift();
};
const elicitation = first ? (await load("dist/esm/types.js")).ElicitRequestSchema : "elicitation/create";
client.setRequestHandler(elicitation, answer);

const transport = asked.url
  ? new http.StreamableHTTPClientTransport(new URL(asked.url), {
      requestInit: { headers: { Authorization: `Bearer ${asked.token}` } },
    })
  : new stdio.StdioClientTransport({ command: asked.command, args: asked.args, env: process.env, stderr: "ignore" });
await client.connect(transport);

const call = (name, args, more) =>
  first ? client.callTool({ name, arguments: args }, undefined, more) : client.callTool({ name, arguments: args }, more);
const good = async (name, args, more) => {
  const result = await call(name, args, more);
  const told = JSON.parse(result.content[0].text);
  if (result.isError || JSON.stringify(result.structuredContent) !== JSON.stringify(told)) throw new Error(JSON.stringify(result));
  return told;
};
const refused = async (name, args) => {
  const result = await call(name, args);
  if (!result.isError || result.structuredContent !== undefined) throw new Error(JSON.stringify(result));
  return JSON.parse(result.content[0].text).error;
};
const ids = (items) => items.map((item) => item.id);
const READ = ["get_booking", { booking_id: 14 }];
const HANGS = ["find_activities", { owner: "deal:7" }];
const CLEAR = ["unset_booking_links", { booking_id: 14, all: true }];

const seen = {};
seen.server = client.getServerVersion().name;
seen.instructions = client.getInstructions().startsWith("Linkdesk links records");
const listed = (await client.listTools()).tools;
seen.tools = listed.length;
seen.described = listed.every((tool) => tool.description && tool.title && tool.inputSchema.type === "object" && tool.outputSchema);

const booking = await good(...READ);
seen.booking = ids(booking.links);
const linked = await good("set_booking_links", { booking_id: 14, links: [{ type: "deal", id: 1 }] });
seen.linked = [linked.changed, ids(linked.after)];
const wrong = await refused("set_booking_links", { booking_id: "soon", link: 1 });
seen.wrong = [wrong.code, wrong.problems.map((problem) => problem.field).sort()];
seen.missing = (await refused("get_booking", { booking_id: 998 })).code;
seen.unknown = (await refused("link_everything", {})).code;

seen.declined = (await refused(...CLEAR)).code;
seen.kept = ids((await good(...READ)).links);
const agreed = await good(...CLEAR);
seen.agreed = [agreed.changed, ids(agreed.after)];
seen.questions = questions.map((question) => question.slice(0, "Booking 14".length));

const text = async (uri) => JSON.parse((await client.readResource({ uri })).contents[0].text);
seen.resources = (await client.listResources()).resources.map((one) => one.uri);
seen.templates = (await client.listResourceTemplates()).resourceTemplates.length;
seen.resource = (await text("linkdesk://booking/14")).id;
seen.nowhere = await text("linkdesk://booking/998").catch((problem) => [problem.code, problem.data.error.code]);
seen.prompts = (await client.listPrompts()).prompts.map((one) => one.name);
const written = await client.getPrompt({ name: "who_comes", arguments: { language: "ru" } });
seen.prompt = written.messages[0].content.text.includes("завтра");
const completed = await client.complete({
  ref: { type: "ref/resource", uri: "linkdesk://booking/{booking_id}" }, argument: { name: "booking_id", value: "14" },
});
seen.completed = completed.completion.values;

const news = [];
const onprogress = ({ progress, total }) => news.push([progress, total]);
await good("link_bookings", { booking_ids: [15, 16, 17], links: ["deal:9"] }, { onprogress });
seen.progress = news;

const given_up = new AbortController();
const hanging = call(...HANGS, { signal: given_up.signal }).then(() => "answered", () => "given up");
await lines.next();
given_up.abort();
seen.cancelled = await hanging;
await lines.next();
seen.after = Array.isArray((await good(...HANGS)).activities);
await client.close();
process.stdout.write(JSON.stringify(seen));
process.exit(0);
