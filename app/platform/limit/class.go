package limit

import "time"

// Class is a kind of request that is counted apart from the others.
type Class uint8

// The classes. Who is counted stands beside each; web says which routes belong
// to it.
const (
	Dynamic  Class = iota + 1 // pages and forms: a member, or a visitor's address
	Sessions                  // session cookies looked up: an address
	Files                     // renditions, originals, parts of an upload: an address
	Login                     // passwords tried: an address; accounts counts the wrong ones of each account
	Signup                    // accounts asked for: an address
	Mail                      // mails asked for: an address; accounts counts those to one person
	AllMail                   // mails asked for: everybody together
	Upload                    // uploads begun: a member
	Search                    // searches: a member, or a visitor's address
	Poll                      // pages that ask again by themselves: a member, or a visitor's address
	API                       // requests of programs: the person whose token they bring
	Live                      // connections and questions of pages that are open: a member, or a visitor's address
	Beacon                    // views of pages told by scripts and pictures: an address
	Report                    // reports and claims sent: a member, or a visitor's address
	Comment                   // comments written or changed: a member
	classes                   // how many there are
)

// Classes lists every class.
func Classes() []Class {
	out := make([]Class, 0, classes-1)
	for c := Dynamic; c < classes; c++ {
		out = append(out, c)
	}
	return out
}

// String is the class's name in metrics, headers and keys.
func (c Class) String() string {
	if c == 0 || c >= classes {
		return "unknown"
	}
	return rules[c].name
}

// Rate gives Count turns per Per, and Burst of them at once to who has rested.
// A Count of 0 refuses nothing.
type Rate struct {
	Count int
	Per   time.Duration
	Burst int
}

// Rule is what a class promises. FailOpen lets everybody through while the
// limiter cannot be asked; without it such a request is Unavailable. A password
// or a mail can wait, a page need not.
type Rule struct {
	Rate
	FailOpen bool
}

// rule is a class's default; the burst is a part of the count, so that one
// number in the configuration sets both.
type rule struct {
	name     string
	count    int
	per      time.Duration
	burst    func(count int) int
	failOpen bool
}

func half(count int) int    { return max(1, (count+1)/2) }
func third(count int) int   { return max(1, (count+2)/3) }
func quarter(count int) int { return max(1, (count+3)/4) }

var rules = [classes]rule{
	Dynamic:  {"dynamic", 120, time.Minute, half, true},
	Sessions: {"sessions", 1_200, time.Minute, half, true},
	Files:    {"files", 3_000, time.Minute, third, true},
	Login:    {"login", 40, 15 * time.Minute, half, false},
	Signup:   {"signup", 20, time.Hour, half, false},
	Mail:     {"mail", 20, time.Hour, half, false},
	AllMail:  {"all_mail", 600, time.Hour, quarter, false},
	Upload:   {"upload", 600, time.Hour, third, true},
	Search:   {"search", 60, time.Minute, half, true},
	Poll:     {"poll", 240, time.Minute, quarter, true},
	API:      {"api", 120, time.Minute, half, true},
	Live:     {"live", 120, time.Minute, quarter, true},
	Comment:  {"comment", 30, 10 * time.Minute, third, true},
	Beacon:   {"beacon", 240, time.Minute, half, true},
	Report:   {"report", 20, time.Hour, half, false},
}

// RuleOf is a class's default.
func RuleOf(c Class) Rule {
	r := rules[c]
	return Rule{Rate: Rate{Count: r.count, Per: r.per, Burst: r.burst(r.count)}, FailOpen: r.failOpen}
}

// RateOf is a class's rate with another count; its burst follows.
func RateOf(c Class, count int) Rate {
	r := rules[c]
	if count <= 0 {
		return Rate{Per: r.per}
	}
	return Rate{Count: count, Per: r.per, Burst: r.burst(count)}
}
