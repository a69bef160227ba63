package works

// Licence says what others may do with a work.
type Licence string

// The licences, those of Creative Commons in version 4.0.
const (
	Reserved Licence = "reserved"
	BY       Licence = "by"
	BYSA     Licence = "by-sa"
	BYND     Licence = "by-nd"
	BYNC     Licence = "by-nc"
	BYNCSA   Licence = "by-nc-sa"
	BYNCND   Licence = "by-nc-nd"
	Zero     Licence = "zero"
)

// Licences in the order of the form, from the strictest.
var Licences = [...]Licence{Reserved, BYNCND, BYNCSA, BYNC, BYND, BYSA, BY, Zero}

// Known tells whether l is a licence.
func (l Licence) Known() bool {
	for _, known := range Licences {
		if l == known {
			return true
		}
	}
	return false
}

// Words is the licence's name for people.
func (l Licence) Words() string {
	switch l {
	case BY:
		return "CC BY 4.0"
	case BYSA:
		return "CC BY-SA 4.0"
	case BYND:
		return "CC BY-ND 4.0"
	case BYNC:
		return "CC BY-NC 4.0"
	case BYNCSA:
		return "CC BY-NC-SA 4.0"
	case BYNCND:
		return "CC BY-NC-ND 4.0"
	case Zero:
		return "CC0 1.0, no rights reserved"
	default:
		return "All rights reserved"
	}
}

// URL is where the licence can be read; empty when all rights are reserved.
func (l Licence) URL() string {
	switch l {
	case BY, BYSA, BYND, BYNC, BYNCSA, BYNCND:
		return "https://creativecommons.org/licenses/" + string(l) + "/4.0/"
	case Zero:
		return "https://creativecommons.org/publicdomain/zero/1.0/"
	default:
		return ""
	}
}
