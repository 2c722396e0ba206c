package credit

import (
	"context"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
)

// Lines lists the credit lines of a business. It asks for the id and the legal
// entity name, unless the query names other fields. A token of a user without a
// finance role gets an empty list and no error.
//
// Token: an admin system user of the business, or one with the finance editor
// role. Errors: ErrPermission; ErrNotFound for a business that the token may not
// see.
//
// https://developers.facebook.com/docs/marketing-api/reference/business/extendedcredits
func (c *Client) Lines(business graph.BusinessID, q Query) *graph.List[Line] {
	return apicall.List[Line](c.base(), constructor, graph.Request{
		Route: routeLines, IDs: []string{string(business)},
	}, q.options(graph.Fields{"id", "legal_entity_name"}))
}

// GetLine reads one credit line. It asks for the given fields, or for
// LineFields, which include the balances.
//
// Token: an admin system user of the line's owner, or one with the finance
// editor role. Errors: ErrPermission; ErrNotFound.
//
// https://developers.facebook.com/docs/marketing-api/reference/extended-credit
func (c *Client) GetLine(ctx context.Context, id graph.CreditLineID, fields ...string) (Line, error) {
	return apicall.Send(ctx, c.base(), constructor, GetLineOp(id, fields...))
}

// GetLineOp returns the request that [Client.GetLine] sends, for use in a
// graph.Batch.
func GetLineOp(id graph.CreditLineID, fields ...string) graph.Op[Line] {
	return apicall.Op[Line](graph.Request{
		Method: http.MethodGet, Route: routeLine, IDs: []string{string(id)},
		Query: apicall.FieldsParam(fields, LineFields()),
	}, graph.Fields(fields).Check())
}
