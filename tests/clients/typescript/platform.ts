// A platform's system in TypeScript, typed by what openapi-typescript makes of docs/api/openapi.json.
// It lists, reads, acknowledges, answers a batch twice under one key, and prints what it saw.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Answer = components["schemas"]["Answer"];

const { BASE, KEY } = process.env;
const api = createClient<paths>({
  baseUrl: BASE ?? "",
  headers: { Authorization: `Bearer ${KEY ?? ""}` },
});

function must<T>(value: T | undefined, problem: unknown): T {
  if (value === undefined) throw new Error(JSON.stringify(problem));
  return value;
}

const list = await api.GET("/api/v1/takedowns/", { params: { query: { kind: "order" } } });
const [first] = must(list.data, list.error).results;
const reference: string = must(first, "no request").reference;
const path = { reference };

const read = await api.GET("/api/v1/takedowns/{reference}/", { params: { path } });
const numbers: number[] = must(read.data, read.error).items.map((item) => item.number);
const etag = read.response.headers.get("ETag") ?? "";
const seen = await api.POST("/api/v1/takedowns/{reference}/acknowledge/", {
  params: { path, header: { "If-Match": etag } },
});
const acknowledged: string | null = must(seen.data, seen.error).acknowledged_at;

const answers: Answer[] = [
  { number: 1, outcome: "removed", answer_id: "T-1" },
  { number: 2, outcome: "refused", answer_id: "T-2", ground: "not_ours", text: "Another shop." },
  // @ts-expect-error: no answer is called so; if this compiled, the types would say nothing
  { number: 3, outcome: "burned", answer_id: "T-3" },
];
const send = () =>
  api.POST("/api/v1/takedowns/{reference}/answers/", {
    params: { path, header: { "Idempotency-Key": "batch-1" } },
    body: { answers },
  });
const once = await send();
const again = await send();
const missing = await api.GET("/api/v1/takedowns/{reference}/", {
  params: { path: { reference: "TD-2026-999999" } },
});

console.log(
  JSON.stringify({
    numbers,
    acknowledged: acknowledged !== null,
    statuses: must(once.data, once.error).results.map((row) => row.status),
    replayed: again.response.headers.get("Idempotent-Replayed"),
    problem: missing.error?.title,
  }),
);
