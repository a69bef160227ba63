package blob

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// errNobody means that there are no keys: neither in the configuration nor from
// whoever runs this machine.
var errNobody = errors.New("nothing says who this process is")

// identity is who we are at the object store. With keys it is theirs. Without,
// it is whoever AWS says that this process is: the role of its machine or
// container, whose keys come and go by themselves. Nobody is asked yet.
func (c S3) identity(ctx context.Context) (aws.CredentialsProvider, error) {
	if c.AccessKey != "" {
		keys := aws.Credentials{AccessKeyID: c.AccessKey, SecretAccessKey: c.SecretKey, Source: "configuration"}
		return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return keys, nil }), nil
	}
	found, err := config.LoadDefaultConfig(ctx, config.WithRegion(c.Region))
	if err != nil {
		return nil, fmt.Errorf("S3_ACCESS_KEY is empty, and what AWS is told beside it cannot be read: %w", err)
	}
	return aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		keys, err := found.Credentials.Retrieve(ctx)
		if err != nil {
			err = fmt.Errorf("%w: %w", errNobody, err)
		}
		return keys, err
	}), nil
}
