package discover

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics/ranking"
	"vitrine/app/kept"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/show"
	"vitrine/web/ui"
)

// decision is where the formula is explained.
const decision = "/docs/adr/0036-popular-and-the-leaderboard"

// ShowPopular is GET /explore/popular: what people liked and commented on lately.
// Three queries.
func (p *Pages) ShowPopular(c *Context) error {
	from := ranking.ParseCursor(c.Query("after"))
	list, err := p.Ranking.Page(c.Ctx(), ranking.Popular, from, works.PerPage)
	if err != nil {
		return err
	}
	cards, err := p.Works.ByIDs(c.Ctx(), workIDs(list.Entries))
	if err != nil {
		return err
	}
	who := map[uuid.UUID]ranking.Entry{}
	for _, e := range list.Entries {
		who[e.StudioID] = e
	}
	hung, _, err := p.hang(c.Ctx(), cards, nil, func(id uuid.UUID) (string, string) { return who[id].StudioSlug, who[id].StudioName })
	if err != nil {
		return err
	}
	v := popularView{Wall: ui.Hang{Cards: hung, Leads: true}, First: from == ranking.Cursor{}}
	v.MadeAt, v.Machine = moment(list.MadeAt)
	if after := list.Next.String(); after != "" {
		v.Pages = ui.Pages{OlderURL: "/explore/popular?after=" + after, Older: "More works"}
	}
	b := p.Base(c, "Popular")
	b.Nav, b.Canonical, b.NoIndex = page.NavExplore, p.Absolute("/explore/popular"), !v.First
	b.Description = "What people like and talk about at the moment, of all studios."
	b.OpenGraph = &page.OpenGraph{Type: "website", Title: "Popular on Vitrine", Description: b.Description, URL: b.Canonical}
	c.Keep(kept.Popular.Class, kept.OfRanked(list.Entries, cards)...)
	return c.Render(http.StatusOK, popularPage(b, v))
}

// workIDs are the works that entries name.
func workIDs(entries []ranking.Entry) (ids []uuid.UUID) {
	for _, e := range entries {
		if e.WorkID != nil {
			ids = append(ids, *e.WorkID)
		}
	}
	return ids
}

func moment(t time.Time) (words, machine string) {
	if t.IsZero() {
		return "", ""
	}
	return t.UTC().Format("15:04") + " UTC", t.UTC().Format(time.RFC3339)
}

// boards are the lists of the leaderboard by what and when, as they stand in its
// address; the first of each is what an address without them shows.
var boards = [2]struct {
	of, label string
	lists     [3]ranking.List
}{
	{"works", "Works", [3]ranking.List{ranking.WorksWeek, ranking.WorksMonth, ranking.WorksAll}},
	{"studios", "Studios", [3]ranking.List{ranking.StudiosWeek, ranking.StudiosMonth, ranking.StudiosAll}},
}

var times = [3]struct{ time, label, words string }{
	{"week", "Week", "in the last seven days"}, {"month", "Month", "in the last thirty days"}, {"all", "All time", "since the beginning"},
}

// ShowBoard is GET /leaderboard: the works and the studios of a week, a month and
// all time. Four queries.
func (p *Pages) ShowBoard(c *Context) error {
	of, when := 0, 0
	for i, b := range boards {
		if c.Query("of") == b.of {
			of = i
		}
	}
	for i, t := range times {
		if c.Query("time") == t.time {
			when = i
		}
	}
	list, err := p.Ranking.Page(c.Ctx(), boards[of].lists[when], ranking.Cursor{}, ranking.MaxBoard)
	if err != nil {
		return err
	}
	v := boardView{Studios: of == 1}
	v.MadeAt, v.Machine = moment(list.MadeAt)
	for i, b := range boards {
		v.Of = append(v.Of, tab{Label: b.label, URL: boardPath(i, when), Current: i == of})
	}
	for i, t := range times {
		v.Time = append(v.Time, tab{Label: t.label, URL: boardPath(of, i), Current: i == when})
	}
	v.Counts = "What people did " + times[when].words + ": a like counts 1, a comment 2."
	if v.Studios {
		v.Counts = "What people did " + times[when].words + ": a like counts 1, a comment 2, and a new follower 2."
	}
	cards, err := p.rows(c, &v, list.Entries)
	if err != nil {
		return err
	}
	b := p.Base(c, "Leaderboard")
	b.Nav, b.Canonical = page.NavExplore, p.Absolute(boardPath(of, when))
	b.Description = "The works and studios that people liked most this week, this month and of all time."
	b.OpenGraph = &page.OpenGraph{Type: "website", Title: "Leaderboard of Vitrine", Description: b.Description, URL: b.Canonical}
	c.Keep(kept.Board.Class, kept.OfRanked(list.Entries, cards)...)
	return c.Render(http.StatusOK, boardPage(b, v))
}

func boardPath(of, when int) string {
	path := "/leaderboard"
	if of == 0 && when == 0 {
		return path
	}
	return path + "?of=" + boards[of].of + "&time=" + times[when].time
}

// rows shows what is public right now, by its present name, and gives the works.
func (p *Pages) rows(c *Context, v *boardView, entries []ranking.Entry) (cards []works.Card, err error) {
	ids := make([]uuid.UUID, len(entries))
	for i, e := range entries {
		ids[i] = e.StudioID
	}
	names, err := p.Studios.ByIDs(c.Ctx(), ids)
	if err != nil {
		return nil, err
	}
	if cards, err = p.Works.ByIDs(c.Ctx(), workIDs(entries)); err != nil {
		return nil, err
	}
	_, pictures, err := p.hang(c.Ctx(), nil, cards, nil)
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]works.Card, len(cards))
	for _, card := range cards {
		byID[card.ID] = card
	}
	for _, e := range entries {
		row, ok := rowOf(v.Studios, e, names, byID)
		if !ok {
			continue
		}
		row.Place = strconv.Itoa(len(v.Rows) + 1)
		if e.WorkID != nil {
			if pic, ok := pictures[*e.WorkID]; ok {
				row.Picture = &pic
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return cards, nil
}

// rowOf is a line of the board; ok is false for what is not public any more.
func rowOf(ofStudios bool, e ranking.Entry, names map[uuid.UUID]studios.Studio, cards map[uuid.UUID]works.Card) (row boardRow, ok bool) {
	st, ok := names[e.StudioID]
	if !ok || st.Shut() {
		return row, false
	}
	row.Note = noteOf(e)
	if ofStudios {
		row.Title, row.URL = st.Name, show.StudioPath(st.Slug)
		return row, true
	}
	if e.WorkID == nil {
		return row, false
	}
	card, ok := cards[*e.WorkID]
	if !ok {
		return row, false
	}
	row.Title, row.URL, row.Lang = card.Name(), show.WorkPath(st.Slug, card.Slug, card.PublicID), card.Lang
	row.By, row.ByURL = st.Name, show.StudioPath(st.Slug)
	return row, true
}

// noteOf says what was done; what was not goes without saying.
func noteOf(e ranking.Entry) string {
	var parts []string
	for _, act := range [...]struct {
		n         int64
		one, many string
	}{{e.Likes, "like", "likes"}, {e.Comments, "comment", "comments"}, {e.Followers, "new follower", "new followers"}} {
		if act.n > 0 {
			parts = append(parts, ui.Count(int(act.n), act.one, act.many))
		}
	}
	return strings.Join(parts, ", ")
}
