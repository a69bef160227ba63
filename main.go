// Vitrine is where studios publish visual work. This file starts the command
// line; everything else is in app.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a small machine may have no list of time zones

	"vitrine/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal drains; with the handler gone, the second one kills.
	context.AfterFunc(ctx, stop)
	if err := app.Run(ctx, os.Args[1:], os.Environ(), os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "vitrine:", err)
		os.Exit(1)
	}
}
