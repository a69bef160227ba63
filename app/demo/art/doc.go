// Package art draws the pictures and films of the demo data: photographs, posters, patterns, drawings, buildings, still lifes,
// paintings and plants, each from a seed.
//
// Draw is deterministic for seed, style and size. The arithmetic is plain float64 on one goroutine; machines whose compiler fuses
// multiply and add may differ in the last bit of a channel, which no eye and no perceptual hash sees.
// The package owns no data and knows nothing of the rest of Vitrine.
package art
