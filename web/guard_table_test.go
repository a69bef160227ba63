package web_test

import (
	"net/http"
	"net/url"
	"testing"
)

// everybody who may stand before a door. Root runs the installation and is a
// member of no studio but their own; the stranger is a member of another one.
var everybody = []string{"visitor", "stranger", "viewer", "editor", "admin", "owner", "root"}

// statuses has one for each of everybody, in their order. atDoor stands for what
// a visitor meets where one must be signed in.
type statuses [7]int

// line is what one route promises: an example of its address, and the statuses.
// Those of HEAD are those of GET. What a visitor gets is also what a forged, an
// expired and a revoked session get.
type line struct {
	path   string
	status statuses
	form   url.Values // of a POST
	header []string   // names and values
	shared bool       // the answer to visitors may be kept by shared caches
	secret bool       // shows what only members of the studio may read
	proven bool       // wants a fresh proof of who one is: site.Proven
	ends   bool       // the session is over afterwards
	tokens bool       // knows bearer tokens only: no cookie reaches it, so no other site can
}

// lines are a part of the table: by method and path, as routes.go names them.
type lines map[string]line

const (
	ok, to, moved          = http.StatusOK, http.StatusSeeOther, http.StatusMovedPermanently
	who, no, none, invalid = http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity
	clash, missing         = http.StatusConflict, http.StatusPreconditionFailed

	// atDoor leads to the login page and back where a page is asked for, and is 401
	// for a form.
	atDoor = -1
)

// all get the same answer.
func all(status int) statuses {
	return statuses{status, status, status, status, status, status, status}
}

// open is a public page: anybody's, and caches may keep it for visitors.
func open(path string) line { return line{path: path, status: all(ok), shared: true} }

// anybody may ask; the answer is not for caches.
func anybody(path string, status int) line { return line{path: path, status: all(status)} }

// signedIn, members, editors, admins, owners and roots say who gets the status
// at least; the others are sent to the door, told that there is no such studio,
// or that their role does not do.
func signedIn(path string, status int) line {
	return line{path: path, status: statuses{atDoor, status, status, status, status, status, status}}
}

func members(path string, status int) line {
	return line{path: path, status: statuses{atDoor, none, status, status, status, status, none}}
}

func editors(path string, status int) line {
	return line{path: path, status: statuses{atDoor, none, no, status, status, status, none}}
}

func admins(path string, status int) line {
	return line{path: path, status: statuses{atDoor, none, no, no, status, status, none}}
}

func owners(path string, status int) line {
	return line{path: path, status: statuses{atDoor, none, no, no, no, status, none}}
}

func roots(path string, status int) line {
	return line{path: path, status: statuses{atDoor, no, no, no, no, no, status}}
}

// with sends a form; an empty one when no field is given.
func (l line) with(fields ...string) line {
	l.form = url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		l.form.Add(fields[i], fields[i+1])
	}
	return l
}

// visitors get this status, whatever the line's constructor says.
func (l line) visitors(status int) line { l.status[0] = status; return l }

// secrets may be on the page.
func (l line) secrets() line { l.secret = true; return l }

// proof is wanted: site.Proven.
func (l line) proof() line { l.proven = true; return l }

// leaves: the session is over afterwards, and the walk signs in again.
func (l line) leaves() line { l.ends = true; return l }

// bearer says that only tokens open this route.
func (l line) bearer() line { l.tokens = true; return l }

// of gives what one of everybody should get with a method.
func (l line) of(i int, method string) int {
	switch {
	case l.status[i] != atDoor:
		return l.status[i]
	case method == http.MethodGet || method == http.MethodHead:
		return to
	}
	return who
}

// table has a line for each route, in a file for each area of the site; a route
// without one fails the test. Whoever adds a route adds its line.
func (h *house) table(t *testing.T) lines {
	t.Helper()
	whole := lines{}
	for _, part := range []lines{
		h.baseLines(), h.accountLines(), h.studioLines(), h.adminLines(), h.memberLines(), h.meLines(), h.moderationLines(), h.apiLines(), h.leaveLines(), h.reportLines(), h.docsLines(), h.discoverLines(), h.outsideLines(), h.noticeLines(), h.engageLines(), h.liveLines(), h.feedLines(), h.insightLines(),
	} {
		for route, l := range part {
			if _, twice := whole[route]; twice {
				t.Errorf("%s has two lines", route)
			}
			whole[route] = l
		}
	}
	return whole
}
