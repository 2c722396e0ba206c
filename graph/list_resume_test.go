package graph_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// A job that stopped resumes behind the last page that it read, with another client
// in another process. It needs only the cursor.
func TestList_ResumesFromACursor(t *testing.T) {
	server := graphtest.New(t, graphtest.WithClients(10, 0))
	business := server.World().Business
	want, err := all(t.Context(), waba.New(server.Client()).Clients(business, waba.Query{}))
	require.NoError(t, err)

	for stop := 1; stop <= 4; stop++ {
		var got []waba.Account
		after, pages := "", 0
		for page, err := range waba.New(server.Client()).Clients(business, waba.Query{PageSize: 3}).Pages(t.Context(), "") {
			require.NoError(t, err)
			got, after = append(got, page.Items...), page.After
			if pages++; pages == stop {
				break
			}
		}
		require.NotEmpty(t, after)
		for page, err := range waba.New(server.Client()).Clients(business, waba.Query{PageSize: 4}).Pages(t.Context(), after) {
			require.NoError(t, err)
			got = append(got, page.Items...)
		}
		require.Equal(t, ids(want), ids(got), "stopped after page %d", stop)
	}
}

// A cursor expires when its item is deleted. Graph then answers with an error 100 or
// with an empty page, which looks like the end: both are ErrCursorExpired.
func TestList_ResumedFromAnExpiredCursor(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{
		"error 100": nil, "empty page": {graphtest.WithEmptyOnDeadCursor()},
	} {
		for _, prefetch := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				server := graphtest.New(t, append(opts, graphtest.WithClients(10, 0))...)
				list := waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: 4, Prefetch: prefetch})
				first := firstPage(t, list)
				require.NoError(t, server.DeleteWABA(first.Items[3].ID))

				pages := 0
				var failed error
				for page, err := range list.Pages(t.Context(), first.After) {
					pages++
					failed = err
					require.Nil(t, page)
				}
				require.Equal(t, 1, pages)
				require.ErrorIs(t, failed, graph.ErrCursorExpired)
				require.Equal(t, graph.ErrCursorExpired, graph.KindOf(failed))
				require.ErrorContains(t, failed, "Start the pass again from the first page")

				again, err := all(t.Context(), list)
				require.NoError(t, err)
				require.Len(t, again, 13)
			})
		}
	}
}

// The same happens while a list is read, and is an error there too, never a silent
// end.
func TestList_CursorExpiresWhileReading(t *testing.T) {
	for name, opts := range map[string][]graphtest.Option{
		"error 100": nil, "empty page": {graphtest.WithEmptyOnDeadCursor()},
	} {
		// Behind the cursor there are many items, one, or none.
		for _, size := range []int{3, 13, 7} {
			t.Run(name, func(t *testing.T) {
				server := graphtest.New(t, append(opts, graphtest.WithClients(10, 0))...)
				list := waba.New(server.Client()).Clients(server.World().Business, waba.Query{PageSize: size})
				var failed error
				pages := 0
				for page, err := range list.Pages(t.Context(), "") {
					if failed = err; err != nil {
						break
					}
					if pages++; page.After != "" {
						require.NoError(t, server.DeleteWABA(page.Items[len(page.Items)-1].ID))
					}
				}
				require.ErrorIs(t, failed, graph.ErrCursorExpired)
				require.Equal(t, 1, pages)
			})
		}
	}
}

// A page full to its limit, the item of its cursor deleted, one item behind it:
// that one moves up, and the page before is now the last and has no next. The empty
// page at the expired cursor is still not the end.
func TestList_ItemBehindAnExpiredCursorIsNotLost(t *testing.T) {
	list, w := rowsOf(t, nil, graph.ListOptions{PageSize: 2})
	deleted := false
	w.SetScript(func(req *http.Request) (*http.Response, error) {
		switch after := req.URL.Query().Get("after"); {
		case after == "" && !deleted:
			deleted = true // item 2 is deleted after this answer
			return page(onTo("at-2"), "1", "2")(req)
		case after == "":
			return page(lastAt("at-3"), "1", "3")(req)
		}
		return page("")(req)
	})
	got, err := all(t.Context(), list)
	require.ErrorIs(t, err, graph.ErrCursorExpired)
	require.Equal(t, rows("1", "2"), got)
	require.Equal(t, []string{"", "at-2", ""}, afters(w))
}

// If the page before cannot be read again in the same form, nothing proves the end.
func TestList_EndThatCannotBeConfirmed(t *testing.T) {
	for name, again := range map[string]answer{
		"it points elsewhere":    page(onTo("at-9"), "1", "9"),
		"it is empty now":        page(""),
		"its paging is gone":     page("", "1", "2"),
		"its cursor expired too": graphError(400, `"message":"(#100) Invalid cursors values","code":100`),
	} {
		t.Run(name, func(t *testing.T) {
			list, w := rowsOf(t, nil, graph.ListOptions{PageSize: 2})
			w.SetScript(page(onTo("at-2"), "1", "2"), page(onTo("at-4"), "3", "4"), page(""), again)
			got, err := all(t.Context(), list)
			require.ErrorIs(t, err, graph.ErrCursorExpired)
			require.Equal(t, rows("1", "2", "3", "4"), got)
			require.Equal(t, []string{"", "at-2", "at-4", "at-2"}, afters(w))
		})
	}
	list, w := rowsOf(t, nil, graph.ListOptions{PageSize: 2})
	w.SetScript(page(onTo("at-2"), "1", "2"), page(""), page(`{"next":"https://x.example/"}`, "1", "2"))
	_, err := all(t.Context(), list)
	require.ErrorIs(t, err, graph.ErrBadResponse)

	list, w = rowsOf(t, nil, graph.ListOptions{PageSize: 2})
	w.SetScript(page(onTo("at-2"), "1", "2"), page(""), graphError(401, `"message":"no","code":190,"error_subcode":463`))
	_, err = all(t.Context(), list)
	require.ErrorIs(t, err, graph.ErrAuth)
	require.NotErrorIs(t, err, graph.ErrCursorExpired)
}

// The page before is read again with its own limit, although the empty one was read
// with a smaller limit.
func TestList_ConfirmsItsEndWithTheSameLimit(t *testing.T) {
	list, w := rowsOf(t, nil, graph.ListOptions{PageSize: 4})
	tooMuch := graphError(500, `"message":"Please reduce the amount of data you're asking for","code":1`)
	full := page(onTo("at-4"), "1", "2", "3", "4")
	script := []answer{full, tooMuch, page(""), full, page("")}
	w.SetScript(script...)
	got, err := all(t.Context(), list)
	require.NoError(t, err)
	require.Equal(t, rows("1", "2", "3", "4"), got)
	var limits []string
	for _, s := range w.Sent() {
		limits = append(limits, s.URL.Query().Get("limit"))
	}
	require.Equal(t, []string{"4", "4", "2", "4", "2"}, limits)
}

// An error that is not about the cursor keeps its kind.
func TestList_ErrorsThatAreNotAboutTheCursor(t *testing.T) {
	for name, tt := range map[string]struct {
		answer answer
		want   graph.Kind
	}{
		"an unknown field":   {graphError(400, `"message":"(#100) Tried accessing nonexisting field (x) on node type (Y)","code":100`), graph.ErrInvalid},
		"the object is gone": {graphError(400, `"message":"Unsupported get request","code":100,"error_subcode":33`), graph.ErrNotFound},
		"no permission":      {graphError(403, `"message":"(#200) no","code":200`), graph.ErrPermission},
		"the list changed":   {graphError(400, `"message":"(#139102) changed","code":139102`), graph.ErrCursorExpired},
	} {
		t.Run(name, func(t *testing.T) {
			list, _ := rowsOf(t, book{"": page(onTo("A"), "1"), "A": tt.answer}, graph.ListOptions{})
			got, err := all(t.Context(), list)
			require.Equal(t, tt.want, graph.KindOf(err))
			require.Equal(t, rows("1"), got)
		})
	}
	list, _ := rowsOf(t, book{"": graphError(400, `"message":"(#100) Invalid parameter","code":100`)}, graph.ListOptions{})
	_, err := all(t.Context(), list)
	require.Equal(t, graph.ErrInvalid, graph.KindOf(err), "the first page has no cursor that could be dead")
}

// Nothing is yielded after an error, also if the loop continues.
func TestList_EndsWithItsError(t *testing.T) {
	for _, prefetch := range []bool{false, true} {
		list, w := rowsOf(t, book{
			"": page(onTo("A"), "1"), "A": graphError(403, `"message":"(#200) no","code":200`),
		}, graph.ListOptions{Prefetch: prefetch})
		var errs []error
		for _, err := range list.All(t.Context()) {
			errs = append(errs, err)
		}
		require.Len(t, errs, 2)
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], graph.ErrPermission)
		require.Equal(t, 2, w.count())
		require.Equal(t, []string{"", "A"}, slices.Compact(afters(w)))
	}
}

func firstPage[T any](t *testing.T, list *graph.List[T]) *graph.Page[T] {
	t.Helper()
	for page, err := range list.Pages(t.Context(), "") {
		require.NoError(t, err)
		return page
	}
	return nil
}
