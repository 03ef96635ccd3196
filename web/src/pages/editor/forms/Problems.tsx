import { Text } from "@mantine/core";
import type { DefinitionProblem } from "../../../api/types";
import classes from "../Editor.module.css";

/** What is wrong with what a form is of. */
export function Problems({ problems }: { problems: readonly DefinitionProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={classes.formProblems}>
      {problems.map((each) => (
        <li key={`${each.path} ${each.message}`}>
          <Text size="xs">{each.message}</Text>
        </li>
      ))}
    </ul>
  );
}
