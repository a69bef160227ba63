package jobs

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/queue"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// DigestFellDue fires each quarter of an hour: the daily mails of those whose hour
// has come leave.
type DigestFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.digest_fell_due.v1.
func (DigestFellDue) EventName() string { return "jobs.digest_fell_due.v1" }

// Notices tells people what others did. Its services have the worker's handle;
// notices and moderation do not know each other.
type Notices struct {
	Service    *notices.Service
	Moderation *moderation.Service
	Studios    *studios.Service
	Works      *works.Service
}

// OnDecided tells the author of a work, on the page, what a moderator decided.
func (n Notices) OnDecided(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[moderation.Decided](env)
	if err != nil {
		return err
	}
	r, err := n.Moderation.ByID(ctx, ev.ReviewID)
	if err != nil {
		return unlessGone(err)
	}
	st, err := n.Studios.ByID(ctx, r.StudioID)
	if err != nil {
		return unlessGone(err)
	}
	found, _, err := n.Works.AnyByIDs(ctx, []uuid.UUID{r.WorkID})
	if err != nil {
		return err
	}
	w, ok := found[r.WorkID]
	if !ok {
		return nil
	}
	sentence := "We looked at " + w.Name() + " and did not put it up"
	if r.State == moderation.Approved {
		sentence = "We looked at " + w.Name() + ", and it is open now"
	}
	at := env.At
	if r.DecidedAt != nil {
		at = *r.DecidedAt
	}
	return n.Service.OnDecided(ctx, notices.Decided{ID: r.ID, To: r.AskedBy, StudioID: r.StudioID, WorkID: &r.WorkID,
		Sentence: sentence, Note: r.Note, Path: "/studio/" + st.Slug + "/works/" + w.PublicID, At: at})
}

// notices is what people are told on their page, and by mail if they want it.
func (h Handlers) notices() []queue.Subscription {
	s := h.Notices.Service
	return []queue.Subscription{
		{Event: engagement.Liked{}.EventName(), Name: notices.SubscriberLiked, Queue: queue.Default, Handle: s.OnLiked},
		{Event: engagement.Unliked{}.EventName(), Name: notices.SubscriberUnliked, Queue: queue.Default, Handle: s.OnUnliked},
		{Event: engagement.Followed{}.EventName(), Name: notices.SubscriberFollowed, Queue: queue.Default, Handle: s.OnFollowed},
		{Event: engagement.Unfollowed{}.EventName(), Name: notices.SubscriberUnfollowed, Queue: queue.Default, Handle: s.OnUnfollowed},
		{Event: engagement.Commented{}.EventName(), Name: notices.SubscriberCommented, Queue: queue.Default, Handle: s.OnCommented},
		{Event: engagement.CommentChanged{}.EventName(), Name: notices.SubscriberCommentChanged, Queue: queue.Default, Handle: s.OnCommentChanged},
		{Event: engagement.CommentDeleted{}.EventName(), Name: notices.SubscriberCommentDeleted, Queue: queue.Default, Handle: s.OnCommentDeleted},

		{Event: works.Published{}.EventName(), Name: notices.SubscriberPublished, Queue: queue.Default, Handle: s.OnPublished},
		{Event: notices.FanOut{}.EventName(), Name: notices.SubscriberFanOut, Queue: queue.Default, Timeout: time.Minute, Handle: s.OnFanOut},
		{Event: works.Opened{}.EventName(), Name: notices.SubscriberOpened, Queue: queue.Default, Handle: s.OnOpened},
		{Event: works.Changed{}.EventName(), Name: notices.SubscriberWorkChanged, Queue: queue.Default, Timeout: 10 * time.Minute, Handle: s.OnChanged},
		{Event: works.Unpublished{}.EventName(), Name: notices.SubscriberWorkUnpublished, Queue: queue.Default, Timeout: 10 * time.Minute, Handle: s.OnUnpublished},
		{Event: works.Deleted{}.EventName(), Name: notices.SubscriberWorkDeleted, Queue: queue.Default, Timeout: 10 * time.Minute, Handle: s.OnDeleted},
		{Event: works.StudioHidden{}.EventName(), Name: notices.SubscriberStudioHidden, Queue: queue.Default, Timeout: 10 * time.Minute, Handle: s.OnStudioHidden},
		{Event: works.StudioShown{}.EventName(), Name: notices.SubscriberStudioShown, Queue: queue.Default, Timeout: 10 * time.Minute, Handle: s.OnStudioShown},

		{Event: media.Failed{}.EventName(), Name: notices.SubscriberFailed, Queue: queue.Default, Handle: s.OnMediaFailed},
		{Event: media.Usable{}.EventName(), Name: notices.SubscriberMended, Queue: queue.Default, Handle: s.OnMediaMended},
		{Event: media.Deleted{}.EventName(), Name: notices.SubscriberRemoved, Queue: queue.Default, Handle: s.OnMediaRemoved},
		{Event: moderation.Decided{}.EventName(), Name: notices.SubscriberDecided, Queue: queue.Default, Handle: h.Notices.OnDecided},
		{Event: moderation.ActionTaken{}.EventName(), Name: notices.SubscriberAction, Queue: queue.Default, Handle: h.Notices.OnActionTaken},
		{Event: moderation.AppealDecided{}.EventName(), Name: notices.SubscriberAppeal, Queue: queue.Default, Handle: h.Notices.OnAppealDecided},
		{Event: moderation.ComplaintDecided{}.EventName(), Name: notices.SubscriberReported, Queue: queue.Default, Timeout: 5 * time.Minute, Handle: h.Notices.OnComplaintDecided},

		{Event: notices.MailWanted{}.EventName(), Name: notices.SubscriberMail, Queue: queue.Default, Handle: s.OnMailWanted},
		{Event: DigestFellDue{}.EventName(), Name: notices.SubscriberDigest, Queue: queue.Bulk, Timeout: 10 * time.Minute, MaxAttempts: 3, Handle: s.OnDigestFellDue},
	}
}
