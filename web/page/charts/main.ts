// What the page draws its charts with, of Observable Plot, as a script of its own (page/charts.tsx). Names that the page uses and that
// aren't here are undefined there.
export { areaY, binX, cell, dot, lineY, plot, pointer, pointerX, rectY, ruleX, ruleY, scale, stackY, text, tickY, tip } from '@observablehq/plot';
