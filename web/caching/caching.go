// Package caching says what browsers, proxies and the CDN may do with answers:
// one policy for each kind. The route table names the policy of every route, and
// docs/caching.md lists them all.
package caching

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// Policy is what the successful answers of a route say of caching. An error is
// never kept, whatever its route.
type Policy struct {
	Name string
	Open string // Cache-Control for who brings no credential
	Own  string // for who brings one
	// Credential is the header of a request by which its answer differs; it stands
	// in Vary. Empty: there is none, and no Own.
	Credential string
	// Chosen lists what a handler may say in its place: it alone knows whether it was
	// asked by the right name.
	Chosen []string
	About  string
}

// Nobody is what an answer says that no cache may keep.
const Nobody = "no-store"

// The policies.
var (
	None = Policy{Name: "none", Open: Nobody,
		About: "Nobody keeps it: it is somebody's own, holds a secret or a form, or tells the state of this moment. Every answer to a form is one."}
	Page = Policy{Name: "page", Open: "public, no-cache", Own: "private, no-cache", Credential: "Cookie",
		About: "A public page. It may be kept, and is asked for each time, so that a takedown holds at once. Who is signed in sees their name on it."}
	List = Policy{Name: "list", Open: "public, no-cache",
		About: "What is the same for everybody and read by programs: feeds, site maps, cards for other sites."}
	Program = Policy{Name: "program", Open: "public, no-cache", Own: "private, no-cache", Credential: "Authorization",
		About: "The JSON API: public works without a token, one's own with it."}
	Fixed = Policy{Name: "fixed", Open: "public, max-age=3600",
		About: "What changes with a release at most."}
	Asset = Policy{Name: "asset", Open: "public, max-age=31536000, immutable",
		Chosen: []string{"no-cache"},
		About:  "Its name holds the hash of what it is. Asked for by another name, it is not kept unasked."}
	Picture = Policy{Name: "picture", Open: "public, max-age=600, s-maxage=60",
		About: "A rendition of a public work: ten minutes in the browser, one at the CDN, so that a takedown is everywhere within that minute. Of any other work: nobody keeps it."}
)

// Policies lists all of them.
func Policies() []Policy { return []Policy{None, Page, List, Program, Fixed, Asset, Picture} }

// Answer is what is known when the headers are about to leave.
type Answer struct {
	Status int
	// Own tells that the request brought the policy's credential.
	Own bool
	// Secret tells that this one answer holds what is nobody else's: a text that
	// somebody typed and that was not taken.
	Secret bool
}

// Set writes Cache-Control and Vary. What the handler has set stands if the
// policy lets it choose that, and is replaced else: the table is right.
func (p Policy) Set(h http.Header, a Answer) {
	control := p.control(h.Get("Cache-Control"), a)
	if h["Set-Cookie"] != nil && strings.HasPrefix(control, "public") {
		control = Nobody // a cookie is one person's
	}
	h.Set("Cache-Control", control)
	if p.Credential != "" && !varies(h, p.Credential) {
		h.Add("Vary", p.Credential)
	}
}

func (p Policy) control(chosen string, a Answer) string {
	switch {
	case a.Status >= http.StatusBadRequest || a.Secret:
		return Nobody
	case slices.Contains(p.Chosen, chosen):
		return chosen
	case a.Own:
		return p.Own
	}
	return p.Open
}

// varies tells whether an answer names a header in Vary already.
func varies(h http.Header, name string) bool {
	for _, line := range h.Values("Vary") {
		for one := range strings.SplitSeq(line, ",") {
			if textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(one)) == name {
				return true
			}
		}
	}
	return false
}
