// Command ggcr resolves tags to digests with the go-containerregistry library the fast way: one puller, and with it one
// token per repository, shared by so many workers. It is what our client is measured against.
//
// It reads references from standard input, one a line, and prints "<reference> <digest>" for each, in that order, and then
// the seconds that the resolving itself took to standard error: the start of the process is not the library's fault.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func main() {
	log.SetFlags(0)
	concurrency := flag.Int("concurrency", 8, "how many references are asked for at once")
	flag.Parse()

	references, err := readReferences()
	if err != nil {
		log.Fatal(err)
	}
	puller, err := remote.NewPuller(remote.WithAuthFromKeychain(authn.DefaultKeychain), remote.WithJobs(*concurrency))
	if err != nil {
		log.Fatal(err)
	}

	started := time.Now()
	digests, err := resolveAll(context.Background(), puller, references, *concurrency)
	if err != nil {
		log.Fatal(err)
	}
	took := time.Since(started)

	out := bufio.NewWriter(os.Stdout)
	for i, reference := range references {
		fmt.Fprintln(out, reference, digests[i])
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "%.6f\n", took.Seconds())
}

func readReferences() ([]name.Reference, error) {
	var references []name.Reference
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		reference, err := name.ParseReference(lines.Text())
		if err != nil {
			return nil, err
		}
		references = append(references, reference)
	}
	return references, lines.Err()
}

// resolveAll asks for every reference, so many at once. The first error is the one that is given.
func resolveAll(ctx context.Context, puller *remote.Puller, references []name.Reference, workers int) ([]string, error) {
	digests := make([]string, len(references))
	errs := make([]error, len(references))
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				descriptor, err := puller.Head(ctx, references[i])
				if err != nil {
					errs[i] = fmt.Errorf("%s: %w", references[i], err)
					continue
				}
				digests[i] = descriptor.Digest.String()
			}
		})
	}
	for i := range references {
		next <- i
	}
	close(next)
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return digests, nil
}
