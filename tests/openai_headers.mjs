// The names of the headers that OpenAI's JavaScript client sends, whatever is asked and set; a JSON list.
import OpenAI from "openai";

const names = new Set();
const client = new OpenAI({
  baseURL: "http://nowhere.example/v1",
  apiKey: "any",
  organization: "org",
  project: "project",
  timeout: 5000,
  maxRetries: 1,
  fetch: async (_url, { headers }) => {
    for (const [name] of headers) names.add(name);
    return new Response("{}", { status: 503, headers: { "retry-after-ms": "1" } });
  },
});
const request = { model: "any", messages: [{ role: "user", content: "Hello" }] };
const tool = { type: "function", function: { name: "now", parameters: {}, function: () => "now", parse: JSON.parse } };

const asks = [
  () => client.chat.completions.create(request),
  () => client.chat.completions.create({ ...request, stream: true }),
  () => client.chat.completions.parse(request),
  () => client.chat.completions.stream(request).done(),
  () => client.chat.completions.runTools({ ...request, tools: [tool] }).done(),
  () => client.responses.create({ model: "any", input: "Hello" }, { timeout: 1000 }),
  () => client.models.list(),
  () => client.models.retrieve("any"),
];
for (const ask of asks) {
  await ask().then(
    () => Promise.reject(new Error("it was answered")),
    (error) => error instanceof OpenAI.InternalServerError || error.cause instanceof OpenAI.InternalServerError
      ? undefined
      : Promise.reject(error),
  );
}
console.log(JSON.stringify([...names]));
