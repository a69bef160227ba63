// Package photo draws what looks photographed: land, sea, cities at night, light on walls, pots on a table.
package photo

import "vitrine/app/demo/art/stage"

// picture is a scene with the means of this package.
type picture struct{ *stage.Scene }
