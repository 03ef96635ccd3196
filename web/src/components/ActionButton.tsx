import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Hindrance } from "../model/rights";

/** An action that says why it cannot be done, where it cannot; its tooltip prints its key. */
export function ActionButton({
  hindrance,
  keys,
  children,
  onClick,
  ...props
}: ButtonProps & {
  hindrance: Hindrance;
  keys?: string;
  children: ReactNode;
  onClick: () => void;
}) {
  const { t } = useTranslation();
  const why = hindrance === null ? null : t(`hindrance.${hindrance}`);
  const isOff = why !== null;
  return (
    <Tooltip
      label={why ?? keys ?? ""}
      disabled={!why && !keys}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        size="xs"
        variant="default"
        {...props}
        aria-disabled={isOff}
        {...(isOff ? { "data-disabled": true } : {})}
        {...(why ? { "aria-description": why } : {})}
        onClick={(event) => {
          if (isOff) event.preventDefault();
          else onClick();
        }}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
