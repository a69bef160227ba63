// Package tokens has the page on which people make and revoke the keys of their
// programs.
package tokens

import (
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Pages holds what the handlers need.
type Pages struct {
	*site.Site
	Accounts *accounts.Service
}

// form is the form for a token, as it was sent or as it is at first.
type form struct {
	Key     string
	Name    string
	Days    string
	Studio  string // slug; empty for all
	Scopes  map[accounts.Scope]bool
	Studios []ui.Option
	Refusal views.Refusal
}

// item is one token in the list.
type item struct {
	accounts.APIToken
	Studio string // name of the only one it opens
	Ended  bool
	Used   string
}

// Show is GET /me/tokens. A token that was made just now is shown this once.
func (p *Pages) Show(c *site.Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	f := form{Key: idem.NewKey(), Days: strconv.Itoa(accounts.TokenDays), Scopes: map[accounts.Scope]bool{accounts.WriteWorks: true, accounts.WriteMedia: true}}
	return p.show(c, v, http.StatusOK, f, takeMade(c))
}

func (p *Pages) show(c *site.Context, v *site.Viewer, status int, f form, made string) error {
	list, err := p.Accounts.TokensOf(c.Ctx(), v.UserID)
	if err != nil {
		return err
	}
	now := p.Now()
	items := make([]item, len(list))
	for i, t := range list {
		items[i] = item{APIToken: t, Ended: !t.ExpiresAt.After(now), Used: used(now, t.UsedAt)}
		if t.StudioID != nil {
			items[i].Studio = studioName(v, *t.StudioID)
		}
	}
	f.Studios = []ui.Option{{Label: "All studios that I belong to"}}
	for _, m := range v.Studios {
		f.Studios = append(f.Studios, ui.Option{Value: m.Slug, Label: "Only " + m.Name})
	}
	b := p.Base(c, "Tokens")
	b.NoIndex = true
	b.Styles = append(b.Styles, "api.css")
	return c.Render(status, tokensPage(b, f, items, made))
}

func studioName(v *site.Viewer, id uuid.UUID) string {
	for _, m := range v.Studios {
		if m.StudioID == id {
			return m.Name
		}
	}
	return "a studio that you do not belong to"
}

// used says when a token was used; what is noted is at most an hour behind.
func used(now time.Time, at *time.Time) string {
	if at == nil {
		return "never used"
	}
	switch hours := int(now.Sub(*at) / time.Hour); {
	case hours < 1:
		return "used within the hour"
	case hours < 48:
		return "used " + ui.Count(hours, "hour", "hours") + " ago"
	default:
		return "used " + ui.Count(hours/24, "day", "days") + " ago"
	}
}

// Make is POST /me/tokens. It stands behind Proven.
func (p *Pages) Make(c *site.Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := form{Key: c.Form("idempotency_key"), Name: c.Form("name"), Days: c.Form("days"), Studio: c.Form("studio"), Scopes: map[accounts.Scope]bool{}}
	wanted := accounts.NewToken{Key: f.Key, Name: f.Name, Scopes: c.Request().PostForm["scopes"]}
	for _, s := range wanted.Scopes {
		f.Scopes[accounts.Scope(s)] = true
	}
	wanted.Days, _ = strconv.Atoi(f.Days) // 0 is refused below
	if f.Studio != "" {
		m, ok := v.Member(f.Studio)
		if !ok {
			return fault.New(fault.NotFound, "You do not belong to this studio any more. Open the page again.")
		}
		wanted.StudioID = &m.StudioID
	}
	plain, _, err := p.Accounts.MakeToken(c.Ctx(), v.UserID, wanted)
	if err != nil {
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		f.Refusal = refused
		return p.show(c, v, status, f, "")
	}
	keepMade(c, plain)
	return c.SeeOther(views.MeTokens)
}

// Revoke is POST /me/tokens/revoke.
func (p *Pages) Revoke(c *site.Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	err = p.Accounts.RevokeToken(c.Ctx(), v.UserID, c.Form("token"))
	switch {
	case fault.Is(err, fault.NotFound):
		c.Flash(page.Plain, fault.MessageOf(err))
	case err != nil:
		return err
	default:
		c.Flash(page.Good, "The token is revoked: no request with it is answered any more.")
	}
	return c.SeeOther(views.MeTokens)
}

// madeCookie brings a new token across the 303, to this page alone and for a
// minute. It is stored nowhere else in plain.
const madeCookie = "token_made"

func keepMade(c *site.Context, plain string) {
	http.SetCookie(c.Response(), &http.Cookie{Name: madeCookie, Value: plain, Path: views.MeTokens, MaxAge: 60,
		HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteStrictMode})
}

// takeMade reads the token and removes it.
func takeMade(c *site.Context) string {
	ck, err := c.Request().Cookie(madeCookie)
	if err != nil || c.Request().Method != http.MethodGet {
		return ""
	}
	http.SetCookie(c.Response(), &http.Cookie{Name: madeCookie, Path: views.MeTokens, MaxAge: -1,
		HttpOnly: true, Secure: c.Secure(), SameSite: http.SameSiteStrictMode})
	if !accounts.TokenShaped(ck.Value) {
		return ""
	}
	return ck.Value
}
