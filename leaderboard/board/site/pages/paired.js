"use strict";
// The statistics of the page: what `judger.rates.paired` works out, on pairs { column, scenario, x, y }.
const paired = (() => {
  const Z = 1.959963984540054;
  const SAME = 1e-15; // rounding

  // ln(gamma(x)) by Lanczos.
  function logGamma(x) {
    const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 1.208650973866179e-3, -5.395239384953e-6];
    const t = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
    const sum = c.reduce((s, a, i) => s + a / (x + 1 + i), 1.000000000190015);
    return -t + Math.log((2.5066282746310005 * sum) / x);
  }

  // The regularised incomplete beta function, by its continued fraction.
  function beta(x, a, b) {
    if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - beta(1 - x, b, a);
    const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
    const tiny = 1e-300;
    let f = 1;
    let c = 1;
    let d = 0;
    for (let i = 0; i <= 400; i += 1) {
      const m = Math.floor(i / 2);
      let n = 1;
      if (i > 0) {
        n = i % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      }
      d = 1 / (1 + n * d || tiny);
      c = 1 + n / c || tiny;
      f *= c * d;
      if (Math.abs(1 - c * d) < 1e-12) break;
    }
    return front * (f - 1);
  }

  // The two-sided 95 % quantile of Student's t distribution.
  function quantile(freedom) {
    let [low, high] = [0, 1e4];
    for (let i = 0; i < 80; i += 1) {
      const t = (low + high) / 2;
      const outside = beta(freedom / (freedom + t * t), freedom / 2, 0.5);
      if (outside > 0.05) low = t;
      else high = t;
    }
    return (low + high) / 2;
  }

  // Wilson's upper bound, 95 %, for 0 of n: how far what never happened may be from never.
  function width(n) {
    return (Z * Z) / (n + Z * Z);
  }

  // How many independent pairs would vary as much: from the number of scenarios to that of pairs.
  function effective(cells, value, variance, clusters) {
    const lists = [...cells.values()];
    const differ = lists.reduce((sum, list) => sum + list.filter(([, d]) => d !== 0).length / list.length, 0) / lists.length;
    const most = lists.length ** 2 / lists.reduce((sum, list) => sum + 1 / list.length, 0);
    return Math.max(clusters, Math.min(most, (differ - value * value) / variance));
  }

  // The largest difference from which one of `size` is no further than chance brings it.
  function furthest(size, wide) {
    const middle = 2 * size + wide;
    return (middle + Math.sqrt(Math.max(0, middle * middle - 4 * (1 + wide) * size * size))) / (2 * (1 + wide));
  }

  // As `judger.rates.paired`: the mean over cells of the differences within cells, with the variance
  // between scenarios and Student's t. `low` is null where there are too few scenarios.
  return (found, types) => {
    const cells = new Map(); // column -> [scenario, difference] of each pair
    const strata = new Map(); // scenario -> its category
    for (const p of found) {
      const key = `${Math.floor(p.column / types)} ${p.scenario}`;
      strata.set(key, Math.floor(p.column / types));
      if (!cells.has(p.column)) cells.set(p.column, []);
      cells.get(p.column).push([key, p.y - p.x]);
    }
    const mean = (list) => list.reduce((sum, [, d]) => sum + d, 0) / list.length;
    const means = new Map([...cells].map(([column, list]) => [column, mean(list)]));
    const value = [...means.values()].reduce((sum, m) => sum + m, 0) / cells.size;
    const influence = new Map([...strata.keys()].map((key) => [key, 0]));
    for (const [column, list] of cells) {
      const present = new Set(list.map(([key]) => key)).size;
      const centre = present < 2 ? value : means.get(column);
      const scale = Math.sqrt(present / Math.max(1, present - 1)) / (list.length * cells.size);
      for (const [key, d] of list) influence.set(key, influence.get(key) + (d - centre) * scale);
    }
    const squares = [...influence.values()].map((u) => u * u);
    const variance = squares.reduce((sum, s) => sum + s, 0);
    const clusters = squares.length;
    const most = Math.max(1, clusters - new Set(strata.values()).size);
    if (clusters < 5) return { value, low: null, high: null };
    let half = width(clusters);
    const size = Math.abs(value);
    let far = size + half;
    if (variance >= SAME) {
      const kurtosis = (clusters * squares.reduce((sum, s) => sum + s * s, 0)) / (variance * variance);
      const freedom = Math.min(most, Math.max(1, (2 * clusters) / Math.max(kurtosis - 1, SAME)));
      const t = quantile(freedom);
      half = t * Math.sqrt(variance);
      far = Math.max(size + half, furthest(size, (t * t) / effective(cells, value, variance, clusters)));
    }
    const near = Math.max(-1, size - half);
    far = Math.min(1, far);
    if (size === 0) return { value, low: -far, high: far };
    return value > 0 ? { value, low: near, high: far } : { value, low: -far, high: -near };
  };
})();
