// A streaming handler for Node's Lambda runtime, as AWS's documentation and OpenAI's SDK suggest.
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import OpenAI from "openai";

const ssm = new SSMClient({});
let client;

async function openai() {
  if (!client) {
    const parameter = new GetParameterCommand({ Name: process.env.API_KEY_PARAMETER, WithDecryption: true });
    const answer = await ssm.send(parameter);
    client = new OpenAI({ apiKey: answer.Parameter.Value, baseURL: process.env.UPSTREAM_BASE_URL });
  }
  return client;
}

export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const request = JSON.parse(event.body);
  const stream = await (await openai()).chat.completions.create({
    model: request.model,
    messages: request.messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const body = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });
  for await (const chunk of stream) {
    body.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
  body.end("data: [DONE]\n\n");
});
