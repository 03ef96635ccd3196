import { filtersOf, queryOf } from "../model/filters";
import { parseSearch, type Search } from "../model/search";
import { type ZoneChoice, zoneName } from "../model/times";
import { BASE_PATH } from "./base";
import { cache } from "./cache";
import { feed } from "./feed";
import {
  countsQuery,
  dashboardQuery,
  executionQuery,
  executionsQuery,
  logTailQuery,
  meQuery,
  seriesQuery,
} from "./queries";

/**
 * Ask for what the place at an address shows first, while its code is still on the way. What goes
 * wrong is seen by whoever shows it; rejects where the address itself cannot be read.
 */
export async function prepareFor(here: Location, zone: ZoneChoice): Promise<void> {
  const me = cache.prefetchQuery(meQuery);
  // Before anything else is read: what changes from here on is heard of.
  if (!(await feed.begin())) return;
  await Promise.all([me, ...firstAnswers(here, zone)]);
}

function firstAnswers(here: Location, zone: ZoneChoice): Promise<void>[] {
  const [place, id] = here.pathname.slice(BASE_PATH.length + 1).split("/");
  const search = parseSearch(here.search);
  if (place === "") {
    const tz = zoneName(zone);
    const step = search.step === "day" ? "day" : "hour";
    return [cache.prefetchQuery(dashboardQuery(tz)), cache.prefetchQuery(seriesQuery(tz, step))];
  }
  if (place !== "executions") return [];
  if (id) return executionAnswers(decodeURIComponent(id), search);
  const query = queryOf(filtersOf(search), Date.now(), zone);
  return [
    cache.prefetchInfiniteQuery(executionsQuery(query)),
    cache.prefetchQuery(countsQuery(zone)),
  ];
}

function executionAnswers(id: string, search: Search): Promise<void>[] {
  const isWholeTail = search.tab === "logs" && !search.node && !search.level && !search.line;
  return [
    cache.prefetchQuery(executionQuery(id)),
    ...(isWholeTail ? [cache.prefetchQuery(logTailQuery(id))] : []),
  ];
}
