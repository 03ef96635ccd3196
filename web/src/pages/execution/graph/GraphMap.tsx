import { Panel, useReactFlow, useStore, useViewport } from "@xyflow/react";
import { type PointerEvent, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Place } from "../../../model/layout";
import classes from "./Graph.module.css";
import { type Colours, type Picture, paint } from "./painting";

const WIDTH = 200;
const HEIGHT = 130;
const MARGIN = 6;

/** The whole graph in a corner, and the part of it that is in view: drag that about. */
export function GraphMap({
  picture,
  bounds,
  colours,
  fineness,
}: {
  picture: Picture;
  bounds: Place;
  colours: Colours;
  fineness: number;
}) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useReactFlow();
  const { x, y, zoom } = useViewport();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / Math.max(1, bounds.width),
    (HEIGHT - 2 * MARGIN) / Math.max(1, bounds.height),
  );
  const left = (WIDTH - bounds.width * scale) / 2 - bounds.x * scale;
  const top = (HEIGHT - bounds.height * scale) / 2 - bounds.y * scale;
  useLayoutEffect(() => {
    const transform = { x: left, y: top, zoom: scale };
    if (canvas.current) paint(canvas.current, picture, transform, colours, fineness);
  }, [picture, colours, left, top, scale, fineness]);
  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    void flow.setCenter(
      (event.clientX - box.left - left) / scale,
      (event.clientY - box.top - top) / scale,
      { zoom },
    );
  };
  return (
    <Panel position="bottom-right" className={classes.map ?? ""}>
      <div
        className={classes.mapPaper}
        style={{ width: WIDTH, height: HEIGHT }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={go}
      >
        <canvas
          ref={canvas}
          width={Math.round(WIDTH * fineness)}
          height={Math.round(HEIGHT * fineness)}
          style={{ width: WIDTH, height: HEIGHT }}
          role="img"
          aria-label={t("graph.map")}
        />
        <div
          className={classes.mapView}
          style={{
            left: (-x / zoom) * scale + left,
            top: (-y / zoom) * scale + top,
            width: (width / zoom) * scale,
            height: (height / zoom) * scale,
          }}
        />
      </div>
    </Panel>
  );
}
