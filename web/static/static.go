// Package static embeds what browsers load besides pages: the bundles of dist,
// the fonts, the site's sign, the made-up works of the sheet of components, and
// the licences of what others wrote. The sources of dist lie beside it, in css
// and js.
package static

import "embed"

// Files is rooted at this directory.
//
//go:embed dist fonts sample favicon.svg vendor/*/LICENSE
var Files embed.FS
