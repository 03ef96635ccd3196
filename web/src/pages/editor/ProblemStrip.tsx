import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DefinitionProblem } from "../../api/types";
import { useProblemText } from "../../components/States";
import classes from "./Editor.module.css";
import type { Drafting } from "./useDraft";

/** What is wrong with the definition; each problem leads to its place. */
export function ProblemStrip({
  drafting,
  isHeld,
  onOpen,
}: {
  drafting: Drafting;
  /** Whether nothing may be judged here. */
  isHeld: boolean;
  onOpen: (problem: DefinitionProblem) => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { problems, isJudged, error } = drafting;
  if (isHeld) {
    return (
      <section className={classes.strip} aria-label={t("editor.problems")}>
        <Text size="sm" className="dim">
          {t("hindrance.role")}
        </Text>
      </section>
    );
  }
  return (
    <section className={classes.strip} aria-label={t("editor.problems")} aria-live="polite">
      {error ? (
        <Text size="sm" role="alert">
          {t("editor.notJudged")} {problemText(error)}
        </Text>
      ) : problems.length === 0 ? (
        <Text size="sm" className="dim">
          <IconCircleCheck size={15} aria-hidden="true" />{" "}
          {t(isJudged ? "editor.valid" : "editor.judging")}
        </Text>
      ) : (
        <ul className={classes.problems} data-old={!isJudged}>
          {problems.map((each) => (
            <li key={`${each.path} ${each.code} ${each.message}`}>
              <button type="button" className={classes.problem} onClick={() => onOpen(each)}>
                <IconAlertTriangle size={15} aria-hidden="true" />
                <span>{each.message}</span>
                {each.line ? (
                  <span className="dim number">{t("editor.line", { line: each.line })}</span>
                ) : null}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
