import { describe, expect, test } from "vitest";
import { localInput, momentOf } from "./zones";

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

describe("local times", () => {
  test("are read by the clocks of a zone, and written so again", () => {
    const at = momentOf("2026-11-28T14:05", "Asia/Seoul");

    expect(iso(at)).toBe("2026-11-28T05:05:00.000Z");
    expect(localInput(at ?? 0, "Asia/Seoul")).toBe("2026-11-28T14:05");
  });

  test("that come twice are the first", () => {
    expect(iso(momentOf("2026-11-01T01:30", "America/New_York"))).toBe("2026-11-01T05:30:00.000Z");
  });

  test("that are skipped are as long after the gap", () => {
    expect(iso(momentOf("2026-03-08T02:30", "America/New_York"))).toBe("2026-03-08T07:30:00.000Z");
  });

  test("around a change of clocks are what they say", () => {
    expect(iso(momentOf("2026-03-08T03:30", "America/New_York"))).toBe("2026-03-08T07:30:00.000Z");
    expect(iso(momentOf("2026-03-08T01:30", "America/New_York"))).toBe("2026-03-08T06:30:00.000Z");
    expect(iso(momentOf("2026-11-01T02:30", "America/New_York"))).toBe("2026-11-01T07:30:00.000Z");
  });

  test("that are none are nothing", () => {
    expect(momentOf("tomorrow", "utc")).toBeNull();
  });
});
