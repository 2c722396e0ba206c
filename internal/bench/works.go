package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Work is what is measured. It fails if it did not do all of it.
type Work func(context.Context) error

// Pair is one work as the SDK does it, and without the SDK.
type Pair struct {
	SDK, Raw Work
	closers  [2]interface{ CloseIdleConnections() }
}

// HangUp drops the connections of both sides.
func (p Pair) HangUp() {
	for _, c := range p.closers {
		c.CloseIdleConnections()
	}
}

func pairOf(partner *wagraph.Client, raw *Raw) Pair {
	return Pair{closers: [2]interface{ CloseIdleConnections() }{partner, raw.client}}
}

// Accounts lists the scene's client accounts.
func (s *Scene) Accounts(client *wagraph.Client) *wagraph.List[waba.Account] {
	return waba.New(client).Clients(s.Business, waba.Query{})
}

// Numbered is an account with its numbers and their certificates.
type Numbered struct {
	waba.Account
	Numbers wagraph.Edge[phonenumbers.Number] `json:"phone_numbers" graph:"limit(5){}"`
}

// Numbered lists the accounts with their numbers in the same requests.
func (s *Scene) Numbered(client *wagraph.Client) *wagraph.List[Numbered] {
	return wagraph.ListAs[Numbered](s.Accounts(client))
}

// ReadOne reads one account.
func (s *Scene) ReadOne(ctx context.Context) (Pair, error) {
	target, err := s.firstTarget(func(client *wagraph.Client) error {
		_, err := waba.New(client).Get(ctx, s.WABA)
		return err
	})
	if err != nil {
		return Pair{}, err
	}
	client, err := s.Graph()
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

var errOther = errors.New("bench: another object was read")

func read(right bool, err error) error {
	if err == nil && !right {
		return errOther
	}
	return err
}

// ReadAccounts reads that many accounts, in pages of 100. Each, if not nil, is
// called with every account.
func (s *Scene) ReadAccounts(ctx context.Context, want int, each func()) (Pair, error) {
	count := func(waba.Account) int {
		if each != nil {
			each()
		}
		return 1
	}
	return lists(ctx, s, s.Accounts, count, want)
}

// ReadNumbered reads accounts with that many numbers.
func (s *Scene) ReadNumbered(ctx context.Context, want int) (Pair, error) {
	return lists(ctx, s, s.Numbered, func(a Numbered) int { return len(a.Numbers.Data) }, want)
}

// lists reads a whole list, whose items count to want.
func lists[T any](ctx context.Context, s *Scene, list func(*wagraph.Client) *wagraph.List[T], count func(T) int, want int) (Pair, error) {
	target, err := firstPage(ctx, s, list)
	if err != nil {
		return Pair{}, err
	}
	client, err := s.Graph()
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

func firstPage[T any](ctx context.Context, s *Scene, list func(*wagraph.Client) *wagraph.List[T]) (string, error) {
	return s.firstTarget(func(client *wagraph.Client) error {
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

// ReadOneByOne reads the numbers of every account with a call of their own, as
// a program does that does not know of nesting.
func (s *Scene) ReadOneByOne(want int) (Work, error) {
	client, err := s.Graph()
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

// rawNumbered is Numbered for a program that reads the rest of an inner page
// itself.
type rawNumbered struct {
	waba.Account
	Numbers rawPage[phonenumbers.Number] `json:"phone_numbers"`
}

// rest is the target of the numbers that did not fit into the inner page, as
// the SDK asks for them.
func (a *rawNumbered) rest(proof string) string {
	query := url.Values{
		"after": {a.Numbers.Paging.Cursors.After}, "appsecret_proof": {proof}, "limit": {"100"},
		"fields": {wagraph.FieldsOf[phonenumbers.Number]().String()},
	}
	return "/" + wagraph.DefaultVersion + "/" + string(a.ID) + "/phone_numbers?" + query.Encode()
}

// ReadOverflowing reads accounts with more numbers than fit into the inner
// pages: the SDK reads the rest of several at once, the other side one after
// another.
func (s *Scene) ReadOverflowing(ctx context.Context, want int) (Pair, error) {
	pair, err := s.ReadNumbered(ctx, want)
	if err != nil {
		return Pair{}, err
	}
	target, err := firstPage(ctx, s, s.Numbered)
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
		for account, err := range rawAll[rawNumbered](ctx, raw, target) {
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
