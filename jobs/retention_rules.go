package jobs

import (
	"time"

	"vitrine/app/accounts/closing"
	"vitrine/app/analytics"
	"vitrine/app/archive"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works/links"
)

const day = 24 * time.Hour

// Rule says how long something is kept. The table below is what docs/retention.md
// shows, and a test holds each rule to it: what is older goes when the job runs,
// what is younger stays.
type Rule struct {
	Data   string        // in words
	Tables []string      // where its rows are
	Keep   time.Duration // 0: until the moment itself
	Since  string        // from when it counts
	Why    string
	Job    string // the subscriber that enforces it
}

const byHour, byExpiry, byClosing = "jobs.retention", "media.expire", "archive.close"

// Rules is everything that is removed by the clock.
func Rules() []Rule {
	return []Rule{
		{"Sessions", []string{"sessions"}, 0, "30 days after they were last used", "A stolen cookie must not work for ever.", byHour},
		{"Logins that wait for a second factor", []string{"pending_logins"}, 0, "their end, minutes after the password", "Nothing of a half login should stay.", byHour},
		{"Links in mails", []string{"links"}, 7 * day, "their end", "An old mail then leads to a page that explains itself.", byHour},
		{"Sign-ups that nobody proved", []string{"signups"}, 7 * day, "the form was sent, once their links are gone", "Somebody may have typed another's address.", byHour},
		{"Second factors that nobody confirmed", []string{"second_factors", "recovery_codes"}, 2 * day, "they were begun", "A secret that is not used protects nobody.", byHour},
		{"Counts of attempts", []string{"throttles"}, 2 * day, "the last attempt", "They are needed for as long as guessing goes on.", byHour},
		{"Browsers in which a person signed in before", []string{"known_browsers"}, 400 * day, "they were last seen", "A sign-in from another one is told by mail.", byHour},
		{"Former addresses of a person", []string{"address_changes"}, 30 * day, "the change was asked for", "A change that was not the person's own can be undone and understood.", byHour},
		{"Tokens of programs", []string{"api_tokens"}, 30 * day, "their end", "The list then says why a program stopped.", byHour},
		{"Mails", []string{"mails"}, notifications.Keep, "they were written", "To find out why somebody got none. Their secrets go when they leave.", byHour},
		{"Notices", []string{"notices", "notice_parts"}, notices.Keep, "their newest part", "Nobody looks for what somebody liked a season ago.", byHour},
		{"Invitations", []string{"invitations", "invitation_links"}, 30 * day, "they ended", "The page behind an old link explains itself.", byHour},
		{"Hashes of first posts", []string{"post_prints"}, moderation.KeepPrints, "the post", "The same text under many names is noticed.", byHour},
		{"Reports", []string{"reports"}, moderation.KeepReports, "the report", "Whoever reports what is fine again and again is seen.", byHour},
		{"Claims of rights holders", []string{"takedowns"}, moderation.KeepTakedowns, "they were filed", "They are evidence, and a claim can be brought to a court for years.", byHour},
		{"Share links", []string{"share_links"}, links.KeepEnded, "they ended or were revoked", "The list then says why one does not work.", byHour},
		{"Audit of studios", []string{"studio_audit"}, audit.Keep, "the act", "Who did what can matter long afterwards; not for ever.", byHour},
		{"Audit of the installation", []string{"audit"}, audit.Keep, "the act", "As above.", byHour},
		{"Errors", []string{"error_groups"}, errlog.Keep, "they were last seen", "To see whether one comes back. Their texts hold no values.", byHour},
		{"Events", []string{"outbox"}, KeepSent, "they were sent", "For a person who asks what happened.", byHour},
		{"What subscribers have had", []string{"inbox"}, KeepInbox, "they had it", "Nothing older is delivered again.", byHour},
		{"Tasks that died", []string{"tasks"}, KeepDead, "their event", "A person can look at them; after 30 days they cannot be replayed.", byHour},
		{"When schedules fired", []string{"schedule_slots"}, KeepSlots, "they fired; the last one of each stays", "Two schedulers do nothing twice.", byHour},
		{"Keys of forms", []string{"idempotency_keys"}, idem.Keep, "the form was sent", "A form that is sent again does nothing again.", byHour},
		{"Addresses of studios that are gone", []string{"closed_slugs"}, studios.KeepClosedSlug, "the studio was removed", "A stranger does not inherit its links at once. Hashes only.", byHour},
		{"Views", []string{"view_events"}, analytics.KeepEvents, "somebody looked", "A day of statistics can be made again. No address is in them.", byHour},
		{"Keys of visitors' hashes", []string{"view_salts"}, 0, "their day is over everywhere on earth", "Nobody can be known again on another day.", byHour},
		{"Likes and follows, without the person", []string{"stat_acts"}, analytics.KeepEvents, "the act", "As for views.", byHour},
		{"Statistics by the hour", []string{"stat_hours"}, analytics.KeepHourly, "the hour", "A year shows when people come.", byHour},
		{"Reports of statistics", []string{"stat_reports", "stat_report_parts"}, 0, "7 days after they were made", "A new one is made in seconds.", byHour},
		{"Uploads that nobody went on with", []string{"uploads", "upload_locks", "media"}, media.KeepUpload, "they were begun, and a day after the last byte", "A week is enough to come back.", byExpiry},
		{"Uploads that are done", []string{"uploads", "upload_locks"}, media.KeepFinished, "the last byte", "A browser that missed the answer learns that it is done.", byExpiry},
		{"Refused files and undecided duplicates", []string{"media"}, media.KeepUndecided, "they were refused or found", "A week is enough to look.", byExpiry},
		{"Archives", []string{"exports", "export_volumes"}, archive.KeepArchive, "they were made", "They hold everything of somebody.", byClosing},
		{"Studios that are to end", []string{"studios"}, closing.Grace, "the owner asked", "People think better of it.", byClosing},
		{"Accounts that are to end", []string{"users"}, closing.Grace, "the person asked", "People think better of it.", byClosing},
	}
}

// Kept is what has no term of its own, by table, with until when it is kept.
func Kept() map[string]string {
	const person, studio, house = "as long as the account", "as long as the studio", "as long as the installation"
	return map[string]string{
		"stat_studios": studio, "stat_days": studio, "stat_works": studio, "stat_sources": studio, "stat_marks": "until the statistics are made, minutes",
		"users": person, "studios": studio, "studio_slugs": studio, "memberships": studio + " and the member", "setup": house,
		"media": studio + ", or until it leaves its last work", "renditions": "as long as the file", "storage_ledger": studio, "storage_usage": studio,
		"works": studio + ", or until somebody deletes it", "work_media": "as long as the work", "work_tags": "as long as the work is public", "tags": "as long as a work has it",
		"collections": studio + ", or until somebody removes it", "collection_works": "as long as the collection and the work", "share_links": "until it expires or is revoked",
		"sitemap_pages": "until the next hour", "search_documents": "as long as the work is public", "search_words": "as long as a public work has it", "search_studios": "as long as a work of it is public", "search_tags": "as long as a public work has it",
		"rankings": "an hour after the next was made", "ranked": "as long as the list", "reviews": "as long as the work", "demo": house, "demo_studios": "until the demo data is removed", "demo_members": "until the demo data is removed", "studio_labels": studio,
		"complaints": studio, "moderation_actions": studio, "appeals": studio + "; without a name once the account is gone",
		"blocks": person + ", or until somebody is let in again", "mutes": person + ", or until somebody is let in again",
		"notice_settings": person, "notice_hours": person,
		"imports": studio, "imported_media": studio, "imported_works": studio, "goose_db_version": house,
		"follows": person + " and the studio, or until it is taken back", "likes": person + " and the work, or until it is taken back",
		"bookmarks": person + " and the work, or until it is taken back", "comments": "as long as the work, or until somebody deletes it; without a name once the account is gone",
		"comment_locks": "as long as the work, or until the studio opens it", "commenters": person,
		"work_counters": "as long as the work", "studio_counters": studio, "counter_changes": "seconds, until it is added up",
		"second_factors": "until the person switches it off", "recovery_codes": "as long as the second factor",
	}
}
