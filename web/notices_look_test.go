package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/studios"
	"vitrine/app/works"
	chrome "vitrine/e2e/browser"
)

// busy is a site in whose studio a lot has happened.
type busy struct {
	*gallery
	jobs  *notices.Service
	actor works.Actor
	slug  string
}

func newBusy(t *testing.T) *busy {
	t.Helper()
	g := newGallery(t)
	g.member(t, "Mara Otieno", "mara@harbour.example")
	b := &busy{gallery: g, jobs: g.services(t, g.Worker, bus.NewOutbox(), slog.New(slog.DiscardHandler)).Notices}
	b.slug, b.actor.StudioID = g.studioOf(t, "mara@harbour.example")
	b.actor.UserID, b.actor.Role = g.userOf(t, "mara@harbour.example"), studios.Owner
	g.Exec(t, "update studios set name = 'Harbour & Field' where id = $1", b.actor.StudioID)
	ridges, low := b.hang(t, "Seven Ridges, Before Rain", 640, 360), b.hang(t, "Low Water", 800, 300)
	now := time.Now()
	for i, name := range []string{"Third", "Fourth", "Fifth", "Marisol Vega", "Salt Office"} {
		b.hears(t, b.jobs.OnLiked, engagement.Liked{WorkID: low.ID, StudioID: low.StudioID, UserID: b.someone(t, name), At: now.Add(-30*time.Hour + time.Duration(i)*time.Minute)})
	}
	b.hears(t, b.jobs.OnFollowed, engagement.Followed{StudioID: b.actor.StudioID, UserID: b.someone(t, "Kiln & Loom"), At: now.Add(-32 * time.Hour)})
	b.hears(t, b.jobs.OnOpened, works.Opened{StudioID: low.StudioID, WorkID: low.ID})
	must(t, b.jobs.OnDecided(db.Guard(t.Context()), notices.Decided{ID: id.New(), To: b.actor.UserID, StudioID: low.StudioID, Sentence: "We looked at a report about Low Water and kept the work as it is", Path: "/studio/" + b.slug, At: now.Add(-5 * 24 * time.Hour)}))
	must(t, b.Notices.ReadAll(db.Guard(t.Context()), b.actor.UserID, notices.All, now))
	b.says(t, ridges, b.someone(t, "Ines Okafor"), nil, "The fourth ridge is the one I keep going back to.", now.Add(-20*time.Minute))
	own := b.says(t, ridges, b.actor.UserID, nil, "There are more in spring.", now.Add(-4*time.Hour))
	b.says(t, ridges, b.someone(t, "Atelier Nord"), &own, "We would like to set a poster over this and then think better of it.", now.Add(-3*time.Hour))
	file := id.New()
	g.Exec(t, `insert into media (id, studio_id, state, kind, filename, bytes, failure, created_by, created_at, updated_at)
		values ($1, $2, 'failed', 'image', 'scan_07.jpg', 1, 'The file breaks off after 1.9 MB. Export it again, or try once more.', $3, now(), $4)`, file, b.actor.StudioID, b.actor.UserID, now.Add(-time.Hour))
	b.hears(t, b.jobs.OnMediaFailed, media.Failed{Fact: media.Fact{StudioID: b.actor.StudioID, MediaID: file}})
	return b
}

func (b *busy) hang(t *testing.T, title string, width, height int) works.Work {
	t.Helper()
	target := works.Target{CreationKey: idem.NewKey()}
	_, err := b.Works.AddMedia(db.Guard(t.Context()), b.actor, target, nil, b.picture(t, b.actor.StudioID, mediatest.JPEG(t, width, height)), idem.NewKey())
	must(t, err)
	w, err := b.Works.Publish(db.Guard(t.Context()), b.actor, target, &works.Edit{Title: title, FormKey: "test"}, idem.NewKey())
	must(t, err)
	return w
}

func (b *busy) hears(t *testing.T, handle func(context.Context, bus.Envelope) error, ev bus.Event) {
	t.Helper()
	payload, err := json.Marshal(ev)
	must(t, err)
	must(t, handle(db.Guard(t.Context()), bus.Envelope{ID: id.New(), Name: ev.EventName(), Payload: payload}))
}

func (b *busy) says(t *testing.T, w works.Work, by uuid.UUID, parent *uuid.UUID, words string, at time.Time) uuid.UUID {
	t.Helper()
	c := id.New()
	b.Exec(t, `insert into comments (id, public_id, studio_id, work_id, user_id, parent_id, body, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`, c, c.String()[24:], w.StudioID, w.ID, by, parent, words, at)
	b.hears(t, b.jobs.OnCommented, engagement.Commented{CommentID: c, WorkID: w.ID, StudioID: w.StudioID, UserID: by, ParentID: parent, At: at})
	return c
}

func (b *busy) someone(t *testing.T, name string) uuid.UUID {
	return told{hung: &hung{site: b.site}}.someone(t, name)
}

// TestNotices_look walks through the pages in a browser, with scripts and without,
// at each width and in both themes: axe finds nothing, nothing scrolls sideways,
// the console stays quiet, and everything can be done.
func TestNotices_look(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser is slow; run without -short to look at the pages of notices in it.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	must(t, err)
	for _, scripts := range []bool{true, false} {
		t.Run(fmt.Sprintf("scripts %v", scripts), func(t *testing.T) {
			s := newBusy(t)
			b := chrome.Open(t, chrome.Options{NoScripts: !scripts})
			b.Go(s.url + "/login")
			b.Fill("#email", "mara@harbour.example")
			b.Fill("#password", password)
			b.Press("main form button")
			b.See(".bell")
			stop := "/unsubscribe/" + s.jobs.Token(notices.Subscription{UserID: s.actor.UserID, Kind: notices.Comment})
			if scripts {
				for _, path := range []string{"/notifications", "/notifications?kind=comments", "/notifications/settings", stop} {
					b.Go(s.url + path)
					b.Load()
					for _, width := range []int64{320, 390, 1440} {
						for _, dark := range []bool{false, true} {
							b.Look(width, dark)
							b.Shoot(fmt.Sprintf("notices-%s-%d-%v", strings.Map(letters, path[:min(len(path), 28)]), width, dark))
							if chrome.Eval[bool](b, "document.documentElement.scrollWidth > innerWidth") {
								t.Errorf("%s scrolls sideways at %d", path, width)
							}
							for _, violation := range b.Axe(string(axe)) {
								t.Errorf("%s at %d, dark %v: %s", path, width, dark, violation)
							}
						}
					}
				}
			}
			b.Go(s.url + "/notifications")
			if n := chrome.Eval[int](b, "document.querySelectorAll('.notice.new').length"); n != 3 {
				t.Errorf("%d unread, want 3", n)
			}
			b.Press(".notice.new form button")
			b.Eventually("one less unread", "document.querySelectorAll('.notice.new').length === 2")
			if scripts { // whose link is followed is read
				b.Press(".notice.new .plain")
				b.See("h1")
				// The word of it is sent beside the question for the page, and may come later.
				s.Await(t, "select count(*) = 1 from notices where user_id = $1 and read_at is null and on_page and things > 0", s.actor.UserID)
				b.Go(s.url + "/notifications")
				b.Eventually("one less unread", "document.querySelectorAll('.notice.new').length === 1")
			}
			b.Press("form[action='/notifications/read'] button")
			b.Eventually("nothing unread", "document.querySelectorAll('.notice.new').length === 0 && document.querySelector('.bell').getAttribute('aria-label') === 'Notifications'")
			b.Go(s.url + "/notifications/settings")
			b.Click("label:has(input[name=comment_mail])")
			b.Press("main form button")
			b.Eventually("the switch", "document.querySelector('input[name=comment_mail]').checked && document.body.textContent.includes('Saved.')")
			b.Go(s.url + stop)
			b.Press("main form button")
			b.Eventually("the end of the mails", "document.querySelector('h1').textContent === 'These mails have ended'")
			for _, problem := range b.Problems() {
				t.Errorf("the console says: %s", problem)
			}
		})
	}
}

// letters keeps what may stand in the name of a file.
func letters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return '-'
}
