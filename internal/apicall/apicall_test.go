package apicall_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/apicall"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

type object struct {
	ID graph.WABAID `json:"id"`
}

func read(id graph.WABAID) graph.Request {
	return graph.Request{Method: "GET", Route: "/{waba-id}", IDs: []string{string(id)}, Query: apicall.FieldsParam(nil, graph.Fields{"id"})}
}

func TestSend(t *testing.T) {
	server := graphtest.New(t)
	id := server.World().ClientWABAs[0]
	got, err := apicall.Send(t.Context(), server.Client(), "waba.New", apicall.Op[object](read(id), nil, nil))
	require.NoError(t, err)
	require.Equal(t, object{ID: id}, got)
	require.Equal(t, "id", sdktest.LastCall(t, server).Query.Get("fields"))
}

func TestSend_MissingClientOrContext(t *testing.T) {
	server := graphtest.New(t)
	_, err := apicall.Send(t.Context(), nil, "waba.New", apicall.Op[object](read("1")))
	sdktest.RequireRefused(t, server, err, "client")
	require.ErrorContains(t, err, "make one with waba.New")
	var none context.Context
	_, err = apicall.Send(none, server.Client(), "waba.New", apicall.Op[object](read("1")))
	sdktest.RequireRefused(t, server, err, "context")
}

func TestOp_CarriesTheFirstError(t *testing.T) {
	server := graphtest.New(t)
	first, second := errors.New("first"), errors.New("second")
	_, err := apicall.Send(t.Context(), server.Client(), "waba.New", apicall.Op[object](read("1"), nil, first, second))
	require.ErrorIs(t, err, first)
	require.NotErrorIs(t, err, second)
	require.Empty(t, server.Calls())
}

func TestList_Errors(t *testing.T) {
	server := graphtest.New(t)
	req := graph.Request{Route: "/{waba-id}/phone_numbers", IDs: []string{string(server.World().ClientWABAs[0])}}
	require.NotEmpty(t, sdktest.Collect(t, apicall.List[object](server.Client(), "waba.New", req, apicall.ListOptions{PageSize: apicall.MaxPageSize})))
	require.Len(t, server.Calls(), 1)

	other := graphtest.New(t)
	for _, size := range []int{-1, apicall.MaxPageSize + 1} {
		list := apicall.List[object](other.Client(), "waba.New", req, apicall.ListOptions{PageSize: size})
		sdktest.RequireRefused(t, other, sdktest.Failure(t, list), "page size")
	}
	sdktest.RequireRefused(t, other, sdktest.Failure(t, apicall.List[object](nil, "waba.New", req, apicall.ListOptions{})), "client")
	wrong := errors.New("a wrong query")
	require.ErrorIs(t, sdktest.Failure(t, apicall.List[object](other.Client(), "waba.New", req, apicall.ListOptions{PageSize: -1}, nil, wrong)), wrong)
}
