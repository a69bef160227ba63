package notices

import (
	"context"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/engagement"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/keyset"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Line is a notice as it is told now.
type Line struct {
	ID      uuid.UUID
	Kind    Kind
	Unread  bool
	At      time.Time
	Words   Phrase
	Quote   string   // of the newest comment, or a moderator's reason
	Actors  []string // names of the newest ones, two at most
	People  int
	Things  int
	Path    string         // where it leads
	Card    *works.Card    // the work, when everybody can see it
	Picture *media.Picture // its cover
}

// Phrase is a sentence in pieces, so that names can be set apart.
type Phrase []Piece

// Piece is text, or a name that somebody typed.
type Piece struct {
	Text    string
	Name    bool
	Lang    string // of a name
	foreign bool   // not typed by the one who is told
	instead string // what stands in a mail for a name that looks like an address
}

// String is the sentence.
func (p Phrase) String() string {
	var b strings.Builder
	for _, piece := range p {
		b.WriteString(piece.Text)
	}
	return b.String()
}

// Place is where a page of notices begins: behind that one.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// String writes the place for a URL; the beginning is the empty string.
func (p Place) String() string { return keyset.Encode(uint64(max(0, p.At.UnixMicro())), p.ID) }

// ParsePlace reads what String wrote; anything else is the beginning.
func ParsePlace(s string) (p Place) {
	if at, last, ok := keyset.Decode(s); ok && at <= math.MaxInt64 {
		p = Place{time.UnixMicro(int64(at)).UTC(), last}
	}
	return p
}

// Page is a page of notices, the newest first.
type Page struct {
	Lines []Line
	Next  Place  // of the page after; zero on the last
	Zone  string // that the person chose; empty is that of their own studio
}

// PerPage is how many notices a page shows at most.
const PerPage = 30

// List is a page of a person's notices. What cannot be seen any more is left out,
// also when the event that says so has not arrived. Six queries at most.
func (s *Service) List(ctx context.Context, userID uuid.UUID, shelf Shelf, from Place) (out Page, err error) {
	defer fault.Wrap(&err, "notices.List(%s)", userID)
	rows, err := pageOf(ctx, s.DB.Read(ctx), userID, shelf, from, PerPage+1)
	if err != nil {
		return out, err
	}
	if len(rows) > PerPage {
		rows = rows[:PerPage]
		last := rows[PerPage-1]
		out.Next = Place{last.UpdatedAt, last.ID}
	}
	if len(rows) > 0 {
		out.Zone = rows[0].Zone
	}
	k, err := s.lookUp(ctx, rows)
	if err != nil {
		return out, err
	}
	var cards []works.Card
	for _, c := range k.cards {
		cards = append(cards, c)
	}
	pictures, err := s.Works.Covers(ctx, cards...)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		line, ok := k.line(r)
		if !ok {
			continue
		}
		if line.Card != nil && line.Card.CoverID != nil && !line.Card.Sensitive {
			if p, ok := pictures[*line.Card.CoverID]; ok && !p.Empty() {
				line.Picture = &p
			}
		}
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}

// known is everything that lines name.
type known struct {
	people   map[uuid.UUID]accounts.User
	studios  map[uuid.UUID]studios.Studio
	cards    map[uuid.UUID]works.Card
	comments map[uuid.UUID]engagement.Comment
}

// lookUp finds what rows name, with four queries.
func (s *Service) lookUp(ctx context.Context, rows []row) (k known, err error) {
	var people, places, hung, said set
	for _, r := range rows {
		places.add(r.StudioID)
		if r.WorkID != nil {
			hung.add(*r.WorkID)
		}
		for _, p := range r.Parts {
			switch r.Kind {
			case Like, Comment, Reply, Follow:
				people.add(p.ActorID)
			case Published:
				hung.add(p.RefID)
			}
		}
		if (r.Kind == Comment || r.Kind == Reply) && len(r.Parts) > 0 {
			said.add(r.Parts[0].RefID)
		}
	}
	if len(people.ids) > 0 {
		if k.people, err = s.Accounts.ByIDs(ctx, people.ids); err != nil {
			return k, err
		}
	}
	if len(places.ids) > 0 {
		if k.studios, err = s.Studios.ByIDs(ctx, places.ids); err != nil {
			return k, err
		}
	}
	if len(said.ids) > 0 {
		if k.comments, err = s.Engagement.ByIDs(ctx, said.ids); err != nil {
			return k, err
		}
	}
	cards, err := s.Works.ByIDs(ctx, hung.ids)
	k.cards = map[uuid.UUID]works.Card{}
	for _, c := range cards {
		k.cards[c.ID] = c
	}
	return k, err
}

// set keeps ids in their order, each once.
type set struct {
	ids  []uuid.UUID
	seen map[uuid.UUID]bool
}

func (s *set) add(one uuid.UUID) {
	if s.seen == nil {
		s.seen = map[uuid.UUID]bool{}
	}
	if !s.seen[one] {
		s.seen[one] = true
		s.ids = append(s.ids, one)
	}
}

// line tells a notice; ok is false when there is nothing to tell.
func (k known) line(r row) (l Line, ok bool) {
	st, here := k.studios[r.StudioID]
	if len(r.Parts) == 0 || !here {
		return l, false
	}
	l = Line{ID: r.ID, Kind: r.Kind, Unread: r.ReadAt == nil, At: r.UpdatedAt, People: r.People, Things: r.Things}
	newest := r.Parts[0]
	workID := newest.RefID
	if r.WorkID != nil {
		workID = *r.WorkID
	}
	if r.Kind == Report {
		k.outcome(&l, r, newest, st)
		return l, true
	}
	if r.Kind != Decision && r.Kind != Failed && r.Kind != Follow {
		switch card, open := k.cards[workID]; {
		case open:
			l.Card, l.Path = &card, workPath(st.Slug, card.Slug, card.PublicID)
			newest.Label = card.Name()
		case r.Standing == byLink && r.Kind != Published:
			l.Path = "/@" + st.Slug + newest.Path
		default:
			return l, false
		}
	}
	k.say(&l, r, newest, st)
	return l, true
}

// say puts the line into words.
func (k known) say(l *Line, r row, newest part, st studios.Studio) {
	work := Piece{Text: newest.Label, Name: true}
	if l.Card != nil {
		work.Lang = l.Card.Lang
	}
	studio := Piece{Text: st.Name, Name: true, foreign: true, instead: "a studio"}
	switch r.Kind {
	case Like:
		l.Words = append(k.names(l, r), Piece{Text: " liked "}, work)
	case Comment:
		l.Words, l.Quote, l.Path = append(k.names(l, r), Piece{Text: " commented on "}, work), k.quote(newest), l.Path+"#talk"
	case Reply:
		l.Words, l.Quote, l.Path = append(k.names(l, r), Piece{Text: " replied to you below "}, work), k.quote(newest), l.Path+"#talk"
	case Follow:
		verb := " follow "
		if r.People <= 1 {
			verb = " follows "
		}
		studio.foreign = false
		l.Words, l.Path = append(k.names(l, r), Piece{Text: verb}, studio, Piece{Text: " now"}), "/@"+st.Slug
	case Published:
		work.foreign, work.instead = true, "a new work"
		l.Actors = []string{st.Name}
		l.Words = Phrase{studio, {Text: " published "}, work}
		if r.Things > 1 {
			l.Words, l.Path = append(l.Words, Piece{Text: " and " + others(r.Things-1, "work", "works")}), "/@"+st.Slug
		}
	case Opened:
		l.Actors = []string{st.Name}
		l.Words = Phrase{{Text: "Your scheduled work "}, work, {Text: " is open"}}
	case Failed:
		l.Actors, l.Path = []string{st.Name}, "/studio/"+st.Slug
		l.Words = Phrase{work, {Text: " could not be used. " + newest.Note}}
		if r.Things > 1 {
			l.Words = Phrase{work, {Text: " and " + others(r.Things-1, "file", "files") + " could not be used"}}
		}
	default:
		l.Words, l.Quote, l.Path = Phrase{{Text: newest.Label}}, newest.Note, newest.Path
	}
}

// names lists who did it: two by name, the others by number.
func (k known) names(l *Line, r row) (p Phrase) {
	var seen set
	for _, part := range r.Parts {
		before := len(seen.ids)
		if seen.add(part.ActorID); len(seen.ids) == before || len(l.Actors) == 2 {
			continue
		}
		name := k.people[part.ActorID].Name
		if name == "" {
			name = "Somebody"
		}
		l.Actors = append(l.Actors, name)
	}
	rest := max(0, r.People-len(l.Actors))
	for i, name := range l.Actors {
		switch {
		case i == 0:
		case i == len(l.Actors)-1 && rest == 0:
			p = append(p, Piece{Text: " and "})
		default:
			p = append(p, Piece{Text: ", "})
		}
		p = append(p, Piece{Text: name, Name: true, foreign: true, instead: "Somebody"})
	}
	if rest > 0 {
		p = append(p, Piece{Text: " and " + others(rest, "", "")})
	}
	return p
}

// others says "1 other" and "26 others", or "3 other files".
func others(n int, one, many string) string {
	switch {
	case one == "" && n == 1:
		return "1 other"
	case one == "":
		return number(n) + " others"
	case n == 1:
		return "1 other " + one
	}
	return number(n) + " other " + many
}

// quote is the beginning of a comment; one that was hidden or deleted meanwhile
// has none.
func (k known) quote(p part) string {
	c, ok := k.comments[p.RefID]
	if !ok || c.Hidden {
		return ""
	}
	const most = 160
	text := strings.Join(strings.Fields(c.Body), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return text
}

func workPath(studioSlug, slug, publicID string) string {
	return "/@" + studioSlug + "/" + url.PathEscape(slug) + "-" + publicID
}
