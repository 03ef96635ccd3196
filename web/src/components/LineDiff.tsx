import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { around, diffLines } from "../model/lineDiff";
import classes from "./Differences.module.css";

const SIGNS = { same: " ", added: "+", removed: "−" } as const;

/** Two texts compared line by line; what did not change is folded away. */
export function LineDiff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  const parts = useMemo(() => around(diffLines(before, after)), [before, after]);
  const numbered = parts.map((part, index) => ({ part, key: `part-${index}` }));
  return (
    <div className={`mono ${classes.diff}`} role="group" tabIndex={0}>
      {numbered.map(({ part, key }) =>
        "hidden" in part ? (
          <div key={key} className={classes.hidden}>
            {t("workflow.unchanged", { count: part.hidden })}
          </div>
        ) : (
          part.lines
            .map((line, index) => ({ line, lineKey: `${key}-${index}` }))
            .map(({ line, lineKey }) => (
              <div key={lineKey} className={classes.line} data-kind={line.kind}>
                <span aria-hidden="true">{SIGNS[line.kind]}</span>
                {line.kind === "same" ? null : (
                  <span className="unseen">{t(`workflow.${line.kind}`)}</span>
                )}
                <span>{line.text}</span>
              </div>
            ))
        ),
      )}
    </div>
  );
}
