package views

import (
	"github.com/a-h/templ"

	"vitrine/web/ui"
)

// DashboardView is a studio as its members see it.
type DashboardView struct {
	Name      string
	Slug      string
	PublicURL string
	MayEdit   bool
	Room      Room // the tabs
	Alert     *ui.Flash
	Drop      ui.DropZone
	NewAction string // where the drop zone's form goes: a work that is not there yet
	UploadURL string
	DraftKey  string
	Key       string
	States    ui.Tabs
	StateWord string
	Rows      []DeskRow
	Pages     ui.Pages
	Empty     ui.Empty
	Used      ui.Bar
	UsedNote  string
	LeftNote  string
	Queue     []QueueRow
	Demo      *DemoNotice     // for those who run the installation
	Month     templ.Component // how the studio does; nil while there is nothing to say
}

// DemoNotice says where the demo data stands.
type DemoNotice struct {
	Text   string
	Key    string
	Bar    *ui.Bar     // while it comes in
	Remove *ui.Confirm // nil when there is nothing to remove
	Fill   bool        // offers to fill
}

func (n DemoNotice) bar() templ.Component { return *n.Bar }

func (n DemoNotice) remove() templ.Component { return *n.Remove }

// DeskRow is a work in the list of the dashboard.
type DeskRow struct {
	Title, Lang, URL string
	Picture          *ui.Picture
	Note             string // "6 pictures, changed 3 days ago"
	Badge            ui.Badge
	SeeURL           string
}

// QueueRow is a file that is on its way or needs somebody.
type QueueRow struct {
	Name    string
	Reason  string
	Bad     bool
	Stuck   bool // nothing goes on before somebody decides
	Working bool
	URL     string
	Action  string // what the link says
}

// queueHeading does not call a file that failed on its way.
func queueHeading(rows []QueueRow) string {
	for _, row := range rows {
		if !row.Bad && !row.Stuck {
			return "On its way"
		}
	}
	return "Waiting for you"
}

func (v DashboardView) alert() templ.Component { return *v.Alert }

func (r DeskRow) picture() templ.Component { return *r.Picture }
