// A log made with Go's own sumdb packages (golang.org/x/mod), shown to a witness: it grows, then it
// forks. Usage: foreign VKEY-FILE: writes its key there, then asks the witness at the URL it reads on
// stdin; prints one status a line.
package main

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "foreign.example/log"

// hashes are the stored hashes of a tree, as package tlog numbers them.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, h[index])
	}
	return found, nil
}

// grow appends entries up to a size.
func (h hashes) grow(from, to int64, word string) hashes {
	grown := append(hashes{}, h...)
	for n := from; n < to; n++ {
		more, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("%s %d", word, n)), grown)
		check(err)
		grown = append(grown, more...)
	}
	return grown
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "foreign:", err)
		os.Exit(1)
	}
}

func main() {
	secret, public, err := note.GenerateKey(rand.Reader, origin)
	check(err)
	signer, err := note.NewSigner(secret)
	check(err)
	check(os.WriteFile(os.Args[1], []byte(public+"\n"), 0o644))
	url, err := bufio.NewReader(os.Stdin).ReadString('\n')
	check(err)
	url = strings.TrimSpace(url)

	ask := func(h hashes, old, size int64) {
		root, err := tlog.TreeHash(size, h)
		check(err)
		text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		check(err)
		body := fmt.Sprintf("old %d\n", old)
		if old > 0 {
			proof, err := tlog.ProveTree(size, old, h)
			check(err)
			for _, hash := range proof {
				body += hash.String() + "\n"
			}
		}
		answer, err := http.Post(url+"/add-checkpoint", "text/plain", strings.NewReader(body+"\n"+string(signed)))
		check(err)
		told, err := io.ReadAll(answer.Body)
		check(err)
		fmt.Printf("%d old %d size %d: %s\n", answer.StatusCode, old, size, strings.Split(string(told), "\n")[0])
	}

	honest := hashes{}.grow(0, 13, "entry")
	ask(honest, 0, 5)
	ask(honest, 5, 13)
	ask(honest, 5, 13)
	forked := hashes{}.grow(0, 7, "entry").grow(7, 13, "other")
	ask(forked, 13, 13)
	ask(forked.grow(13, 20, "other"), 13, 20)
	ask(honest.grow(13, 20, "entry"), 13, 20)
}
