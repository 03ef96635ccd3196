import { expect, test } from "vitest";
import {
  countFilters,
  filtersOf,
  NO_FILTERS,
  queryOf,
  sameFilters,
  searchOf,
  sinceOf,
} from "./filters";
import { changed, parseSearch, writeSearch } from "./search";
import { SAVED_VIEWS, totalOf } from "./views";

const NOW = Date.parse("2026-11-28T12:34:56Z");

test("survive the way through an address and back", () => {
  const filters = {
    ...NO_FILTERS,
    workflow: "load orders/2 & more",
    status: ["failed", "lost"] as const,
    range: "7d" as const,
    text: "주간 보고",
  };
  const address = writeSearch(searchOf(filters));

  expect(filtersOf(parseSearch(address))).toEqual(filters);
  expect(address).toContain("status=failed,lost");
});

test("ignore what an address cannot mean", () => {
  const search = parseSearch("?status=broken,failed&range=9y&since=yesterday&unknown=1");

  expect(filtersOf(search)).toEqual({ ...NO_FILTERS, status: ["failed"] });
});

test("ask the server for just what is set", () => {
  expect(queryOf(NO_FILTERS, NOW, "utc")).toEqual({});
  expect(
    queryOf(
      { ...NO_FILTERS, kind: "graph", tag: "audit", range: "1h", until: "2026-01-01T00:00:00Z" },
      NOW,
      "utc",
    ),
  ).toEqual({ kind: "graph", tag: "audit", since: "2026-11-28T11:34:00.000Z" });
  expect(
    queryOf(
      {
        ...NO_FILTERS,
        workflow: "w",
        status: ["lost"],
        trigger: "manual",
        text: "t",
        since: "2026-01-01T00:00:00Z",
        until: "2026-01-02T00:00:00Z",
        batch: "b",
        parent: "p",
      },
      NOW,
      "utc",
    ),
  ).toEqual({
    workflow: "w",
    status: ["lost"],
    trigger: "manual",
    text: "t",
    since: "2026-01-01T00:00:00Z",
    until: "2026-01-02T00:00:00Z",
    batch_id: "b",
    parent_execution_id: "p",
  });
});

test("begin today with the zone's midnight", () => {
  expect(sinceOf("today", NOW, "Asia/Seoul")).toBe("2026-11-27T15:00:00.000Z");
});

test("are counted and compared", () => {
  const one = { ...NO_FILTERS, kind: "job" };

  expect(countFilters(one)).toBe(1);
  expect(sameFilters(one, { ...NO_FILTERS, kind: "job" })).toBe(true);
  expect(sameFilters(one, NO_FILTERS)).toBe(false);
});

test("a search changes by names, and loses those that are emptied", () => {
  expect(changed({ a: "1", b: "2" }, { b: null, c: "3", d: "" })).toEqual({ a: "1", c: "3" });
  expect(writeSearch({ a: 1, b: undefined })).toBe("");
});

test("a saved view adds up what it is counted under", () => {
  const running = SAVED_VIEWS.find((view) => view.name === "running");
  if (!running) throw new Error("there is no such view");
  const counts = [
    { view: "running", executions: 3 },
    { view: "retrying", executions: 1_000, at_least: true },
  ];

  expect(totalOf(running, counts)).toEqual({ count: 1_003, atLeast: true });
  expect(totalOf(running, counts.slice(1))).toBeNull();
});
