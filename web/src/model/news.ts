/** What matters here of a change that the server tells of. */
interface Change {
  type: string;
  execution_id?: string | null;
}

/** What pages show, so that changes lead to reading again just what they touch. */
export type Topic = "executions" | "workflows" | "batches" | "schedules";

/** The topics that some changes are about; after a reset all of them. */
export function topicsOf(items: readonly Change[], isReset: boolean): Set<Topic> {
  if (isReset) return new Set(["executions", "workflows", "batches", "schedules"]);
  const topics = new Set<Topic>();
  for (const { type } of items) {
    if (type.startsWith("execution")) topics.add("executions");
    else if (type.startsWith("workflow")) topics.add("workflows");
    else if (type.startsWith("batch")) topics.add("batches");
    else if (type.startsWith("schedule")) topics.add("schedules");
  }
  return topics;
}

/** The executions that changed, by id. */
export function executionsIn(items: readonly Change[]): Set<string> {
  return new Set(items.flatMap((item) => (item.execution_id ? [item.execution_id] : [])));
}
