import { describe, expect, test } from "vitest";
import { groupFailures, reasonOf } from "./failures";

describe("the reason in an error's line", () => {
  test.each([
    ["test failed: exit code 1", "test failed: exit code #"],
    ["timeout after 30.5 s at 12:05", "timeout after # s at #"],
    ["no such file: '/tmp/a b.csv'", "no such file: '…'"],
    ["cannot read /var/data/day-7/in.csv", "cannot read /…"],
    ["order 0190c1de-7a5e-7cc0-8000-0a0b0c0d0e0f is gone", "order … is gone"],
    ["<Session object at 0x7f3a2b>", "<Session object at …>"],
    ["commit 9fceb02d0ae598e95dc970b7 not found", "commit … not found"],
    ["division by zero", "division by zero"],
  ])("of %j is %j", (line, reason) => {
    expect(reasonOf(line)).toBe(reason);
  });
});

function failure(id: string, workflow: string, line: string | null, type: string | null = "E") {
  return {
    execution_id: id,
    workflow,
    kind: "graph",
    started_at: null,
    ended_at: null,
    error_type: type,
    error_line: line,
  };
}

describe("failures", () => {
  const all = [
    failure("5", "sales", "no row 9"),
    failure("4", "mail", "refused"),
    failure("3", "mail", "no row 7"),
    failure("2", "sales", "no row 7"),
    failure("1", "sales", "no row 7", "F"),
  ];

  test("that say the same are one group, told by the latest", () => {
    const [first] = groupFailures(all, "most");

    expect(first?.line).toBe("no row 9");
    expect(first?.failures.map((each) => each.execution_id)).toEqual(["5", "3", "2"]);
    expect(first?.workflows).toEqual([
      ["sales", 2],
      ["mail", 1],
    ]);
  });

  test("of another type are another group, the most or the latest first", () => {
    const more = [failure("6", "mail", "refused"), ...all, failure("0", "mail", "no row 1")];

    expect(groupFailures(more, "most").map((each) => each.failures.length)).toEqual([4, 2, 1]);
    expect(groupFailures(more, "latest").map((each) => each.line)).toEqual([
      "refused",
      "no row 9",
      "no row 7",
    ]);
  });

  test("without a word are a group of their own", () => {
    expect(groupFailures([failure("1", "sales", null, null)], "most")[0]?.line).toBe("");
  });
});
