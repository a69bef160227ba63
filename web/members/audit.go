package members

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/platform/audit"
	"vitrine/app/studios"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// perPage is how many entries a page of the audit lists; perPart how many the
// file brings at a time.
const (
	perPage = 50
	perPart = 200
)

// wanted reads the filter of the address; what it cannot read filters nothing.
func wanted(c *Context) (f audit.Filter, before uuid.UUID) {
	f.Action = c.Query("action")
	f.ActorID, _ = uuid.Parse(c.Query("person"))
	before, _ = uuid.Parse(c.Query("before"))
	return f, before
}

// query is the filter as an address has it.
func query(f audit.Filter, before uuid.UUID) string {
	q := url.Values{}
	if f.Action != "" {
		q.Set("action", f.Action)
	}
	if f.ActorID != uuid.Nil {
		q.Set("person", f.ActorID.String())
	}
	if before != uuid.Nil {
		q.Set("before", before.String())
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// auditor is the membership of somebody who may read the audit.
func auditor(c *Context) (site.Membership, error) {
	m := c.Member()
	return m, m.Role.Check(studios.ManageMembers)
}

// ShowAudit is GET /studio/{slug}/audit?action=…&person=…&before=…
func (p *Pages) ShowAudit(c *Context) error {
	m, err := auditor(c)
	if err != nil {
		return err
	}
	f, before := wanted(c)
	rows, err := p.Studios.Journal(c.Ctx(), m.StudioID, f, before, perPage+1)
	if err != nil {
		return err
	}
	j := journal{Room: room(m, views.RoomAudit), Path: "/studio/" + m.Slug + "/audit", Filter: f, Whole: query(f, uuid.Nil)}
	if len(rows) > perPage {
		rows = rows[:perPage]
		j.Pages = ui.Pages{OlderURL: j.Path + query(f, rows[perPage-1].ID)}
	}
	if before != uuid.Nil {
		j.Pages.NewerURL, j.Pages.Newer = j.Path+j.Whole, "Newest"
	}
	members, _, err := p.Studios.Roll(c.Ctx(), m.StudioID, studios.Seat{}, perChoice)
	if err != nil {
		return err
	}
	people, err := p.named(c, rows, members, f.ActorID)
	if err != nil {
		return err
	}
	j.People = peopleOptions(people, members, f.ActorID)
	for _, r := range rows {
		j.Rows = append(j.Rows, lineOf(r, people))
	}
	return c.Render(http.StatusOK, auditPage(p.base(c, "Audit of "+m.Name), j))
}

// named finds everybody whom the entries, the list of members and the filter
// name, with one query.
func (p *Pages) named(c *Context, rows []audit.Row, members []studios.Member, chosen uuid.UUID) (map[uuid.UUID]accounts.User, error) {
	ids := []uuid.UUID{chosen}
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	for _, r := range rows {
		ids = append(ids, r.ActorID, userOf(r.Subject))
	}
	return p.Accounts.ByIDs(c.Ctx(), ids)
}

// userOf reads the person that an entry is about; uuid.Nil when it is about
// something else.
func userOf(subject string) uuid.UUID {
	id, is := strings.CutPrefix(subject, "user:")
	if !is {
		return uuid.Nil
	}
	who, _ := uuid.Parse(id)
	return who
}

func peopleOptions(people map[uuid.UUID]accounts.User, members []studios.Member, chosen uuid.UUID) []ui.Option {
	var out []ui.Option
	listed := chosen == uuid.Nil
	for _, m := range members {
		out = append(out, ui.Option{Value: m.UserID.String(), Label: nameOf(people[m.UserID])})
		listed = listed || m.UserID == chosen
	}
	if !listed {
		out = append(out, ui.Option{Value: chosen.String(), Label: nameOf(people[chosen])})
	}
	slices.SortStableFunc(out, func(a, b ui.Option) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return append([]ui.Option{{Value: "", Label: "Everybody"}}, out...)
}

// did says in words what an action was; what is done to somebody ends before
// their name.
var did = []struct{ action, words, label string }{
	{"studios.invited", "invited somebody", "Invitations"},
	{"studios.invited_again", "sent an invitation again", "Invitations sent again"},
	{"studios.invitation_withdrawn", "withdrew an invitation", "Invitations withdrawn"},
	{"studios.member_joined", "joined the studio", "People who joined"},
	{"studios.member_removed", "removed", "People who were removed"},
	{"studios.member_left", "left the studio", "People who left"},
	{"studios.role_changed", "changed the role of", "Roles"},
	{"studios.ownership_transferred", "handed the studio on to", "Ownership"},
	{"studios.inherited", "handed the studio on to", "Ownership inherited"},
	{"studios.settings_changed", "changed the settings", "Settings"},
	{"studios.suspended", "suspended the studio", "Suspensions"},
	{"studios.reinstated", "opened the studio again", "Suspensions ended"},
	{"studios.closing_asked", "asked to close the studio", "Closing"},
	{"studios.closing_ended", "kept the studio open", "Closing called off"},
	{"moderation.hidden", "took something from every page", "Taken down"},
	{"moderation.sensitive", "marked a work as sensitive", "Marked as sensitive"},
	{"moderation.warned", "gave a warning", "Warnings"},
	{"moderation.suspended", "acted on reports about the studio", "Suspended after reports"},
	{"moderation.appeal_kept", "let a decision stand", "Answers, decision stands"},
	{"moderation.appeal_lifted", "took a decision back", "Answers, decision taken back"},
	{"moderation.appeal_changed", "put another decision in place", "Answers, decision changed"},
	{"moderation.takedown_filed", "passed a rights holder’s claim on", "Claims"},
	{"archive.asked", "asked for an export", "Exports"},
	{"archive.fetched", "fetched an export", "Exports fetched"},
}

func wordsOf(action string) string {
	for _, d := range did {
		if d.action == action {
			return d.words
		}
	}
	_, last, _ := strings.Cut(action, ".")
	return strings.ReplaceAll(last, "_", " ")
}

func actionOptions(chosen string) []ui.Option {
	out := []ui.Option{{Value: "", Label: "Everything"}}
	listed := chosen == ""
	for _, d := range did {
		out = append(out, ui.Option{Value: d.action, Label: d.label})
		listed = listed || d.action == chosen
	}
	if !listed {
		out = append(out, ui.Option{Value: chosen, Label: chosen})
	}
	return out
}

// lineOf is an entry as a sentence. Whoever acts on themselves is named once.
func lineOf(r audit.Row, people map[uuid.UUID]accounts.User) entry {
	e := entry{Who: "Vitrine", Did: wordsOf(r.Action), Note: r.Note, At: r.At.UTC().Format("2 January 2006, 15:04"), Machine: machine(r.At)}
	if r.ActorID != uuid.Nil {
		e.Who = nameOf(people[r.ActorID])
	}
	if who := userOf(r.Subject); who != uuid.Nil && who != r.ActorID {
		e.Whom = nameOf(people[who])
	}
	return e
}

// DownloadAudit is GET /studio/{slug}/audit.csv: what the page shows, all of
// it, page by page as the browser takes it.
func (p *Pages) DownloadAudit(c *Context) error {
	m, err := auditor(c)
	if err != nil {
		return err
	}
	f, before := wanted(c)
	rows, err := p.Studios.Journal(c.Ctx(), m.StudioID, f, before, perPart)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="`+m.Slug+`-audit.csv"`)
	line := http.NewResponseController(c.Response())
	out := csv.NewWriter(c.Response())
	_ = out.Write([]string{"time", "person", "person_id", "action", "subject", "note"}) // an error stays until Flush
	for len(rows) > 0 {
		people, err := p.named(c, rows, nil, uuid.Nil)
		if err != nil {
			return err
		}
		_ = line.SetWriteDeadline(time.Now().Add(partTime)) // a recorder in a test has none
		for _, r := range rows {
			_ = out.Write(cells(r, people))
		}
		out.Flush()
		if err := out.Error(); err != nil || len(rows) < perPart {
			return err
		}
		if rows, err = p.Studios.Journal(c.Ctx(), m.StudioID, f, rows[len(rows)-1].ID, perPart); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// partTime is how long a browser may take for one part.
const partTime = time.Minute

func cells(r audit.Row, people map[uuid.UUID]accounts.User) []string {
	who, id := "Vitrine", ""
	if r.ActorID != uuid.Nil {
		who, id = nameOf(people[r.ActorID]), r.ActorID.String()
	}
	return []string{machine(r.At), inert(who), id, r.Action, inert(r.Subject), inert(r.Note)}
}

// inert keeps what people typed from being a formula to whoever opens the file
// in a table.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// journal is the page of a studio's audit.
type journal struct {
	Room   views.Room
	Path   string
	Whole  string // the filter as an address has it
	Filter audit.Filter
	People []ui.Option
	Rows   []entry
	Pages  ui.Pages
}

// entry is one line of it.
type entry struct{ Who, Did, Whom, Note, At, Machine string }

func (j journal) actionField() ui.Select {
	return ui.Select{Name: "action", Label: "What", Value: j.Filter.Action, Options: actionOptions(j.Filter.Action)}
}

func (j journal) personField() ui.Select {
	s := ui.Select{Name: "person", Label: "Who", Options: j.People}
	if j.Filter.ActorID != uuid.Nil {
		s.Value = j.Filter.ActorID.String()
	}
	return s
}

func (j journal) empty() ui.Empty {
	if j.Whole == "" {
		return ui.Empty{Heading: "Nothing has happened yet", Text: "Who joins, leaves, gets another role or changes the settings is written down here."}
	}
	return ui.Empty{Heading: "Nothing of that kind", Text: "Choose less, or look at everything.", Link: &ui.Link{Label: "Show everything", URL: j.Path}}
}
