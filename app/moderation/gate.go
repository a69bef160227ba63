package moderation

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
)

// Admit is the gate that works declares: it decides in the transaction that
// publishes whether a person looks first. Posts of new accounts and of studios
// with few works are scored; administrators of the installation and demo studios
// are trusted. A work that waits goes on waiting, with what its words look like
// by now. What a moderator approved in a work before counts no more.
//
// Conflict when the moderators were asked about the work too often.
func (s *Service) Admit(ctx context.Context, tx db.Tx, post works.Post) (hold bool, err error) {
	defer fault.Wrap(&err, "moderation.Admit(%s)", post.WorkID)
	last, err := latestOf(ctx, tx.Reader(), post.StudioID, post.WorkID)
	if err != nil && !db.NotFound(err) {
		return false, err
	}
	found, score := Score(post)
	if last.State == Waiting {
		return true, refresh(tx, last.ID, found, score)
	}
	if post.Asked {
		if last.Round >= MaxRounds {
			return false, fault.New(fault.Conflict, "The moderators have looked at this work several times and it stays hidden. What you wrote is kept; you can archive or delete the work.")
		}
		return true, ask(tx, post, last.Round+1, append([]Finding{{Rule: ruleAsked}}, found...), score)
	}
	fresh, known, err := s.fresh(ctx, tx, post)
	if err != nil || !fresh {
		return false, err
	}
	if known {
		repeated, err := repetition(tx, post)
		if err != nil {
			return false, err
		}
		found = append(found, repeated...)
	}
	approved, err := approvedIn(ctx, tx.Reader(), post.StudioID, post.WorkID)
	if err != nil {
		return false, err
	}
	if found, score = beyond(found, approved); score < HoldAt {
		return false, nil
	}
	return true, ask(tx, post, last.Round+1, found, score)
}

// fresh tells whether the post is one of the first of an account or a studio,
// and whether the person is known at all: a scheduled work may outlive its
// author's account.
func (s *Service) fresh(ctx context.Context, tx db.Tx, post works.Post) (fresh, known bool, err error) {
	who, err := s.accounts.Standing(ctx, tx.Reader(), post.UserID)
	known = err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return false, false, err
	}
	young := known && tx.Now().Sub(who.CreatedAt) < NewFor
	if who.Admin || !young && post.Before >= TrustedAfter {
		return false, known, nil
	}
	where, err := s.studios.Standing(ctx, tx.Reader(), post.StudioID)
	return !where.Demo, known, err
}

// repetition is the finding that other accounts wrote the same lately; what this
// one wrote is remembered.
func repetition(tx db.Tx, post works.Post) ([]Finding, error) {
	hash := printOf(post)
	if hash == nil {
		return nil, nil
	}
	others, err := leavePrint(tx, hash, post.UserID, tx.Now().Add(-KeepPrints))
	if err != nil || others == 0 {
		return nil, err
	}
	f := Finding{Rule: ruleRepeated, Points: 2, Detail: strconv.Itoa(others)}
	if others > 1 {
		f.Points = 4
	}
	return []Finding{f}, nil
}

func ask(tx db.Tx, post works.Post, round int, found []Finding, score int) error {
	return insertReview(tx, Review{ID: id.New(), StudioID: post.StudioID, WorkID: post.WorkID, AskedBy: post.UserID, Round: round, Score: score, Findings: found})
}

// Withdraw takes a work's question back, because nobody would see it any more.
func (s *Service) Withdraw(_ context.Context, tx db.Tx, studioID, workID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "moderation.Withdraw(%s)", workID)
	return withdraw(tx, studioID, workID)
}
