// Package bundle makes the files that the binary embeds out of the sources in
// web/static. Only the generator and the tests import it: esbuild is no part of
// the server.
package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"

	"vitrine/web/ui/hang"
)

// generated is the part of the stylesheet that comes from Go.
const generated = "css/hang.css"

// entries are the bundles: the source under web/static and the name in dist.
var entries = []api.EntryPoint{
	{InputPath: "css/app.css", OutputPath: "app"},
	{InputPath: "css/api.css", OutputPath: "api"},
	{InputPath: "css/desk.css", OutputPath: "desk"},
	{InputPath: "css/docs.css", OutputPath: "docs"},
	{InputPath: "css/embed.css", OutputPath: "embed"},
	{InputPath: "css/glass.css", OutputPath: "glass"},
	{InputPath: "css/insights.css", OutputPath: "insights"},
	{InputPath: "css/notices.css", OutputPath: "notices"},
	{InputPath: "js/app.js", OutputPath: "app"},
	{InputPath: "js/later.js", OutputPath: "later"},
	{InputPath: "js/upload.js", OutputPath: "upload"},
	{InputPath: "js/compose.js", OutputPath: "compose"},
	{InputPath: "js/live.js", OutputPath: "live"},
	{InputPath: "js/notices.js", OutputPath: "notices"},
}

// Write regenerates the Go-made part of the stylesheet inside static and
// replaces the contents of dist.
func Write(static, dist string) error {
	if err := os.WriteFile(filepath.Join(static, generated), []byte(hang.CSS()), 0o644); err != nil {
		return err
	}
	files, err := Build(static)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dist, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Build returns the files of dist by name. The generated
// stylesheet in static must equal hang.CSS.
func Build(static string) (map[string][]byte, error) {
	onDisk, err := os.ReadFile(filepath.Join(static, generated))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(onDisk, []byte(hang.CSS())) {
		return nil, fmt.Errorf("%s is stale: run go generate ./web/assets", generated)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		if err := bundleOne(files, static, entry); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// bundleOne runs esbuild for one entry. Each entry is built alone so that no
// chunk is shared and a page needs one request per bundle.
func bundleOne(files map[string][]byte, static string, entry api.EntryPoint) error {
	abs, err := filepath.Abs(static)
	if err != nil {
		return err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:       abs,
		EntryPointsAdvanced: []api.EntryPoint{entry},
		Outdir:              "dist",
		Bundle:              true,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		Format:              api.FormatIIFE,
		// The browsers that have cascade layers, nesting, :has and OKLCH.
		Target:        api.ES2022,
		Engines:       []api.Engine{{Name: api.EngineChrome, Version: "120"}, {Name: api.EngineFirefox, Version: "121"}, {Name: api.EngineSafari, Version: "17.2"}},
		External:      []string{"fonts/*"}, // the server fills in their hashed names
		LegalComments: api.LegalCommentsNone,
		Banner:        notice(entry),
		LogLevel:      api.LogLevelSilent,
		LogOverride:   map[string]api.LogLevel{"direct-eval": api.LogLevelSilent}, // htmx; switched off by its config
	})
	if len(result.Errors) > 0 || len(result.Warnings) > 0 {
		return complain(entry.InputPath, append(result.Errors, result.Warnings...))
	}
	for _, out := range result.OutputFiles {
		files[filepath.Base(out.Path)] = out.Contents
	}
	return nil
}

// notice says whose code a bundle contains and where its licence is served.
func notice(entry api.EntryPoint) map[string]string {
	switch entry.InputPath {
	case "js/app.js":
		return map[string]string{"js": "/*! Contains htmx, 0BSD: /assets/vendor/htmx/LICENSE */"}
	case "js/upload.js":
		return map[string]string{"js": "/*! Contains tus-js-client, MIT: /assets/vendor/tus/LICENSE */"}
	default:
		return nil
	}
}

func complain(input string, messages []api.Message) error {
	problems := make([]error, 0, len(messages))
	for _, m := range messages {
		where := input
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d:%d", m.Location.File, m.Location.Line, m.Location.Column)
		}
		problems = append(problems, fmt.Errorf("%s: %s", where, m.Text))
	}
	return errors.Join(problems...)
}
