// Only to be weighed: what a page would need if Vega-Lite was compiled to Vega before.
import { parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";

globalThis.parts = [parse, View, expressionInterpreter];
