package jobs

import (
	"slices"
	"time"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/analytics"
	"vitrine/app/analytics/ranking"
	"vitrine/app/archive"
	"vitrine/app/demo"
	"vitrine/app/engagement"
	"vitrine/app/engagement/sources"
	"vitrine/app/kept"
	"vitrine/app/media"
	"vitrine/app/media/withdrawn"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/platform/queue"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Handlers holds what reacts to events: the contexts' services, or small
// interfaces of this package. The composition root fills it.
type Handlers struct {
	Retention  Retention
	Media      Media
	Works      Works
	Analytics  Analytics
	Engagement *engagement.Service
	Sources    *sources.Service
	Search     *search.Service
	Ranking    *ranking.Service
	Mails      *notifications.Service
	Notices    Notices
	Demo       *demo.Service
	Moderation Moderation
	Archive    Archive
	Live       Live
	Cache      Cache
	CDN        CDN
}

// Subscriptions is the whole table of "after X, Y happens". A line names the
// producer's event, the subscriber ("context.effect", never renamed while tasks
// of it may exist), its queue and its handler. Timeout is 30 s and MaxAttempts 8
// (about an hour) where a line does not say otherwise.
//
// To react to an event, add a line under its producer's heading:
//
//	{Event: works.Published{}.EventName(), Name: "search.index", Queue: queue.Default, Handle: h.Search.OnPublished},
func (h Handlers) Subscriptions() []queue.Subscription {
	return slices.Concat(h.house(), h.people(), h.wall(), h.acts(), h.notices(), h.statistics(), h.kept())
}

// statistics is how studios do.
func (h Handlers) statistics() []queue.Subscription {
	return []queue.Subscription{
		{Event: StatisticsFellDue{}.EventName(), Name: "analytics.add_up", Queue: queue.Bulk, Timeout: 10 * time.Minute, MaxAttempts: 3, Handle: h.Analytics.OnStatisticsFellDue},
		{Event: analytics.ReportAsked{}.EventName(), Name: "analytics.make_report", Queue: queue.Default, Timeout: 5 * time.Minute, MaxAttempts: analytics.MakeAttempts, Handle: h.Analytics.OnReportAsked},
		{Event: studios.Changed{}.EventName(), Name: "analytics.move_days", Queue: queue.Bulk, Timeout: 10 * time.Minute, Handle: h.Analytics.OnStudioChanged},
		{Event: engagement.Liked{}.EventName(), Name: "analytics.liked", Queue: queue.Default, Handle: h.Analytics.OnLiked},
		{Event: engagement.Unliked{}.EventName(), Name: "analytics.unliked", Queue: queue.Default, Handle: h.Analytics.OnUnliked},
		{Event: engagement.Followed{}.EventName(), Name: "analytics.followed", Queue: queue.Default, Handle: h.Analytics.OnFollowed},
		{Event: engagement.Unfollowed{}.EventName(), Name: "analytics.unfollowed", Queue: queue.Default, Handle: h.Analytics.OnUnfollowed},
	}
}

// kept is what makes pages void that are kept for visitors. Which events those
// are, and what each voids, is the table of package kept. The first word comes
// with the commit; this is the one that cannot be lost.
func (h Handlers) kept() (out []queue.Subscription) {
	for _, event := range kept.Events() {
		out = append(out, queue.Subscription{Event: event, Name: "kept." + event, Queue: queue.Critical, Handle: h.Cache.OnChanged})
	}
	return out
}

// house is what concerns the installation, and the end of things.
func (h Handlers) house() []queue.Subscription {
	return []queue.Subscription{
		// the demo data
		{Event: demo.Wanted{}.EventName(), Name: "demo.fill", Queue: queue.Bulk, Timeout: 2 * time.Hour, MaxAttempts: 20, Handle: h.Demo.OnWanted},
		{Event: demo.Outgrown{}.EventName(), Name: "demo.catch_up", Queue: queue.Bulk, Timeout: 30 * time.Minute, MaxAttempts: 20, Handle: h.Demo.OnOutgrown},
		{Event: demo.Unwanted{}.EventName(), Name: "demo.remove", Queue: queue.Default, Timeout: 10 * time.Minute, MaxAttempts: 20, Handle: h.Demo.OnUnwanted},
		{Event: accounts.SetupCompleted{}.EventName(), Name: "demo.follow_setup", Queue: queue.Default, Handle: h.Demo.OnSetupCompleted},

		// the clock, see Schedules
		{Event: RetentionFellDue{}.EventName(), Name: "jobs.retention", Queue: queue.Bulk, Timeout: 10 * time.Minute, MaxAttempts: 3, Handle: h.Retention.OnFellDue},
		{Event: UploadsFellDue{}.EventName(), Name: "media.tidy", Queue: queue.Default, Timeout: 5 * time.Minute, MaxAttempts: 3, Handle: h.Media.OnUploadsFellDue},
		{Event: ExpiryFellDue{}.EventName(), Name: "media.expire", Queue: queue.Bulk, Timeout: 5 * time.Minute, MaxAttempts: 3, Handle: h.Media.OnExpiryFellDue},
		{Event: StorageFellDue{}.EventName(), Name: "media.reconcile", Queue: queue.Bulk, Timeout: time.Hour, MaxAttempts: 3, Handle: h.Media.OnStorageFellDue},
		{Event: RankingFellDue{}.EventName(), Name: "ranking.make", Queue: queue.Default, Timeout: 2 * time.Minute, MaxAttempts: 2, Handle: h.Ranking.OnFellDue},
		{Event: RecountFellDue{}.EventName(), Name: "search.recount", Queue: queue.Bulk, Timeout: time.Hour, MaxAttempts: 3, Handle: h.Search.OnRecountFellDue},
		{Event: SitemapFellDue{}.EventName(), Name: "works.sitemap", Queue: queue.Bulk, Timeout: 10 * time.Minute, MaxAttempts: 3, Handle: h.Works.OnSitemapFellDue},
		{Event: WorksFellDue{}.EventName(), Name: "works.publish_due", Queue: queue.Critical, Timeout: time.Minute, Handle: h.Works.OnFellDue},

		// archives and endings
		{Event: archive.Asked{}.EventName(), Name: "archive.make", Queue: queue.Bulk, Timeout: 6 * time.Hour, MaxAttempts: archive.MakeAttempts, Handle: h.Archive.OnAsked},
		{Event: archive.Made{}.EventName(), Name: notifications.SubscriberArchive, Queue: queue.Default, Handle: h.OnArchiveMade},
		{Event: ClosingFellDue{}.EventName(), Name: "archive.close", Queue: queue.Bulk, Timeout: 2 * time.Hour, MaxAttempts: 3, Handle: h.Archive.OnClosingFellDue},
		{Event: closing.Asked{}.EventName(), Name: notifications.SubscriberClosing, Queue: queue.Critical, Handle: h.Mails.OnClosingAsked},
		{Event: closing.Nears{}.EventName(), Name: notifications.SubscriberClosingNears, Queue: queue.Default, Handle: h.Mails.OnClosingNears},
		{Event: studios.ClosingAsked{}.EventName(), Name: notifications.SubscriberStudioEnds, Queue: queue.Default, Handle: h.Mails.OnStudioClosingAsked},
		{Event: studios.ClosingNears{}.EventName(), Name: notifications.SubscriberStudioNears, Queue: queue.Default, Handle: h.Mails.OnStudioClosingNears},
	}
}

// people is what concerns them, their studios and their letters.
func (h Handlers) people() []queue.Subscription {
	return []queue.Subscription{
		// accounts: somebody waits for each of these mails
		{Event: accounts.Registered{}.EventName(), Name: notifications.SubscriberSignup, Queue: queue.Critical, Handle: h.Mails.OnRegistered},
		{Event: accounts.ResetAsked{}.EventName(), Name: notifications.SubscriberReset, Queue: queue.Critical, Handle: h.Mails.OnResetAsked},
		{Event: accounts.PasswordChanged{}.EventName(), Name: notifications.SubscriberPassword, Queue: queue.Critical, Handle: h.Mails.OnPasswordChanged},
		{Event: accounts.SecurityNoted{}.EventName(), Name: notifications.SubscriberSecurity, Queue: queue.Critical, Handle: h.Mails.OnSecurityNoted},
		{Event: accounts.AddressAsked{}.EventName(), Name: notifications.SubscriberAddressAsked, Queue: queue.Critical, Handle: h.Mails.OnAddressAsked},
		{Event: accounts.AddressChanged{}.EventName(), Name: notifications.SubscriberAddressChanged, Queue: queue.Critical, Handle: h.Mails.OnAddressChanged},
		{Event: accounts.AddressRestored{}.EventName(), Name: notifications.SubscriberAddressRestored, Queue: queue.Critical, Handle: h.Mails.OnAddressRestored},
		{Event: accounts.TokenMade{}.EventName(), Name: notifications.SubscriberToken, Queue: queue.Critical, Handle: h.Mails.OnTokenMade},

		// studios
		{Event: studios.Invited{}.EventName(), Name: notifications.SubscriberInvitation, Queue: queue.Critical, Handle: h.Mails.OnInvited},
		{Event: studios.MemberJoined{}.EventName(), Name: notifications.SubscriberJoined, Queue: queue.Default, Handle: h.Mails.OnMemberJoined},
		{Event: studios.RoleChanged{}.EventName(), Name: notifications.SubscriberRole, Queue: queue.Default, Handle: h.Mails.OnRoleChanged},
		{Event: studios.MemberLeft{}.EventName(), Name: notifications.SubscriberRemoved, Queue: queue.Default, Handle: h.Mails.OnMemberLeft},
		{Event: studios.OwnershipTransferred{}.EventName(), Name: notifications.SubscriberOwnership, Queue: queue.Critical, Handle: h.Mails.OnOwnershipTransferred},
		{Event: studios.Changed{}.EventName(), Name: "search.rename", Queue: queue.Default, Handle: h.Search.OnStudioChanged},

		// moderation: people hear of it by mail
		{Event: moderation.Decided{}.EventName(), Name: notifications.SubscriberDecision, Queue: queue.Default, Handle: h.Moderation.OnDecided},
		{Event: moderation.ActionTaken{}.EventName(), Name: notifications.SubscriberAction, Queue: queue.Default, Handle: h.Moderation.OnActionTaken},
		{Event: moderation.AppealDecided{}.EventName(), Name: notifications.SubscriberAppeal, Queue: queue.Default, Handle: h.Moderation.OnAppealDecided},
		{Event: moderation.TakedownFiled{}.EventName(), Name: notifications.SubscriberTakedown, Queue: queue.Default, Handle: h.Moderation.OnTakedownFiled},
		{Event: moderation.TakedownFiled{}.EventName(), Name: notifications.SubscriberTakedownStudio, Queue: queue.Default, Handle: h.Moderation.OnTakedownTold},
		{Event: moderation.ComplaintDecided{}.EventName(), Name: notifications.SubscriberTakedownDecided, Queue: queue.Default, Handle: h.Moderation.OnComplaintDecided},
		{Event: moderation.ComplaintDecided{}.EventName(), Name: notifications.SubscriberReportDecided, Queue: queue.Default, Timeout: 10 * time.Minute, Handle: h.Moderation.OnReportDecided},
		{Event: accounts.UserSuspended{}.EventName(), Name: notifications.SubscriberUserSuspended, Queue: queue.Default, Handle: h.Mails.OnUserSuspended},
		{Event: accounts.UserReinstated{}.EventName(), Name: notifications.SubscriberUserReinstated, Queue: queue.Default, Handle: h.Mails.OnUserReinstated},
		{Event: studios.Suspended{}.EventName(), Name: notifications.SubscriberStudioSuspended, Queue: queue.Default, Handle: h.Moderation.OnStudioSuspended},
		{Event: studios.Reinstated{}.EventName(), Name: notifications.SubscriberStudioReinstated, Queue: queue.Default, Handle: h.Moderation.OnStudioReinstated},

		// notifications
		{Event: notifications.MailComposed{}.EventName(), Name: notifications.SubscriberSend, Queue: queue.Critical, Timeout: 90 * time.Second, MaxAttempts: notifications.SendAttempts, Handle: h.Mails.OnMailComposed},
	}
}

// wall is what concerns files and works.
func (h Handlers) wall() []queue.Subscription {
	return []queue.Subscription{
		// media: photos never wait for films, which may take two hours to encode
		{Event: media.Uploaded{}.EventName(), Name: "media.inspect", Queue: queue.Media, Priority: 10, Timeout: 10 * time.Minute, MaxAttempts: media.InspectAttempts, Handle: h.Media.OnUploaded},
		{Event: media.Accepted{}.EventName(), Name: "media.render", Queue: queue.Media, Timeout: 15 * time.Minute, MaxAttempts: media.RenderAttempts, Handle: h.Media.OnAccepted},
		{Event: media.FirstMade{}.EventName(), Name: "media.make_sizes", Queue: queue.Media, Priority: -1, Timeout: 15 * time.Minute, MaxAttempts: media.RenderAttempts, Handle: h.Media.OnFirstMade},
		{Event: media.PosterMade{}.EventName(), Name: "media.encode", Queue: queue.Bulk, Priority: 10, Timeout: 150 * time.Minute, MaxAttempts: media.RenderAttempts, Handle: h.Media.OnPosterMade},
		{Event: media.Processed{}.EventName(), Name: "media.make_avif", Queue: queue.Bulk, Timeout: 10 * time.Minute, MaxAttempts: 5, Handle: h.Media.OnProcessed},
		{Event: media.Deleted{}.EventName(), Name: "media.remove", Queue: queue.Default, Timeout: 5 * time.Minute, Handle: h.Media.OnDeleted},
		{Event: media.Usable{}.EventName(), Name: "works.cover", Queue: queue.Critical, Handle: h.Works.OnMediaUsable},
		{Event: withdrawn.Files{}.EventName(), Name: "cdn.purge", Queue: queue.Critical, Timeout: 2 * time.Minute, Handle: h.CDN.OnWithdrawn},
		{Event: media.Deleted{}.EventName(), Name: "works.detach", Queue: queue.Default, Handle: h.Works.OnMediaDeleted},

		// media, for the pages that are open: somebody watches
		{Event: media.Accepted{}.EventName(), Name: "live.media_accepted", Queue: queue.Critical, MaxAttempts: 2, Handle: h.Live.OnMedia},
		{Event: media.Usable{}.EventName(), Name: "live.media_usable", Queue: queue.Critical, MaxAttempts: 2, Handle: h.Live.OnMedia},
		{Event: media.Processed{}.EventName(), Name: "live.media_processed", Queue: queue.Critical, MaxAttempts: 2, Handle: h.Live.OnMedia},
		{Event: media.Failed{}.EventName(), Name: "live.media_failed", Queue: queue.Critical, MaxAttempts: 2, Handle: h.Live.OnMedia},
		{Event: media.Deleted{}.EventName(), Name: "live.media_deleted", Queue: queue.Critical, MaxAttempts: 2, Handle: h.Live.OnMedia},

		// works
		{Event: works.Published{}.EventName(), Name: "search.index", Queue: queue.Default, Handle: h.Search.OnPublished},
		{Event: works.Changed{}.EventName(), Name: "search.index_changed", Queue: queue.Default, Handle: h.Search.OnChanged},
		{Event: works.Unpublished{}.EventName(), Name: "search.index_unpublished", Queue: queue.Default, Handle: h.Search.OnUnpublished},
		{Event: works.Deleted{}.EventName(), Name: "search.index_deleted", Queue: queue.Default, Handle: h.Search.OnDeleted},
		{Event: works.StudioHidden{}.EventName(), Name: "search.index_studio_hidden", Queue: queue.Default, Timeout: 10 * time.Minute, Handle: h.Search.OnStudioHidden},
		{Event: works.StudioShown{}.EventName(), Name: "search.index_studio_shown", Queue: queue.Default, Timeout: 10 * time.Minute, Handle: h.Search.OnStudioShown},
	}
}

// acts is what follows from what people do with the works and studios of others.
func (h Handlers) acts() []queue.Subscription {
	return []queue.Subscription{
		// engagement: what waits is added up, whichever act tells of it
		{Event: engagement.Followed{}.EventName(), Name: "engagement.fold_followed", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.Unfollowed{}.EventName(), Name: "engagement.fold_unfollowed", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.Liked{}.EventName(), Name: "engagement.fold_liked", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.Unliked{}.EventName(), Name: "engagement.fold_unliked", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.Commented{}.EventName(), Name: "engagement.fold_commented", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.CommentChanged{}.EventName(), Name: "engagement.fold_comment_changed", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.CommentDeleted{}.EventName(), Name: "engagement.fold_comment_deleted", Queue: queue.Default, Handle: h.Engagement.OnAct},
		{Event: engagement.Blocked{}.EventName(), Name: "engagement.take_back", Queue: queue.Default, Timeout: 5 * time.Minute, Handle: h.Engagement.OnBlocked},

		// the names beside comments
		{Event: accounts.Renamed{}.EventName(), Name: "engagement.rename", Queue: queue.Default, Handle: h.Engagement.OnRenamed},
		{Event: accounts.UserSuspended{}.EventName(), Name: "engagement.shut", Queue: queue.Critical, Handle: h.Engagement.OnSuspended},
		{Event: accounts.UserReinstated{}.EventName(), Name: "engagement.open", Queue: queue.Default, Handle: h.Engagement.OnReinstated},

		// what followers' pages say of a studio
		{Event: studios.Created{}.EventName(), Name: "engagement.label_created", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
		{Event: studios.Changed{}.EventName(), Name: "engagement.label_changed", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
		{Event: works.Published{}.EventName(), Name: "engagement.label_published", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
		{Event: works.Unpublished{}.EventName(), Name: "engagement.label_unpublished", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
		{Event: works.Deleted{}.EventName(), Name: "engagement.label_deleted", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
		{Event: works.StudioHidden{}.EventName(), Name: "engagement.label_hidden", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
		{Event: works.StudioShown{}.EventName(), Name: "engagement.label_shown", Queue: queue.Default, Handle: h.Sources.OnStudioTouched},
	}
}
