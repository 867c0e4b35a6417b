//go:build tools

// Package kubernetes pins the programs of a control plane. Kubernetes replaces its own libraries by folders of its
// repository, so `go install` refuses it; this module names the published libraries of the same release instead.
package kubernetes

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
