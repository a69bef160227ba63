package cdn

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/uuid"
)

// CloudFront is where the network of AWS is told.
type CloudFront struct {
	Distribution string // "E2QWRUHAPOMQZL"
	AccessKey    string // who may call cloudfront:CreateInvalidation for it
	SecretKey    string
	Endpoint     string // https://cloudfront.amazonaws.com when empty
}

// What the API of AWS wants to hear.
const (
	cloudFrontAPI    = "https://cloudfront.amazonaws.com"
	cloudFrontSpace  = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
	cloudFrontPath   = "/2020-05-31/distribution/%s/invalidation"
	cloudFrontRegion = "us-east-1" // for all of the world
)

// mostFolders is how many wildcards may be under way at once, by the limits of
// CloudFront. Past them everything is forgotten: it is kept for a minute only.
const mostFolders = 15

var distribution = regexp.MustCompile(`^[A-Z0-9]{6,32}$`)

func (c CloudFront) check() error {
	if !distribution.MatchString(c.Distribution) {
		return fmt.Errorf("CDN_DISTRIBUTION=%s is not the id of a distribution; it should look like E2QWRUHAPOMQZL", c.Distribution)
	}
	if c.AccessKey == "" || c.SecretKey == "" {
		return errors.New("CDN_DISTRIBUTION needs CDN_ACCESS_KEY and CDN_SECRET_KEY, of somebody who may call cloudfront:CreateInvalidation")
	}
	return nil
}

func (c CloudFront) open() Purger {
	c.Endpoint = cmp.Or(c.Endpoint, cloudFrontAPI)
	return cloudFront{CloudFront: c, client: client(), signer: v4.NewSigner()}
}

type cloudFront struct {
	CloudFront
	client *http.Client
	signer *v4.Signer
}

// invalidation is what is sent, and the part that matters of what comes back.
type invalidation struct {
	XMLName   xml.Name `xml:"InvalidationBatch"`
	Space     string   `xml:"xmlns,attr"`
	Quantity  int      `xml:"Paths>Quantity"`
	Paths     []string `xml:"Paths>Items>Path"`
	Reference string   `xml:"CallerReference"`
}

// Purge asks for an invalidation, which reaches every edge within a minute or
// so. Each path costs, so a whole folder is one.
func (c cloudFront) Purge(ctx context.Context, paths ...string) error {
	folders, err := foldersOf(paths)
	if err != nil || len(folders) == 0 {
		return err
	}
	body, err := xml.Marshal(invalidation{Space: cloudFrontSpace, Quantity: len(folders), Paths: folders, Reference: uuid.NewString()})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Endpoint+fmt.Sprintf(cloudFrontPath, c.Distribution), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "text/xml")
	sum := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: c.AccessKey, SecretAccessKey: c.SecretKey}
	if err := c.signer.SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "cloudfront", cloudFrontRegion, time.Now()); err != nil {
		return err
	}
	res, err := c.client.Do(req)
	if err != nil {
		return fmt.Errorf("CloudFront did not say that it will forget: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if res.StatusCode != http.StatusCreated {
		return fmt.Errorf("CloudFront answers %s%s when it is asked to forget", res.Status, reason(said))
	}
	return nil
}

// reason is what an error of AWS says of itself, in brackets.
func reason(said []byte) string {
	var answer struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	if xml.Unmarshal(said, &answer) != nil || answer.Code == "" {
		return ""
	}
	return " (" + answer.Code + ": " + answer.Message + ")"
}

// foldersOf are the folders that hold the paths, with a wildcard each, or the
// wildcard of everything.
func foldersOf(paths []string) (folders []string, err error) {
	for _, p := range paths {
		if err := checkPath(p); err != nil {
			return nil, err
		}
		folders = append(folders, strings.TrimSuffix(path.Dir(p), "/")+"/*")
	}
	slices.Sort(folders)
	if folders = slices.Compact(folders); len(folders) > mostFolders {
		return []string{"/*"}, nil
	}
	return folders, nil
}
