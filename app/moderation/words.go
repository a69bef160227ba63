package moderation

import (
	"crypto/sha256"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"vitrine/app/works"
)

// words is a post as the rules read it.
type words struct {
	title, story, credits string
	besides               string // tags and picture texts
	all                   string // everything, lower case
	hosts                 []string
	links                 int
}

func wordsOf(p works.Post) words {
	w := words{title: p.Title, story: p.Story, credits: p.Credits}
	w.besides = strings.Join(append(slices.Clone(p.Tags), p.Captions...), "\n")
	every := strings.Join([]string{w.title, w.story, w.credits, w.besides}, "\n")
	w.all = strings.ToLower(every)
	w.hosts, w.links = hostsIn(every)
	return w
}

// linkShape is a link that nobody writes by accident: with a scheme, or www.
var linkShape = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"'\])]+`)

// domainShape is a name with one of the endings that people write without a
// scheme. "Harbour.studio" and "Node.js" are names too: see linkInTitle.
var domainShape = regexp.MustCompile(`(?i)\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|info|biz|ru|cn|xyz|top|shop|online|site|club|vip|win|bet|casino|io|co|me|ly|gl|gd|us|uk|de|fr|tk|ml|ga|cf|link|click|live|app|su|in)(?:/[^\s<>"'\])]*)?\b`)

// hostsIn gives the different hosts that a text links to, in their order, and
// how many links it has.
func hostsIn(s string) (hosts []string, links int) {
	spans := linkShape.FindAllStringIndex(s, -1)
	bare := domainShape.FindAllStringIndex(s, -1)
	take := func(raw string) {
		links++
		if !strings.Contains(raw, "://") {
			raw = "https://" + raw
		}
		u, err := url.Parse(strings.TrimRight(raw, ".,;:!?"))
		if err != nil || u.Hostname() == "" {
			return
		}
		host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	for _, at := range spans {
		take(s[at[0]:at[1]])
	}
	for _, at := range bare {
		inside := slices.ContainsFunc(spans, func(b []int) bool { return at[0] >= b[0] && at[0] < b[1] })
		mail := at[0] > 0 && s[at[0]-1] == '@'
		if !inside && !mail && !mailAround(s, at) {
			take(s[at[0]:at[1]])
		}
	}
	return hosts, links
}

// mailAround tells whether the name at that place is the beginning of an address
// of mail, as in "first.co@example.org".
func mailAround(s string, at []int) bool { return at[1] < len(s) && s[at[1]] == '@' }

// matches tells whether a host is one of the list, or below it.
func matches(host string, list []string) bool {
	return slices.ContainsFunc(list, func(known string) bool { return host == known || strings.HasSuffix(host, "."+known) })
}

// printMin is the shortest text whose repetition says anything, in letters.
const printMin = 80

// printOf is a hash of what the post says, whatever its spaces, marks and case;
// nil when it is too short to be recognised.
func printOf(p works.Post) []byte {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToLower(p.Story + p.Credits) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			b.WriteRune(r)
			n++
		}
	}
	if n < printMin {
		return nil
	}
	sum := sha256.Sum256([]byte(b.String()))
	return sum[:]
}
