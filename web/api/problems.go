package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"vitrine/app/fault"
	"vitrine/web/site"
)

// problem is a kind of error, as RFC 9457 has it. Its name is the end of its
// address, under which the documentation explains it; names never change.
type problem struct {
	Name   string
	Status int
	Title  string
	Advice string // what a program does about it
}

var (
	badRequest       = &problem{"bad-request", http.StatusBadRequest, "The request could not be read", "Mend what detail says; the same request fails again."}
	keyMissing       = &problem{"key-missing", http.StatusBadRequest, "An idempotency key is missing", "Send the header Idempotency-Key: 16 to 64 letters, digits, hyphens or underscores, new for each thing that is to be made and the same for each retry."}
	unauthenticated  = &problem{"unauthenticated", http.StatusUnauthorized, "A token is needed", "Make a token, or replace the one that has ended. WWW-Authenticate says which of the two."}
	forbidden        = &problem{"forbidden", http.StatusForbidden, "This is not allowed", "The token’s person may not do this in that studio. Somebody with the role must change that."}
	scopeMissing     = &problem{"scope-missing", http.StatusForbidden, "The token lacks a scope", "Make a token with the scope that WWW-Authenticate names."}
	notFound         = &problem{"not-found", http.StatusNotFound, "There is nothing here", "It never was, is gone, or is not open to this token; the answer is the same."}
	methodNotAllowed = &problem{"method-not-allowed", http.StatusMethodNotAllowed, "This method is not answered here", "Use one that Allow names."}
	notAcceptable    = &problem{"not-acceptable", http.StatusNotAcceptable, "Answers are JSON", "Accept application/json."}
	conflict         = &problem{"conflict", http.StatusConflict, "This does not fit how things stand", "Read again what is there, then decide."}
	tooLarge         = &problem{"too-large", http.StatusRequestEntityTooLarge, "The body is too large", "Send less."}
	unsupported      = &problem{"unsupported-media-type", http.StatusUnsupportedMediaType, "This kind of body is not taken", "Send the Content-Type that the operation names."}
	invalid          = &problem{"invalid", http.StatusUnprocessableEntity, "Some values cannot be taken", "errors has one entry for each: where it is, and what is wrong. The key was not used up; mend and send again with the same one."}
	keyReused        = &problem{"key-reused", http.StatusUnprocessableEntity, "The idempotency key belongs to something else", "Send a new key for a new thing, or the very same body for the same thing."}
	tooMany          = &problem{"too-many", http.StatusTooManyRequests, "Too many requests", "Wait as many seconds as Retry-After says."}
	internal         = &problem{"internal", http.StatusInternalServerError, "Something failed here", "It was logged. Retry later with the same key: nothing happens twice."}
	unavailable      = &problem{"unavailable", http.StatusServiceUnavailable, "This cannot be answered at the moment", "Wait as many seconds as Retry-After says, and retry with the same key."}
)

// problems lists them for the documentation.
var problems = []*problem{badRequest, keyMissing, unauthenticated, forbidden, scopeMissing, notFound, methodNotAllowed, notAcceptable, conflict,
	tooLarge, unsupported, invalid, keyReused, tooMany, internal, unavailable}

// ofKind is the problem of a fault that says no more than its kind.
var ofKind = map[fault.Kind]*problem{
	fault.Internal: internal, fault.NotFound: notFound, fault.Forbidden: forbidden, fault.Unauthenticated: unauthenticated,
	fault.Invalid: invalid, fault.Conflict: conflict, fault.TooMany: tooMany, fault.Unavailable: unavailable,
}

// spot is one value that cannot be taken: a member of the body, a parameter of
// the address, or a header.
type spot struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Header    string `json:"header,omitempty"`
	Detail    string `json:"detail"`
}

// refusal is an error that is more than a kind.
type refusal struct {
	problem *problem
	detail  string
	cause   error
	spots   []spot
	headers [][2]string
}

func (r *refusal) Error() string { return r.problem.Name + ": " + r.detail }

// Unwrap gives the cause. Without one it is a fault of the caller's, so that
// nothing is logged as ours.
func (r *refusal) Unwrap() error {
	if r.cause == nil {
		return fault.New(fault.Invalid, r.detail)
	}
	return r.cause
}

func (r *refusal) header(name, value string) { r.headers = append(r.headers, [2]string{name, value}) }

func refuse(p *problem, detail string) *refusal { return &refusal{problem: p, detail: detail} }

// mostSpots bounds what an answer says of a body: one of 1 MB can have a hundred
// thousand members that do not exist.
const mostSpots = 100

// spotted refuses values, each of the first mostSpots with its sentence.
func spotted(spots ...spot) *refusal {
	detail := spots[0].Detail
	if n := len(spots); n > mostSpots {
		detail = strconv.Itoa(n) + " values cannot be taken; errors names the first " + strconv.Itoa(mostSpots) + "."
		spots = spots[:mostSpots]
	} else if n > 1 {
		detail = strconv.Itoa(n) + " values cannot be taken; errors says which."
	}
	return &refusal{problem: invalid, detail: detail, spots: spots}
}

// challenge is 401, with what the header WWW-Authenticate says besides the realm.
func challenge(cause error, more string) *refusal {
	if more != "" {
		more = ", " + more
	}
	r := &refusal{problem: unauthenticated, detail: fault.MessageOf(cause), cause: cause}
	r.header("WWW-Authenticate", `Bearer realm="Vitrine"`+more)
	return r
}

// problemBody is what an error says.
type problemBody struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []spot `json:"errors,omitempty"`
}

// How long to wait when an error does not say.
const (
	retryTooMany     = time.Minute
	retryUnavailable = 5 * time.Second
)

// failed answers every error below Prefix. The site has logged it.
func (a *API) failed(c *site.Context, err error) {
	r := refusalOf(c, err)
	detail := r.detail
	if detail == "" {
		detail = r.problem.Title + ". " + r.problem.Advice
	}
	common(c)
	for _, h := range r.headers {
		c.Header(h[0], h[1])
	}
	if s := r.problem.Status; s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable {
		after := fault.RetryAfterOf(err)
		if after == 0 {
			after = map[bool]time.Duration{true: retryTooMany, false: retryUnavailable}[s == http.StatusTooManyRequests]
		}
		c.Header("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	}
	body, merr := json.Marshal(problemBody{Type: a.Absolute(docsPath + "#" + r.problem.Name), Title: r.problem.Title, Status: r.problem.Status, Detail: detail, Errors: r.spots})
	if merr != nil {
		a.Log().ErrorContext(c.Ctx(), "a problem could not be written", "err", merr)
	}
	_ = c.Bytes(r.problem.Status, "application/problem+json", append(body, '\n'))
}

// refusalOf makes of any error what is answered.
func refusalOf(c *site.Context, err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	kind := fault.KindOf(err)
	if kind == fault.NotFound && c.Response().Header().Get("Allow") != "" { // as the router leaves it
		return refuse(methodNotAllowed, "")
	}
	r = &refusal{problem: ofKind[kind], detail: fault.MessageOf(err)}
	if kind == fault.Unauthenticated {
		r.header("WWW-Authenticate", `Bearer realm="Vitrine"`)
	}
	return r
}
