package report

import (
	"net/http"

	"github.com/google/uuid"

	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// blocksPath is the list of whom a person keeps away.
const blocksPath = "/me/blocks"

// perList is how many lines it has.
const perList = 50

// shunned is one line of the list.
type shunned struct {
	Name, URL, How, Subject, When, Machine, Words string
}

// blocks is the list.
type blocks struct {
	List  []shunned
	Pages ui.Pages
}

// ShowBlocks is GET /me/blocks: whom and what the viewer keeps away.
func (p *Pages) ShowBlocks(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	from := engagement.ParseShunPlace(c.Query("after"))
	list, next, err := p.Engagement.ShunnedBy(c.Ctx(), v.UserID, from, perList)
	if err != nil {
		return err
	}
	var people, houses []uuid.UUID
	for _, s := range list {
		if s.How == engagement.MuteStudio {
			houses = append(houses, s.SubjectID)
		} else {
			people = append(people, s.SubjectID)
		}
	}
	who, err := p.Accounts.ByIDs(c.Ctx(), people)
	if err != nil {
		return err
	}
	where, err := p.Studios.ByIDs(c.Ctx(), houses)
	if err != nil {
		return err
	}
	var b blocks
	for _, s := range list {
		line := shunned{How: string(s.How), Subject: s.SubjectID.String(), When: day(s.CreatedAt), Machine: machine(s.CreatedAt), Words: shunWords[s.How]}
		if s.How == engagement.MuteStudio {
			line.Name = where[s.SubjectID].Name
			if slug := where[s.SubjectID].Slug; slug != "" {
				line.URL = show.StudioPath(slug)
			}
		} else {
			line.Name = who[s.SubjectID].Name
		}
		if line.Name == "" {
			line.Name = "Somebody who is not here any more"
		}
		b.List = append(b.List, line)
	}
	if next.ID != uuid.Nil {
		b.Pages.OlderURL = blocksPath + "?after=" + next.String()
	}
	if from.ID != uuid.Nil {
		b.Pages.NewerURL, b.Pages.Newer = blocksPath, "Newest"
	}
	return c.Render(http.StatusOK, blocksPage(p.base(c, "Blocked and muted"), b))
}

var shunWords = map[engagement.Shun]string{engagement.Block: "Blocked", engagement.MutePerson: "Muted", engagement.MuteStudio: "Muted studio"}

// choice is the page on which a person decides how to keep somebody away.
type choice struct {
	Name    string
	Comment string // by whose author, or
	Studio  string // which studio
	Next    string // where to go afterwards
	Refusal views.Refusal
}

// subject finds whom a form or an address names: the author of a comment, or a
// studio. Nobody is named by an id of theirs.
func (p *Pages) subject(c *Context, comment, studio string) (subjectID uuid.UUID, name string, err error) {
	if studio != "" {
		st, err := p.Studios.BySlug(c.Ctx(), studio)
		return st.ID, st.Name, err
	}
	found, err := p.Engagement.ByPublicID(c.Ctx(), comment)
	if err != nil {
		return subjectID, "", err
	}
	if found.UserID == nil || *found.UserID == uuid.Nil {
		return subjectID, "", fault.New(fault.NotFound, "Whoever wrote this is not here any more.")
	}
	return *found.UserID, found.Author, nil
}

// ShowBlock is GET /me/blocks/new?comment= or ?studio=.
func (p *Pages) ShowBlock(c *Context) error {
	return p.choose(c, http.StatusOK, choice{Comment: c.Query("comment"), Studio: c.Query("studio"), Next: site.OwnPath(c.Query("next"))})
}

func (p *Pages) choose(c *Context, status int, ch choice) (err error) {
	if _, ch.Name, err = p.subject(c, ch.Comment, ch.Studio); err != nil {
		return err
	}
	return c.Render(status, blockPage(p.base(c, "Keep somebody away"), ch))
}

// Block is POST /me/blocks. Twice is once.
func (p *Pages) Block(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	how := engagement.Shun(c.Form("how"))
	ch := choice{Comment: c.Form("comment"), Studio: c.Form("studio"), Next: site.OwnPath(c.Form("next"))}
	if ch.Studio != "" {
		how = engagement.MuteStudio
	}
	subjectID, name, err := p.subject(c, ch.Comment, ch.Studio)
	if err == nil {
		err = p.Engagement.KeepAway(c.Ctx(), v.UserID, how, subjectID)
	}
	if err != nil {
		refused, status, err := c.Refused(err)
		if err != nil {
			return err
		}
		ch.Refusal = refused
		return p.choose(c, status, ch)
	}
	said := name + " is muted: you hear nothing of them in your feed and notices."
	if how == engagement.Block {
		said = name + " is blocked."
	}
	c.Flash(page.Good, said)
	if ch.Next != "" {
		return c.SeeOther(ch.Next)
	}
	return c.SeeOther(blocksPath)
}

// Unblock is POST /me/blocks/remove. Twice is once.
func (p *Pages) Unblock(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	subjectID, err := uuid.Parse(c.Form("subject"))
	if err != nil {
		return fault.Caused(fault.NotFound, "", err)
	}
	if err := p.Engagement.LetIn(c.Ctx(), v.UserID, engagement.Shun(c.Form("how")), subjectID); err != nil {
		return err
	}
	c.Flash(page.Good, "Done. You keep them away no more.")
	return c.SeeOther(blocksPath)
}
