// What OpenAI's JavaScript client makes of the endpoint; one JSON line on standard output.
// Usage: node openai_client.mjs BASE_URL (stream | whole | response | wholeResponse | model | models) [MODEL]
import OpenAI from "openai";

const [baseURL, what, model = "small"] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
const messages = [{ role: "user", content: "Hello" }];

const asks = {
  async stream() {
    let text = "";
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    return text;
  },
  async whole() {
    return (await client.chat.completions.create({ model, messages })).choices[0].message.content;
  },
  async response() {
    let text = "";
    for await (const event of await client.responses.create({ model, input: "Hello", stream: true })) {
      if (event.type === "response.output_text.delta") text += event.delta;
      if (event.type === "response.failed") throw Object.assign(new Error(), { code: event.response.error.code });
    }
    return text;
  },
  async wholeResponse() {
    return (await client.responses.create({ model, input: "Hello" })).output_text;
  },
  async model() {
    return (await client.models.retrieve(model)).id;
  },
  async models() {
    return (await client.models.list()).data.map((entry) => entry.id);
  },
};

try {
  console.log(JSON.stringify({ result: await asks[what]() }));
} catch (error) {
  console.log(JSON.stringify({ error: error.constructor.name, status: error.status ?? null, code: error.code ?? null }));
}
