// Package stage holds what every style of package art draws on: the scene with its canvas and its source of chance, and the
// palettes and moods, picked by hand, from which a seed takes one.
package stage
