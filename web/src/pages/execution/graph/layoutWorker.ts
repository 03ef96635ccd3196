import ELK from "elkjs/lib/elk-api";
import workerAddress from "elkjs/lib/elk-worker.min.js?url";
import type { Graph } from "../../../model/graph";
import { placesInLayers } from "../../../model/layered";
import { type Box, layoutInput, type Place, placesOf } from "../../../model/layout";

let elk: InstanceType<typeof ELK> | null = null;

/** With more nodes a careful layout takes longer than anybody waits. */
const MOST_CAREFUL = 300;

/** Where to draw a graph's nodes, worked out beside the page so that it stays quick. */
export async function layOut(graph: Graph): Promise<Map<string, Place>> {
  if (graph.nodes.length > MOST_CAREFUL) return placesInLayers(graph);
  elk ??= new ELK({ workerFactory: () => new Worker(workerAddress) });
  const laidOut = await elk.layout(layoutInput(graph));
  return placesOf(laidOut as Box);
}
