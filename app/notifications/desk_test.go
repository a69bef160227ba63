package notifications_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/notifications"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/id"
	"vitrine/app/platform/mail"
)

func (h house) desk() *notifications.Desk {
	return notifications.NewDesk(h.worker, bus.NewOutbox(), h.clock.Now)
}

// fails sends the newest mail until it is given up.
func (h house) fails(t *testing.T, out *outside, answer error) notifications.Mail {
	t.Helper()
	env := h.newest(t, "notifications.mail_composed.v1")
	for env.Attempt = 1; env.Attempt <= notifications.SendAttempts; env.Attempt++ {
		out.answers = []error{answer}
		_ = h.OnMailComposed(t.Context(), env) // its error is what brings the next attempt
	}
	return h.only(t)
}

func TestDesk_hidesLinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	run(t, h.OnRegistered, h.register(t, "mara@harbour.example"))
	m := h.only(t)
	token := verifyLink.FindStringSubmatch(m.Text)[1]
	p, err := h.desk().Mail(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.Text, token) || strings.Contains(p.Text, token[:20]) || p.HTML != "" || !p.Masked || !strings.Contains(p.Text, "https://vitrine.example/verify/[hidden]") {
		t.Errorf("an administrator could open the link:\n%s", p.Text)
	}
	if all := fmt.Sprintf("%+v", p); strings.Contains(all, token) {
		t.Error("the preview carries the secret")
	}
	if _, err := h.desk().Mail(t.Context(), id.New()); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	// A mail whose secret nobody named, and an answer of a server that repeats one.
	other, _ := id.Token()
	h.Exec(t, "update mails set secret = '', state = 'failed', text = $1, error = $2", "Open https://vitrine.example/join/abc-12 or "+other, "550 <https://vitrine.example/verify/"+token+"> looks like spam")
	p, err = h.desk().Mail(t.Context(), m.ID)
	if err != nil || strings.Contains(p.Text, "abc-12") || strings.Contains(p.Text, other) || strings.Contains(p.Error, token) {
		t.Errorf("%+v, %v", p, err)
	}
	list, _, err := h.desk().Log(t.Context(), notifications.LogFilter{}, "", 10)
	if err != nil || len(list) != 1 || strings.Contains(list[0].Error, token) || list[0].Text != "" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestDesk_log(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	for i := range 7 {
		h.Exec(t, `insert into mails (id, kind, recipient, to_key, subject, text, html, state, created_at, sent_at)
			values ($1, 'reset', $2, lower($2), 'A subject', '', '', $3, $4, case when $3 = 'sent' then now() end)`,
			id.New(), []string{"Mara@Harbour.example", "joao@harbour.example"}[i%2], []string{"sent", "failed", "queued"}[i%3], h.clock.Now().Add(time.Duration(i/2)*time.Second))
	}
	for _, c := range []struct {
		filter notifications.LogFilter
		want   int
	}{
		{notifications.LogFilter{}, 7},
		{notifications.LogFilter{State: notifications.Failed}, 2},
		{notifications.LogFilter{Address: " MARA@harbour.example "}, 4},
		{notifications.LogFilter{Address: "mara@harbour.example", State: notifications.Sent}, 2},
		{notifications.LogFilter{Address: "harbour"}, 0},
	} {
		seen := map[uuid.UUID]bool{}
		var last time.Time
		for after := ""; ; {
			page, next, err := h.desk().Log(t.Context(), c.filter, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				if seen[m.ID] = true; !last.IsZero() && m.CreatedAt.After(last) {
					t.Error("the order is not that of time")
				}
				last = m.CreatedAt
			}
			if after = next; next == "" {
				break
			}
		}
		if len(seen) != c.want {
			t.Errorf("%+v found %d, want %d", c.filter, len(seen), c.want)
		}
	}
	n, err := h.desk().Counts(t.Context())
	if err != nil || n[notifications.Sent] != 3 || n[notifications.Failed] != 2 || n[notifications.Queued] != 2 {
		t.Errorf("%v, %v", n, err)
	}
}

func TestDesk_resend(t *testing.T) {
	t.Parallel()
	out := &outside{}
	h := newHouse(t, out)
	actor := id.New()
	run2 := h.register(t, "mara@harbour.example")
	run(t, h.OnRegistered, run2)
	if err := h.desk().Resend(t.Context(), actor, h.only(t).ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("one that waits: %v", err)
	}
	m := h.fails(t, out, errors.New("no route to host"))
	if m.State != notifications.Failed {
		t.Fatalf("%+v", m)
	}
	if err := h.desk().Resend(t.Context(), actor, m.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.desk().Resend(t.Context(), actor, m.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("the second time: %v", err)
	}
	run(t, h.OnMailComposed, h.newest(t, "notifications.mail_composed.v1"))
	if m := h.only(t); m.State != notifications.Sent || len(out.sent) != 1 || !regexp.MustCompile(`/verify/[A-Za-z0-9_-]{43}`).MatchString(out.sent[0].Text) {
		t.Errorf("%+v, %d sent", m, len(out.sent))
	}
	if n := h.Count(t, "select count(*) from audit where action = 'mails.resent' and actor_id = $1 and subject = $2", actor, "mail:"+m.ID.String()); n != 1 {
		t.Errorf("%d entries of audit", n)
	}
	if err := h.desk().Resend(t.Context(), actor, id.New()); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// TestDesk_resendUseless: a mail whose link is gone or too old is not sent.
func TestDesk_resendUseless(t *testing.T) {
	t.Parallel()
	out := &outside{}
	h := newHouse(t, out)
	run(t, h.OnRegistered, h.register(t, "mara@harbour.example"))
	h.fails(t, out, errors.New("no route to host"))
	h.clock.Advance(25 * time.Hour)
	err := h.desk().Resend(t.Context(), id.New(), h.only(t).ID)
	if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "does not work any more") {
		t.Error(err)
	}
	run(t, h.OnRegistered, h.register(t, "joao@harbour.example"))
	m := h.fails(t, out, &mail.Error{Detail: "550 no such user", Refused: true})
	err = h.desk().Resend(t.Context(), id.New(), m.ID)
	if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.MessageOf(err), "refused this mail") {
		t.Error(err)
	}
}
