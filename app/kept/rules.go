package kept

import (
	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/media"
	"vitrine/app/platform/cache"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// The subjects that stand for many. Lists may be seconds late with what came, and
// what stands beside a work minutes; what left a list voids it by itself, as the
// subject of the work or of its studio, which are never late.
var (
	Wall    = cache.Slack("wall")    // every list of the newest works: that one came, or left
	Tags    = cache.Slack("tags")    // the works with any tag, when many come or leave at once
	Besides = cache.Loose("besides") // the same, of those beside a work
)

// Work is the subject of what everybody sees of a work.
func Work(id uuid.UUID) string { return "work:" + id.String() }

// Studio is the subject of what everybody sees of a studio, its works among them
// when they come or go all at once.
func Studio(id uuid.UUID) string { return "studio:" + id.String() }

// Row is the subject of which works of a studio hang, and in which order.
func Row(studioID uuid.UUID) string { return "row:" + studioID.String() }

// Works is the subject of anything about the works of a studio.
func Works(studioID uuid.UUID) string { return "works:" + studioID.String() }

// Shelf is the subject of the collections of a studio.
func Shelf(studioID uuid.UUID) string { return "shelf:" + studioID.String() }

// Tag is the subject of which works have a tag.
func Tag(slug string) string { return cache.Slack("tag:" + slug) }

// Beside is the subject of which works with a tag hang beside one that has it, too.
func Beside(slug string) string { return cache.Loose("beside:" + slug) }

// File is the subject of the sizes that there are of a picture or film.
func File(mediaID uuid.UUID) string { return "file:" + mediaID.String() }

// Talk is the subject of the comments below a work, and who wrote them.
func Talk(workID uuid.UUID) string { return "talk:" + workID.String() }

// Likes and Followers are counters. One that changes all the time would leave
// nothing to be kept, so it may be a little late.
func Likes(workID uuid.UUID) string { return cache.Slack("likes:" + workID.String()) }

// Followers is the subject of how many people follow a studio.
func Followers(studioID uuid.UUID) string { return cache.Slack("followers:" + studioID.String()) }

// rules say what each event voids.
var rules = []rule{
	on(func(e works.Published) []string { return came(e.StudioID, e.WorkID, e.Tags) }),
	on(func(e works.Unpublished) []string { return came(e.StudioID, e.WorkID, e.Tags) }),
	on(func(e works.Deleted) []string { return came(e.StudioID, e.WorkID, nil) }),
	on(func(e works.Changed) []string { return append(moved(e.Tags), Work(e.WorkID), Works(e.StudioID)) }),
	on(func(e works.StudioHidden) []string { return []string{Wall, Tags, Besides, Studio(e.StudioID)} }),
	on(func(e works.StudioShown) []string { return []string{Wall, Tags, Besides, Studio(e.StudioID)} }),
	on(func(e studios.Changed) []string { return []string{Studio(e.StudioID)} }),
	on(func(e studios.ClosingAsked) []string { return []string{Studio(e.StudioID)} }),
	on(func(e studios.Closed) []string { return []string{Studio(e.StudioID)} }),
	on(func(e collections.Changed) []string { return []string{Shelf(e.StudioID)} }),

	on(func(e media.Usable) []string { return []string{File(e.MediaID)} }),
	on(func(e media.PosterMade) []string { return []string{File(e.MediaID)} }),
	on(func(e media.Processed) []string { return []string{File(e.MediaID)} }),
	on(func(e media.SizesMade) []string { return []string{File(e.MediaID)} }),
	on(func(e media.Failed) []string { return []string{File(e.MediaID)} }),
	on(func(e media.Deleted) []string { return []string{File(e.MediaID)} }),

	on(func(e engagement.Commented) []string { return []string{Talk(e.WorkID)} }),
	on(func(e engagement.CommentChanged) []string { return []string{Talk(e.WorkID)} }),
	on(func(e engagement.CommentDeleted) []string { return []string{Talk(e.WorkID)} }),
	on(func(e engagement.Locked) []string { return []string{Talk(e.WorkID)} }),
	on(func(e engagement.Liked) []string { return []string{Likes(e.WorkID)} }),
	on(func(e engagement.Unliked) []string { return []string{Likes(e.WorkID)} }),
	on(func(e engagement.Followed) []string { return []string{Followers(e.StudioID)} }),
	on(func(e engagement.Unfollowed) []string { return []string{Followers(e.StudioID)} }),
	on(func(e engagement.Swept) (subjects []string) {
		for _, id := range e.WorkIDs {
			subjects = append(subjects, Talk(id), Likes(id))
		}
		for _, id := range e.StudioIDs {
			subjects = append(subjects, Followers(id))
		}
		return subjects
	}),
}

// came is what a work voids that hangs now, or does not any more.
func came(studioID, workID uuid.UUID, labels []string) []string {
	return append(moved(labels), Wall, Work(workID), Row(studioID), Works(studioID))
}

// moved is what a work voids that came to tags, or left them.
func moved(labels []string) (out []string) {
	for _, label := range labels {
		slug := works.TagSlug(label)
		out = append(out, Tag(slug), Beside(slug))
	}
	return out
}
