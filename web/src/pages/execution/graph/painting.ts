import type { Overview } from "../../../model/overview";
import { STATUSES, type Status } from "../../../model/status";

/** What a graph is painted with, read from the theme. */
export interface Colours {
  line: string;
  paper: string;
  none: string;
  chosen: string;
  of: ReadonlyMap<Status, string>;
}

export function coloursOfTheme(): Colours {
  const style = getComputedStyle(document.documentElement);
  const named = (name: string) => style.getPropertyValue(name).trim();
  return {
    line: named("--ink-2"),
    paper: named("--surface"),
    none: named("--line-strong"),
    chosen: named("--accent"),
    of: new Map(STATUSES.map((status) => [status, named(`--status-${status}`)])),
  };
}

/** How a point of the layout comes to be one of the picture. */
export interface Transform {
  x: number;
  y: number;
  zoom: number;
}

/** A graph ready to be painted again and again, from wherever. */
export interface Picture {
  edges: Layer;
  around: Path2D;
  nodes: ReadonlyMap<Status | null, Layer>;
  chosen: Path2D | null;
}

interface Layer {
  lit: Path2D;
  dim: Path2D;
}

const CORNER = 9;
const DIM = 0.15;
const EDGE_STRENGTH = 0.45;
const MOST_EDGE_PIXELS = 1.2;

export function pictureOf(
  overview: Overview,
  lit: ReadonlySet<string> | null,
  chosen: string | null,
): Picture {
  const isLit = (key: string) => lit === null || lit.has(key);
  const edges = layer();
  for (const each of overview.edges) {
    const path = isLit(each.from) && isLit(each.to) ? edges.lit : edges.dim;
    path.moveTo(each.x1, each.y1);
    path.lineTo(each.x2, each.y2);
  }
  const nodes = new Map<Status | null, Layer>();
  const around = new Path2D();
  let marked: Path2D | null = null;
  for (const each of overview.nodes) {
    if (each.key === chosen) {
      marked = new Path2D();
      marked.roundRect(each.x, each.y, each.width, each.height, CORNER);
    }
    if (each.isAround) {
      around.roundRect(each.x, each.y, each.width, each.height, CORNER);
      continue;
    }
    const of = nodes.get(each.status) ?? layer();
    nodes.set(each.status, of);
    const path = isLit(each.key) ? of.lit : of.dim;
    path.rect(each.x, each.y, each.width, each.height);
  }
  return { edges, around, nodes, chosen: marked };
}

/** Paint on a canvas that is so many times as fine as the page's pixels. */
export function paint(
  canvas: HTMLCanvasElement,
  picture: Picture,
  { x, y, zoom }: Transform,
  colours: Colours,
  fineness: number,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const scale = zoom * fineness;
  context.setTransform(scale, 0, 0, scale, x * fineness, y * fineness);
  const draw = (strength: number, path: Path2D, how: (path: Path2D) => void) => {
    context.globalAlpha = strength;
    how(path);
  };
  const fill = (path: Path2D) => context.fill(path);
  const stroke = (path: Path2D) => context.stroke(path);
  context.lineWidth = Math.min(MOST_EDGE_PIXELS, 8 * zoom) / zoom;
  context.fillStyle = colours.paper;
  context.strokeStyle = colours.none;
  draw(1, picture.around, fill);
  draw(1, picture.around, stroke);
  context.strokeStyle = colours.line;
  draw(EDGE_STRENGTH * DIM, picture.edges.dim, stroke);
  draw(EDGE_STRENGTH, picture.edges.lit, stroke);
  for (const [status, { lit, dim }] of picture.nodes) {
    context.fillStyle = (status && colours.of.get(status)) || colours.none;
    draw(DIM, dim, fill);
    draw(1, lit, fill);
  }
  if (picture.chosen) {
    context.lineWidth = 3 / zoom;
    context.strokeStyle = colours.chosen;
    draw(1, picture.chosen, stroke);
  }
}

function layer(): Layer {
  return { lit: new Path2D(), dim: new Path2D() };
}
