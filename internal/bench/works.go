package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Work is a function that is measured. It fails if it did not read everything.
type Work func(context.Context) error

// Pair is one work done with the SDK, and without it.
type Pair struct {
	SDK, Raw Work
	closers  [2]interface{ CloseIdleConnections() }
}

// CloseIdleConnections closes the connections of both sides.
func (p Pair) CloseIdleConnections() {
	for _, c := range p.closers {
		c.CloseIdleConnections()
	}
}

func pairOf(client *graph.Client, raw *Raw) Pair {
	return Pair{closers: [2]interface{ CloseIdleConnections() }{client, raw.client}}
}

// Accounts returns the list of the clients' accounts.
func (s *Service) Accounts(client *graph.Client) *graph.List[waba.Account] {
	return waba.New(client).Clients(s.Business, waba.Query{})
}

// AccountWithNumbers is an account with its numbers and their certificates.
type AccountWithNumbers struct {
	waba.Account
	Numbers graph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(5){}"`
}

// AccountsWithNumbers returns the list of accounts, with their numbers in the same
// requests.
func (s *Service) AccountsWithNumbers(client *graph.Client) *graph.List[AccountWithNumbers] {
	return graph.ListAs[AccountWithNumbers](s.Accounts(client))
}

// ReadOne returns the works that read one account.
func (s *Service) ReadOne(ctx context.Context) (Pair, error) {
	target, err := s.firstTarget(func(client *graph.Client) error {
		_, err := waba.New(client).Get(ctx, s.WABA)
		return err
	})
	if err != nil {
		return Pair{}, err
	}
	client, err := s.Client()
	if err != nil {
		return Pair{}, err
	}
	accounts, raw := waba.New(client), s.Raw()
	pair := pairOf(client, raw)
	pair.SDK = func(ctx context.Context) error {
		account, err := accounts.Get(ctx, s.WABA)
		return read(account.ID == s.WABA, err)
	}
	pair.Raw = func(ctx context.Context) error {
		var account waba.Account
		err := raw.Get(ctx, target, &account)
		return read(account.ID == s.WABA, err)
	}
	return pair, nil
}

var errOtherObject = errors.New("bench: the wrong object was read")

func read(right bool, err error) error {
	if err == nil && !right {
		return errOtherObject
	}
	return err
}

// ReadAccounts returns the works that read so many accounts, in pages of 100. If
// each is not nil, it is called for every account.
func (s *Service) ReadAccounts(ctx context.Context, want int, each func()) (Pair, error) {
	count := func(waba.Account) int {
		if each != nil {
			each()
		}
		return 1
	}
	return lists(ctx, s, s.Accounts, count, want)
}

// ReadAccountsWithNumbers returns the works that read accounts with so many numbers
// in all.
func (s *Service) ReadAccountsWithNumbers(ctx context.Context, want int) (Pair, error) {
	return lists(ctx, s, s.AccountsWithNumbers, func(a AccountWithNumbers) int { return len(a.Numbers.Data) }, want)
}

// lists returns the works that read a whole list. The counts of its items add up to
// want.
func lists[T any](ctx context.Context, s *Service, list func(*graph.Client) *graph.List[T], count func(T) int, want int) (Pair, error) {
	target, err := firstPage(ctx, s, list)
	if err != nil {
		return Pair{}, err
	}
	client, err := s.Client()
	if err != nil {
		return Pair{}, err
	}
	raw := s.Raw()
	pair := pairOf(client, raw)
	pair.SDK = func(ctx context.Context) error {
		n := 0
		for item, err := range list(client).All(ctx) {
			if err != nil {
				return err
			}
			n += count(item)
		}
		return counted(n, want)
	}
	pair.Raw = func(ctx context.Context) error {
		n := 0
		for item, err := range rawAll[T](ctx, raw, target) {
			if err != nil {
				return err
			}
			n += count(*item)
		}
		return counted(n, want)
	}
	return pair, nil
}

func firstPage[T any](ctx context.Context, s *Service, list func(*graph.Client) *graph.List[T]) (string, error) {
	return s.firstTarget(func(client *graph.Client) error {
		for _, err := range list(client).Pages(ctx, "") {
			return err
		}
		return nil
	})
}

func counted(n, want int) error {
	if n != want {
		return fmt.Errorf("bench: %d of %d items were read", n, want)
	}
	return nil
}

// ReadOneByOne returns a work that reads the numbers of each account with a separate
// call, as a program without nested edges does.
func (s *Service) ReadOneByOne(want int) (Work, error) {
	client, err := s.Client()
	if err != nil {
		return nil, err
	}
	numbers := phonenumbers.New(client)
	return func(ctx context.Context) error {
		n := 0
		for account, err := range s.Accounts(client).All(ctx) {
			if err != nil {
				return err
			}
			for _, err := range numbers.List(account.ID, phonenumbers.Query{}).All(ctx) {
				if err != nil {
					return err
				}
				n++
			}
		}
		return counted(n, want)
	}, nil
}

// rawAccountWithNumbers is an AccountWithNumbers for a program that reads the rest
// of a nested page itself.
type rawAccountWithNumbers struct {
	waba.Account
	Numbers rawPage[phonenumbers.Number] `json:"phone_numbers"`
}

// rest returns the target of the numbers after the nested page, as the SDK requests
// them.
func (a *rawAccountWithNumbers) rest(proof string) string {
	query := url.Values{
		"after": {a.Numbers.Paging.Cursors.After}, "appsecret_proof": {proof}, "limit": {"100"},
		"fields": {graph.FieldsOf[phonenumbers.Number]().String()},
	}
	return "/" + graph.DefaultVersion + "/" + string(a.ID) + "/phone_numbers?" + query.Encode()
}

// ReadOverflowing returns the works that read accounts with more numbers than fit
// into the nested pages. The SDK reads several rests at once, the other side one
// after another.
func (s *Service) ReadOverflowing(ctx context.Context, want int) (Pair, error) {
	pair, err := s.ReadAccountsWithNumbers(ctx, want)
	if err != nil {
		return Pair{}, err
	}
	target, err := firstPage(ctx, s, s.AccountsWithNumbers)
	if err != nil {
		return Pair{}, err
	}
	first, err := url.Parse(target)
	if err != nil {
		return Pair{}, err
	}
	raw, proof := s.Raw(), first.Query().Get("appsecret_proof")
	pair.closers[1] = raw.client
	pair.Raw = func(ctx context.Context) error {
		n := 0
		for account, err := range rawAll[rawAccountWithNumbers](ctx, raw, target) {
			if err != nil {
				return err
			}
			n += len(account.Numbers.Data)
			if account.Numbers.Paging.Next == "" {
				continue
			}
			for _, err := range rawAll[phonenumbers.Number](ctx, raw, account.rest(proof)) {
				if err != nil {
					return err
				}
				n++
			}
		}
		return counted(n, want)
	}
	return pair, nil
}
