// The types of the contract in a model file, and of its answers. JavaScript files name them in JSDoc.

export type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-common";

export interface Category {
  value: string;
  aliases: string[];
}

export interface Column {
  name: string;
  label: string;
  aliases: string[];
  /** A date is a number in the graph: days since 1970-01-01; a caller gives ISO text. */
  kind: "number" | "category" | "date";
  role: "clustering" | "profile";
  unit: string;
  range: [number, number] | null;
  hard_range?: boolean;
  categories: Category[];
  /** The category for all unknown values; empty where unknown values are invalid. */
  other?: string;
  /** Words that mean missing in this column. */
  missing?: string[];
  /** How dates may be written besides ISO 8601, as Python's strptime reads it; most of its formats are read here. */
  date_format?: string;
  missing_allowed: boolean;
  integer: boolean;
  quantiles: Record<string, number>;
}

export interface Segment {
  id: number;
  name: string;
  tier: string;
  high_potential: boolean;
  size: number;
  share: number;
  /** Share of value over share of customers; null where no column measures value. */
  index: number | null;
  centroid: Record<string, number>;
  /** Typical customers: numbers by their quartiles, categories by their shares; null where too few are known. */
  profile: Record<string, Record<string, number | null>>;
  action: string;
  because?: string;
  value_kind?: string;
  rate_index?: number | null;
}

export interface Contract {
  format: number;
  name: string;
  title: string;
  columns: Column[];
  clustering: string[];
  segments: Segment[];
  scaling: { mean: Record<string, number>; scale: Record<string, number> };
  thresholds: { novelty: number; answer_probability: number };
  /** Whether the file must end with its own SHA-256. */
  sealed?: boolean;
  self_test: Pick<Vectors, "inputs" | "outputs">;
}

/** What a caller gives about one customer; a column left out, null, undefined or NaN is unknown. */
export type Values = Record<string, unknown>;

/** The answer for one customer; `distances` and `novelty` are null when a clustering column is unknown. */
export interface Answer {
  segment: string;
  segmentId: number;
  tier: string;
  action: string;
  probability: number;
  probabilities: Record<string, number>;
  /** What decided: the nearest centre, the classifier, or nothing but the sizes of the segments. */
  route: "complete" | "partial" | "prior";
  complete: boolean;
  /** Whether what is known is enough for one label; if not, show `probabilities` as a ranked list. */
  enough: boolean;
  distances: Record<string, number> | null;
  novelty: number | null;
}

/** What each column adds to the probability of the answered segment; see `inference.Explanation`. */
export interface Explanation {
  segment: string;
  base: number;
  contributions: Record<string, number>;
  unknown: string[];
  unused: string[];
  exact: boolean;
}

/** The graph's outputs for N rows, flat: [N, K] row after row. */
export interface Outputs {
  segment: string[];
  segment_id: BigInt64Array;
  probabilities: Float32Array;
  complete: Uint8Array;
  distances: Float64Array;
  novelty: Float64Array;
  classifier_probabilities: Float32Array;
}

/** artifacts/test_vectors.json, described by artifacts/test_vectors.schema.json. */
export interface Vectors {
  format: number;
  model_sha256: string;
  tolerances: { probability: number; distance: number };
  inputs: Record<string, (number | string | null)[]>;
  outputs: Record<keyof Outputs, unknown[]>;
}

/** The two things onnxruntime-node and onnxruntime-web have in common. */
export interface Runtime {
  InferenceSession: import("onnxruntime-common").InferenceSessionFactory;
  Tensor: import("onnxruntime-common").TensorConstructor;
}
