package catalog

// leanings are the palettes and lights that each studio comes back to, by their
// names in package art.
func leanings() map[string][]string {
	return map[string][]string{
		"harbour-and-field": {"copper dawn", "rose dawn", "pale day", "rain", "blue hour", "arctic", "apricot evening", "green storm"},
		"atelier-nord":      {"press", "salt", "bergen", "lido", "spruce", "ultramarine"},
		"tuesday-press":     {"vermilion", "saffron", "press", "nocturne", "gauze", "rose"},
		"kiln-and-loom":     {"jaipur", "kiln", "saffron", "petrol", "tannin", "press"},
		"salt-office":       {"salt", "moss", "fjord", "harbour", "plum", "lichen"},
		"quiet-machines":    {"graphite", "nocturne", "spruce", "cassis", "delft", "blue hour", "violet dusk", "magenta"},
		"ines-okafor":       {"honey", "ember", "ochre haze", "clear noon", "rose dawn", "violet dusk"},
		"marisol-vega":      {"oaxaca", "apricot", "lido", "aubade", "mint", "saffron"},
		"casa-ocre":         {"apricot", "clay", "saffron", "tuscany", "petrol", "pale day", "honey"},
		"studio-halden":     {"arctic", "pearl", "rose dawn", "fjord", "bergen", "lichen"},
		"noa-barzilai":      {"orchard", "mustard field", "gauze", "bergen", "ultramarine", "dusk", "mint"},
		"dar-al-hibr":       {"fjord", "vermilion", "petrol", "kiln", "tannin", "aubade", "delft"},
	}
}
