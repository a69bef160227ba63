// Package canvas is the drawing table of the demo's art: colours in OKLab, linear light, seeded noise, analytic anti-aliasing,
// strokes, soft masks, bloom and one alphabet of its own.
//
// All of it is deterministic: no clocks, no map iteration, no goroutines. Lengths are pixels, y grows downwards, pixel centres lie at halves.
package canvas
