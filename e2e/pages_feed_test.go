package e2e

import (
	"net/url"
	"testing"
	"time"

	"vitrine/app/works"
	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// arrive signs somebody up in a browser, as far as the page behind the letter's
// link.
func (h *house) arrive(t *testing.T, b *browser.Tab, m *rig.Member, name, email string) {
	t.Helper()
	b.Go(h.site.URL + "/signup")
	b.Fill("#name", name)
	b.Fill("#email", email)
	b.Fill("#password", password)
	b.Press("main form button")
	letter := `.mails li:contains("` + email + `") a`
	list := m.Await("/dev/mailbox", "a letter to "+email, func(p *rig.Page) bool { return p.Find(letter).Length() > 0 })
	mail := m.Get(list.Find(letter).First().AttrOr("href", ""))
	link, err := url.Parse(mail.Find(`.letter a[href*="/verify/"]`).AttrOr("href", ""))
	if err != nil || link.Path == "" {
		t.Fatalf("the letter has no link: %v", err)
	}
	b.Go(h.site.URL + link.Path)
	b.Press("main form button")
}

// following are the pages of somebody who follows nobody, then somebody, then
// nobody again.
func (h *house) following() []look {
	end := works.Cursor{At: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), ID: [16]byte{1}}
	return []look{
		{name: "a feed of nobody", path: "/"},
		{name: "nobody is followed", path: "/me/following"},
		{name: "a feed", path: "/", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Press(`form[action="` + h.public + `/follow"] button`)
			b.See("ul.hang")
		}},
		{name: "the end of a feed", path: "/feed?after=" + end.String()},
		{name: "somebody is followed", path: "/me/following"},
		{name: "nobody, again", path: "/me/following", act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Press(`form[action="` + h.public + `/unfollow"] button`)
		}},
	}
}
