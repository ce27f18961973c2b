// Asks the MCP tools in both revisions and prints what came back as JSON: node ask_mcp.mjs http://127.0.0.1:7860
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const url = new URL("/gradio_api/mcp/", process.argv[2]);
const customer = { age: 31, annual_income: 17, spending_score: 40 };

const ask = async (mode) => {
  const client = new Client({ name: "tests", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url));
  const call = (given) => client.callTool({ name: "predict_segment", arguments: given });
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const read = async ({ uri }) => (await client.readResource({ uri })).contents[0].mimeType;
  const answers = {
    revision: client.getNegotiatedProtocolVersion(),
    tools: tools.map(({ name }) => name),
    answer: (await call(customer)).structuredContent,
    refused: (await call({ age: "x" })).content[0].text,
    kinds: await Promise.all(resources.map(read)),
  };
  await client.close();
  return answers;
};

console.log(JSON.stringify({ auto: await ask("auto"), legacy: await ask("legacy") }));
