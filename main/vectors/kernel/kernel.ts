// AssemblyScript, compiled to WebAssembly with SIMD: scores int8 rows against one query and keeps the best. Runs in the search process.

// Layout, all given by the caller (int8-matrix.ts): a block is `capacity` f32 scales, `capacity` f32 scores, then `capacity` rows of `stride` bytes;
// `stride` is a multiple of 16 and rows are padded with zeros. The query is `stride` i16. `state` is f64 sum, f64 sum of squares, u32 kept. The heap
// holds (f32 score, u32 row) pairs, the worst kept one first.

/** Scores `count` rows of a block, writes each score down, adds to the sums of `state` and keeps the best `keep` of all blocks so far in the heap. */
export function scan(
  scales: usize,
  scores: usize,
  rows: usize,
  count: u32,
  stride: u32,
  firstRow: u32,
  query: usize,
  queryScale: f32,
  heap: usize,
  keep: u32,
  state: usize,
): void {
  scanRows(0, scales, scores, rows, count, stride, firstRow, query, queryScale, heap, keep, state);
}

/** As `scan`, of the `count` rows of the block whose numbers within it `list` (u32) holds. */
export function scanListed(
  list: usize,
  scales: usize,
  scores: usize,
  rows: usize,
  count: u32,
  stride: u32,
  firstRow: u32,
  query: usize,
  queryScale: f32,
  heap: usize,
  keep: u32,
  state: usize,
): void {
  scanRows(list, scales, scores, rows, count, stride, firstRow, query, queryScale, heap, keep, state);
}

/** Keeps the best of `count` listed rows in the heap, by the scores that were written down. */
export function pickListed(
  list: usize,
  scores: usize,
  count: u32,
  firstRow: u32,
  heap: usize,
  keep: u32,
  state: usize,
): void {
  let kept: u32 = load<u32>(state, 16);
  let threshold: f32 = thresholdOf(heap, kept, keep);
  for (let i: u32 = 0; i < count; i++) {
    const row: u32 = load<u32>(list + <usize>i * 4);
    const score: f32 = load<f32>(scores + <usize>row * 4);
    if (score > threshold) {
      if (kept < keep) siftUp(heap, kept++, score, firstRow + row);
      else siftDown(heap, keep, score, firstRow + row);
      threshold = thresholdOf(heap, kept, keep);
    }
  }
  store<u32>(state, kept, 16);
}

/** The score that a row has to beat; none does where nothing is kept. */
function thresholdOf(heap: usize, kept: u32, keep: u32): f32 {
  if (kept < keep) return -Infinity;
  return keep === 0 ? Infinity : load<f32>(heap);
}

/** The number within the block of the row at a place of the list, or the place itself where there is no list. */
function rowAt(list: usize, place: u32): u32 {
  return list === 0 ? place : load<u32>(list + <usize>place * 4);
}

function scanRows(
  list: usize,
  scales: usize,
  scores: usize,
  rows: usize,
  count: u32,
  stride: u32,
  firstRow: u32,
  query: usize,
  queryScale: f32,
  heap: usize,
  keep: u32,
  state: usize,
): void {
  let sum: f64 = load<f64>(state);
  let squares: f64 = load<f64>(state, 8);
  let kept: u32 = load<u32>(state, 16);
  let threshold: f32 = thresholdOf(heap, kept, keep);

  for (let first: u32 = 0; first < count; first += 4) {
    // Past the last row the pointers repeat it: four sums at a time hide the latency of the multiply.
    const last: u32 = count - 1;
    let r0: usize = rows + <usize>rowAt(list, first) * stride;
    let r1: usize = rows + <usize>rowAt(list, min<u32>(first + 1, last)) * stride;
    let r2: usize = rows + <usize>rowAt(list, min<u32>(first + 2, last)) * stride;
    let r3: usize = rows + <usize>rowAt(list, min<u32>(first + 3, last)) * stride;
    let a0: v128 = i32x4.splat(0);
    let a1: v128 = i32x4.splat(0);
    let a2: v128 = i32x4.splat(0);
    let a3: v128 = i32x4.splat(0);
    let q: usize = query;
    const end: usize = query + 2 * stride;
    while (q < end) {
      const low: v128 = v128.load(q);
      const high: v128 = v128.load(q, 16);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0), low));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1), low));
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2), low));
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3), low));
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0, 8), high));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1, 8), high));
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2, 8), high));
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3, 8), high));
      q += 32;
      r0 += 16;
      r1 += 16;
      r2 += 16;
      r3 += 16;
    }
    for (let lane: u32 = 0; lane < 4; lane++) {
      if (first + lane >= count) break;
      const row: u32 = rowAt(list, first + lane);
      const products: v128 = lane < 2 ? (lane === 0 ? a0 : a1) : lane === 2 ? a2 : a3;
      const score: f32 = <f32>horizontalSum(products) * load<f32>(scales + <usize>row * 4) * queryScale;
      store<f32>(scores + <usize>row * 4, score);
      sum += score;
      squares += <f64>score * score;
      if (score > threshold) {
        if (kept < keep) siftUp(heap, kept++, score, firstRow + row);
        else siftDown(heap, keep, score, firstRow + row);
        threshold = thresholdOf(heap, kept, keep);
      }
    }
  }
  store<f64>(state, sum);
  store<f64>(state, squares, 8);
  store<u32>(state, kept, 16);
}

function horizontalSum(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Puts a pair at the end of the heap and lets it rise. */
function siftUp(heap: usize, size: u32, score: f32, row: u32): void {
  let at: u32 = size;
  while (at > 0) {
    const parent: u32 = (at - 1) >> 1;
    if (load<f32>(heap + <usize>parent * 8) <= score) break;
    store<u64>(heap + <usize>at * 8, load<u64>(heap + <usize>parent * 8));
    at = parent;
  }
  store<f32>(heap + <usize>at * 8, score);
  store<u32>(heap + <usize>at * 8, row, 4);
}

/** Replaces the worst pair of a full heap and lets the new one sink. */
function siftDown(heap: usize, size: u32, score: f32, row: u32): void {
  let at: u32 = 0;
  while (true) {
    let child: u32 = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && load<f32>(heap + <usize>(child + 1) * 8) < load<f32>(heap + <usize>child * 8)) child++;
    if (load<f32>(heap + <usize>child * 8) >= score) break;
    store<u64>(heap + <usize>at * 8, load<u64>(heap + <usize>child * 8));
    at = child;
  }
  store<f32>(heap + <usize>at * 8, score);
  store<u32>(heap + <usize>at * 8, row, 4);
}
