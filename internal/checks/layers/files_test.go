package layers

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckTestFiles_WantsTheNameOfASource(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{
		"doc", "share", "share_test", "share_faults_test", "share_internal_test", "list_read", "list_read_model_test", "list_read_internal_test",
		"example_test", "example_share_test", "harness_test", "listed_test",
	} {
		files["a/"+name+".go"] = "package a\n"
	}
	files["onlytests/doc.go"], files["onlytests/x_test.go"] = "package onlytests\n", "package onlytests\n"
	listed := map[string]string{"harness_test.go": "shared", "a/listed_test.go": "a suite"}
	require.Empty(t, CheckTestFiles(load(t, files), listed))
	files["a/stray_test.go"], files["a/doc_test.go"], files["b/b.go"], files["b/listed_test.go"] = "package a\n", "package a\n", "package b\n", "package b\n"
	requireProblems(t, CheckTestFiles(load(t, files), listed), "a/stray_test.go", "a/doc_test.go", "b/listed_test.go")
}

func TestCheckPackageFiles_WantsDocAndClient(t *testing.T) {
	const doc = "// Package a has a comment.\npackage a\n"
	good := map[string]string{
		"a/doc.go": doc, "a/client.go": "package a\n", "a/types.go": "package a\n", "a/routes.go": "package a\n",
		"cmd/main.go": "// Command cmd runs.\npackage main\n",
	}
	require.Empty(t, CheckPackageFiles(load(t, good), []string{"a"}))
	requireProblems(t, CheckPackageFiles(load(t, map[string]string{
		"a/doc.go": doc, "a/client.go": "package a\n", "b/b.go": doc, "c/c_test.go": "package c\n",
		"d/doc.go": "package d\n", "d/d.go": "// Package d has its comment here.\npackage d\n", "cmd/main.go": "package main\n",
	}), []string{"a"}),
		"a: no types.go", "a: no routes.go", "b: no doc.go", "c: only tests", "d: the package comment is in", "cmd: no comment")
}

func TestCheckTop_FindsStrayFiles(t *testing.T) {
	names := []string{"graph", "README.md"}
	require.Empty(t, CheckTop(load(t, map[string]string{"graph/a.go": "package graph\n", "README.md": "x", "go.work": "", "bin/x": "", "a.test": ""}), names))
	requireProblems(t, CheckTop(load(t, map[string]string{"client.go": "package graph\n", "pacing/a.go": "package pacing\n", "go.work": ""}), names),
		"client.go stands at the top", "pacing stands at the top")
}
