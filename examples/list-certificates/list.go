package main

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// row is an account of the answer. The request asks for the fields of the struct,
// and the numbers are nested in the same answer.
type row struct {
	ID      graph.WABAID                    `json:"id"`
	Name    string                          `json:"name"`
	Owner   graph.Business                  `json:"owner_business_info"`
	Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(25){}"`
}

// printer is the form of the output.
type printer interface {
	account(row) error
	end(called fmt.Stringer) error
}

// list reads page after page, and prints each before it asks for the next: a
// hundred thousand accounts take no more memory than a hundred. It returns the
// cursor after the last page that was printed.
func list(ctx context.Context, to *target.Target, opts options, out printer, progress *cli.Progress) (after string, err error) {
	clients := waba.New(to.Client).Clients(to.Business, waba.Query{PageSize: opts.pageSize})
	after = opts.after
	pages, accounts := 0, 0
	for page, err := range graph.ListAs[row](clients).Pages(ctx, opts.after) {
		if err != nil {
			return after, err
		}
		for _, account := range page.Items {
			if err := out.account(account); err != nil {
				return after, err
			}
		}
		pages++
		accounts += len(page.Items)
		if page.After == "" {
			return "", nil
		}
		after = page.After
		if pages == opts.pages {
			progress.Note("stopped after page %d; go on with -after %s", pages, after)
			return after, nil
		}
		progress.Set("page %d, %d accounts", pages, accounts)
	}
	return after, nil
}
