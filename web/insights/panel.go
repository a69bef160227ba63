package insights

import (
	"context"
	"io"
)

// Render implements templ.Component.
func (p Panel) Render(ctx context.Context, w io.Writer) error { return panel(p).Render(ctx, w) }
