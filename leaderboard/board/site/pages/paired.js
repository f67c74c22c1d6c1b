"use strict";
// The statistics of the page: what `judger.rates.paired` works out, on pairs { column, scenario, x, y }.
const paired = (() => {
  // Category -> scenario -> [place of the cell, difference] of each pair.
  function clustered(found, types) {
    const places = new Map();
    const strata = new Map();
    for (const p of found) {
      if (!places.has(p.column)) places.set(p.column, places.size);
      const category = Math.floor(p.column / types);
      if (!strata.has(category)) strata.set(category, new Map());
      const own = strata.get(category);
      if (!own.has(p.scenario)) own.set(p.scenario, []);
      own.get(p.scenario).push([places.get(p.column), p.y - p.x]);
    }
    return { cells: places.size, strata: [...strata.values()].map((own) => [...own.values()]) };
  }

  // Wilson's upper bound, 95 %, for 0 of n: how far what never happened may be from never.
  function width(n) {
    const z = 1.959963984540054;
    return (z * z) / (n + z * z);
  }

  // As `judger.rates.paired`: the mean over cells of the differences within cells, with a bootstrap over
  // scenarios within categories; where all draws agree, with Wilson's width for the scenarios.
  return (found, types) => {
    const { cells, strata } = clustered(found, types);
    const sums = new Float64Array(cells);
    const counts = new Float64Array(cells);
    const mean = (pick) => {
      sums.fill(0);
      counts.fill(0);
      for (const list of strata) {
        for (let i = 0; i < list.length; i += 1) {
          for (const [place, d] of list[pick(i, list.length)]) {
            sums[place] += d;
            counts[place] += 1;
          }
        }
      }
      let total = 0;
      let met = 0; // a cell that a draw missed leaves that draw's mean
      for (let i = 0; i < cells; i += 1) {
        if (counts[i]) { total += sums[i] / counts[i]; met += 1; }
      }
      return total / met;
    };
    let state = 1;
    const random = (_, n) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // seeded: the same page, same numbers
      return Math.floor((state / 4294967296) * n);
    };
    const value = mean((i) => i);
    const draws = Array.from({ length: 2000 }, () => mean(random)).sort((p, q) => p - q);
    const quantile = (share) => {
      const at = share * (draws.length - 1);
      const below = Math.floor(at);
      return draws[below] + (at - below) * (draws[below + 1] - draws[below]);
    };
    const [low, high] = [quantile(0.025), quantile(0.975)];
    if (high - low >= 1e-12) return { value, low, high };
    const half = width(strata.reduce((sum, list) => sum + list.length, 0));
    return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
  };
})();
