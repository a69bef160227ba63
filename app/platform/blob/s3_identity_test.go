package blob

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/s3test"
)

// alone keeps away what the machine that runs the tests says of who it is.
func alone(t *testing.T) {
	t.Helper()
	for _, key := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_DISABLED"} {
		t.Setenv(key, "")
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "credentials"))
}

// TestS3_roleOfTheMachine opens a store without keys, on a machine whose provider
// knows its role.
func TestS3_roleOfTheMachine(t *testing.T) {
	alone(t)
	server := s3test.New(t)
	machine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const roles = "/latest/meta-data/iam/security-credentials/"
		switch r.URL.Path {
		case "/latest/api/token":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
			_, _ = w.Write([]byte("token"))
		case roles:
			_, _ = w.Write([]byte("vitrine-web"))
		case roles + "vitrine-web":
			_ = json.NewEncoder(w).Encode(map[string]string{"Code": "Success", "AccessKeyId": server.AccessKey, "SecretAccessKey": server.SecretKey,
				"Expiration": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(machine.Close)
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.URL)
	s := openBucket(t, S3{Endpoint: server.Endpoint, Region: server.Region, Bucket: server.Bucket})
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	put(t, s, "original/a", "bytes")
	if got := read(t, s, "original/a"); got != "bytes" {
		t.Errorf("it reads %q", got)
	}
}

// TestS3_nobody opens one on a machine that has no role: the process starts, and
// the store says what is missing.
func TestS3_nobody(t *testing.T) {
	alone(t)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	server := s3test.New(t)
	s := openBucket(t, S3{Endpoint: server.Endpoint, Region: server.Region, Bucket: server.Bucket})
	err := s.Check(t.Context())
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "needs S3_ACCESS_KEY and S3_SECRET_KEY, or a machine with a role") {
		t.Errorf("without keys it says %v", err)
	}
}
