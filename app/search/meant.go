package search

import "strings"

// meant replaces each word of a query by the nearest word of the best results,
// if it is at most two letters away. It gives nothing when no word changes.
func meant(query string, rows []row) string {
	const best = 10
	known := map[string]bool{}
	var order []string
	for _, r := range rows[:min(best, len(rows))] {
		for word := range strings.FieldsSeq(r.Fuzzy) {
			word = strings.Trim(word, `.,:;!?"'()&`)
			if len(word) >= 3 && !known[word] {
				known[word] = true
				order = append(order, word)
			}
		}
	}
	changed := false
	words := strings.Fields(query)
	for i, word := range words {
		lower := strings.ToLower(word)
		if len([]rune(word)) < 4 || known[lower] {
			continue
		}
		nearest, least := "", 3
		for _, k := range order {
			if d := distance(lower, k, least); d < least {
				nearest, least = k, d
			}
		}
		if nearest != "" {
			words[i], changed = nearest, true
		}
	}
	if !changed {
		return ""
	}
	return strings.Join(words, " ")
}

// distance counts the letters to insert, remove, replace or swap with their
// neighbour to make b of a; it gives most when there are at least that many.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= most || len(y)-len(x) >= most {
		return most
	}
	before := make([]int, len(y)+1)
	above := make([]int, len(y)+1)
	row := make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return min(above[len(y)], most)
}
