// Package api is the JSON API: what programs read and make, on the same services
// as the pages. openapi.json describes it; a test holds the two together.
//
// Only a bearer token says who asks. Cookies are not looked at, so no other site
// can use a person's session here.
package api

import (
	"context"
	"net/http"
	"strings"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/limit"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/site"
)

// Services are what the handlers call, on the handle of the app's role.
type Services struct {
	Accounts *accounts.Service
	Studios  *studios.Service
	Media    *media.Service
	Works    *works.Service
	Search   *search.Service
}

// API has the handlers.
type API struct {
	*site.Site
	Services
	document document
}

// Prefix is the path below which everything is the API's, errors included.
const Prefix = "/api/"

// New prepares the handlers and makes the site answer errors below Prefix in
// their form.
func New(on *site.Site, services Services) (*API, error) {
	doc, err := readDocument()
	if err != nil {
		return nil, err
	}
	a := &API{Site: on, Services: services, document: doc}
	on.Programs(Prefix, a.failed)
	return a, nil
}

type bearerKey struct{}

// Caller finds who asks, and refuses who cannot read the answer. A token that is
// none any more is an error also where none is needed: whoever sends one should
// learn that it has ended.
func (a *API) Caller(next site.Handler) site.Handler {
	return func(c *site.Context) error {
		if !readsJSON(c.Request().Header.Values("Accept")) {
			return refuse(notAcceptable, "Answers are JSON. Ask with “Accept: application/json”, or without that header.")
		}
		plain, given, err := bearerOf(c.Request())
		if err != nil || !given {
			return orNext(err, next, c)
		}
		b, err := a.Accounts.AuthenticateToken(c.Ctx(), plain)
		if fault.Is(err, fault.Unauthenticated) {
			return challenge(err, `error="invalid_token"`)
		}
		if err != nil {
			return err
		}
		c.Caller(limit.Member(b.UserID))
		c.WithContext(context.WithValue(c.Ctx(), bearerKey{}, b))
		return next(c)
	}
}

func orNext(err error, next site.Handler, c *site.Context) error {
	if err != nil {
		return err
	}
	return next(c)
}

// bearerOf reads the header Authorization.
func bearerOf(r *http.Request) (plain string, given bool, err error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return "", false, nil
	}
	scheme, rest, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false, challenge(fault.New(fault.Unauthenticated, "Send the token as “Authorization: Bearer vit_…”; there is no other way to sign in here."), `error="invalid_request"`)
	}
	return strings.TrimSpace(rest), true, nil
}

// bearer is who asks; known is false for anybody.
func bearer(c *site.Context) (b accounts.Bearer, known bool) {
	b, known = c.Ctx().Value(bearerKey{}).(accounts.Bearer)
	return b, known
}

// allowed is the bearer, if the token has one of the scopes.
func allowed(c *site.Context, scopes ...accounts.Scope) (accounts.Bearer, error) {
	b, known := bearer(c)
	if !known {
		return b, challenge(fault.New(fault.Unauthenticated, "This needs a token. Make one on the page of your tokens and send it as “Authorization: Bearer vit_…”."), "")
	}
	for _, s := range scopes {
		if b.May(s) {
			return b, nil
		}
	}
	wanted := accounts.ScopeList(scopes).String()
	r := refuse(scopeMissing, "This token may not do that: it needs the scope "+strings.ReplaceAll(wanted, " ", " or ")+". Make another token that has it.")
	r.header("WWW-Authenticate", `Bearer realm="Vitrine", error="insufficient_scope", scope="`+wanted+`"`)
	return b, r
}

// member is a studio of the bearer's person in which they may act now. Roles are
// read on each request, never kept with the token. One query.
func (a *API) member(c *site.Context, b accounts.Bearer, slug string, act studios.Action) (studios.Membership, error) {
	mine, err := a.memberships(c, b)
	if err != nil {
		return studios.Membership{}, err
	}
	for _, m := range mine {
		if m.Slug == slug {
			return m, m.Role.Check(act)
		}
	}
	return studios.Membership{}, studios.None.Check(act)
}

// memberships are the studios that the bearer's person belongs to and that the
// token opens.
func (a *API) memberships(c *site.Context, b accounts.Bearer) ([]studios.Membership, error) {
	all, err := a.Studios.OfMember(c.Ctx(), b.UserID)
	if err != nil {
		return nil, err
	}
	var out []studios.Membership
	for _, m := range all {
		if b.Opens(m.StudioID) {
			out = append(out, m)
		}
	}
	return out, nil
}
