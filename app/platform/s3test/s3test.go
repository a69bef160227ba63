// Package s3test gives each test a real S3 server of its own (versitygw), on a
// free port of loopback, with an empty bucket, which ends with the test's
// process.
package s3test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"vitrine/app/platform/child"
)

const patience = time.Minute

// Server is a running S3 server with one bucket. Its methods fail the test when
// they cannot do what they say.
type Server struct {
	Endpoint  string // http://127.0.0.1:port
	Region    string
	Bucket    string
	AccessKey string
	SecretKey string

	t       testing.TB
	gateway Gateway
	process *child.Process
}

// New starts a server, makes the bucket "vitrine", and stops the server when the
// test ends.
func New(t testing.TB) *Server {
	t.Helper()
	port, err := child.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	dir := t.TempDir()
	g := Gateway{Dir: filepath.Join(dir, "buckets"), Address: address, AccessKey: "vitrine", SecretKey: "the key of tests is no secret", Log: filepath.Join(dir, "versitygw.log"), Accounts: filepath.Join(dir, "accounts")}
	for _, d := range []string{g.Dir, g.Accounts} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s := &Server{t: t, gateway: g, Endpoint: g.Endpoint(), Region: Region, Bucket: "vitrine", AccessKey: g.AccessKey, SecretKey: g.SecretKey}
	t.Cleanup(s.Kill)
	s.Start()
	if err := MakeBucket(t.Context(), s.Client(), s.Bucket); err != nil {
		t.Fatalf("the bucket cannot be made: %v\n%s", err, s.process.Log())
	}
	return s
}

// Start runs it again after a Kill, with the objects that it had, on the same
// port.
func (s *Server) Start() {
	s.t.Helper()
	var err error
	if s.process, err = s.gateway.Run(); err != nil {
		s.t.Fatal(err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !Ready(s.t.Context(), s.Endpoint); <-tick.C {
		if !s.process.Running() {
			s.t.Fatalf("versitygw ended while starting:\n%s", s.process.Log())
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("versitygw did not answer within %s:\n%s", patience, s.process.Log())
		}
	}
}

// Kill ends it as a power cut would. A second time it does nothing.
func (s *Server) Kill() {
	if s.process != nil {
		s.process.Kill()
	}
}

// MakeAccount adds an account that owns nothing and may do nothing.
func (s *Server) MakeAccount(accessKey, secretKey string) {
	s.t.Helper()
	path, err := find()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := exec.CommandContext(s.t.Context(), path, "admin", "--access", s.AccessKey, "--secret", s.SecretKey, "--region", s.Region, "--endpoint-url", s.Endpoint,
		"create-user", "--access", accessKey, "--secret", secretKey, "--role", "user").CombinedOutput()
	if err != nil {
		s.t.Fatalf("the account cannot be made: %v\n%s", err, out)
	}
}

// Freeze holds it: it keeps its connections and answers nothing until Thaw.
func (s *Server) Freeze() { s.process.Freeze() }

// Thaw lets it go on.
func (s *Server) Thaw() { s.process.Thaw() }

// Client is a plain client for the test itself.
func (s *Server) Client() *s3.Client { return Client(s.Endpoint, s.AccessKey, s.SecretKey) }

// Client is a plain client of a server, which tries nothing twice.
func Client(endpoint, accessKey, secretKey string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(endpoint), UsePathStyle: true, Region: Region, RetryMaxAttempts: 1,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}, nil
		}),
	})
}

// MakeBucket makes a bucket, unless it is there. The world may read nothing in it.
func MakeBucket(ctx context.Context, c *s3.Client, bucket string) error {
	_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket})
	var ours *types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &ours) {
		return err
	}
	return nil
}

// Ready tells whether a server answers.
func Ready(ctx context.Context, endpoint string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/health", nil)
	if err != nil {
		return false
	}
	res, err := (&http.Client{Timeout: time.Second}).Do(req)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}
