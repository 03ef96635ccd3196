import { useNavigate } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { BASE_PATH } from "../api/base";

/**
 * A link to an execution for lists of many: the router's own takes longer to draw than all the rest
 * of a row. Anything but a plain click is the browser's, as with any link.
 */
export function ExecutionLink({
  execution,
  children,
  ...rest
}: {
  execution: string;
  children: ReactNode;
  id?: string;
  className?: string;
  title?: string;
  onFocus?: () => void;
}) {
  const navigate = useNavigate();
  const open = (event: MouseEvent) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!isPlain || event.altKey) return;
    event.preventDefault();
    void navigate({ to: "/executions/$id", params: { id: execution } });
  };
  return (
    <a href={`${BASE_PATH}/executions/${encodeURIComponent(execution)}`} onClick={open} {...rest}>
      {children}
    </a>
  );
}
