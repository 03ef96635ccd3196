import { plainText } from "../../../model/ansi";
import { type LogQuery, readLog } from "./useLog";

const PAGE = 1_000;

/** The whole log as a text file, read page by page. */
export async function saveLog(
  query: LogQuery,
  name: string,
  tell: (lines: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const parts: string[] = [];
  let [after, count] = [0, 0];
  for (;;) {
    const page = await readLog(query, { after, limit: PAGE }, signal);
    for (const line of page.lines) {
      const node = line.node === null ? "" : ` ${line.node}:`;
      parts.push(
        `${line.timestamp} ${line.level.toUpperCase()}${node} ${plainText(line.message)}\n`,
      );
    }
    count += page.lines.length;
    tell(count);
    if (page.lines.length < PAGE) break;
    after = page.next;
  }
  const address = URL.createObjectURL(new Blob(parts, { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
