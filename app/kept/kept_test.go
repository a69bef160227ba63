package kept_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/analytics/ranking"
	"vitrine/app/engagement"
	"vitrine/app/kept"
	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/cache"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// declared are the names of all events that the program has, by its source.
func declared(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, is := decl.(*ast.FuncDecl)
			if !is || f.Name.Name != "EventName" || f.Recv == nil {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, is := n.(*ast.BasicLit); is {
					name, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Error(err)
					}
					names = append(names, name)
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Whoever adds an event says here whether a kept page shows what it tells.
func TestEvents_allAreClassified(t *testing.T) {
	t.Parallel()
	names, silent, rules := declared(t), kept.Silent(), kept.Events()
	if len(names) < 60 {
		t.Fatalf("%d events are declared: they are not found", len(names))
	}
	for _, name := range names {
		if silent[name] == "" && !slices.Contains(rules, name) {
			t.Errorf("%s is not classified: it makes kept pages void, or it does not and silent.go says why", name)
		}
	}
	for _, name := range rules {
		if silent[name] != "" {
			t.Errorf("%s is classified twice", name)
		}
	}
	for name := range silent {
		if !slices.Contains(names, name) {
			t.Errorf("%s is silent, and is no event", name)
		}
	}
}

// gallery is a work beside others, and the pages that show them.
type gallery struct {
	studio, neighbours, other               uuid.UUID // studios
	work, beside, near, elsewhere           uuid.UUID // works; the last one hangs on no page
	picture, cover, shelved, unseen, person uuid.UUID
	unranked, hidden                        uuid.UUID // a studio and its work, which have places on a list and cannot be seen
}

func newGallery() gallery {
	return gallery{uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()}
}

func (g gallery) pages() map[string][]string {
	cover, shelved := g.cover, g.shelved
	own := works.Card{ID: g.work, StudioID: g.studio, CoverID: &cover}
	beside := works.Card{ID: g.beside, StudioID: g.studio}
	near := works.Card{ID: g.near, StudioID: g.neighbours}
	listed := collections.Listed{Cover: collections.Cover{MediaID: &shelved}}
	page := works.Page{
		Work: works.Work{ID: g.work, StudioID: g.studio, Tags: works.Labels{"Long Exposure"}}, Items: []works.Item{{MediaID: g.picture}, {MediaID: g.cover}},
		Later: &beside, Near: []works.Card{near},
	}
	return map[string][]string{
		"collection": kept.OfShelf(g.studio, []works.Card{own}),
		"explore":    kept.OfCards([]works.Card{own, near}),
		"ranked":     kept.OfRanked([]ranking.Entry{{StudioID: g.studio, WorkID: &g.work}, {StudioID: g.unranked, WorkID: &g.hidden}}, []works.Card{own}),
		"shelves":    kept.OfShelves(g.studio, []collections.Listed{listed}),
		"studio":     kept.OfStudio(g.studio, []works.Card{own, beside}, []collections.Listed{listed}),
		"tag":        kept.OfTag("long-exposure", []works.Card{own, near}),
		"work":       kept.OfWork(page),
	}
}

// Each event voids the pages that show what it tells of, and leaves the others.
// Every event among the rules has a line.
func TestRules(t *testing.T) {
	t.Parallel()
	g := newGallery()
	tag, otherTag := []string{"long  exposure"}, []string{"tides"}
	file := func(id uuid.UUID) media.Fact { return media.Fact{MediaID: id} }
	tried := map[string]bool{}
	for _, line := range []struct {
		event bus.Event
		voids string
	}{
		{works.Published{StudioID: g.studio, WorkID: g.elsewhere}, "collection explore shelves studio work"},
		{works.Published{StudioID: g.other, WorkID: g.elsewhere, Tags: tag}, "explore tag work"},
		{works.Published{StudioID: g.other, WorkID: g.elsewhere, Tags: otherTag}, "explore"},
		{works.Published{StudioID: g.unranked, WorkID: g.hidden}, "explore ranked"},
		{works.Unpublished{StudioID: g.studio, WorkID: g.beside}, "collection explore shelves studio work"},
		{works.Unpublished{StudioID: g.neighbours, WorkID: g.near}, "explore tag work"},
		{works.Unpublished{StudioID: g.other, WorkID: g.elsewhere, Tags: tag}, "explore tag work"},
		{works.Deleted{StudioID: g.studio, WorkID: g.work}, "collection explore ranked shelves studio tag work"},
		{works.Changed{StudioID: g.studio, WorkID: g.work}, "collection explore ranked shelves studio tag work"},
		{works.Changed{StudioID: g.studio, WorkID: g.beside}, "collection shelves studio work"},
		{works.Changed{StudioID: g.studio, WorkID: g.elsewhere}, "collection shelves studio"}, // a collection may have it on its cover
		{works.Changed{StudioID: g.neighbours, WorkID: g.near}, "explore tag work"},
		{works.Changed{StudioID: g.other, WorkID: g.elsewhere, Tags: tag}, "tag work"}, // it came to the tag, or left it
		{works.Changed{StudioID: g.other, WorkID: g.elsewhere}, ""},
		{works.StudioHidden{StudioID: g.studio}, "collection explore ranked shelves studio tag work"},
		{works.StudioHidden{StudioID: g.neighbours}, "explore tag work"},
		{works.StudioHidden{StudioID: g.other}, "explore tag work"}, // the next page may be gone
		{works.StudioShown{StudioID: g.studio}, "collection explore ranked shelves studio tag work"},
		{works.StudioShown{StudioID: g.other}, "explore tag work"},
		{studios.Changed{StudioID: g.studio}, "collection explore ranked shelves studio tag work"},
		{studios.Changed{StudioID: g.neighbours}, "explore tag work"},
		{studios.Changed{StudioID: g.unranked}, "ranked"},
		{studios.Changed{StudioID: g.other}, ""},
		{studios.ClosingAsked{StudioID: g.studio}, "collection explore ranked shelves studio tag work"},
		{studios.Closed{StudioID: g.studio}, "collection explore ranked shelves studio tag work"},
		{collections.Changed{StudioID: g.studio}, "collection shelves studio work"},
		{collections.Changed{StudioID: g.neighbours}, ""},
		{media.Usable{Fact: file(g.picture)}, "work"},
		{media.Usable{Fact: file(g.cover)}, "collection explore ranked studio tag work"},
		{media.Usable{Fact: file(g.unseen)}, ""},
		{media.PosterMade{Fact: file(g.cover)}, "collection explore ranked studio tag work"},
		{media.Processed{Fact: file(g.shelved)}, "shelves studio"},
		{media.SizesMade{Fact: file(g.picture)}, "work"},
		{media.SizesMade{Fact: file(g.cover)}, "collection explore ranked studio tag work"},
		{media.Failed{Fact: file(g.picture)}, "work"},
		{media.Deleted{Fact: file(g.cover)}, "collection explore ranked studio tag work"},
		{engagement.Commented{WorkID: g.work, StudioID: g.studio}, "work"},
		{engagement.Commented{WorkID: g.near, StudioID: g.neighbours}, ""},
		{engagement.CommentChanged{WorkID: g.work}, "work"},
		{engagement.CommentDeleted{WorkID: g.work}, "work"},
		{engagement.Locked{WorkID: g.work}, "work"},
		{engagement.Liked{WorkID: g.work}, "work"},
		{engagement.Liked{WorkID: g.beside}, ""},
		{engagement.Unliked{WorkID: g.work}, "work"},
		{engagement.Followed{StudioID: g.studio}, "studio"},
		{engagement.Unfollowed{StudioID: g.studio}, "studio"},
		{engagement.Swept{WorkIDs: []uuid.UUID{g.elsewhere, g.work}}, "work"},
		{engagement.Swept{StudioIDs: []uuid.UUID{g.studio}}, "studio"},
	} {
		tried[line.event.EventName()] = true
		subjects := kept.Voided([]bus.Event{line.event})
		var voided []string
		for name, of := range g.pages() {
			if slices.ContainsFunc(of, func(s string) bool { return slices.Contains(subjects, s) }) {
				voided = append(voided, name)
			}
		}
		slices.Sort(voided)
		if got := strings.Join(voided, " "); got != line.voids {
			t.Errorf("%T %+v voids %q, want %q", line.event, line.event, got, line.voids)
		}
		payload, err := json.Marshal(line.event)
		if err != nil {
			t.Fatal(err)
		}
		delivered, err := kept.VoidedBy(bus.Envelope{Name: line.event.EventName(), Payload: payload})
		slices.Sort(delivered)
		if err != nil || !slices.Equal(slices.Compact(delivered), subjects) {
			t.Errorf("%s delivered voids %q, %v; committed, it voids %q", line.event.EventName(), delivered, err, subjects)
		}
	}
	for _, name := range kept.Events() {
		if !tried[name] {
			t.Errorf("%s has no line here", name)
		}
	}
}

func card() works.Card {
	cover := uuid.New()
	return works.Card{ID: uuid.New(), StudioID: uuid.New(), CoverID: &cover}
}

// The largest lists there may be are kept.
func TestOfLists_fit(t *testing.T) {
	t.Parallel()
	cards := func(n int) (out []works.Card) {
		for range n {
			out = append(out, card())
		}
		return out
	}
	var places []ranking.Entry
	board := cards(ranking.MaxBoard)
	for _, c := range board {
		places = append(places, ranking.Entry{StudioID: c.StudioID, WorkID: &c.ID})
	}
	shelf := make([]collections.Listed, collections.MaxCollections)
	for i := range shelf {
		shelf[i].Cover.MediaID = card().CoverID
	}
	for name, of := range map[string][]string{
		"home": kept.OfCards(cards(24 + 5*3)), "search": kept.OfFound(cards(works.PerPage + 3*3 + 8*2)), "tag": kept.OfTag("a", cards(works.PerPage)), "board": kept.OfRanked(places, board),
		"shelves": kept.OfShelves(uuid.New(), shelf), "shelf": kept.OfShelf(uuid.New(), cards(works.PerPage)), "studio": kept.OfStudio(uuid.New(), cards(works.PerPage), shelf),
	} {
		if len(of) > cache.MaxSubjects {
			t.Errorf("%s has %d subjects", name, len(of))
		}
	}
}

// The largest page there may be is kept.
func TestOfWork_fits(t *testing.T) {
	t.Parallel()
	var p works.Page
	for range works.MaxFiles {
		p.Items = append(p.Items, works.Item{MediaID: uuid.New()})
	}
	for range 6 {
		p.Near = append(p.Near, card())
	}
	earlier, later := card(), card()
	p.Earlier, p.Later = &earlier, &later
	for n := range works.MaxTags {
		p.Work.Tags = append(p.Work.Tags, strconv.Itoa(n))
	}
	if n := len(kept.OfWork(p)); n > cache.MaxSubjects {
		t.Errorf("it has %d subjects", n)
	}
}

// A page that counts minutes is kept for one.
func TestPage_Since(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]cache.Class{0: cache.Class(time.Minute), time.Hour - 1: cache.Class(time.Minute), time.Hour: cache.Warm, 1 << 62: cache.Warm} {
		if got := kept.OneWork.Since(age); got != want {
			t.Errorf("%s: %s, want %s", age, time.Duration(got), time.Duration(want))
		}
	}
}
