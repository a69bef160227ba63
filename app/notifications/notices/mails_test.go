package notices_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
	"vitrine/app/works"
)

// chooses sets what a person hears of a kind.
func (w *world) chooses(user uuid.UUID, k notices.Kind, c notices.Channels) {
	w.t.Helper()
	set, err := w.app.Settings(ctx(), user)
	w.must(err)
	set.Channels[k] = c
	w.must(w.app.Choose(ctx(), user, set))
}

// written are the mails of the log, the newest first.
func (w *world) written() (out []notifications.Mail) {
	w.t.Helper()
	list, err := w.mails.Newest(ctx(), uuid.Nil, 50)
	w.must(err)
	for _, m := range list {
		m, err := w.mails.Mail(ctx(), m.ID)
		w.must(err)
		out = append(out, m)
	}
	return out
}

func (w *world) digests() []notifications.Mail {
	w.t.Helper()
	for range 2 {
		w.must(w.jobs.OnDigestFellDue(ctx(), bus.Envelope{}))
	}
	return w.written()
}

func TestMail_atOnceForAGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara")
	work := w.work(w.studio(mara, "harbour", "Harbour"), "Low Water")
	w.chooses(mara, notices.Like, notices.Channels{Page: true, Mail: true, Daily: true})
	w.like(work, w.person("Ines Okafor"))
	w.like(work, w.person("Second"))
	w.pass("notifications.mail_wanted.v1", w.jobs.OnMailWanted)
	list := w.written()
	if len(list) != 1 || list[0].Subject != "Second and Ines Okafor liked Low Water" || list[0].Kind != "notice_like" {
		t.Fatalf("%d mails: %+v", len(list), list)
	}
	for _, want := range []string{"https://vitrine.example/@harbour/", "https://vitrine.example/unsubscribe/", "https://vitrine.example/notifications/settings"} {
		if !strings.Contains(list[0].Text, want) || !strings.Contains(list[0].HTML, want) {
			t.Errorf("the mail lacks %s:\n%s", want, list[0].Text)
		}
	}
	w.clock.Advance(48 * time.Hour)
	if n := len(w.digests()); n != 1 {
		t.Errorf("what was mailed at once is in the daily mail too: %d mails", n)
	}
	// One that was read before the mail is written makes none.
	w.must(w.app.ReadAll(ctx(), mara, notices.All, w.clock.Now()))
	w.like(work, w.person("Third"))
	w.must(w.app.ReadAll(ctx(), mara, notices.All, w.clock.Now()))
	w.pass("notifications.mail_wanted.v1", w.jobs.OnMailWanted)
	if n := len(w.written()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestMail_withoutThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara")
	work := w.work(w.studio(mara, "harbour", "Harbour"), "Low Water")
	w.chooses(mara, notices.Comment, notices.Channels{Mail: true})
	w.chooses(mara, notices.Like, notices.Channels{})
	w.like(work, w.person("Quiet"))
	for _, name := range []string{"First", "Second"} {
		w.comment(work, w.person(name), nil, "Visit https://spam.example")
		w.pass("notifications.mail_wanted.v1", w.jobs.OnMailWanted)
	}
	w.wants(mara)
	w.bell(mara, 0)
	list := w.written()
	if len(list) != 2 {
		t.Fatalf("%d mails about two comments", len(list))
	}
	if strings.Contains(list[0].Text+list[1].Text, "spam") {
		t.Error("what a stranger wrote stands in a mail")
	}
	if n := w.Count(t, "select count(*) from notices where kind = 'like'"); n != 0 {
		t.Error("a notice was kept that nobody hears of")
	}
}

func TestMail_namesThatLookLikeAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara")
	work := w.work(w.studio(mara, "harbour", "Harbour"), "Mr. Harbour")
	w.chooses(mara, notices.Like, notices.Channels{Page: true, Mail: true})
	for _, name := range []string{"Win at spam.example", "http://spam", "a@b", "me/you", "J. R. Okafor"} {
		w.like(work, w.person(name))
		w.pass("notifications.mail_wanted.v1", w.jobs.OnMailWanted)
		w.must(w.app.ReadAll(ctx(), mara, notices.All, w.clock.Now()))
	}
	// No more than five mails of a kind go to one address in an hour.
	w.like(work, w.person("Sixth"))
	w.pass("notifications.mail_wanted.v1", w.jobs.OnMailWanted)
	list := w.written()
	if len(list) != 5 {
		t.Fatalf("%d mails", len(list))
	}
	for i, m := range list {
		want := "Somebody liked Mr. Harbour"
		if i == 0 {
			want = "J. R. Okafor liked Mr. Harbour"
		}
		if m.Subject != want || strings.Contains(m.Text+m.HTML, "spam") {
			t.Errorf("%s\n%s", m.Subject, m.Text)
		}
	}
}

func TestDigest_atTheHourOfItsPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // 2 January 2030, 12:00 UTC
	mara, ines := w.person("Mara"), w.person("Ines")
	a := w.studio(mara, "harbour", "Harbour")
	w.Exec(t, "update studios set time_zone = 'Asia/Tokyo' where id = $1", a.StudioID)
	first, second := w.work(a, "Low Water"), w.work(a, "Seven Ridges")
	w.comment(first, ines, nil, "Quiet and good.")
	w.comment(second, ines, nil, "Quiet.")
	due := func() (at time.Time) {
		w.Row(t, "select coalesce(next_at, 'epoch') from notice_hours where user_id = $1", mara)(&at)
		return at.UTC()
	}
	if want := time.Date(2030, 1, 2, 23, 0, 0, 0, time.UTC); !due().Equal(want) {
		t.Errorf("08:00 in Tokyo is %s, want %s", due(), want)
	}
	w.must(w.app.Choose(ctx(), mara, notices.Settings{Hour: 18, Zone: "Europe/Berlin"}))
	if want := time.Date(2030, 1, 2, 17, 0, 0, 0, time.UTC); !due().Equal(want) {
		t.Errorf("18:00 in Berlin is %s, want %s", due(), want)
	}
	w.clock.Advance(4 * time.Hour)
	if n := len(w.digests()); n != 0 {
		t.Fatalf("%d mails before the hour", n)
	}
	w.clock.Advance(time.Hour)
	list := w.digests()
	if len(list) != 1 || list[0].Subject != "Since your last mail: 2 things" || !strings.Contains(list[0].Text, "Ines commented on Low Water:\nhttps://vitrine.example/@harbour/") {
		t.Fatalf("%d mails: %+v", len(list), list)
	}
	w.clock.Advance(26 * time.Hour)
	if n := len(w.digests()); n != 1 {
		t.Errorf("told once more: %d mails", n)
	}
	// What is read by then is not told; what joined is.
	w.comment(first, ines, nil, "Once more.")
	w.comment(second, ines, nil, "Once more.")
	page, err := w.app.List(ctx(), mara, notices.All, notices.Place{})
	w.must(err)
	w.must(w.app.Read(ctx(), mara, page.Lines[0].ID))
	w.clock.Advance(26 * time.Hour)
	list = w.digests()
	if len(list) != 2 || list[0].Subject != "Since your last mail: one thing" || !strings.Contains(list[0].Text, "Low Water") || strings.Contains(list[0].Text, "Seven Ridges") {
		t.Errorf("%d mails: %s", len(list), list[0].Text)
	}
}

// TestDigest_acrossAChangeOfTheClock: the hour is that of the wall clock.
func TestDigest_acrossAChangeOfTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		now, zone string
		hour      int
		want      string
	}{
		{"2030-03-30 12:00+00", "Europe/Berlin", 8, "2030-03-31 06:00:00"},    // summer begins at 02:00
		{"2030-03-31 00:30+00", "Europe/Berlin", 2, "2030-03-31 01:00:00"},    // 02:00 is skipped: 03:00
		{"2030-10-26 12:00+00", "Europe/Berlin", 8, "2030-10-27 07:00:00"},    // and ends
		{"2030-10-26 12:00+00", "", 8, "2030-10-27 08:00:00"},                 // UTC
		{"2030-01-02 12:00+00", "Pacific/Auckland", 1, "2030-01-03 12:00:00"}, // it is 01:00 there now
	} {
		var got time.Time
		w.Row(t, "select next_hour($1::timestamptz, $2, $3)", c.now, c.hour, c.zone)(&got)
		if got.UTC().Format(time.DateTime) != c.want {
			t.Errorf("%d:00 in %q after %s is %s, want %s", c.hour, c.zone, c.now, got.UTC().Format(time.DateTime), c.want)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara := w.person("Mara")
	set, err := w.app.Settings(ctx(), mara)
	if err != nil || set.Hour != 8 || !set.Channels[notices.Like].Page || set.Channels[notices.Like].Mail || !set.Channels[notices.Comment].Daily {
		t.Errorf("%+v, %v", set, err)
	}
	err = w.app.Choose(ctx(), mara, notices.Settings{Hour: 24, Zone: "Mars/Olympus"})
	if fields := fault.FieldsOf(err); fields["hour"] == "" || fields["zone"] == "" {
		t.Errorf("%v", fields)
	}
	set.Channels[notices.Decision] = notices.Channels{}
	set.Channels[notices.Like] = notices.Channels{Mail: true}
	set.Hour, set.Zone = 0, works.Zones[3]
	for range 2 {
		w.must(w.app.Choose(ctx(), mara, set))
	}
	got, err := w.app.Settings(ctx(), mara)
	if err != nil || got.Channels[notices.Like] != (notices.Channels{Mail: true}) || !got.Channels[notices.Decision].Page || got.Hour != 0 || got.Zone != works.Zones[3] {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mara, other := w.person("Mara"), w.person("Other")
	w.chooses(mara, notices.Like, notices.Channels{Page: true, Mail: true, Daily: true})
	w.chooses(other, notices.Like, notices.Channels{Page: true, Mail: true})
	token := w.jobs.Token(notices.Subscription{UserID: mara, Kind: notices.Like})
	sub, err := w.app.Subscription(token)
	if err != nil || sub.UserID != mara || sub.Kind != notices.Like {
		t.Fatalf("%+v, %v", sub, err)
	}
	for i := range len(token) {
		broken := []byte(token)
		broken[i] ^= 1
		if broken[i] == token[i] {
			continue
		}
		if _, err := w.app.Unsubscribe(ctx(), string(broken)); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a forged token at %d: %v", i, err)
		}
	}
	for _, none := range []string{"", "a", token + "a", token[:20], strings.Repeat("a", 5000)} {
		if _, err := w.app.Unsubscribe(ctx(), none); !fault.Is(err, fault.NotFound) {
			t.Errorf("%.30q: %v", none, err)
		}
	}
	w.clock.Advance(10 * 365 * 24 * time.Hour) // an old mail
	for range 2 {
		_, err := w.app.Unsubscribe(ctx(), token)
		w.must(err)
	}
	set, err := w.app.Settings(ctx(), mara)
	if err != nil || set.Channels[notices.Like] != (notices.Channels{Page: true, Daily: true}) || !set.Channels[notices.Comment].Daily {
		t.Errorf("%+v, %v", set.Channels, err)
	}
	if theirs, _ := w.app.Settings(ctx(), other); !theirs.Channels[notices.Like].Mail {
		t.Error("somebody else's mails were stopped")
	}
	daily := w.jobs.Token(notices.Subscription{UserID: mara})
	if stopped, err := w.app.Stopped(ctx(), notices.Subscription{UserID: mara}); err != nil || stopped {
		t.Errorf("stopped before: %v, %v", stopped, err)
	}
	_, err = w.app.Unsubscribe(ctx(), daily)
	w.must(err)
	if stopped, err := w.app.Stopped(ctx(), notices.Subscription{UserID: mara}); err != nil || !stopped {
		t.Errorf("stopped after: %v, %v", stopped, err)
	}
	gone := w.jobs.Token(notices.Subscription{UserID: uuid.New(), Kind: notices.Like})
	if _, err := w.app.Unsubscribe(ctx(), gone); err != nil || w.Count(t, "select count(distinct user_id) from notice_settings") != 2 {
		t.Errorf("somebody who is gone: %v", err)
	}
}
