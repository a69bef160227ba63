package moderation

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// Reads is the gate that engagement declares: it tells whether the words of a new
// account below a work look like spam. Nobody is asked: words can be written
// again without what gave them away.
func (s *Service) Reads(_ context.Context, tx db.Tx, by accounts.Standing, userID uuid.UUID, body string) (spam bool, err error) {
	if by.Admin || tx.Now().Sub(by.CreatedAt) >= NewFor {
		return false, nil
	}
	// A link weighs as much as in the text of a picture: there is little else in
	// a comment.
	post := works.Post{UserID: userID, Story: body, Captions: []string{body}}
	found, score := Score(post)
	if score < HoldAt && len(found) > 0 {
		repeated, err := repetition(tx, post)
		if err != nil {
			return false, err
		}
		for _, f := range repeated {
			score += f.Points
		}
	}
	return score >= HoldAt, nil
}
