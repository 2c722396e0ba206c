module github.com/seed-8fdceacd/wagraph/internal/checks/contract/extract

go 1.26.0

require (
	github.com/seed-8fdceacd/wagraph v0.0.0
	go.yaml.in/yaml/v3 v3.0.5
)

replace github.com/seed-8fdceacd/wagraph => ../../../..
