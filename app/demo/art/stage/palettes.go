package stage

import "vitrine/app/demo/art/canvas"

// A Tone says which colours suit a style.
type Tone int

// Palettes for what is drawn, moods for what is lit.
const (
	AnyPalette Tone = iota
	LightGround
	BySun // dawn and dusk
	ByDay // light enough to see the land
	ByNight
	BySand // warm ground
	AnyMood
)

// OfLight says whether the tone asks for a mood rather than a palette.
func (t Tone) OfLight() bool { return t >= BySun }

// A Palette is a hand-picked set: the ground, an ink that reads on it, and colours of which the first is the accent.
type Palette struct {
	Name                   string
	Ground, Ink            canvas.Lab
	Colours                []canvas.Lab
	GroundWord, AccentWord string
}

func pal(name, groundWord, accentWord string, ground, ink uint32, colours ...uint32) Palette {
	p := Palette{Name: name, Ground: canvas.Hex(ground), Ink: canvas.Hex(ink), GroundWord: groundWord, AccentWord: accentWord}
	for _, c := range colours {
		p.Colours = append(p.Colours, canvas.Hex(c))
	}
	return p
}

// palettes are the colours of everything that is not a photograph.
func palettes() []Palette {
	return []Palette{
		pal("press", "warm paper", "red", 0xF3EEE2, 0x1B1B20, 0xDB4A2B, 0x1F2A44, 0xF0B63E, 0x8DB3C4, 0x2F5FA6),
		pal("lido", "pale blue", "orange", 0xC4E4EC, 0x16284A, 0xF0693A, 0x1E5DB8, 0xF6CE68, 0xF7F4EC, 0x16284A),
		pal("vermilion", "vermilion", "cream", 0xD9452B, 0x1A1413, 0xF4EBDA, 0x1A1413, 0xF2BF49, 0xF79F84, 0x7E2417),
		pal("moss", "deep green", "pale lime", 0x153D2F, 0xEFEBD0, 0xDCE5A0, 0x7FA862, 0xEE7D42, 0x3F7F57, 0xEFEBD0),
		pal("kiln", "oat", "terracotta", 0xEFE4D2, 0x3A2320, 0xC2583A, 0x8A3B2E, 0xE3A857, 0x5F7F78, 0xD9C3A5),
		pal("harbour", "night blue", "amber", 0x13203B, 0xF3EEDF, 0xF2A541, 0xE4572E, 0x6E9FC1, 0x2C4C7E, 0xF3EEDF),
		pal("orchard", "pale green", "leaf green", 0xDDE5CB, 0x1E3326, 0x3F7D45, 0x7FA650, 0xC7C84F, 0xDD5A3A, 0xF5EFD9),
		pal("plum", "plum", "coral", 0x36173A, 0xF6E6DE, 0xF27059, 0xF6B36B, 0xA8457A, 0x6B2E6B, 0xF6E6DE),
		pal("salt", "salt white", "cobalt", 0xF5F5F1, 0x14161B, 0x1F4FBF, 0x14161B, 0x8FA6C9, 0xD7DBE0, 0x5F7FC4),
		pal("saffron", "saffron", "ink blue", 0xF2B035, 0x1C2340, 0x1C2340, 0xD94A2A, 0xFAF0DA, 0xF7D27E, 0x7A3B20),
		pal("rose", "powder rose", "wine red", 0xF2D5CC, 0x3C1622, 0xA3243B, 0xE0705F, 0x3C1622, 0xF7EDE4, 0x6E8C83),
		pal("petrol", "petrol", "peach", 0x12474F, 0xF5EBDC, 0xF4A67F, 0xF5EBDC, 0x2F8285, 0xE2C044, 0x0C2F36),
		pal("graphite", "graphite", "bone white", 0x202124, 0xEDE8DD, 0xEDE8DD, 0xE6502F, 0x8B8A84, 0x55565A, 0xC9C1AF),
		pal("jaipur", "sand", "indigo", 0xF1DFC4, 0x2A1B3D, 0x2E3A87, 0xD6453D, 0xE99B2D, 0x2F8F83, 0xF9F1E2),
		pal("bergen", "cold white", "signal red", 0xECEFEF, 0x10191F, 0xE23B24, 0x10191F, 0xA9B8BD, 0x4D6A77, 0xF7C948),
		pal("oaxaca", "cactus green", "pink", 0x2C5A45, 0xFBEFD9, 0xF0799A, 0xF6B73C, 0xFBEFD9, 0xE4552D, 0x173A2B),
		pal("dusk", "lavender", "brick red", 0xD5CBE3, 0x251E3E, 0xC8472F, 0x4B3F8F, 0xF2B872, 0x251E3E, 0xF3EBF0),
		pal("nocturne", "near black", "lemon", 0x121317, 0xF4F1E8, 0xF2E14C, 0x3F63D8, 0xE8553D, 0x70757F, 0xF4F1E8),
		pal("tuscany", "chalk", "olive", 0xF4EFE3, 0x33301F, 0x74773A, 0xB9803A, 0xB5472F, 0x33301F, 0xD9CDA8),
		pal("delft", "delft blue", "white", 0x2750A3, 0xF6F4EA, 0xF6F4EA, 0x9DBCE8, 0x132C66, 0xF3C262, 0x5E86CF),
		pal("apricot", "apricot", "deep teal", 0xF6C49B, 0x0F3B42, 0x12545C, 0xE2533A, 0xFBF0E0, 0xF29559, 0x0F3B42),
		pal("mint", "mint", "tomato", 0xCFE8DA, 0x18352F, 0xE4523B, 0x1F7A63, 0xF7F3E3, 0xF2C14E, 0x18352F),
		pal("cassis", "blush", "cassis", 0xF7E6E1, 0x2D1330, 0x6A1F54, 0xD94F70, 0xF2A65A, 0x2D1330, 0xC9B6C9),
		pal("fjord", "slate blue", "ice white", 0x2C3E55, 0xEDF2F2, 0xEDF2F2, 0x8FB3C9, 0xF0A35C, 0x16222F, 0x587A99),
		pal("clay", "clay pink", "charcoal", 0xDDA58C, 0x2A211F, 0x2A211F, 0xF7E9DA, 0xA8452E, 0xF0C9A8, 0x6B3226),
		pal("mustard field", "ivory", "mustard", 0xF6F0DD, 0x24303A, 0xDFA51F, 0x24303A, 0x8E9E73, 0xC65B35, 0xE9DCB4),
		pal("ultramarine", "ultramarine", "orange", 0x1B2A8C, 0xF5F0E4, 0xFF7A3D, 0xF5F0E4, 0x6F83E8, 0xF4C6D4, 0x0E1653),
		pal("lichen", "lichen grey", "rust", 0xD8DACB, 0x2B2F28, 0xB3522B, 0x6B7A59, 0x2B2F28, 0xE8C15F, 0xF3F1E4),
		pal("aubade", "pale yellow", "blue", 0xF7EBB5, 0x1F2547, 0x3D6FC9, 0xF0826B, 0x1F2547, 0xFFFDF2, 0x86B8A5),
		pal("tannin", "deep brown", "tangerine", 0x33201A, 0xF5E9D6, 0xF08A3C, 0xC74B2B, 0xF5E9D6, 0x8A5A3C, 0xE9C46A),
		pal("spruce", "spruce black", "mint", 0x10211E, 0xE9F0E3, 0x9AD4B6, 0x3D8068, 0xF3B562, 0xE66B4E, 0xE9F0E3),
		pal("gauze", "pearl grey", "coral red", 0xE6E4DF, 0x26262B, 0xE2604B, 0x26262B, 0xB9B5AC, 0x7E93A3, 0xF4F2EC),
	}
}

func palettesFor(t Tone) []Palette {
	var out []Palette
	for _, p := range palettes() {
		if t != LightGround || p.Ground.L > .75 {
			out = append(out, p)
		}
	}
	return out
}

// Count is the number of palettes and moods.
func Count() int { return len(palettes()) + len(moods()) }
