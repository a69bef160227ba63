// Command gen writes what the binary embeds under web/static/dist: the bundled
// stylesheet and scripts. It needs no Node and gives
// the same bytes on every run. Run it from anywhere inside the module.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vitrine/web/assets/bundle"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	static := filepath.Join(root, "web", "static")
	return bundle.Write(static, filepath.Join(static, "dist"))
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
