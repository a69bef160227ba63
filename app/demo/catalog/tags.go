package catalog

// Tags is the vocabulary of the demo data: every tag of Works and Bulk is in it.
func Tags() []string {
	return []string{
		"abstract", "architecture", "black and white", "boats", "botanical", "calm", "ceramics", "circles", "city", "coast",
		"colour", "craft", "desert", "design", "drawing", "film", "forest", "garden", "generative", "geometry",
		"horizon", "illustration", "ink", "interior", "landscape", "leaves", "light", "lines", "long exposure", "map",
		"meadow", "minimal", "mist", "mountains", "music", "nature", "night", "painting", "paper", "pattern",
		"people", "plants", "plotter", "poster", "print", "quiet", "quilt", "road", "screenprint", "sea",
		"series", "shadow", "snow", "stairs", "still life", "summer", "surface", "symmetry", "textile", "tiles",
		"type", "water", "wind", "windows", "winter",
	}
}
