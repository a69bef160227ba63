package stage

import "vitrine/app/demo/art/canvas"

// A Mood is the light of a photograph: the sky from the zenith to the horizon, the sun, what the air does to distance, and the ground.
type Mood struct {
	Name, Light, Accent, Time string
	Top, Mid, Low             canvas.Lab
	Sun                       canvas.Lab
	Far, Near                 canvas.Lab
	Ground, Shade             canvas.Lab
}

func sky(name, light, accent, time string, c ...uint32) Mood {
	h := func(i int) canvas.Lab { return canvas.Hex(c[i]) }
	return Mood{name, light, accent, time, h(0), h(1), h(2), h(3), h(4), h(5), h(6), h(7)}
}

// moods: zenith, middle, horizon, sun, far land, near land, lit ground, shaded ground.
func moods() []Mood {
	return []Mood{
		sky("copper dawn", "copper light before sunrise", "copper", "dawn", 0x32406B, 0xB97C86, 0xF6B77C, 0xFFF1CF, 0xC69A94, 0x1F2438, 0xE8B480, 0x5A3D4A),
		sky("rose dawn", "a rose dawn", "rose", "dawn", 0x6C86B3, 0xE3B4B8, 0xFADCC4, 0xFFF3DD, 0xC9A9B5, 0x2E2F45, 0xEBC3A6, 0x765B6D),
		sky("clear noon", "clear noon light", "blue", "day", 0x2E6CB0, 0x74A9D6, 0xCFE3EA, 0xFFFDF2, 0xA5BFD0, 0x23404A, 0xEBCB97, 0x7C6A5C),
		sky("pale day", "pale daylight", "pale blue", "day", 0x86A9C4, 0xB9CFDA, 0xEDEBDF, 0xFFFCEE, 0xB9C9D0, 0x24373D, 0xE4CFA9, 0x7D7468),
		sky("honey", "late honey-coloured sun", "gold", "dusk", 0x5C7FA0, 0xD9BE95, 0xFAD58E, 0xFFF3C4, 0xD3AE85, 0x35291F, 0xEDB25E, 0x5B3A2E),
		sky("ember", "the last red light", "ember red", "dusk", 0x26264D, 0x8A3F66, 0xF5834F, 0xFFE0A3, 0xA5546A, 0x17142A, 0xDE7A48, 0x3D2136),
		sky("violet dusk", "violet dusk", "violet", "dusk", 0x23284F, 0x6A568F, 0xEFA18F, 0xFFE9C9, 0x8F7CA8, 0x17182F, 0xC99A8F, 0x403A5C),
		sky("blue hour", "the blue hour", "blue", "night", 0x0E1B3C, 0x274C7E, 0x86A7C4, 0xF6F1DC, 0x4D6C93, 0x070E1E, 0x8098B5, 0x1C2A48),
		sky("moonlight", "moonlight", "silver", "night", 0x0A1120, 0x1B2C45, 0x4F6B80, 0xF3F3E6, 0x334A60, 0x04070E, 0x7F93A3, 0x141E2E),
		sky("rain", "grey rain light", "grey green", "grey", 0x8E9DA3, 0xB5C0C2, 0xDCDFDA, 0xF4F3EC, 0xA9B7B9, 0x16262A, 0xB9B6A6, 0x5A6263),
		sky("pearl", "pearl-grey light", "grey", "grey", 0xB6BEC4, 0xD2D6D6, 0xEDEAE3, 0xFBF8F0, 0xC3C8C9, 0x33383D, 0xD6CFC3, 0x85868A),
		sky("green storm", "green light before a storm", "storm green", "grey", 0x3D5A5C, 0x7A9489, 0xD3D3AE, 0xF6F0CF, 0x839A8B, 0x11231F, 0xB8AC7C, 0x3B4A41),
		sky("apricot evening", "an apricot evening", "apricot", "dusk", 0x7696B8, 0xF0C7A5, 0xFCE0AF, 0xFFF5D6, 0xE0B49B, 0x3E3238, 0xF2BD80, 0x80584F),
		sky("magenta", "a magenta afterglow", "magenta", "dusk", 0x1C1B45, 0x6F2E78, 0xF0708A, 0xFFD9B0, 0x94487F, 0x0F0C22, 0xC96F86, 0x352048),
		sky("arctic", "low arctic sun", "ice blue", "day", 0x5E8FBF, 0xA9C9E0, 0xF5E6D6, 0xFFF6E3, 0xA8BFD6, 0x1E3145, 0xF1EDE8, 0x86A4C4),
		sky("ochre haze", "ochre haze", "ochre", "day", 0xA9A48F, 0xD3BE93, 0xEFD9A8, 0xFFF4D3, 0xCDB48B, 0x43331F, 0xDDAE66, 0x6A4A33),
	}
}

func moodsFor(t Tone) []Mood {
	var out []Mood
	sandy := map[string]bool{"clear noon": true, "pale day": true, "ochre haze": true, "honey": true, "apricot evening": true, "copper dawn": true, "rose dawn": true, "ember": true}
	for _, m := range moods() {
		keep := t == AnyMood || t == BySand && sandy[m.Name]
		switch m.Time {
		case "dawn", "dusk":
			keep = keep || t == BySun || t == ByDay && m.Mid.L > .7
		case "day", "grey":
			keep = keep || t == ByDay
		case "night":
			keep = keep || t == ByNight
		}
		if t == ByNight && (m.Name == "ember" || m.Name == "magenta" || m.Name == "violet dusk") {
			keep = true
		}
		if keep {
			out = append(out, m)
		}
	}
	return out
}
