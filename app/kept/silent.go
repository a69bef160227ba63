package kept

// quiet is a group of events that change nothing on a kept page, and why.
type quiet struct {
	why    string
	events []string
}

var silent = []quiet{
	{
		"people, their sessions and their letters: a name stands on a kept page only beside comments, and engagement.Swept tells of that when its own copy of the name is another",
		[]string{
			"accounts.address_asked.v1", "accounts.address_changed.v1", "accounts.address_restored.v1", "accounts.closed.v1", "accounts.closing_asked.v1",
			"accounts.closing_nears.v1", "accounts.password_changed.v1", "accounts.registered.v1", "accounts.reinstated.v1", "accounts.renamed.v1",
			"accounts.reset_asked.v1", "accounts.security_noted.v1", "accounts.setup_completed.v1", "accounts.suspended.v1", "accounts.token_made.v1",
			"accounts.verified.v1",
		},
	},
	{
		"who belongs to a studio is shown to its members alone; what is suspended or has another slug is told by studios.Changed as well; one that is new has no page yet",
		[]string{
			"studios.closing_nears.v1", "studios.created.v1", "studios.invited.v1", "studios.member_joined.v1", "studios.member_left.v1",
			"studios.ownership_transferred.v1", "studios.reinstated.v1", "studios.renamed.v1", "studios.role_changed.v1", "studios.suspended.v1",
		},
	},
	{
		"nothing of the file can be shown yet, or no size came that a page names",
		[]string{
			"media.accepted.v1", "media.first_made.v1", "media.uploaded.v1",
		},
	},
	{
		"the work that files were withdrawn from tells of it",
		[]string{
			"media.withdrawn.v1",
		},
	},
	{
		"works.Published comes beside it",
		[]string{
			"works.opened.v1",
		},
	},
	{
		"what it takes back is told by engagement.Unliked and Unfollowed; blocked words are hidden from the two alone",
		[]string{
			"engagement.blocked.v1",
		},
	},
	{
		"what moderators do to a work, a studio, a comment or a collection is told by its own context",
		[]string{
			"moderation.action_taken.v1", "moderation.appeal_decided.v1", "moderation.complaint_decided.v1", "moderation.decided.v1",
			"moderation.takedown_filed.v1",
		},
	},
	{
		"letters, notices, reports and archives are no pages for visitors",
		[]string{
			"analytics.report_asked.v1", "archive.asked.v1", "archive.made.v1", "notifications.fan_out.v1", "notifications.mail_composed.v1",
			"notifications.mail_wanted.v1",
		},
	},
	{
		"what the demo makes and removes is told by the contexts that it uses",
		[]string{
			"demo.outgrown.v1", "demo.unwanted.v1", "demo.wanted.v1",
		},
	},
}

// Silent names the events that change nothing on a kept page, and says why. An
// event stands either here or among the rules: a test looks.
func Silent() map[string]string {
	out := map[string]string{}
	for _, q := range silent {
		for _, name := range q.events {
			out[name] = q.why
		}
	}
	return out
}
