package notices

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// Names of the subscribers that write mails.
const (
	SubscriberMail   = "notifications.notice_mail"
	SubscriberDigest = "notifications.digest"
)

// Letter is a mail about notices, before it has a form.
type Letter struct {
	Kind    string // of the mail log
	Subject string
	Lead    string
	Items   []Item
	Close   string
	Token   string // that unsubscribes
}

// Item is a line of a mail: what happened, and where it leads.
type Item struct {
	Label, Path string
}

// mostLines is how many notices a daily mail tells of.
const mostLines = 20

// OnMailWanted writes the mail about a notice, unless it was read or is gone by
// now. What is for mail alone is done with it: the next of its kind is a new one.
func (s *Service) OnMailWanted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[MailWanted](env)
	if err != nil {
		return err
	}
	rows, err := rowByID(ctx, s.DB.Read(ctx), ev.NoticeID)
	if err != nil || len(rows) == 0 || rows[0].ReadAt != nil || rows[0].Things == 0 || rows[0].Standing == none {
		return err
	}
	lines, err := s.tellable(ctx, rows)
	if err != nil || len(lines) == 0 {
		return err
	}
	line := lines[0]
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if first, err := bus.Once(ctx, tx, env.ID, SubscriberMail); err != nil || !first {
			return err
		}
		words := line.Words.safe()
		l := Letter{
			Kind: "notice_" + string(line.Kind), Subject: cut(words, 180), Lead: words + ".", Items: []Item{{"Look at it", line.Path}},
			Close: "While this stands unread on your page, more of the same makes no more mails.",
			Token: s.Token(Subscription{ev.UserID, line.Kind}),
		}
		if err := s.Post.WriteNotice(ctx, tx, ev.UserID, l); err != nil {
			return err
		}
		return tx.SQL().Exec(`update notices set digest = false, read_at = case when on_page then read_at else cast(? as timestamptz) end where id = ?`, tx.Now(), ev.NoticeID).Error
	})
}

// tellable are the lines of rows that can still be told.
func (s *Service) tellable(ctx context.Context, rows []row) (out []Line, err error) {
	k, err := s.lookUp(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if line, ok := k.line(r); ok {
			out = append(out, line)
		}
	}
	return out, nil
}

// digestBatch bounds one round; what is left comes at once in the next.
const digestBatch = 200

// OnDigestFellDue writes the daily mails whose hour has come: each person's in a
// transaction of its own, so a process that dies in between loses and repeats
// none.
func (s *Service) OnDigestFellDue(ctx context.Context, _ bus.Envelope) error {
	for ctx.Err() == nil {
		var due []uuid.UUID
		err := s.DB.Transact(ctx, func(tx db.Tx) error {
			return tx.SQL().Raw(`select user_id from notice_hours where next_at <= ? order by next_at limit ?`, tx.Now(), digestBatch).Scan(&due).Error
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, userID := range due {
			if err := s.digest(ctx, userID); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// digest writes one person's daily mail, if anything is left to tell.
func (s *Service) digest(ctx context.Context, userID uuid.UUID) error {
	rows, err := digestRows(ctx, s.DB.Read(ctx), userID, mostLines+1)
	if err != nil {
		return err
	}
	lines, err := s.tellable(ctx, rows)
	if err != nil {
		return err
	}
	zones, err := s.Studios.Zones(ctx, []uuid.UUID{userID})
	if err != nil {
		return err
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		res := tx.SQL().Exec(`update notice_hours set next_at = null where user_id = ? and next_at <= ?`, userID, tx.Now())
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error // another process was faster
		}
		if len(lines) > 0 {
			if err := s.Post.WriteNotice(ctx, tx, userID, s.daily(userID, lines)); err != nil {
				return err
			}
		}
		// What joined one of them since it was read waits for tomorrow with it.
		until := time.Time{}
		for _, r := range rows {
			if r.UpdatedAt.After(until) {
				until = r.UpdatedAt
			}
		}
		err := tx.SQL().Exec(`update notices set digest = false, read_at = case when on_page then read_at else cast(? as timestamptz) end
			where user_id = ? and digest and updated_at <= ?`, tx.Now(), userID, until).Error
		if err != nil {
			return err
		}
		var left int
		if err := tx.SQL().Raw(`select count(*) from notices where user_id = ? and digest and read_at is null`, userID).Scan(&left).Error; err != nil || left == 0 {
			return err
		}
		return expectDigest(tx, []uuid.UUID{userID}, zones)
	})
}

func (s *Service) daily(userID uuid.UUID, lines []Line) Letter {
	l := Letter{
		Kind: "notice_daily", Subject: "Since your last mail: " + counted1(len(lines)), Lead: "This happened on Vitrine, and you have not read it yet.",
		Close: "Everything stands on your page of notifications. This mail comes once a day at most, and not at all when there is nothing to tell.",
		Token: s.Token(Subscription{UserID: userID}),
	}
	for i, line := range lines {
		if i == mostLines {
			l.Subject = "Since your last mail: more than " + number(mostLines) + " things"
			l.Items = append(l.Items, Item{"Read the others", "/notifications"})
			break
		}
		l.Items = append(l.Items, Item{line.Words.safe(), line.Path})
	}
	return l
}

func counted1(n int) string {
	if n == 1 {
		return "one thing"
	}
	return number(n) + " things"
}

// addressLike is what mail programs make links of.
var addressLike = regexp.MustCompile(`[^\s.]\.[^\s.]|[/@\\:]`)

// safe is the sentence for a mail. A name that could be read as an address is left
// out: whoever chooses it could write to people in our name.
func (p Phrase) safe() string {
	var b strings.Builder
	for _, piece := range p {
		if piece.foreign && addressLike.MatchString(piece.Text) {
			b.WriteString(piece.instead)
			continue
		}
		b.WriteString(piece.Text)
	}
	return strings.TrimSuffix(b.String(), ".")
}
