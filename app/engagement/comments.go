package engagement

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// MaxBody is the longest comment, in characters.
const MaxBody = 2000

// Note is what a person types below a work.
type Note struct {
	UserID uuid.UUID
	Work   string // its public id
	Parent string // the public id of the comment that is replied to; empty for none
	Body   string
	Key    string // of the form: sent twice, it is one comment
}

var (
	errLocked = fault.New(fault.Conflict, "The studio has closed the comments of this work. What is there stays.")
	errSpam   = fault.Field("body", "This reads like an advertisement, and comments of new accounts must not. Leave out the links, or come back in a week.")
)

// Comment stores a comment and gives its public id. A reply to a reply hangs on
// the comment above it.
//
// Invalid names the field body. Conflict when the studio has closed the comments
// or what is replied to is gone.
func (s *Service) Comment(ctx context.Context, n Note) (publicID string, err error) {
	defer fault.Wrap(&err, "engagement.Comment(%s)", n.Work)
	body, err := checkBody(n.Body)
	if err != nil {
		return "", err
	}
	err = s.onWork(ctx, n.UserID, n.Work, func(tx db.Tx, who accounts.Standing, w works.Work) error {
		scope := "engagement.comment:" + n.UserID.String()
		prior, repeated, err := idem.Claim(ctx, tx, scope, n.Key)
		if err != nil || repeated {
			publicID = prior
			return err
		}
		c := row{ID: id.New(), PublicID: id.Public(), StudioID: w.StudioID, WorkID: w.ID, UserID: n.UserID, Body: body}
		if err := s.mayWrite(ctx, tx, who, c); err != nil {
			return err
		}
		if n.Parent != "" {
			if err := mayReply(tx, n.UserID, n.Parent); err != nil {
				return err
			}
			if c.ParentID, err = holdParent(tx, w.ID, n.Parent); err != nil {
				return err
			}
			if err := mayReply(tx, n.UserID, n.Parent); err != nil {
				return err
			}
		}
		if c.ByMember, err = belongs(ctx, tx, w.StudioID, n.UserID); err != nil {
			return err
		}
		if err := insertComment(tx, c, who.Name); err != nil {
			return err
		}
		publicID = c.PublicID
		if err := idem.Finish(ctx, tx, scope, n.Key, c.PublicID); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Commented{CommentID: c.ID, WorkID: c.WorkID, StudioID: c.StudioID, UserID: c.UserID, ParentID: c.ParentID, At: tx.Now()})
	})
	return publicID, err
}

func checkBody(body string) (string, error) {
	body = text.Block(body)
	switch n := text.Length(body); {
	case text.Blank(body):
		return "", fault.Field("body", "Write something first.")
	case n > MaxBody:
		return "", fault.Field("body", fmt.Sprintf("%d characters at most; these are %d.", MaxBody, n))
	}
	return body, nil
}

// mayWrite refuses words below a work whose comments are closed, and spam.
func (s *Service) mayWrite(ctx context.Context, tx db.Tx, who accounts.Standing, c row) error {
	closed, err := isLocked(tx, c.WorkID)
	if err != nil {
		return err
	}
	if closed {
		return errLocked
	}
	if s.gate == nil {
		return nil
	}
	spam, err := s.gate.Reads(ctx, tx, who, c.UserID, c.Body)
	if err == nil && spam {
		return errSpam
	}
	return err
}

// belongs tells whether a person is a member of the studio, in its scope.
func belongs(ctx context.Context, tx db.Tx, studioID, userID uuid.UUID) (bool, error) {
	err := studios.Hold(ctx, tx, studioID, userID, studios.SeeStudio)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// onComment runs an act on a comment that is not deleted, in one transaction in
// its studio's scope. No reply comes to it and nobody changes it meanwhile.
func (s *Service) onComment(ctx context.Context, publicID string, act func(tx db.Tx, c row) error) error {
	studioID, err := studioOfComment(ctx, s.db.Read(ctx), publicID)
	if err != nil {
		return err
	}
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		c, err := holdComment(tx, studioID, publicID)
		if err != nil {
			return err
		}
		return act(tx, c)
	})
}

// EditComment gives a comment other words on behalf of its author. The same words
// change nothing.
//
// Invalid names the field body; NotFound when the comment is somebody else's,
// gone or hidden; Conflict when the studio has closed the comments.
func (s *Service) EditComment(ctx context.Context, userID uuid.UUID, publicID, body string) (err error) {
	defer fault.Wrap(&err, "engagement.EditComment(%s)", publicID)
	if body, err = checkBody(body); err != nil {
		return err
	}
	return s.onComment(ctx, publicID, func(tx db.Tx, c row) error {
		if c.UserID != userID || c.Hidden {
			return errNoComment
		}
		if c.Body == body {
			return nil
		}
		who, err := s.admit(ctx, tx, userID, c.StudioID)
		if err != nil {
			return err
		}
		if _, err := s.works.Seen(tx, c.StudioID, "", c.WorkID); err != nil {
			return err
		}
		c.Body = body
		if err := s.mayWrite(ctx, tx, who, c); err != nil {
			return err
		}
		if err := updateBody(tx, c); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, CommentChanged{CommentID: c.ID, WorkID: c.WorkID, StudioID: c.StudioID})
	})
}

// DeleteComment removes the words of a comment, on behalf of its author or of a
// member of the studio who may edit its works. While replies hang on it, its
// place stays. One that is gone already is no error.
//
// NotFound for everybody else; Forbidden for members whose role is too weak.
func (s *Service) DeleteComment(ctx context.Context, userID uuid.UUID, publicID string) (err error) {
	defer fault.Wrap(&err, "engagement.DeleteComment(%s)", publicID)
	err = s.onComment(ctx, publicID, func(tx db.Tx, c row) error {
		if c.UserID != userID {
			if err := studios.Hold(ctx, tx, c.StudioID, userID, studios.EditWorks); err != nil {
				return err
			}
		}
		return s.drop(ctx, tx, c)
	})
	if errors.Is(err, errNoComment) {
		return nil
	}
	return err
}

func (s *Service) drop(ctx context.Context, tx db.Tx, c row) error {
	if err := deleteComment(tx, c); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, CommentDeleted{CommentID: c.ID, WorkID: c.WorkID, StudioID: c.StudioID})
}

// SetHidden hides the words of a comment from everybody but its studio's members
// and moderators, or shows them again, in a transaction of the caller in the
// studio's scope or with the worker's role, who has checked that by is a
// moderator. It may be repeated; a comment that is gone is no error.
func (s *Service) SetHidden(ctx context.Context, tx db.Tx, studioID uuid.UUID, publicID string, on bool) (err error) {
	defer fault.Wrap(&err, "engagement.SetHidden(%s, %t)", publicID, on)
	c, err := holdComment(tx, studioID, publicID)
	if errors.Is(err, errNoComment) || err == nil && c.Hidden == on {
		return nil
	}
	if err != nil {
		return err
	}
	if err := hideComment(tx, c, on); err != nil {
		return err
	}
	return s.outbox.Publish(ctx, tx, CommentChanged{CommentID: c.ID, WorkID: c.WorkID, StudioID: c.StudioID})
}

// Lock closes the comments of a work on behalf of a member of the studio who may
// edit its works, or opens them again. What is there stays. Once more changes
// nothing.
//
// NotFound for strangers and for works that nobody outside can see; Forbidden
// when the role is too weak.
func (s *Service) Lock(ctx context.Context, userID, studioID uuid.UUID, publicID string, on bool) (err error) {
	defer fault.Wrap(&err, "engagement.Lock(%s, %t)", publicID, on)
	return s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		if err := studios.Hold(ctx, tx, studioID, userID, studios.EditWorks); err != nil {
			return err
		}
		w, err := s.works.Seen(tx, studioID, publicID, uuid.Nil)
		if err != nil {
			return err
		}
		if err := setLock(tx, w, on); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Locked{WorkID: w.ID, StudioID: w.StudioID, On: on})
	})
}
