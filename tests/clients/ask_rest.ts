// Calls every operation of the REST API with types from its OpenAPI document, and prints what came back as JSON:
// node ask_rest.js http://127.0.0.1:7860 KEY
// tests/test_clients.py makes openapi.d.ts with openapi-typescript, and compiles this file in strict mode.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.js";

const [url, key] = process.argv.slice(2);
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: `${url}/v1`, headers: { Authorization: `Bearer ${key}` } });
const customer: components["schemas"]["Customer"] = { age: 31, annual_income: 17, spending_score: 40 };
const called: string[] = [];

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

async function ask<Data>(name: string, asked: Promise<Answer<Data>>): Promise<Data> {
  called.push(name);
  const { data, error, response } = await asked;
  if (data === undefined) throw new Error(`${name}: ${response.status} ${JSON.stringify(error)}`);
  return data;
}

const predicted = await ask("predict", client.POST("/predict", { body: customer }));
const batch = await ask("predictBatch", client.POST("/predict/batch", { body: { rows: [customer, { age: 300 }] } }));
const explained = await ask("explain", client.POST("/explain", { body: customer, params: { query: { segment: 0 } } }));
const scored = await ask(
  "scoreFile",
  client.POST("/score", {
    body: "age,annual_income,spending_score\n31,17,40\n",
    bodySerializer: (body) => body,
    headers: { "Content-Type": "text/csv", Accept: "text/csv" },
    parseAs: "text",
  }),
);
const model = await ask("model", client.GET("/model"));
await ask("nextQuestions", client.POST("/next-questions", { body: { age: 31 } }));
await ask("planTest", client.GET("/plan-test", { params: { query: { baseline: 0.1, difference: 0.05 } } }));
const monitoring = await ask("monitoring", client.GET("/monitoring"));
const health = await ask("health", client.GET("/health"));
const ready = await ask("ready", client.GET("/ready"));
const served = await ask("served", client.GET("/reload"));
const reloaded = await ask("reload", client.POST("/reload", { params: { query: { model: "current" } } }));

const path = { id: "anna" };
const saved = await ask("saveCustomer", client.PUT("/customers/{id}", { params: { path }, body: customer }));
const many = await ask("saveCustomers", client.POST("/customers", { body: { rows: [{ id: "ben", ...customer }] } }));
const listed = await ask("customers", client.GET("/customers", { params: { query: { limit: 10 } } }));
const one = await ask("customer", client.GET("/customers/{id}", { params: { path } }));
await ask("exportCustomer", client.GET("/customers/{id}/export", { params: { path } }));
const letter = await ask(
  "customerLetter",
  client.GET("/customers/{id}/letter", { params: { path }, parseAs: "text" }),
);
const events = await ask("customerEvents", client.GET("/customer-events", { params: { query: { after: 0 } } }));
const between = { from: "2026-01-01", to: "2027-01-01" };
await ask("movement", client.GET("/movement", { params: { query: between } }));
const erased = await ask("eraseCustomer", client.DELETE("/customers/{id}", { params: { path: { id: "ben" } } }));
const refused = await client.POST("/predict", { body: { age: 300 } });

console.log(
  JSON.stringify({
    called,
    segments: [predicted.segment, batch.answers[0]?.segment, saved.prediction?.segment, one.segment],
    explained: explained.explained_segment,
    scored,
    first: model.segments[0]?.name,
    counted: monitoring.customers,
    statuses: [health.status, ready.status],
    versions: [served.model_version, reloaded.model_version],
    new: many.saved?.new,
    ids: listed.customers?.map((each) => each.id),
    letter: letter.length,
    events: events.events?.length,
    erased: erased.erased,
    refused: refused.error?.errors?.map((each) => each.field),
  }),
);
