package signup

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// ConfirmResult parts what was claimed into what may be used and what may not.
type ConfirmResult struct {
	// Accounts are the WABAs that the client granted: all that the grants name,
	// claimed or not, in their order; then those claimed ones that the token
	// of an unrestricted grant reads.
	Accounts []ConfirmedAccount
	// Refused are the claims that must not be used.
	Refused []RefusedClaim
}

// ConfirmedAccount is a WABA that the client granted.
type ConfirmedAccount struct {
	// Account has ID, Name and OwnerBusiness; nothing but the ID if Err is set.
	Account waba.Account
	// Claimed: the claim names it. Named: the grants do.
	Claimed, Named bool
	// Err is why an account that the grants name could not be read: the client
	// may have stopped sharing it, or the id is of something else.
	Err error
}

// RefusedClaim is a claimed WABA that the client did not grant.
type RefusedClaim struct {
	// ID is as it was claimed, which may be no id at all.
	ID graph.WABAID
	// Err says why it counts for nothing.
	Err error
}

// ConfirmAccounts decides which WABAs a signup is about. What the grants name
// counts. If they leave accounts open ([Grants.Unrestricted]), a claimed WABA
// counts once the client's token has read it; otherwise a claim that they do
// not name is refused unread. One account is read alone, several in batches of
// 50. More than 50 claims to be read are an InputError: that is no signup, but
// somebody who tries ids.
//
// Whether a claim holds has to be known: when a read fails for a reason that
// says nothing about the account (a throttle, a dead token, a lost connection)
// that error is returned, and nothing is confirmed or refused.
func (c *Client) ConfirmAccounts(ctx context.Context, token Token, claimed []graph.WABAID, grants Grants) (ConfirmResult, error) {
	var out ConfirmResult
	read := slices.Clone(grants.WABAs)
	var seen []graph.WABAID
	for _, id := range claimed {
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		switch err := graph.CheckID("claimed waba-id", id); {
		case err != nil:
			out.Refused = append(out.Refused, RefusedClaim{id, err})
		case grants.Names(id):
		case grants.Unrestricted:
			read = append(read, id)
		default:
			out.Refused = append(out.Refused, RefusedClaim{id, &graph.InputError{
				Field: "claimed waba-id", Reason: string(id) + " is none of the accounts that the client granted",
			}})
		}
	}
	if n := len(read) - len(grants.WABAs); n > graph.MaxBatch {
		return ConfirmResult{}, &graph.InputError{Field: "claimed waba-id", Reason: fmt.Sprintf("has %d accounts that the grants do not name, more than %d", n, graph.MaxBatch)}
	}
	for i, result := range readAccounts(ctx, c.client.As(token), read) {
		id := read[i]
		named := grants.Names(id)
		switch {
		case result.Err == nil && result.Value.ID != id:
			return ConfirmResult{}, badAnswer(id, result.Value.ID)
		case result.Err == nil:
			out.Accounts = append(out.Accounts, ConfirmedAccount{Account: result.Value, Claimed: slices.Contains(seen, id), Named: named})
		case !aboutAccount(result.Err):
			return ConfirmResult{}, result.Err
		case named:
			out.Accounts = append(out.Accounts, ConfirmedAccount{
				Account: waba.Account{ID: id}, Claimed: slices.Contains(seen, id), Named: true, Err: result.Err,
			})
		default:
			out.Refused = append(out.Refused, RefusedClaim{id, result.Err})
		}
	}
	return out, nil
}

// aboutAccount tells a refusal to read this account from a failure of reading.
// Another kind of object has none of the fields, which is an ErrInvalid.
func aboutAccount(err error) bool {
	return errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrPermission) || errors.Is(err, graph.ErrInvalid)
}

func badAnswer(asked, got graph.WABAID) error {
	req := readOp(asked).Request
	return &graph.Error{
		Kind: graph.ErrBadResponse, Status: http.StatusOK, Method: req.Method, Route: req.Route, IDs: req.IDs,
		Message: fmt.Sprintf("the answer is about %.40q", got),
	}
}

// readAccounts reads each account on its own terms: as a read by ids, one claim
// that cannot be read would take the others with it.
func readAccounts(ctx context.Context, client *graph.Client, ids []graph.WABAID) []graph.Result[waba.Account] {
	results := make([]graph.Result[waba.Account], len(ids))
	if len(ids) == 1 {
		results[0].Value, results[0].Err = graph.Send(ctx, client, readOp(ids[0]))
		return results
	}
	batch := graph.NewBatch(client)
	pending := make([]*graph.Result[waba.Account], len(ids))
	for i, id := range ids {
		pending[i] = graph.Add(batch, readOp(id))
	}
	err := batch.Send(ctx)
	for i := range pending {
		if results[i] = *pending[i]; err != nil {
			results[i].Err = err
		}
	}
	return results
}

// readOp asks for enough to tell an account and its owner.
func readOp(id graph.WABAID) graph.Op[waba.Account] {
	return waba.GetOp(id, "id", "name", "owner_business_info")
}
