package catalog

import (
	"fmt"

	"vitrine/app/demo/art"
)

// Pool is n pictures, at most 48, of different styles and shapes, 1280 pixels on
// their long side.
func Pool(n int) []Media {
	all := subjects()
	shapes := []shape{{1280, 853}, {1024, 1280}, {1280, 1280}, {905, 1280}, {1280, 720}, {853, 1280}, {1280, 960}, {1280, 533}}
	out := make([]Media, 0, min(n, 48))
	for i := range min(n, 48) {
		s := all[i*11%len(all)] // 11 and 39 share no factor: all styles come before the first returns
		m := Media{Style: s.style, Seed: uint64(i + 1), W: shapes[i%len(shapes)].w, H: shapes[i%len(shapes)].h, Filename: fmt.Sprintf("pool-%02d.jpg", i+1)}
		if art.Family(s.style) == art.Poster && m.W > m.H {
			m.W, m.H = 905, 1280
		}
		m.Alt = describe(m, s.alts[0])
		out = append(out, m)
	}
	return out
}
