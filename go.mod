module github.com/seed-8fdceacd/wagraph

go 1.26
