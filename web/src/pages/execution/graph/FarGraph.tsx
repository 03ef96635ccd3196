import { useStore, useViewport } from "@xyflow/react";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Graph.module.css";
import { type Colours, type Picture, paint } from "./painting";

/** A graph from so far away that nothing can be read: painted, for its thousands of nodes. */
export function FarGraph({
  picture,
  count,
  colours,
  fineness,
}: {
  picture: Picture;
  count: number;
  colours: Colours;
  fineness: number;
}) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { x, y, zoom } = useViewport();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useLayoutEffect(() => {
    if (canvas.current) paint(canvas.current, picture, { x, y, zoom }, colours, fineness);
  });
  return (
    <canvas
      ref={canvas}
      className={classes.far}
      width={Math.round(width * fineness)}
      height={Math.round(height * fineness)}
      style={{ width, height }}
      role="img"
      aria-label={t("graph.far", { number: count.toLocaleString() })}
    />
  );
}
