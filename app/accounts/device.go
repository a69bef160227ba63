package accounts

import "strings"

// browsers and systems are looked for in this order: a browser's words name
// those that it wants to be taken for as well.
var browsers = []struct{ sign, name string }{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Internet"},
	{"FxiOS", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	{"curl/", "curl"},
}

var systems = []struct{ sign, name string }{
	{"iPhone", "an iPhone"}, {"iPad", "an iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"},
	{"Windows", "Windows"}, {"Macintosh", "a Mac"}, {"Linux", "Linux"}, {"BSD", "BSD"},
}

// DeviceWords says what a browser's own words about itself mean, such as
// "Firefox on Linux". None of those words are in it: they come from strangers.
func DeviceWords(agent string) string {
	browser, system := "", ""
	for _, b := range browsers {
		if strings.Contains(agent, b.sign) {
			browser = b.name
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(agent, s.sign) {
			system = s.name
			break
		}
	}
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser != "":
		return browser
	case system != "":
		return "A browser on " + system
	}
	return "A browser that does not say what it is"
}
