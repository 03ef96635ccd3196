/** Runs at once, and says so in as many lines as it is told. */
export const QUICK = `
workflow: quick
inputs:
  rows: {type: integer, default: 3, description: How many lines to say.}
nodes:
  say:
    type: shell
    with: {command: "for i in $(seq 1 {{ inputs.rows }}); do echo row $i; done"}
  after:
    needs: say
    type: set
    with: {values: {said: "{{ inputs.rows }}"}}
output: "{{ nodes.after.output }}"
`;

/** Fails unless it is told to be well. */
export const FRAGILE = `
workflow: fragile
inputs:
  well: {type: string, default: "no"}
nodes:
  before:
    type: shell
    with: {command: "echo begun"}
  test:
    needs: before
    type: shell
    with: {command: "test {{ inputs.well }} = yes"}
  after:
    needs: test
    type: shell
    with: {command: "echo mended"}
`;

/** Logs a line every so often, for as long as it is let. */
export const SLOW = `
workflow: slow
inputs:
  lines: {type: integer, default: 600}
nodes:
  count:
    type: shell
    with: {command: "for i in $(seq 1 {{ inputs.lines }}); do echo line $i; sleep 0.1; done"}
`;

/** Waits for a person. */
export const ASKS = `
workflow: asks
nodes:
  ask:
    type: approval
    with: {message: "Send the letters?"}
  send:
    needs: ask
    type: shell
    with: {command: "echo sent"}
`;

/** So many nodes in layers of twenty, each after one of the layer before. */
export function manyNodes(name: string, count: number): string {
  const node = (number: number) => {
    const needs = number < 20 ? "" : `needs: n${number - 20}, `;
    return `  n${number}: {${needs}type: set, with: {values: {}}}`;
  };
  return [
    `workflow: ${name}`,
    "nodes:",
    ...Array.from({ length: count }, (_, at) => node(at)),
  ].join("\n");
}
