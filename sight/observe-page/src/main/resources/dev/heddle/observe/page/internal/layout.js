// A layered drawing of a graph, after Sugiyama: arrows lead from right to left, but for those that close a cycle.

const SWEEPS = 4;

/** Edges without those that lead back to where a walk comes from, so that no way leads around. */
const withoutCycles = (ids, edges) => {
  const out = new Map(ids.map(id => [id, []]));
  for (const edge of edges) out.get(edge.from).push(edge);
  const state = new Map();
  const back = new Set();
  for (const start of ids) {
    const path = state.has(start) ? [] : [{ id: start, next: 0 }];
    if (path.length > 0) state.set(start, "open");
    while (path.length > 0) {
      const top = path.at(-1);
      const edge = out.get(top.id)[top.next++];
      if (!edge) {
        state.set(top.id, "done");
        path.pop();
      } else if (state.get(edge.to) === "open") back.add(edge);
      else if (!state.has(edge.to)) {
        state.set(edge.to, "open");
        path.push({ id: edge.to, next: 0 });
      }
    }
  }
  return edges.filter(edge => !back.has(edge));
};

/** The longest way from each to one that leads nowhere. */
const layersOf = (ids, edges) => {
  const layer = new Map(ids.map(id => [id, 0]));
  const left = new Map(ids.map(id => [id, 0]));
  const into = new Map(ids.map(id => [id, []]));
  for (const { from, to } of edges) {
    left.set(from, left.get(from) + 1);
    into.get(to).push(from);
  }
  const ready = ids.filter(id => left.get(id) === 0);
  for (const id of ready) {
    for (const from of into.get(id)) {
      layer.set(from, Math.max(layer.get(from), layer.get(id) + 1));
      left.set(from, left.get(from) - 1);
      if (left.get(from) === 0) ready.push(from);
    }
  }
  return layer;
};

const mean = numbers => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Moves those of a layer to where they want to be, as far as the others, in their order, let them. */
const spread = (layer, wanted, y, step) => {
  const down = [], up = [];
  for (let i = 0; i < layer.length; i++) down[i] = i === 0 ? wanted(layer[i]) : Math.max(wanted(layer[i]), down[i - 1] + step);
  for (let i = layer.length - 1; i >= 0; i--) {
    up[i] = i === layer.length - 1 ? wanted(layer[i]) : Math.min(wanted(layer[i]), up[i + 1] - step);
  }
  layer.forEach((id, i) => y.set(id, (down[i] + up[i]) / 2));
};

/**
 * Places boxes of one size.
 * @param ids of the nodes; those that come first stand above others where nothing else counts
 * @param edges from and to such ids
 * @returns the left upper corner of each by its id, and the size of all
 */
export const layout = (ids, edges, { width, height, gapX, gapY }) => {
  const straight = withoutCycles(ids, edges);
  const layerOf = layersOf(ids, straight);
  const layers = [];
  for (const id of ids) (layers[layerOf.get(id)] ??= []).push(id);
  const around = new Map(ids.map(id => [id, []]));
  for (const { from, to } of straight) {
    around.get(from).push(to);
    around.get(to).push(from);
  }
  const step = height + gapY;
  const y = new Map();
  for (const layer of layers) layer.forEach((id, index) => y.set(id, index * step));
  const ideal = (id, other) => {
    const near = around.get(id).filter(each => Math.sign(layerOf.get(each) - layerOf.get(id)) === other);
    return near.length === 0 ? y.get(id) : mean(near.map(each => y.get(each)));
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const other of [-1, 1]) {
      for (const layer of other < 0 ? layers : layers.toReversed()) {
        const wanted = new Map(layer.map(id => [id, ideal(id, other)]));
        layer.sort((a, b) => wanted.get(a) - wanted.get(b));
        spread(layer, id => wanted.get(id), y, step);
      }
    }
  }
  const top = Math.min(0, ...y.values());
  const places = new Map(ids.map(id => [id, { x: layerOf.get(id) * (width + gapX), y: y.get(id) - top }]));
  return {
    places,
    width: Math.max(0, layers.length * (width + gapX) - gapX),
    height: Math.max(0, ...[...places.values()].map(place => place.y + height)),
  };
};
