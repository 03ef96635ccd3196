import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./PageFrame.module.css";

/** What most pages look like: where one is, what may be done there, and what there is. */
export function PageFrame({
  title,
  crumb,
  beside,
  actions,
  children,
}: {
  title: string;
  /** The way back, above the title. */
  crumb?: ReactNode;
  /** What stands beside the title, such as a status. */
  beside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.titles}>
          {crumb ? <div className={classes.crumb}>{crumb}</div> : null}
          <div className={classes.title}>
            <Title order={1} size="h3">
              {title}
            </Title>
            {beside}
          </div>
        </div>
        {actions ? <div className={classes.aside}>{actions}</div> : null}
      </div>
      {children}
    </div>
  );
}
