// Published module: users import it, so it requires a release of wagraph, which
// make release writes here. The replace is for the work in this repository; it has
// no effect in a user's build.
module github.com/seed-8fdceacd/wagraph/graph/pacing/filebudget

go 1.26.0

require (
	github.com/gofrs/flock v0.13.1
	github.com/seed-8fdceacd/wagraph v0.1.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)

replace github.com/seed-8fdceacd/wagraph => ../../..
