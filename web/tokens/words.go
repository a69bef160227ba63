package tokens

import (
	"strings"

	"vitrine/web/ui"
)

// lives are how long a token may work, in days.
var lives = []ui.Option{{Value: "7", Label: "A week"}, {Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"}, {Value: "180", Label: "180 days"}, {Value: "365", Label: "A year"}}

func until(t item) string {
	day := t.ExpiresAt.UTC().Format("2 January 2006")
	if t.Ended {
		return "ended on " + day
	}
	return "works until " + day
}

// may lists the scopes, and leads over to the only studio they hold in.
func may(t item) string {
	scopes := strings.ReplaceAll(t.Scopes.String(), " ", ", ")
	if t.Studio != "" {
		return scopes + "; only"
	}
	return scopes
}
