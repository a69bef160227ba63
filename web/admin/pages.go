// Package admin is what those who run an installation see: how it does, what
// went wrong, what waits, which mails left, who does what. Every page stands on
// database connections of its own, and nothing here needs the ones of requests.
//
// Each subject has a file of handlers and a file of views. What they show comes
// typed from the contexts and from the platform; acts are use cases there, which
// write the audit themselves.
package admin

import (
	"vitrine/web/page"
	"vitrine/web/site"
)

// Pages answers below /admin; the guards let administrators in alone.
type Pages struct {
	*site.Site
	Services
}

// Tab is one subject of the pages of administrators.
type Tab string

// The subjects, in the order of the navigation.
const (
	TabHealth     Tab = "health"
	TabErrors     Tab = "errors"
	TabJobs       Tab = "jobs"
	TabMails      Tab = "mails"
	TabStudios    Tab = "studios"
	TabUsers      Tab = "users"
	TabModeration Tab = "moderation"
	TabAudit      Tab = "audit"
)

// entry is a line of the navigation.
type entry struct {
	tab        Tab
	label, url string
}

var entries = []entry{
	{TabHealth, "Health", "/admin"},
	{TabErrors, "Errors", "/admin/errors"},
	{TabJobs, "Jobs", "/admin/jobs"},
	{TabMails, "Mails", "/admin/mails"},
	{TabStudios, "Studios", "/admin/studios"},
	{TabUsers, "Users", "/admin/users"},
	{TabModeration, "Moderation", "/admin/moderation"},
	{TabAudit, "Audit", "/admin/audit"},
}

// base is what each page of administrators knows; search engines never do.
func (p *Pages) base(c *site.Context, title string) page.Base {
	b := p.Base(c, title)
	b.NoIndex = true
	return b
}

// perPage is how many rows a list shows.
const perPage = 50
