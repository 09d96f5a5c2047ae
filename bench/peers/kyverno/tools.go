//go:build tools

// Package tools names the command that this module exists to build, so that "go mod tidy" keeps what it needs.
package tools

import _ "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno"
