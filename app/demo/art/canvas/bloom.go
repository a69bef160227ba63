package canvas

// Bloom spreads what is brighter than a threshold over a radius, as a lens does.
func (m *Canvas) Bloom(threshold, radius, amount float64) {
	k := max(2, int(radius/3))
	w, h := (m.W+k-1)/k, (m.H+k-1)/k
	ch := [3]*Mask{NewMask(w, h), NewMask(w, h), NewMask(w, h)}
	t, inv := float32(threshold), 1/float32(k*k)
	for y := range m.H {
		row := m.pix[y*m.W*3 : (y+1)*m.W*3]
		for c := range 3 {
			out := ch[c].V[(y/k)*w : (y/k+1)*w]
			for x, i := 0, c; x < m.W; x, i = x+1, i+3 {
				if v := row[i] - t; v > 0 {
					out[x/k] += min(v, 8) * inv
				}
			}
		}
	}
	for c := range 3 {
		ch[c].Blur(radius / float64(k))
	}
	m.addScaled(ch, k, float32(amount))
}

// addScaled adds three small masks as red, green and blue light, k times enlarged.
func (m *Canvas) addScaled(ch [3]*Mask, k int, amount float32) {
	w, h := ch[0].W, ch[0].H
	blended := make([]float32, w*3)
	for y := range m.H {
		fy := Clamp((float64(y)+.5)/float64(k)-.5, 0, float64(h-1))
		j := int(fy)
		j1, v := min(j+1, h-1), float32(fy-float64(j))
		lit := false
		for c := range 3 {
			a, b := ch[c].V[j*w:(j+1)*w], ch[c].V[j1*w:(j1+1)*w]
			for x := range a {
				s := (a[x] + (b[x]-a[x])*v) * amount
				lit = lit || s != 0
				blended[x*3+c] = s
			}
		}
		if !lit {
			continue
		}
		row := m.pix[y*m.W*3 : (y+1)*m.W*3]
		for x := range m.W {
			fx := max(0, min(float32(w-1), (float32(x)+.5)/float32(k)-.5))
			i := int(fx)
			u := fx - float32(i)
			p, q := i*3, min(i+1, w-1)*3
			for c := range 3 {
				row[x*3+c] += blended[p+c] + (blended[q+c]-blended[p+c])*u
			}
		}
	}
}
