import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Draft } from "../../../model/editing/draft";
import { expressionsFor } from "../../../model/editing/expressions";

const NAME = /[\w.-]*$/;

/** What a template may read, offered within its braces. */
export function completionsFrom(draft: Draft, context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const isWithin = before.lastIndexOf("{{") > before.lastIndexOf("}}");
  if (!isWithin) return null;
  const typed = NAME.exec(before)?.[0] ?? "";
  return {
    from: context.pos - typed.length,
    options: expressionsFor(draft, null).map(({ text, of }) => ({
      label: text,
      type: of === "node" ? "variable" : "property",
    })),
    validFor: NAME,
  };
}
