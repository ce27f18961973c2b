// Asks every public endpoint once and prints what came back as JSON: node ask.mjs http://127.0.0.1:7860
import { Client } from "@gradio/client";

const client = await Client.connect(process.argv[2]);
const customer = { age: 31, annual_income: 17, spending_score: 40 };
const file = new Blob(["age,annual_income,spending_score\n31,17,40\n"], { type: "text/csv" });

const first = async (endpoint, inputs) => (await client.predict(endpoint, inputs)).data[0];
const refused = async (endpoint, inputs) => {
  try {
    return await first(endpoint, inputs);
  } catch (error) {
    return error.message;
  }
};

const scored = await first("/score_file", { file: new File([file], "customers.csv"), missing: "gender" });
const answers = {
  predict: await first("/predict", customer),
  partial: await first("/predict", { annual_income: 80 }),
  predict_many: await first("/predict_many", { rows: [customer, { age: 300 }] }),
  explain: await first("/explain", customer),
  model: await first("/model", {}),
  score_file: await (await fetch(scored.url)).text(),
  refused: await refused("/predict", { age: 300 }),
};
console.log(JSON.stringify(answers));
process.exit(0); // the client keeps a connection open
