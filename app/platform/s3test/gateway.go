package s3test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"vitrine/app/platform/child"
)

// version of the gateway that scripts/setup builds.
const version = "1.8.0"

// Region is the region that every gateway of ours says it is in.
const Region = "eu-central-1"

// Gateway is how a versitygw is run: an S3 server whose buckets are directories.
type Gateway struct {
	Dir       string // of the buckets
	Address   string // host:port
	AccessKey string
	SecretKey string
	Log       string // the file that gets what it writes
	Accounts  string // the directory of other accounts than that of the keys; empty: there are none
}

// Run starts it and waits for nothing.
func (g Gateway) Run() (*child.Process, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	args := []string{
		"--port", g.Address, "--access", g.AccessKey, "--secret", g.SecretKey, "--region", Region,
		"--health", "/health", "--keep-alive", "--quiet",
	}
	if g.Accounts != "" {
		args = append(args, "--iam-dir", g.Accounts)
	}
	return child.Start(child.Config{Path: path, Dir: g.Dir, Log: g.Log, Env: []string{"PATH=/usr/bin:/bin"}, Args: append(args, "posix", g.Dir)})
}

// Endpoint is its URL.
func (g Gateway) Endpoint() string { return "http://" + g.Address }

// find looks for the gateway where scripts/setup puts it, below the checkout,
// then on the PATH.
func find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		at := filepath.Join(dir, ".tools", "bin", "versitygw-v"+version)
		if _, err := os.Stat(at); err == nil {
			return at, nil
		}
	}
	at, err := exec.LookPath("versitygw")
	if err != nil {
		return "", fmt.Errorf("versitygw is not there; `scripts/setup --servers` builds it: %w", err)
	}
	if at, err = filepath.Abs(at); err != nil {
		return "", errors.Join(errors.New("versitygw cannot be found"), err)
	}
	return at, nil
}
