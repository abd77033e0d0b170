// A small log made with Go's own sumdb packages (golang.org/x/mod): writes requests to a witness
// (C2SP tlog-witness, add-checkpoint) for honest growth and for a fork.
// Usage: growth key FOLDER NAME          makes a key, prints the verifier key
//
//	growth request FOLDER OLD NEW SALT  prints the request; entries from 3 on differ by SALT
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return n
}

func request(folder string, old, size int64, salt string) {
	secret, err := os.ReadFile(filepath.Join(folder, "skey"))
	check(err)
	signer, err := note.NewSigner(string(secret))
	check(err)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = hashes[index]
		}
		return found, nil
	})
	for i := int64(0); i < size; i++ {
		entry := fmt.Sprintf("entry %d", i)
		if i >= 3 {
			entry += salt
		}
		more, err := tlog.StoredHashes(i, []byte(entry), reader)
		check(err)
		hashes = append(hashes, more...)
	}
	root, err := tlog.TreeHash(size, reader)
	check(err)
	fmt.Printf("old %d\n", old)
	if old > 0 && old < size {
		proof, err := tlog.ProveTree(size, old, reader)
		check(err)
		for _, hash := range proof {
			fmt.Println(hash)
		}
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), size, root)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err)
	fmt.Printf("\n%s", signed)
}

func main() {
	switch {
	case len(os.Args) == 4 && os.Args[1] == "key":
		secret, public, err := note.GenerateKey(nil, os.Args[3])
		check(err)
		check(os.WriteFile(filepath.Join(os.Args[2], "skey"), []byte(secret), 0o600))
		fmt.Println(public)
	case len(os.Args) == 6 && os.Args[1] == "request":
		request(os.Args[2], number(os.Args[3]), number(os.Args[4]), os.Args[5])
	default:
		fmt.Fprintln(os.Stderr, "usage: growth key FOLDER NAME | request FOLDER OLD NEW SALT")
		os.Exit(2)
	}
}
