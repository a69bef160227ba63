package moderation

import (
	"regexp"
	"strings"
	"unicode"
)

func linkInTitle(w words) (int, string) {
	if at := linkShape.FindString(w.title); at != "" {
		return 4, at
	}
	// A project may be called after a site: "Booking.com, redesigned".
	if at := domainShape.FindString(w.title); strings.Contains(at, "/") {
		return 4, at
	} else if at != "" {
		return 1, at
	}
	return 0, ""
}

var (
	mailShape = regexp.MustCompile(`(?i)[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}`)
	// A telephone number has a plus, or groups of digits; a bare run of digits is
	// the name of a file, and a date is a date.
	plusPhone  = regexp.MustCompile(`\+\d[\d\s().-]{7,}\d`)
	groupPhone = regexp.MustCompile(`\(?\d{2,5}\)?(?:[\s.-]\(?\d{2,5}\)?){2,5}`)
	dateStart  = regexp.MustCompile(`^(?:1[89]|20)\d\d\b|^\d{1,2}[.-]\d{1,2}[.-](?:\d{4}|\d{2})\b`)
)

func contactInTitle(w words) (int, string) {
	if at := mailShape.FindString(w.title); at != "" {
		return 4, at
	}
	if at := plusPhone.FindString(w.title); at != "" {
		return 4, at
	}
	if at := groupPhone.FindString(w.title); digits(at) >= 9 && !dateStart.MatchString(strings.Trim(at, "( ")) {
		return 3, at
	}
	return 0, ""
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// shorteners hide where a link leads; a portfolio has no reason to.
var shorteners = []string{"bit.ly", "t.co", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "buff.ly", "cutt.ly", "rebrand.ly", "rb.gy", "shorturl.at", "t.ly",
	"v.gd", "clck.ru", "vk.cc", "u.to", "shorte.st", "adf.ly", "bc.vc", "tiny.cc", "s.id", "lnkd.in", "soo.gd", "urlz.fr", "dwz.cn", "t.cn", "url.cn", "surl.li", "qr.ae"}

func shortened(w words) (int, string) { return firstOf(w.hosts, shorteners, 4) }

// chats are where a sale goes on out of sight. A studio may name its own, so
// alone they hold nothing back.
var chats = []string{"wa.me", "api.whatsapp.com", "chat.whatsapp.com", "t.me", "telegram.me", "line.me", "m.me", "signal.me", "wa.link"}

func messengers(w words) (int, string) { return firstOf(w.hosts, chats, 2) }

func firstOf(hosts, list []string, points int) (int, string) {
	for _, host := range hosts {
		if matches(host, list) {
			return points, host
		}
	}
	return 0, ""
}

// homes are where creative people are at home, and what they cite: any number
// of links there is normal.
var homes = []string{"instagram.com", "behance.net", "dribbble.com", "vimeo.com", "youtube.com", "youtu.be", "flickr.com", "500px.com", "artstation.com",
	"deviantart.com", "pinterest.com", "linkedin.com", "facebook.com", "twitter.com", "x.com", "threads.net", "bsky.app", "mastodon.social", "pixelfed.social",
	"soundcloud.com", "bandcamp.com", "spotify.com", "github.com", "wikipedia.org", "wikimedia.org", "creativecommons.org", "are.na", "cargo.site", "tumblr.com", "fonts.google.com"}

func manyLinks(w words) (int, string) {
	var others []string
	for _, host := range w.hosts {
		if !matches(host, homes) {
			others = append(others, host)
		}
	}
	switch n := len(others); {
	case n >= 8:
		return 4, strings.Join(others, ", ")
	case n >= 5:
		return 2, strings.Join(others, ", ")
	}
	if w.links >= 20 {
		return 3, strings.Join(w.hosts, ", ")
	}
	return 0, ""
}

func linkBesides(w words) (int, string) {
	if at := linkShape.FindString(w.besides); at != "" {
		return 2, at
	}
	return 0, ""
}

var markupShape = regexp.MustCompile(`(?i)\[/?url\b[^\]]*\]|<a\s[^>]*href|\[link=`)

func markup(w words) (int, string) {
	if at := markupShape.FindString(w.all); at != "" {
		return 3, at
	}
	return 0, ""
}

func sales(w words) (int, string) {
	var found []string
	for _, phrase := range &phrases {
		if strings.Contains(w.all, phrase) {
			found = append(found, phrase)
		}
	}
	switch len(found) {
	case 0:
		return 0, ""
	case 1:
		return 2, found[0]
	}
	return 4, strings.Join(found, ", ")
}

// salesLink is a phrase and a link outside of the homes together.
func salesLink(w words) (int, string) {
	if n, _ := sales(w); n == 0 {
		return 0, ""
	}
	for _, host := range w.hosts {
		if !matches(host, homes) {
			return 2, host
		}
	}
	return 0, ""
}

func shouting(w words) (int, string) {
	points := 0
	if upper, cased := cases(w.story); cased >= 80 && upper*10 >= cased*7 {
		points += 2
	}
	// Titles in capitals are typography; with exclamation marks they are not.
	if strings.Contains(w.title, "!!") || strings.Count(w.story, "!!!") >= 2 {
		points++
	}
	return points, ""
}

func cases(s string) (upper, cased int) {
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper, cased = upper+1, cased+1
		case unicode.IsLower(r):
			cased++
		}
	}
	return upper, cased
}

func symbols(w words) (int, string) {
	n := 0
	for _, r := range w.title {
		if unicode.Is(unicode.So, r) || unicode.Is(unicode.Sc, r) {
			n++
		}
	}
	if n >= 4 {
		return 1, w.title
	}
	return 0, ""
}
